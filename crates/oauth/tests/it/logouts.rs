//! Signing out at a client's wish, and telling clients that a session ended.

use model::{AuditKind, ClientId, Decision, Outcome};
use oauth::{
    Change, Client, ClientStatus, IdTokenHint, RawParams, RedirectUri,
    logout::{
        back_channel::{EndedSession, LOGOUT_TOKEN_SECONDS, Participant, logout_posts},
        end_families,
        rp_initiated::{
            LogoutAnswer, LogoutFacts, LogoutFault, LogoutNeed, LogoutReply, check_list, end_session, named_client,
        },
    },
    subject::subject,
};
use serde_json::{Value, json};

use crate::world::{Form, ISSUER, World, entropy};

const BYE: &str = "https://app.example.com/bye";

fn world() -> World {
    let mut world = World::new();
    world.client.settings.logout.post_logout_redirect_uris = vec![RedirectUri::parse(BYE).unwrap()];
    world
}

/// An ID token of this session, long expired.
fn hint(world: &World) -> Value {
    let session = world.session.as_ref().unwrap();
    json!({
        "iss": ISSUER, "aud": "app", "exp": 1, "iat": 0,
        "sub": subject(&world.client, world.person.id, None, &world.keys),
        "sid": world.keys.sid(session.id, &world.client.id),
    })
}

fn wish() -> Form {
    Form::new().with("id_token_hint", "a token").with("post_logout_redirect_uri", BYE).with("state", "a&b")
}

#[derive(Debug, PartialEq)]
enum Answer {
    Done(LogoutReply),
    Fault(LogoutFault),
    Ask(Option<String>),
}

fn decided(world: &World, form: &Form, hint: Option<&Value>, answer: LogoutAnswer) -> (Answer, Vec<Change>) {
    let text = form.text();
    let params = RawParams::parse(&text).unwrap();
    let claims = hint.map(Value::to_string);
    let hint = match (&claims, params.value("id_token_hint")) {
        (_, None) => IdTokenHint::NotSent,
        (None, Some(_)) => IdTokenHint::Unverifiable,
        (Some(claims), Some(_)) => IdTokenHint::Claims(claims.as_bytes()),
    };
    let named = named_client(&params, hint);
    let facts = LogoutFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client: Some(&world.client).filter(|client| named.as_deref() == Some(client.id.as_str())),
        session: world.session.as_ref(),
        hint,
        mapped_subject: world.mapped.as_deref(),
        answer,
    };
    match end_session(&params, &facts, world.now) {
        Decision::Done(Outcome { reply, changes, audit }) => {
            assert_eq!(audit.len(), changes.len());
            assert!(audit.iter().all(|event| event.kind == AuditKind::LogoutAtClient));
            (Answer::Done(reply), changes)
        }
        Decision::Refused(outcome) => (Answer::Fault(outcome.reply), outcome.changes),
        Decision::Need(LogoutNeed::Confirm { client_name, .. }) => (Answer::Ask(client_name), Vec::new()),
    }
}

fn asked(world: &World, form: &Form, hint: Option<&Value>) -> Answer {
    decided(world, form, hint, LogoutAnswer::NotAsked).0
}

#[test]
fn a_hint_of_this_session_ends_it_and_goes_back() {
    let world = world();
    let session = world.session.as_ref().unwrap().id;
    let (answer, changes) = decided(&world, &wish(), Some(&hint(&world)), LogoutAnswer::NotAsked);
    let location = Some(format!("{BYE}?state=a%26b"));
    assert_eq!(answer, Answer::Done(LogoutReply { ends: Some(session), location }));
    assert_eq!(changes, [Change::RevokeSessionFamilies { session, at: world.now }]);
    assert_eq!(changes[0], end_families(session, world.now));
}

#[test]
fn without_proof_the_person_is_asked() {
    let world = world();
    assert_eq!(asked(&world, &Form::new(), None), Answer::Ask(None));
    let by_id = wish().without("id_token_hint").with("client_id", "app");
    assert_eq!(asked(&world, &by_id, None), Answer::Ask(Some("The app".to_owned())));
    for (name, value) in [("sub", "somebody else"), ("sid", "another session")] {
        let mut other = hint(&world);
        other[name] = json!(value);
        assert_eq!(asked(&world, &wish(), Some(&other)), Answer::Ask(Some("The app".to_owned())), "{name}");
    }
    let mut old = hint(&world);
    old.as_object_mut().unwrap().remove("sid");
    let answer = asked(&world, &wish(), Some(&old));
    assert_eq!(answer, Answer::Ask(Some("The app".to_owned())), "it may be of any session of theirs");
}

