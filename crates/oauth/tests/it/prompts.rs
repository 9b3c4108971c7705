//! Who is signed in, how recently, and what may be asked.

use model::PersonStatus;
use oauth::{AuthorizeFault, SigninReason, subject};

use crate::world::{Answer, Form, ISSUER, World};

#[track_caller]
fn asks_to_sign_in(world: &World, query: &Form, expected: SigninReason) {
    match world.authorize(query) {
        Answer::SignIn { reason, .. } => assert_eq!(reason, expected),
        other => panic!("expected a sign-in, got {other:?}"),
    }
}

#[test]
fn nobody_signed_in_must_sign_in_first() {
    let mut world = World::new();
    world.session = None;
    asks_to_sign_in(&world, &world.query(), SigninReason::NoSession);
}

#[test]
fn an_expired_session_is_none() {
    let mut world = World::new();
    world.now = world.session.as_ref().unwrap().expires;
    asks_to_sign_in(&world, &world.query(), SigninReason::NoSession);
}

#[test]
fn a_person_who_may_not_sign_in_gets_no_code_from_an_old_session() {
    let mut world = World::new();
    world.person.status = PersonStatus::Disabled;
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::PersonRefused);
    assert_eq!(answer.value("error").as_deref(), Some("access_denied"));
    world.person.status = PersonStatus::Active;
    world.person.ends = Some(world.now);
    assert_eq!(world.sent_back(&world.query()).0, AuthorizeFault::PersonRefused);
}

#[test]
fn another_persons_record_is_not_believed() {
    let mut world = World::new();
    world.person.id = model::PersonId::from_bytes([99; 16]);
    assert_eq!(world.sent_back(&world.query()).0, AuthorizeFault::PersonRefused);
}

#[test]
fn prompt_none_never_asks() {
    let mut world = World::new();
    let query = world.query().with("prompt", "none");
    world.passes(&query);

    let (fault, answer) = world.sent_back(&query.clone().with("max_age", "60"));
    assert_eq!(fault, AuthorizeFault::LoginRequired);
    assert_eq!(answer.value("error").as_deref(), Some("login_required"));

    world.client.consent = oauth::ConsentPolicy::Ask;
    let (fault, answer) = world.sent_back(&query);
    assert_eq!(fault, AuthorizeFault::ConsentRequired);
    assert_eq!(answer.value("error").as_deref(), Some("consent_required"));

    world.session = None;
    assert_eq!(world.sent_back(&query).0, AuthorizeFault::LoginRequired);
}

#[test]
fn prompt_none_stands_alone() {
    let world = World::new();
    for prompt in ["none login", "consent none", "select_account none login"] {
        assert_eq!(
            world.sent_back(&world.query().with("prompt", prompt)).0,
            AuthorizeFault::PromptNoneNotAlone,
            "{prompt}"
        );
    }
    for prompt in ["create", "login later", "NONE"] {
        assert_eq!(world.sent_back(&world.query().with("prompt", prompt)).0, AuthorizeFault::PromptUnknown, "{prompt}");
    }
}

#[test]
fn prompt_login_wants_a_proof_since_the_request_came() {
    let mut world = World::new();
    let query = world.query().with("prompt", "login");
    asks_to_sign_in(&world, &query, SigninReason::FreshProof);
    // Resumed without a new proof: asked again.
    let parked = world.now;
    world.parked = Some(parked);
    asks_to_sign_in(&world, &query, SigninReason::FreshProof);
    world.session.as_mut().unwrap().authentication.at = parked.plus_seconds(-1);
    asks_to_sign_in(&world, &query, SigninReason::FreshProof);
    world.session.as_mut().unwrap().authentication.at = parked;
    world.passes(&query);
}

#[test]
fn prompt_select_account_asks_who_to_be() {
    let mut world = World::new();
    let query = world.query().with("prompt", "select_account login");
    asks_to_sign_in(&world, &query, SigninReason::ChooseAccount);
    world.parked = Some(world.now);
    world.session.as_mut().unwrap().authentication.at = world.now;
    world.passes(&query);
}

#[test]
fn max_age_wants_a_recent_proof() {
    let mut world = World::new();
    // The person signed in 600 seconds ago.
    world.passes(&world.query().with("max_age", "600"));
    asks_to_sign_in(&world, &world.query().with("max_age", "599"), SigninReason::TooOld);
    asks_to_sign_in(&world, &world.query().with("max_age", "0"), SigninReason::TooOld);
    // Zero wants a proof for this request, however fresh the last one is.
    world.session.as_mut().unwrap().authentication.at = world.now;
    asks_to_sign_in(&world, &world.query().with("max_age", "0"), SigninReason::TooOld);
    world.parked = Some(world.now);
    world.passes(&world.query().with("max_age", "0"));
}

#[test]
fn max_age_is_a_number() {
    let world = World::new();
    for text in ["-1", "1.5", "+5", "x", "99999999999999999999"] {
        assert_eq!(world.sent_back(&world.query().with("max_age", text)).0, AuthorizeFault::MaxAgeInvalid, "{text}");
    }
    world.passes(&world.query().with("max_age", "9223372036854775807"));
}

#[test]
fn a_login_hint_is_passed_on_when_it_can_be_a_name() {
    let mut world = World::new();
    world.session = None;
    let hint_of = |hint: &str| match world.authorize(&world.query().with("login_hint", hint)) {
        Answer::SignIn { login_hint, host, .. } => {
            assert_eq!(host, "app.example.com");
            login_hint
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(hint_of("ada@example.com"), Some("ada@example.com".to_owned()));
    assert_eq!(hint_of("a\u{7}b"), None);
    assert_eq!(hint_of(&"a".repeat(257)), None);
}

fn hint(world: &World, iss: &str, aud: &str, sub: &str) -> World {
    let mut other = World::new();
    other.client = world.client.clone();
    other.hint = Some(format!(r#"{{"iss":"{iss}","aud":"{aud}","sub":"{sub}","exp":1}}"#).into_bytes());
    other
}

#[test]
fn an_id_token_hint_for_this_person_passes_however_old() {
    let world = World::new();
    let sub = subject::subject(&world.client, world.person.id, None, &world.keys);
    let world = hint(&world, ISSUER, "app", &sub);
    world.passes(&world.query().with("id_token_hint", "x").with("prompt", "none"));
}

#[test]
fn an_id_token_hint_for_another_person_gets_no_answer() {
    let mut world = hint(&World::new(), ISSUER, "app", "somebody-else");
    let query = world.query().with("id_token_hint", "x");
    assert_eq!(world.sent_back(&query.clone().with("prompt", "none")).0, AuthorizeFault::LoginRequired);
    asks_to_sign_in(&world, &query, SigninReason::OtherPerson);
    // After a sign-in that is still someone else's it ends.
    world.parked = Some(world.now);
    world.session.as_mut().unwrap().authentication.at = world.now;
    let (fault, answer) = world.sent_back(&query);
    assert_eq!(fault, AuthorizeFault::OtherPerson);
    assert_eq!(answer.value("error").as_deref(), Some("login_required"));
}

#[test]
fn an_id_token_hint_that_is_not_ours_is_refused() {
    let world = World::new();
    let query = world.query().with("id_token_hint", "x");
    assert_eq!(world.sent_back(&query).0, AuthorizeFault::HintInvalid);
    let sub = subject::subject(&world.client, world.person.id, None, &world.keys);
    for other in [hint(&world, "https://other.example", "app", &sub), hint(&world, ISSUER, "other", &sub)] {
        assert_eq!(other.sent_back(&query).0, AuthorizeFault::HintInvalid);
    }
}
