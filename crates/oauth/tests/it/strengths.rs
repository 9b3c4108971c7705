//! How strong a proof must be, for the client and for the organisation, and who may use a client.

use model::{Session, Strength};
use oauth::{AuthorizeFault, SigninReason, StepUpReason};

use crate::world::{Answer, Form, World};

fn signed_in_with(strength: Strength) -> World {
    let mut world = World::new();
    session(&mut world).authentication.strength = strength;
    world
}

fn session(world: &mut World) -> &mut Session {
    world.session.as_mut().unwrap()
}

#[track_caller]
fn asks_for(world: &World, query: &Form, expected: Option<Strength>) {
    match world.authorize(query) {
        Answer::StepUp { reason: StepUpReason::Acr, wanted, says } => {
            assert_eq!(wanted.strength, expected);
            assert!(says.is_empty(), "the client's wish is not the organisation's word");
        }
        other => panic!("expected a step up, got {other:?}"),
    }
}

fn essential(acr: &str) -> String {
    format!(r#"{{"id_token":{{"acr":{{"essential":true,"values":["{acr}"]}}}}}}"#)
}

#[test]
fn a_wished_strength_is_asked_for_once() {
    let mut world = signed_in_with(Strength::TwoFactor);
    let query = world.query().with("acr_values", "phr");
    asks_for(&world, &query, Some(Strength::Passkey));
    asks_for(&world, &world.query().with("acr_values", "phrh phr"), Some(Strength::Passkey));
    asks_for(&world, &world.query().with("acr_values", "phrh"), Some(Strength::Attested));
    // Asked, and it did not help: voluntary means that the client decides.
    world.parked = Some(world.now);
    session(&mut world).authentication.at = world.now;
    assert_eq!(world.granted(&query).reply.record.acr, None);
}

#[test]
fn a_wish_that_means_nothing_here_is_none() {
    let world = signed_in_with(Strength::Password);
    world.passes(&world.query().with("acr_values", "urn:example:gold 0"));
    let too_long = world.query().with("acr_values", &"x ".repeat(257));
    assert_eq!(world.sent_back(&too_long).0, AuthorizeFault::AcrValuesTooLong);
}

#[test]
fn a_stronger_proof_is_told_in_the_words_of_the_wish() {
    let world = signed_in_with(Strength::Attested);
    let told = |acr: &str| world.granted(&world.query().with("acr_values", acr)).reply.record.acr.clone();
    assert_eq!(told("phr").as_deref(), Some("phr"));
    assert_eq!(told("phrh"), None, "the strength's own word needs no other");
    assert_eq!(told("phr phrh"), None);
}

#[test]
fn an_essential_strength_is_reached_or_refused() {
    let mut world = signed_in_with(Strength::TwoFactor);
    let query = world.query().with("claims", &essential("phr"));
    asks_for(&world, &query, Some(Strength::Passkey));
    let (fault, _) = world.sent_back(&query.clone().with("prompt", "none"));
    assert_eq!(fault, AuthorizeFault::LoginRequired);

    world.parked = Some(world.now);
    session(&mut world).authentication.at = world.now;
    let (fault, answer) = world.sent_back(&query);
    assert_eq!(fault, AuthorizeFault::AcrUnmet);
    assert_eq!(answer.value("error").as_deref(), Some("unmet_authentication_requirements"));

    session(&mut world).authentication.strength = Strength::Passkey;
    world.passes(&query);
    // What nobody can reach is not asked for.
    world.parked = None;
    assert_eq!(world.sent_back(&world.query().with("claims", &essential("gold"))).0, AuthorizeFault::AcrUnmet);
}

#[test]
fn prompt_none_makes_a_voluntary_wish_void() {
    let world = signed_in_with(Strength::TwoFactor);
    world.passes(&world.query().with("acr_values", "phr").with("prompt", "none"));
}

#[test]
fn what_the_client_registered_counts_where_the_request_says_nothing() {
    let mut world = signed_in_with(Strength::TwoFactor);
    world.client.settings.requests.default_acr_values = vec!["phr".to_owned()];
    asks_for(&world, &world.query(), Some(Strength::Passkey));
    asks_for(&world, &world.query().with("acr_values", "phrh"), Some(Strength::Attested));
    session(&mut world).authentication.strength = Strength::Passkey;
    world.passes(&world.query());
    // Signed in 600 seconds ago.
    world.client.settings.requests.default_max_age = Some(599);
    match world.authorize(&world.query()) {
        Answer::SignIn { reason, wanted, .. } => {
            assert_eq!(reason, SigninReason::TooOld);
            assert_eq!((wanted.strength, wanted.max_age_seconds), (Some(Strength::Passkey), Some(599)));
        }
        other => panic!("expected a sign-in, got {other:?}"),
    }
    world.passes(&world.query().with("max_age", "600"));
}

#[test]
fn a_requirement_of_the_organisation_is_never_waived() {
    let mut world = World::new();
    world.unmet = Some("Finance signs in with a security key.".to_owned());
    let query = world.query();
    for _ in 0..2 {
        match world.authorize(&query) {
            Answer::StepUp { reason: StepUpReason::Requirement, says, .. } => {
                assert_eq!(says, ["Finance signs in with a security key."]);
            }
            other => panic!("expected a step up, got {other:?}"),
        }
        // Even after a sign-in that was asked for.
        world.parked = Some(world.now);
        session(&mut world).authentication.at = world.now;
    }
    assert_eq!(world.sent_back(&query.with("prompt", "none")).0, AuthorizeFault::LoginRequired);
    world.unmet = None;
    world.passes(&world.query());
}

#[test]
fn without_a_session_there_is_nothing_to_step_up() {
    let mut world = World::new();
    world.unmet = Some("A passkey.".to_owned());
    world.session = None;
    assert!(matches!(world.authorize(&world.query()), Answer::SignIn { reason: SigninReason::NoSession, .. }));
}

#[test]
fn only_members_of_its_groups_may_use_a_client() {
    let mut world = World::new();
    world.client.settings.access.groups = vec!["finance".to_owned(), "audit".to_owned()];
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::AccessRefused);
    assert_eq!(answer.value("error").as_deref(), Some("access_denied"));
    world.person.groups = vec!["Finance".to_owned()];
    assert_eq!(world.sent_back(&world.query()).0, AuthorizeFault::AccessRefused);
    world.person.groups = vec!["staff".to_owned(), "audit".to_owned()];
    world.passes(&world.query());
}
