//! Asking the person, and when not to.

use model::{AuditKind, PersonId};
use oauth::{AuthorizeFault, Change, Consent, ConsentAnswer, ConsentPolicy, ScopeSet, Shown};

use crate::world::{Answer, Form, World};

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

/// A web client whose people are asked.
fn asking() -> World {
    let mut world = World::new();
    world.client.consent = ConsentPolicy::Ask;
    world
}

fn remembered(world: &World, scope: &str) -> Option<Consent> {
    Some(Consent { person: world.person.id, client: world.client.id.clone(), scope: scopes(scope), at: world.now })
}

fn yes(world: &World, scope: &str) -> ConsentAnswer {
    ConsentAnswer::Allowed { person: world.person.id, shown: Shown::scope(scopes(scope)) }
}

#[track_caller]
fn asks(world: &World, query: &Form, expected_new: &str, expected_remembered: bool) {
    match world.authorize(query) {
        Answer::Ask { scope, new, remembered, .. } => {
            assert_eq!((new.as_str(), remembered), (expected_new, expected_remembered));
            assert_eq!(scope, "openid orders", "the page shows everything that the client would get");
        }
        other => panic!("expected a question, got {other:?}"),
    }
}

#[test]
fn a_trusted_confidential_client_does_not_ask() {
    let world = World::new();
    let outcome = world.granted(&world.query());
    assert!(outcome.audit.is_empty());
}

#[test]
fn a_trusted_public_client_on_loopback_or_a_private_scheme_asks_all_the_same() {
    let mut world = World::native();
    world.client.consent = ConsentPolicy::Trusted;
    asks(&world, &world.query(), "openid orders", false);
    world.redirects(&["com.example.app:/cb"]);
    asks(&world, &world.query(), "openid orders", false);
    world.redirects(&["https://app.example.com/cb"]);
    world.passes(&world.query());
}

#[test]
fn a_yes_is_recorded_and_remembered_together_with_the_code() {
    let mut world = asking();
    asks(&world, &world.query(), "openid orders", true);
    world.answer = yes(&world, "openid orders");
    let outcome = world.granted(&world.query());
    assert_eq!(
        outcome.changes,
        [Change::RememberConsent {
            person: world.person.id,
            client: world.client.id.clone(),
            scope: scopes("openid orders"),
            at: world.now
        }]
    );
    assert_eq!(outcome.audit.len(), 1);
    assert_eq!(outcome.audit[0].kind, AuditKind::ConsentGiven);
}

#[test]
fn a_no_goes_back_to_the_client() {
    let mut world = asking();
    world.answer = ConsentAnswer::Denied;
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::ConsentDenied);
    assert_eq!(answer.value("error").as_deref(), Some("access_denied"));
}

#[test]
fn what_was_allowed_before_is_not_asked_again() {
    let mut world = asking();
    world.consent = remembered(&world, "openid orders");
    let outcome = world.granted(&world.query());
    assert!(outcome.changes.is_empty() && outcome.audit.is_empty());
}

#[test]
fn only_what_is_new_is_asked_and_the_memory_grows() {
    let mut world = asking();
    world.consent = remembered(&world, "offline_access openid");
    asks(&world, &world.query(), "orders", true);
    world.answer = yes(&world, "orders");
    let outcome = world.granted(&world.query());
    let [Change::RememberConsent { scope, .. }] = outcome.changes.as_slice() else { panic!("one change") };
    assert_eq!(scope.as_str(), "offline_access openid orders");
    assert_eq!(outcome.reply.record.scope.as_str(), "openid orders", "the code gets what was asked for and no more");
}

#[test]
fn a_loopback_client_is_asked_every_time_and_nothing_is_remembered() {
    let mut world = World::native();
    world.consent = remembered(&world, "openid orders");
    asks(&world, &world.query(), "openid orders", false);
    world.answer = yes(&world, "openid orders");
    let outcome = world.granted(&world.query());
    assert!(outcome.changes.is_empty());
    assert_eq!(outcome.audit.len(), 1, "the consent is recorded all the same");
}

#[test]
fn on_localhost_only_a_confidential_client_is_remembered() {
    let mut world = asking();
    world.redirects(&["http://localhost:3000/cb"]);
    asks(&world, &world.query(), "openid orders", true);
    world.client.auth = oauth::ClientAuth::None;
    world.client.secrets.clear();
    world.consent = remembered(&world, "openid orders");
    asks(&world, &world.query(), "openid orders", false);
}

#[test]
fn an_answer_for_less_than_is_asked_asks_again() {
    let mut world = asking();
    world.answer = yes(&world, "openid");
    asks(&world, &world.query(), "openid orders", true);
}

#[test]
fn an_answer_of_another_person_asks_again() {
    let mut world = asking();
    world.answer =
        ConsentAnswer::Allowed { person: PersonId::from_bytes([9; 16]), shown: Shown::scope(scopes("openid orders")) };
    asks(&world, &world.query(), "openid orders", true);
}

#[test]
fn another_persons_or_clients_consent_does_not_count() {
    let mut world = asking();
    let mut consent = remembered(&world, "openid orders").unwrap();
    consent.person = PersonId::from_bytes([9; 16]);
    world.consent = Some(consent.clone());
    asks(&world, &world.query(), "openid orders", true);
    consent.person = world.person.id;
    consent.client = model::ClientId::parse("other").unwrap();
    world.consent = Some(consent);
    asks(&world, &world.query(), "openid orders", true);
}

#[test]
fn prompt_consent_shows_everything_again_even_to_the_trusted() {
    let mut world = World::new();
    world.consent = remembered(&world, "openid orders");
    let query = world.query().with("prompt", "consent");
    asks(&world, &query, "openid orders", true);
    world.answer = yes(&world, "openid orders");
    world.passes(&query);
}
