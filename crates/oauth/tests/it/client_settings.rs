//! What is kept about clients and grants: it reads back as it was written, and nothing unknown is skipped.

use model::{SessionId, Timestamp};
use oauth::{
    ClientSettings, Confirmation, ExceptionRule, GrantDetails, RedirectUri, ScopeSet,
    client::{
        AccessRule, BadException, ClientKeys, ClientOrigin, ExchangeRule, InlineKeys, ResponseMode, SenderRule,
        SubjectFrom, TlsSubject,
    },
};

use crate::{client_assertions::exception, signer::Signer, world::World};

fn full(world: &World) -> ClientSettings {
    let mut settings = ClientSettings::default();
    settings.proof.keys = ClientKeys::Inline(InlineKeys::parse(Signer::new(world, 60).jwks()).unwrap());
    settings.proof.signing_alg = crypto::Alg::from_name("PS256");
    settings.proof.tls_subject = Some(TlsSubject::SanDns("app.example.com".to_owned()));
    settings.proof.sender = SenderRule::DpopOrMtls;
    settings.requests.require_par = true;
    settings.requests.response_modes = vec![ResponseMode::FormPost, ResponseMode::QueryJwt];
    settings.requests.default_max_age = Some(600);
    settings.logout.post_logout_redirect_uris = vec![RedirectUri::parse("https://app.example.com/bye").unwrap()];
    settings.delegation.exchange = vec![ExchangeRule {
        subject_from: SubjectFrom::Client(world.client.id.clone()),
        audiences: vec!["https://stock.example.com".to_owned()],
        scopes: ScopeSet::parse("orders").unwrap(),
        impersonation: false,
    }];
    settings.signing = crypto::SigningAlg::EdDsa;
    settings.serves = vec!["https://api.example.com".to_owned()];
    settings.access = AccessRule { groups: vec!["sales".to_owned()] };
    settings.claims = vec!["email".to_owned()];
    settings.purpose = "To write to you about your order.".to_owned();
    settings.exceptions = vec![exception(world, ExceptionRule::PkceWithNonce)];
    settings.origin = ClientOrigin::MetadataDocument {
        url: "https://app.example.com/client".to_owned(),
        fetched: world.now,
        fresh_until: world.now.plus_seconds(60),
    };
    settings.about.contacts = vec!["ops@app.example.com".to_owned()];
    settings
}

#[test]
fn settings_read_back_as_they_were_written() {
    let world = World::new();
    for settings in [ClientSettings::default(), full(&world)] {
        assert_eq!(ClientSettings::from_json(&settings.to_json()), Ok(settings));
    }
    assert_eq!(ClientSettings::from_json("{}"), Ok(ClientSettings::default()), "rows from before");
}

#[test]
fn damaged_or_newer_settings_are_refused() {
    let world = World::new();
    let text = full(&world).to_json();
    for (from, to) in [
        ("\"require_par\"", "\"require_more\""),
        ("\"pkce_with_nonce\"", "\"no_pkce\""),
        ("\"EdDSA\"", "\"none\""),
        ("\"PS256\"", "\"HS256\""),
        ("\"dpop_or_mtls\"", "\"whatever\""),
        ("https://app.example.com/bye", "https://app.example.com/*"),
        ("\"kty\\\"", "\"k\\\""),
        ("\"contacts\"", "\"contact\""),
    ] {
        let damaged = text.replacen(from, to, 1);
        assert_ne!(damaged, text, "{from}");
        assert!(ClientSettings::from_json(&damaged).is_err(), "{from}");
    }
    for damaged in ["", "[]", "null", "\"\""] {
        assert!(ClientSettings::from_json(damaged).is_err(), "{damaged}");
    }
}

#[test]
fn details_read_back_as_they_were_written() {
    let plain = GrantDetails::default();
    assert!(plain.is_plain());
    assert_eq!(plain.to_json(), None, "an ordinary grant keeps nothing");
    let full = GrantDetails {
        confirmation: Some(Confirmation::Jkt([3; 32])),
        resources: vec!["https://api.example.com".to_owned()],
        authorization_details: Some(r#"[{"type":"payment"}]"#.to_owned()),
        claims: Some("{}".to_owned()),
        actor: Some(r#"{"sub":"a"}"#.to_owned()),
        remembered_consent: true,
        acr: Some("phr".to_owned()),
        sid: Some(SessionId::from_bytes([4; 16])),
    };
    let text = full.to_json().unwrap();
    assert_eq!(GrantDetails::from_json(&text).unwrap(), full);
    let bound = GrantDetails { confirmation: Some(Confirmation::X5t([5; 32])), ..plain };
    assert_eq!(GrantDetails::from_json(&bound.to_json().unwrap()).unwrap(), bound);
    for damaged in [text.replacen("\"jkt\"", "\"jkx\"", 1), text.replacen("\"sid\"", "\"xid\"", 1), "[]".to_owned()] {
        assert!(GrantDetails::from_json(&damaged).is_err(), "{damaged}");
    }
}

#[test]
fn an_exception_has_a_reason_two_people_and_an_end() {
    let world = World::new();
    let with = |change: fn(&mut oauth::Exception)| {
        let mut made = exception(&world, ExceptionRule::PkceWithNonce);
        change(&mut made);
        made.check()
    };
    assert_eq!(with(|_| {}), Ok(()));
    assert_eq!(with(|made| made.expires = made.created.plus_seconds(366 * 86_400)), Ok(()));
    assert_eq!(with(|made| made.expires = made.created.plus_seconds(366 * 86_400 + 1)), Err(BadException::Expiry));
    assert_eq!(with(|made| made.expires = made.created), Err(BadException::Expiry));
    assert_eq!(with(|made| made.approved_by = " IDA ".to_owned()), Err(BadException::ApprovedByOwner));
    for blank in [" ", ""] {
        let blank = blank.to_owned();
        let mut made = exception(&world, ExceptionRule::PkceWithNonce);
        made.reason.clone_from(&blank);
        assert_eq!(made.check(), Err(BadException::Words));
        let mut made = exception(&world, ExceptionRule::PkceWithNonce);
        made.owner = blank;
        assert_eq!(made.check(), Err(BadException::Words));
    }
    assert_eq!(with(|made| made.reason = "x".repeat(501)), Err(BadException::Words));
}

#[test]
fn an_exception_holds_for_its_rule_and_its_time() {
    let mut world = World::new();
    world.client.settings.exceptions = vec![exception(&world, ExceptionRule::PkceWithNonce)];
    let at = |now: Timestamp, rule| world.client.excepts(rule, now);
    assert!(at(world.now, ExceptionRule::PkceWithNonce));
    assert!(!at(world.now, ExceptionRule::NoRotation));
    assert!(!at(world.now.plus_seconds(-1), ExceptionRule::PkceWithNonce), "not before it was made");
    assert!(!at(world.now.plus_seconds(7 * 86_400), ExceptionRule::PkceWithNonce));
    // One that was written past the rules holds nothing.
    let mut forged = exception(&world, ExceptionRule::NoRotation);
    forged.expires = world.now.plus_seconds(1000 * 86_400);
    world.client.settings.exceptions = vec![forged];
    assert!(!world.client.excepts(ExceptionRule::NoRotation, world.now));
}