#[test]
fn the_persons_answer_decides() {
    let world = world();
    let session = world.session.as_ref().unwrap().id;
    let by_id = wish().without("id_token_hint").with("client_id", "app").without("state");
    let (answer, changes) = decided(&world, &by_id, None, LogoutAnswer::SignOut);
    assert_eq!(answer, Answer::Done(LogoutReply { ends: Some(session), location: Some(BYE.to_owned()) }));
    assert_eq!(changes.len(), 1);
    let (answer, changes) = decided(&world, &by_id, None, LogoutAnswer::Stay);
    assert_eq!(answer, Answer::Done(LogoutReply { ends: None, location: None }));
    assert!(changes.is_empty());
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let world = world();
    let hint = hint(&world);
    for uri in
        ["https://app.example.com/bye/", "https://app.example.com/bye?x", "https://evil.example/", "//evil.example"]
    {
        let form = wish().with("post_logout_redirect_uri", uri);
        assert_eq!(asked(&world, &form, Some(&hint)), Answer::Fault(LogoutFault::RedirectUnregistered), "{uri}");
    }
    let nobody = wish().without("id_token_hint");
    assert_eq!(asked(&world, &nobody, None), Answer::Fault(LogoutFault::RedirectWithoutClient));
    let unknown = nobody.with("client_id", "other");
    assert_eq!(asked(&world, &unknown, None), Answer::Fault(LogoutFault::ClientUnknown));
}

#[test]
fn a_hint_must_be_ours_and_of_the_client_that_is_named() {
    let world = world();
    assert_eq!(asked(&world, &wish(), None), Answer::Fault(LogoutFault::HintInvalid));
    let mut foreign = hint(&world);
    foreign["iss"] = json!("https://evil.example");
    assert_eq!(asked(&world, &wish(), Some(&foreign)), Answer::Fault(LogoutFault::HintInvalid));
    let form = wish().with("client_id", "other");
    assert_eq!(asked(&world, &form, Some(&hint(&world))), Answer::Fault(LogoutFault::HintOfOtherClient));
    let twice = wish().again("state", "b");
    assert_eq!(asked(&world, &twice, Some(&hint(&world))), Answer::Fault(LogoutFault::Repeated("state")));
}

#[test]
fn where_nobody_is_signed_in_nothing_ends() {
    let mut world = world();
    let hint = hint(&world);
    world.session = None;
    let (answer, changes) = decided(&world, &wish().without("state"), Some(&hint), LogoutAnswer::NotAsked);
    assert_eq!(answer, Answer::Done(LogoutReply { ends: None, location: Some(BYE.to_owned()) }));
    assert!(changes.is_empty());
}

#[test]
fn a_mapped_subject_is_recognised_in_a_hint() {
    let mut world = world();
    let mut hint = hint(&world);
    world.mapped = Some("ada@old.example".to_owned());
    assert!(matches!(asked(&world, &wish(), Some(&hint)), Answer::Ask(_)));
    hint["sub"] = json!("ada@old.example");
    assert!(matches!(asked(&world, &wish(), Some(&hint)), Answer::Done(_)));
}

#[test]
fn logout_tokens_go_to_the_clients_that_want_them() {
    let world = world();
    let session = world.session.as_ref().unwrap();
    let listening = |id: &str| {
        let mut client = Client { id: ClientId::parse(id).unwrap(), ..world.client.clone() };
        client.settings.logout.backchannel_uri = Some(format!("https://{id}.example.com/logout"));
        client
    };
    let (one, two) = (listening("one"), listening("two"));
    let off = Client { status: ClientStatus::Disabled, ..listening("off") };
    let participants = [&one, &world.client, &off, &two].map(|client| Participant { client, mapped_subject: None });
    let ended = EndedSession { id: session.id, person: world.person.id };
    let posts = logout_posts(ended, participants, &world.issuer, &world.keys, world.now, &mut entropy(8));
    assert_eq!(posts.iter().map(|post| post.client.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(posts[0].uri, "https://one.example.com/logout");
    let claims: Vec<Value> = posts.iter().map(|post| serde_json::from_str(&post.claims).unwrap()).collect();
    let first = &claims[0];
    assert_eq!((first["iss"].as_str(), first["aud"].as_str()), (Some(ISSUER), Some("one")));
    assert_eq!(first["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
    assert_eq!(first["sub"], subject(&one, world.person.id, None, &world.keys));
    assert_eq!(first["sid"], world.keys.sid(session.id, &one.id));
    let life = first["exp"].as_i64().unwrap() - first["iat"].as_i64().unwrap();
    assert!(life == LOGOUT_TOKEN_SECONDS && life <= 120);
    // Back-Channel Logout §2.4: a nonce would let it pass for an ID token.
    assert!(first.get("nonce").is_none());
    assert_ne!(first["jti"], claims[1]["jti"]);
    assert_ne!(first["sid"], claims[1]["sid"]);
}

#[test]
fn every_logout_check_names_its_clause() {
    for (name, clause) in check_list() {
        assert!(clause.contains('§'), "{name}: {clause}");
    }
}
