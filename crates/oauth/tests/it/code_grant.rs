//! `grant_type=authorization_code`.

use crypto::JwtType;
use model::{AuditKind, Outcome, PersonStatus};
use oauth::EndedBecause;
use oauth::authentication::ClientAuthFault;
use oauth::{Change, CodeFact, FamilyState, GrantTypes, RevocationReason, SpentCode, TokenRefusal, subject};
use proptest::prelude::*;
use serde_json::Value;

use crate::world::{CALLBACK, Form, ISSUER, World};

/// The redemption as `change` leaves it is refused with `refusal` and without consequences.
#[track_caller]
fn refused(change: impl FnOnce(&mut World, Form) -> Form, refusal: TokenRefusal) {
    let mut world = World::new();
    let (code, record) = world.code(&world.query());
    let form = world.redemption(&code);
    let form = change(&mut world, form);
    let found = world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).expect_err("must be refused");
    assert_eq!(found, Outcome::plain(refusal));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn a_code_becomes_tokens_and_a_family() {
    let world = World::new();
    let (reply, family, record) = world.redeemed(&world.query());
    assert_eq!(reply.family(), Some(family.id));
    assert_eq!((&family.client, family.person, family.generation), (&world.client.id, world.person.id, 0));
    assert_eq!(family.session, Some(record.session), "without offline_access the family lives with the session");
    assert_eq!(family.scope.as_str(), "openid orders");
    assert_eq!(family.expires, world.now.plus_seconds(86_400));

    let access = json(reply.access_claims());
    let sub = subject::subject(&world.client, world.person.id, None, &world.keys);
    let seconds = world.now.seconds();
    assert_eq!(access["iss"], ISSUER);
    assert_eq!(access["sub"], sub);
    assert_eq!(access["aud"], ISSUER);
    assert_eq!(access["client_id"], "app");
    assert_eq!(access["scope"], "openid orders");
    assert_eq!(access["iat"], seconds);
    assert_eq!(access["exp"], seconds + 300);
    assert_eq!(access["auth_time"], seconds - 600);
    assert_eq!(access["acr"], "phr");
    assert_eq!(access["amr"], serde_json::json!(["pop", "user", "mfa"]));
    assert_eq!(access["fam"], crypto::b64u(family.id.as_bytes()));
    assert_eq!(access["jti"].as_str().unwrap().len(), 22);

    let id = json(reply.id_claims().expect("openid was granted"));
    assert_eq!(
        (&id["iss"], &id["sub"], &id["aud"], &id["nonce"]),
        (&ISSUER.into(), &sub.into(), &"app".into(), &"a nonce".into())
    );
    assert_eq!(id["auth_time"], seconds - 600);
    assert!(
        id.get("scope").is_none() && id.get("client_id").is_none(),
        "an ID token can't be taken for an access token"
    );
}

#[test]
fn redeeming_is_recorded_with_the_family() {
    let world = World::new();
    let (code, record) = world.code(&world.query());
    let outcome = world.token(&world.redemption(&code), None, &world.facts(CodeFact::Live(&record), None)).unwrap();
    assert_eq!(outcome.audit.len(), 1);
    assert_eq!(outcome.audit[0].kind, AuditKind::CodeRedeemed);
    assert_eq!(outcome.audit[0].person, Some(world.person.id));
}

#[test]
fn the_answer_is_one_json_object_with_the_granted_scope() {
    let world = World::new();
    let (reply, _, _) = world.redeemed(&world.query().with("scope", "openid orders profile"));
    let answer = json(&reply.render(|typ, claims| {
        let name = match typ {
            JwtType::AccessToken => "access",
            JwtType::IdToken => "id",
            JwtType::LogoutToken | JwtType::AuthorizationResponse | JwtType::Introspection => {
                unreachable!("never asked for")
            }
        };
        format!("{name}.{}", claims.len())
    }));
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(answer["scope"], "openid orders");
    assert!(answer["access_token"].as_str().unwrap().starts_with("access."));
    assert!(answer["id_token"].as_str().unwrap().starts_with("id."));
    assert!(answer["refresh_token"].as_str().unwrap().starts_with("lgr_"));
    assert_eq!(oauth::token::NO_STORE[0], ("cache-control", "no-store"));
}

