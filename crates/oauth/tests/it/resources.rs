//! For whom tokens shall be, and to which key they shall be bound.

use crypto::b64u;
use model::ExceptionId;
use oauth::{AuthorizeFault, ClientAuth, Exception, ExceptionRule};

use crate::world::{ISSUER, World};

#[test]
fn a_client_may_name_its_own_resources() {
    let mut world = World::new();
    assert!(world.granted(&world.query()).reply.record.details.resources.is_empty());
    world.client.settings.requests.resources = vec!["https://api.example.com/v1".to_owned(), "urn:orders".to_owned()];
    let query = world.query().with("resource", "https://api.example.com/v1").again("resource", "urn:orders");
    let named = world.granted(&query.again("resource", "urn:orders")).reply.record.details.resources.clone();
    assert_eq!(named, ["https://api.example.com/v1", "urn:orders"], "in order, each once");
    let own = world.granted(&world.query().with("resource", ISSUER)).reply.record.details.resources.clone();
    assert_eq!(own, [ISSUER], "its audience is always among them");
}

#[test]
fn other_resources_are_refused() {
    let world = World::new();
    for (resource, fault) in [
        ("https://api.example.com", AuthorizeFault::ResourceNotAllowed),
        ("https://id.example.com/", AuthorizeFault::ResourceNotAllowed),
        ("https://id.example.com#x", AuthorizeFault::ResourceInvalid),
        ("api", AuthorizeFault::ResourceInvalid),
        ("/v1", AuthorizeFault::ResourceInvalid),
        ("1x:y", AuthorizeFault::ResourceInvalid),
        ("urn:", AuthorizeFault::ResourceInvalid),
        ("https://id.example.com/ä", AuthorizeFault::ResourceInvalid),
    ] {
        let (found, answer) = world.sent_back(&world.query().with("resource", resource));
        assert_eq!(found, fault, "{resource}");
        assert_eq!(answer.value("error").as_deref(), Some("invalid_target"));
    }
    // One that is not allowed spoils those that are.
    let mixed = world.query().with("resource", ISSUER).again("resource", "urn:other");
    assert_eq!(world.sent_back(&mixed).0, AuthorizeFault::ResourceNotAllowed);
}

#[test]
fn resources_are_bounded() {
    let mut world = World::new();
    let names: Vec<_> = (0..9).map(|i| format!("urn:r{i}")).collect();
    world.client.settings.requests.resources = names.clone();
    let with = |n: usize| names[..n].iter().fold(world.query(), |query, name| query.again("resource", name));
    world.passes(&with(8));
    assert_eq!(world.sent_back(&with(9)).0, AuthorizeFault::ResourceInvalid);
    let long = format!("urn:{}", "r".repeat(509));
    assert_eq!(world.sent_back(&world.query().with("resource", &long)).0, AuthorizeFault::ResourceInvalid);
}

#[test]
fn a_code_can_be_bound_to_a_key() {
    let world = World::new();
    assert_eq!(world.granted(&world.query()).reply.record.dpop_jkt, None);
    let bound = world.query().with("dpop_jkt", &b64u(&[7; 32]));
    assert_eq!(world.granted(&bound).reply.record.dpop_jkt, Some([7; 32]));
    for wrong in ["x", &b64u(&[7; 31]), &format!("{}=", b64u(&[7; 32]))] {
        let (fault, answer) = world.sent_back(&world.query().with("dpop_jkt", wrong));
        assert_eq!(fault, AuthorizeFault::DpopKeyInvalid);
        assert_eq!(answer.value("error").as_deref(), Some("invalid_request"));
    }
    let twice = bound.again("dpop_jkt", &b64u(&[7; 32]));
    assert_eq!(world.sent_back(&twice).0, AuthorizeFault::ParameterRepeated("dpop_jkt"));
}

fn excepted(rule: ExceptionRule) -> World {
    let mut world = World::new();
    world.client.settings.exceptions = vec![Exception {
        id: ExceptionId::from_bytes([1; 16]),
        rule,
        reason: "an appliance that is replaced in spring".to_owned(),
        owner: "ada".to_owned(),
        approved_by: "grace".to_owned(),
        created: world.now.plus_seconds(-60),
        expires: world.now.plus_seconds(60),
    }];
    world
}

#[test]
fn an_exception_lets_a_nonce_stand_in_for_a_challenge() {
    let mut world = excepted(ExceptionRule::PkceWithNonce);
    let query = world.query().without("code_challenge").without("code_challenge_method");
    assert_eq!(world.granted(&query).reply.record.challenge, None);
    // Whoever sends a challenge is held to it.
    assert!(world.granted(&world.query()).reply.record.challenge.is_some());
    let plain = world.query().with("code_challenge_method", "plain");
    assert_eq!(world.sent_back(&plain).0, AuthorizeFault::ChallengeMethod);
    for less in [
        query.clone().without("nonce"),
        query.clone().with("scope", "orders"),
        query.clone().with("code_challenge_method", "S256"),
    ] {
        assert_eq!(world.sent_back(&less).0, AuthorizeFault::ChallengeMissing);
    }
    world.now = world.now.plus_seconds(60);
    assert_eq!(world.sent_back(&query).0, AuthorizeFault::ChallengeMissing, "the exception has ended");
}

#[test]
fn the_exception_is_for_confidential_clients_and_for_this_rule() {
    let mut world = excepted(ExceptionRule::PkceWithNonce);
    let query = world.query().without("code_challenge").without("code_challenge_method");
    world.client.auth = ClientAuth::None;
    world.client.secrets.clear();
    assert_eq!(world.sent_back(&query).0, AuthorizeFault::ChallengeMissing);
    let world = excepted(ExceptionRule::NoRotation);
    assert_eq!(world.sent_back(&query).0, AuthorizeFault::ChallengeMissing);
}

#[test]
fn who_wants_to_hear_of_the_end_is_told_which_session_it_is() {
    let mut world = World::new();
    assert_eq!(world.granted(&world.query()).reply.record.details.sid, None);
    world.client.settings.logout.backchannel_uri = Some("https://app.example.com/out".to_owned());
    let session = world.session.as_ref().unwrap().id;
    assert_eq!(world.granted(&world.query()).reply.record.details.sid, Some(session));
}
