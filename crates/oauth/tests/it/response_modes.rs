//! How answers travel: in the query, in a form, or signed.

use std::sync::Arc;

use crypto::{JwtType, KeySet, SigningAlg, SigningKey};
use model::Secret;
use oauth::{AuthorizeFault, AuthorizeResponse, Delivery, client::ResponseMode};
use serde_json::Value;

use crate::world::{Answer, CALLBACK, Form, ISSUER, World, entropy};

fn keys(world: &World) -> KeySet {
    KeySet::new(vec![Arc::new(SigningKey::generate(world.now, &mut entropy(77)))]).unwrap()
}

/// What the browser gets, with signatures by `keys`.
fn delivered(response: &AuthorizeResponse, keys: &KeySet) -> Delivery {
    response.deliver(|alg, typ, claims| keys.sign(alg, typ, claims)).unwrap()
}

fn fields(delivery: Delivery) -> (String, Form) {
    match delivery {
        Delivery::Form { action, fields } => {
            (action, fields.iter().fold(Form::new(), |form, (name, value)| form.again(name, value.expose())))
        }
        Delivery::Redirect(_) => panic!("expected a form"),
    }
}

fn address(delivery: Delivery) -> String {
    match delivery {
        Delivery::Redirect(location) => Secret::expose(&location).clone(),
        Delivery::Form { .. } => panic!("expected an address"),
    }
}

#[test]
fn form_post_carries_code_state_and_iss_in_fields() {
    let world = World::new();
    let reply = world.granted(&world.query().with("response_mode", "form_post")).reply;
    assert!(reply.response.location().is_none(), "nothing goes into an address");
    let (action, form) = fields(reply.response.deliver(|_, _, _| Err("nobody signs here")).unwrap());
    assert_eq!(action, CALLBACK);
    assert_eq!(form.value("state").as_deref(), Some("a state"));
    assert_eq!(form.value("iss").as_deref(), Some(ISSUER));
    assert_eq!(reply.code_hash, world.keys.code_hash(&form.value("code").unwrap()));
}

#[test]
fn errors_travel_as_the_answer_would() {
    let world = World::new();
    for (mode, expected) in [
        ("query", ResponseMode::Query),
        ("form_post", ResponseMode::FormPost),
        ("jwt", ResponseMode::QueryJwt),
        ("query.jwt", ResponseMode::QueryJwt),
        ("form_post.jwt", ResponseMode::FormPostJwt),
    ] {
        let query = world.query().with("response_mode", mode).without("scope");
        let Answer::Back { fault, response } = world.authorize(&query) else { panic!("an error for the client") };
        assert_eq!((fault, response.mode()), (AuthorizeFault::ScopeMissing, expected), "{mode}");
        let named: Vec<_> = response.params().map(|(name, _)| name).collect();
        assert_eq!(named, ["error", "error_description", "state"]);
    }
}

#[test]
fn a_signed_answer_says_for_whom_and_how_long_and_nothing_outside() {
    let world = World::new();
    let keys = keys(&world);
    for mode in ["jwt", "query.jwt"] {
        let reply = world.granted(&world.query().with("response_mode", mode)).reply;
        let location = address(delivered(&reply.response, &keys));
        let answer = Form::of_location(&location);
        let token = answer.value("response").unwrap();
        assert_eq!(location, format!("{CALLBACK}?response={token}"), "the token and nothing beside it");
        let claims = keys.verify_jwt(JwtType::AuthorizationResponse, &token).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["iss"], ISSUER);
        assert_eq!(claims["aud"], "app");
        assert_eq!(claims["state"], "a state");
        assert_eq!(claims["exp"], world.now.seconds() + oauth::response::SIGNED_RESPONSE_SECONDS);
        assert_eq!(reply.code_hash, world.keys.code_hash(claims["code"].as_str().unwrap()));
        // It must not pass for an ID token: it is one of ours for the same client.
        assert!(keys.verify_jwt(JwtType::IdToken, &token).is_err());
    }
}

#[test]
fn a_signed_form_holds_one_field() {
    let world = World::new();
    let keys = keys(&world);
    let query = world.query().with("response_mode", "form_post.jwt").without("scope");
    let Answer::Back { response, .. } = world.authorize(&query) else { panic!("an error for the client") };
    let (action, form) = fields(delivered(&response, &keys));
    assert_eq!(action, CALLBACK);
    let claims = keys.verify_jwt(JwtType::AuthorizationResponse, &form.value("response").unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["error"], "invalid_scope");
    assert_eq!(form.value("error"), None);
}

#[test]
fn a_signed_answer_uses_the_algorithm_of_the_client() {
    let mut world = World::new();
    world.client.settings.signing = SigningAlg::EdDsa;
    let reply = world.granted(&world.query().with("response_mode", "jwt")).reply;
    let asked = reply.response.deliver(|alg, typ, _| {
        assert_eq!((alg, typ), (SigningAlg::EdDsa, JwtType::AuthorizationResponse));
        Err("no such key")
    });
    assert_eq!(asked.err(), Some("no such key"), "an answer that can't be signed is not sent unsigned");
}

#[test]
fn a_client_gets_only_the_modes_it_is_registered_for() {
    let mut world = World::new();
    world.client.settings.requests.response_modes = vec![ResponseMode::QueryJwt];
    world.passes(&world.query().with("response_mode", "jwt"));
    for query in [world.query(), world.query().with("response_mode", "form_post")] {
        let Answer::Back { fault, response } = world.authorize(&query) else { panic!("an error for the client") };
        assert_eq!(fault, AuthorizeFault::ResponseModeUnsupported);
        assert_eq!(response.mode(), ResponseMode::QueryJwt, "even this error is signed");
    }
}

#[test]
fn a_response_does_not_print_its_code() {
    let world = World::new();
    let reply = world.granted(&world.query()).reply;
    let code = Form::of_location(&crate::world::location(&reply.response)).value("code").unwrap();
    assert!(!format!("{:?}", reply.response).contains(&code));
}