#[test]
fn without_openid_there_is_no_id_token_and_without_the_grant_no_refresh_token() {
    let mut world = World::new();
    world.client.grants = GrantTypes::AUTHORIZATION_CODE;
    let (reply, family, _) = world.redeemed(&world.query().with("scope", "orders"));
    assert_eq!(reply.id_claims(), None);
    assert!(reply.refresh_token().is_none());
    assert_eq!(family.expires, world.now.plus_seconds(300), "the family ends with its only access token");
}

#[test]
fn offline_access_lets_a_grant_outlive_its_session() {
    let mut world = World::new();
    let query = world.query().with("scope", "openid offline_access");
    let (code, record) = world.code(&query);
    world.session = None;
    let outcome = world.token(&world.redemption(&code), None, &world.facts(CodeFact::Live(&record), None)).unwrap();
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one new family") };
    assert_eq!(family.session, None);
}

#[test]
fn an_access_token_never_outlives_its_grant() {
    let mut world = World::new();
    world.client.refresh_absolute_seconds = 100;
    let (reply, _, _) = world.redeemed(&world.query());
    assert_eq!(json(reply.access_claims())["exp"], world.now.seconds() + 100);
}

#[test]
fn a_missing_or_unknown_code_is_refused() {
    refused(|_, form| form.without("code"), TokenRefusal::CodeMissing);
    let world = World::new();
    let found = world.token(&world.redemption("lgc_x"), None, &world.facts(CodeFact::Unknown, None)).unwrap_err();
    assert_eq!(found, Outcome::plain(TokenRefusal::CodeUnknown));
}

#[test]
fn code_redeemed_by_other_client_is_refused_without_consequences() {
    let mut world = World::new();
    let (code, record) = world.code(&world.query());
    world.client.id = model::ClientId::parse("other").unwrap();
    for code_fact in [
        CodeFact::Live(&record),
        CodeFact::Spent { record: &record, family: Some(model::FamilyId::from_bytes([1; 16])) },
    ] {
        let found = world.token(&world.redemption(&code), None, &world.facts(code_fact, None)).unwrap_err();
        assert_eq!(found, Outcome::plain(TokenRefusal::CodeOfOtherClient));
    }
}

#[test]
fn a_code_dies_after_a_minute() {
    let mut world = World::new();
    let (code, record) = world.code(&world.query());
    let form = world.redemption(&code);
    world.now = record.expires.plus_seconds(-1);
    assert!(world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).is_ok());
    for late in [record.expires, record.issued.plus_seconds(-1)] {
        world.now = late;
        let found = world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).unwrap_err();
        assert_eq!(found, Outcome::plain(TokenRefusal::CodeExpired));
    }
}

#[test]
fn the_verifier_is_required_well_formed_and_right() {
    refused(|_, form| form.without("code_verifier"), TokenRefusal::VerifierMissing);
    refused(|_, form| form.with("code_verifier", ""), TokenRefusal::VerifierMissing);
    refused(|_, form| form.with("code_verifier", &"a".repeat(42)), TokenRefusal::VerifierMalformed);
    refused(|_, form| form.with("code_verifier", &"a".repeat(129)), TokenRefusal::VerifierMalformed);
    refused(|_, form| form.with("code_verifier", &format!("{} ", "a".repeat(43))), TokenRefusal::VerifierMalformed);
    refused(|_, form| form.with("code_verifier", &"ä".repeat(43)), TokenRefusal::VerifierMalformed);
    refused(|_, form| form.with("code_verifier", &"a".repeat(43)), TokenRefusal::VerifierWrong);
}

#[test]
fn the_challenge_itself_is_no_verifier() {
    refused(
        |world, form| form.with("code_verifier", &world.query().value("code_challenge").unwrap()),
        TokenRefusal::VerifierWrong,
    );
}

#[test]
fn a_redirect_uri_is_compared_where_it_is_sent() {
    let mut world = World::new();
    let (code, record) = world.code(&world.query());
    let facts = world.facts(CodeFact::Live(&record), None);
    assert!(world.token(&world.redemption(&code), None, &facts).is_ok(), "clients of OAuth 2.1 leave it out");
    assert!(world.token(&world.redemption(&code).with("redirect_uri", CALLBACK), None, &facts).is_ok());
    refused(|_, form| form.with("redirect_uri", "https://app.example.com/cb/"), TokenRefusal::RedirectMismatch);

    // The authorization request left it out: only the registered one can be meant.
    let (code, record) = world.code(&world.query().without("redirect_uri"));
    assert!(
        world
            .token(
                &world.redemption(&code).with("redirect_uri", CALLBACK),
                None,
                &world.facts(CodeFact::Live(&record), None)
            )
            .is_ok()
    );
    world.redirects(&[CALLBACK, "https://app.example.com/other"]);
    let found = world
        .token(
            &world.redemption(&code).with("redirect_uri", CALLBACK),
            None,
            &world.facts(CodeFact::Live(&record), None),
        )
        .unwrap_err();
    assert_eq!(found.reply, TokenRefusal::RedirectMismatch);
}

#[test]
fn a_loopback_port_is_compared_as_it_was_sent() {
    let mut world = World::native();
    world.client.consent = oauth::ConsentPolicy::Ask;
    world.answer = oauth::ConsentAnswer::Allowed {
        person: world.person.id,
        shown: oauth::Shown::scope(oauth::ScopeSet::parse("openid orders").unwrap()),
    };
    let (code, record) = world.code(&world.query().with("redirect_uri", "http://127.0.0.1:51004/cb"));
    let redeem = |uri: &str| {
        world.token(
            &world.redemption(&code).with("redirect_uri", uri),
            None,
            &world.facts(CodeFact::Live(&record), None),
        )
    };
    assert!(redeem("http://127.0.0.1:51004/cb").is_ok());
    assert_eq!(redeem("http://127.0.0.1/cb").unwrap_err().reply, TokenRefusal::RedirectMismatch);
}

#[test]
fn a_valid_replay_ends_what_the_code_became() {
    let world = World::new();
    let (_, family, _) = world.redeemed(&world.query());
    let (code, record) = world.code(&world.query());
    let left = SpentCode::of(&record, Some(family.id));
    let record = left.record();
    let spent = CodeFact::Spent { record: &record, family: left.family() };
    let found = world.token(&world.redemption(&code), None, &world.facts(spent, Some(&family))).unwrap_err();
    assert_eq!(found.reply, TokenRefusal::CodeReplayed);
    assert_eq!(
        found.changes,
        [Change::RevokeFamily { id: family.id, at: world.now, reason: RevocationReason::CodeReplayed }]
    );
    assert_eq!(found.audit.len(), 1);
    assert_eq!(found.audit[0].kind, AuditKind::CodeReplayed);
    // The family may still be on its way to storage: it is ended all the same.
    assert_eq!(world.token(&world.redemption(&code), None, &world.facts(spent, None)).unwrap_err().changes.len(), 1);
    // Once it is ended, further replays write nothing.
    let mut ended = family;
    ended.state = FamilyState::Revoked { at: world.now, reason: RevocationReason::CodeReplayed };
    let again = world.token(&world.redemption(&code), None, &world.facts(spent, Some(&ended))).unwrap_err();
    assert_eq!(again, Outcome::plain(TokenRefusal::CodeReplayed));
}

#[test]
fn a_replay_that_names_a_granted_resource_is_still_recognised() {
    let mut world = World::new();
    world.client.settings.requests.resources = vec!["https://api.example".to_owned()];
    let (code, mut record) = world.code(&world.query());
    record.details.resources = vec!["https://api.example".to_owned()];
    let left = SpentCode::of(&record, None);
    assert_eq!(left.record().details.resources, record.details.resources);
    let record = left.record();
    let spent = CodeFact::Spent { record: &record, family: left.family() };
    let form = world.redemption(&code).with("resource", "https://api.example");
    assert_eq!(world.token(&form, None, &world.facts(spent, None)).unwrap_err().reply, TokenRefusal::CodeReplayed);
}

#[test]
fn an_invalid_replay_must_not_revoke() {
    let world = World::new();
    let (_, family, _) = world.redeemed(&world.query());
    let (code, record) = world.code(&world.query());
    let left = SpentCode::of(&record, Some(family.id));
    let record = left.record();
    let spent = CodeFact::Spent { record: &record, family: left.family() };
    let form = world.redemption(&code);
    for (form, refusal) in [
        (form.clone().with("code_verifier", &"a".repeat(43)), TokenRefusal::VerifierWrong),
        (form.clone().without("code_verifier"), TokenRefusal::VerifierMissing),
        (form.clone().with("redirect_uri", "https://evil.example/"), TokenRefusal::RedirectMismatch),
        (form.clone().with("client_secret", "wrong"), TokenRefusal::Client(ClientAuthFault::SecretWrong)),
        (form.without("client_secret"), TokenRefusal::Client(ClientAuthFault::SecretMissing)),
    ] {
        let found = world.token(&form, None, &world.facts(spent, Some(&family))).unwrap_err();
        assert_eq!(found, Outcome::plain(refusal));
    }
}

#[test]
fn a_person_disabled_since_gets_no_tokens() {
    refused(
        |world, form| {
            world.person.status = PersonStatus::Disabled;
            form
        },
        TokenRefusal::Ended(EndedBecause::PersonRefused),
    );
}

#[test]
fn another_persons_record_vouches_for_nobody() {
    refused(
        |world, form| {
            world.person.id = model::PersonId::from_bytes([9; 16]);
            form
        },
        TokenRefusal::Ended(EndedBecause::PersonRefused),
    );
}

#[test]
fn a_session_ended_since_gets_no_tokens() {
    refused(
        |world, form| {
            world.session = None;
            form
        },
        TokenRefusal::Ended(EndedBecause::SessionEnded),
    );
}

#[test]
fn password_and_unknown_grants_do_not_exist() {
    for grant in [
        "password",
        "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:openid:params:grant-type:ciba",
        "Authorization_Code",
    ] {
        refused(|_, form| form.with("grant_type", grant), TokenRefusal::GrantTypeUnsupported);
    }
    refused(|_, form| form.without("grant_type"), TokenRefusal::GrantTypeMissing);
}

#[test]
fn a_grant_the_client_is_not_registered_for_is_refused() {
    refused(
        |world, form| {
            world.client.grants = GrantTypes::REFRESH_TOKEN;
            form
        },
        TokenRefusal::GrantNotAllowed,
    );
}

#[test]
fn repeated_token_parameters_are_refused_and_unknown_ones_ignored() {
    for name in ["grant_type", "code", "code_verifier", "redirect_uri", "scope", "client_secret"] {
        refused(|_, form| form.again(name, "").again(name, ""), TokenRefusal::Repeated(name));
    }
    let world = World::new();
    let (code, record) = world.code(&world.query());
    let form = world.redemption(&code).again("unknown", "a").again("unknown", "b");
    assert!(world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).is_ok());
}

proptest! {
    /// Claims are JSON whatever a client put into its nonce.
    #[test]
    fn claims_survive_any_nonce(nonce in "\\PC{1,40}|[\\x01-\\x7f]{1,40}") {
        let world = World::new();
        let (reply, _, _) = world.redeemed(&world.query().with("nonce", &nonce));
        let claims = json(reply.id_claims().unwrap());
        prop_assert_eq!(claims["nonce"].as_str(), Some(nonce.as_str()));
    }
}
