//! Requests that the client pushed.

use crypto::b64u;
use model::{Decision, Outcome};
use oauth::{
    AuthorizeFault, KeysNeed, ParkedRequest, PushFacts, PushRefusal, Pushed, PushedFact, RawParams, RequestObjectFault,
    Resolution, ResolveFacts,
    authentication::{AuthenticationFacts, Credentials, KeyFact, authenticate},
    authorize,
    client::ClientKeys,
    par,
    params::PUSHED_BYTES_MAX,
};
use serde_json::{Value, json};

use crate::{
    signer::{Signer, request_claims},
    world::{Answer, Form, SECRET, World, entropy},
};

type Push = Decision<Pushed, PushRefusal, KeysNeed, oauth::Change>;

/// Pushes a form as the world's client, after it authenticated with its secret.
fn push_with(world: &World, form: &Form, dpop_jkt: Option<[u8; 32]>) -> Push {
    let text = form.clone().with("client_secret", SECRET).text();
    let params = RawParams::parse_within(&text, PUSHED_BYTES_MAX).unwrap();
    let own = Form::new().with("client_id", "app").with("client_secret", SECRET).text();
    let own = RawParams::parse(&own).unwrap();
    let credentials = Credentials::read(None, &own, None).unwrap();
    let facts = AuthenticationFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client: Some(&world.client),
        client_keys: KeyFact::NotLoaded,
        assertion_spent: false,
    };
    let client = authenticate(&credentials, &facts, "/par", world.now).unwrap();
    let facts = PushFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client_keys: world.key_fact(),
        dpop_jkt,
        detail_types: &world.detail_types,
    };
    par::push(&params, &client, &facts, world.now, &mut entropy(9))
}

/// Pushes a form and keeps what comes of it: the query that names it.
fn pushed(world: &mut World, form: &Form) -> Form {
    match push_with(world, form, None) {
        Decision::Done(Outcome { reply, changes, audit }) => {
            assert!(changes.is_empty() && audit.is_empty(), "a secret is not spent, and nothing durable happened");
            keep(world, reply)
        }
        other => panic!("expected a name, got {other:?}"),
    }
}

fn keep(world: &mut World, reply: Pushed) -> Form {
    let body: Value = serde_json::from_str(&reply.body()).unwrap();
    assert_eq!(body["expires_in"], 60);
    let name = body["request_uri"].as_str().unwrap();
    assert_eq!(name, reply.request_uri().expose());
    world.pushed = Some(crate::world::Kept { key: reply.key, record: reply.record, spent: false });
    Form::new().with("client_id", "app").with("request_uri", name)
}

#[track_caller]
fn refused_with(world: &World, form: &Form, expected: PushRefusal, code: &str) {
    match push_with(world, form, None) {
        Decision::Refused(Outcome { reply, .. }) => {
            assert_eq!(reply, expected);
            let answer = reply.answer();
            let body: Value = serde_json::from_str(&answer.body).unwrap();
            assert_eq!((answer.status, body["error"].as_str()), (400, Some(code)));
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[track_caller]
fn ends_on_a_page(world: &World, query: &Form, expected: AuthorizeFault) {
    match world.authorize(query) {
        Answer::Page(fault) => assert_eq!(fault, expected),
        other => panic!("expected a page, got {other:?}"),
    }
}

#[test]
fn a_pushed_request_gets_a_code_by_its_name() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form);
    let outcome = world.granted(&query);
    assert_eq!(outcome.reply.record.scope.as_str(), "openid orders");
    assert_eq!(outcome.reply.record.nonce.as_deref(), Some("a nonce"));
    assert_eq!(outcome.reply.pushed, Some(world.pushed.as_ref().unwrap().key), "the code uses it up");
    assert_eq!(world.granted(&world.query()).reply.pushed, None);
}

#[test]
fn beside_a_name_nothing_counts_but_the_client() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form)
        .with("scope", "offline_access")
        .with("redirect_uri", "https://evil.example/cb")
        .with("state", "another state")
        .with("prompt", "login");
    let outcome = world.granted(&query);
    assert_eq!(outcome.reply.record.scope.as_str(), "openid orders");
    let answer = Form::of_location(&crate::world::location(&outcome.reply.response));
    assert_eq!(answer.value("state").as_deref(), Some("a state"));
    let both = query.with("request", "a.b.c");
    ends_on_a_page(&world, &both, AuthorizeFault::RequestAndRequestUri);
}

#[test]
fn a_name_can_not_be_guessed_and_says_nothing() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form);
    let name = query.value("request_uri").unwrap();
    let random = name.strip_prefix("urn:ietf:params:oauth:request_uri:").unwrap();
    assert_eq!(crypto::from_b64u(random).unwrap().len(), 32);
    for wrong in [&name[..name.len() - 1], &format!("{name}A"), "urn:ietf:params:oauth:request_uri:"] {
        ends_on_a_page(&world, &query.clone().with("request_uri", wrong), AuthorizeFault::RequestUriUnknown);
    }
    let kept = &world.pushed.as_ref().unwrap().record;
    assert!(!format!("{kept:?}").contains("a nonce"));
}

#[test]
fn a_pushed_request_is_used_once() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form);
    // Reloading the page before the person is done changes nothing.
    world.passes(&query);
    world.passes(&query);
    world.pushed.as_mut().unwrap().spent = true;
    ends_on_a_page(&world, &query, AuthorizeFault::RequestUriSpent);
}

#[test]
fn a_request_used_up_while_another_window_waited_gets_no_second_code() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form).text();
    let kept = world.pushed.clone().unwrap();
    let facts = ResolveFacts {
        issuer: &world.issuer,
        client: Some(&world.client),
        client_keys: KeyFact::NotLoaded,
        pushed: PushedFact::Live { key: kept.key, record: &kept.record },
    };
    let Resolution::Request(request) = authorize::resolve(RawParams::parse(&query).unwrap(), &facts, world.now) else {
        panic!("the request is fine")
    };
    let parked = ParkedRequest::new(&request, world.now);
    // Signing in took longer than the name lives: that alone is no reason.
    world.now = world.now.plus_seconds(500);
    let resumed = parked.request().unwrap();
    assert_eq!(resumed.pushed(), Some(kept.key));
    assert!(kept.record.forget_at() > world.now);
    assert!(matches!(world.decide(&resumed), Answer::Code(_)));
    world.pushed.as_mut().unwrap().spent = true;
    let Answer::Back { fault, .. } = world.decide(&resumed) else { panic!("used up") };
    assert_eq!((fault, fault.code()), (AuthorizeFault::RequestUriSpent, "invalid_request_uri"));
    // Lost with a restart counts as used up.
    world.pushed = None;
    let Answer::Back { fault, .. } = world.decide(&resumed) else { panic!("forgotten") };
    assert_eq!(fault, AuthorizeFault::RequestUriUnknown);
}

#[test]
fn a_name_lives_for_a_minute() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form);
    world.now = world.now.plus_seconds(59);
    world.passes(&query);
    world.now = world.now.plus_seconds(1);
    ends_on_a_page(&world, &query, AuthorizeFault::RequestUriUnknown);
}

#[test]
fn another_clients_name_is_unknown() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form).with("client_id", "other");
    world.client.id = model::ClientId::parse("other").unwrap();
    ends_on_a_page(&world, &query, AuthorizeFault::RequestUriUnknown);
}

#[test]
fn what_would_be_refused_later_is_refused_at_once() {
    let world = World::new();
    for (form, fault, code) in [
        (
            world.query().with("redirect_uri", "https://evil.example/cb"),
            AuthorizeFault::RedirectUnregistered,
            "invalid_request",
        ),
        (world.query().without("scope"), AuthorizeFault::ScopeMissing, "invalid_scope"),
        (world.query().without("code_challenge"), AuthorizeFault::ChallengeMissing, "invalid_request"),
        (
            world.query().with("response_type", "token"),
            AuthorizeFault::ResponseTypeUnsupported,
            "unsupported_response_type",
        ),
        (world.query().again("state", "b"), AuthorizeFault::ParameterRepeated("state"), "invalid_request"),
        (world.query().with("resource", "https://other.example"), AuthorizeFault::ResourceNotAllowed, "invalid_target"),
        (world.query().with("prompt", "create"), AuthorizeFault::PromptUnknown, "invalid_request"),
        (world.query().with("request", "a.b.c"), AuthorizeFault::RequestObjectUnsupported, "request_not_supported"),
        (world.query().again("client_id", "app"), AuthorizeFault::ClientIdMissing, "invalid_request"),
    ] {
        refused_with(&world, &form, PushRefusal::Request(fault), code);
    }
}

#[test]
fn a_pushed_request_names_no_other_and_no_other_client() {
    let world = World::new();
    let own = "urn:ietf:params:oauth:request_uri:abc";
    for name in [own, "https://app.example.com/request.jwt"] {
        refused_with(&world, &world.query().with("request_uri", name), PushRefusal::RequestUri, "invalid_request");
    }
    refused_with(&world, &world.query().with("client_id", "other"), PushRefusal::OtherClient, "invalid_request");
}

#[test]
fn credentials_are_not_kept() {
    let mut world = World::new();
    let form = world.query().with("client_assertion", "a-signed-assertion").with("unknown", "parameter");
    let plain = world.query();
    let query = pushed(&mut world, &form);
    let with = world.pushed.as_ref().unwrap().record.bytes();
    world.passes(&query);
    pushed(&mut world, &plain);
    assert_eq!(world.pushed.as_ref().unwrap().record.bytes(), with, "neither credentials nor what means nothing");
}

#[test]
fn the_client_need_not_repeat_itself_beside_its_header() {
    let mut world = World::new();
    let form = world.query().without("client_id");
    let query = pushed(&mut world, &form);
    world.passes(&query);
}

#[test]
fn where_requests_must_be_pushed_no_other_is_taken() {
    let mut world = World::new();
    let form = world.query();
    let query = pushed(&mut world, &form);
    world.par_required = true;
    world.passes(&query);
    assert_eq!(world.sent_back(&world.query()).0, AuthorizeFault::PushRequired);
    world.par_required = false;
    world.client.settings.requests.require_par = true;
    world.passes(&query);
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::PushRequired);
    assert_eq!(answer.value("error").as_deref(), Some("invalid_request"));
}

#[test]
fn a_signed_request_is_verified_when_it_is_pushed() {
    let mut world = World::new();
    let signer = Signer::new(&world, 40);
    signer.register(&mut world);
    world.client.settings.requests.require_signed = true;
    let object = signer.sign(Some("oauth-authz-req+jwt"), &request_claims(&world));
    let form = Form::new().with("client_id", "app").with("request", &object).with("scope", "offline_access");
    let query = pushed(&mut world, &form);
    assert_eq!(
        world.granted(&query).reply.record.scope.as_str(),
        "openid orders",
        "what stands beside it is no part of it"
    );

    let unsigned = world.query();
    refused_with(&world, &unsigned, PushRefusal::Request(AuthorizeFault::SignatureRequired), "invalid_request_object");
    let mut claims = request_claims(&world);
    claims["client_id"] = json!("other");
    let form = form.with("request", &signer.sign(None, &claims));
    let fault = AuthorizeFault::RequestObject(RequestObjectFault::OtherClient);
    refused_with(&world, &form, PushRefusal::Request(fault), "invalid_request_object");

    world.client.settings.proof.keys = ClientKeys::Uri("https://app.example.com/jwks.json".to_owned());
    let form = form.with("request", &object);
    assert!(matches!(push_with(&world, &form, None), Decision::Need(need) if need.uri.ends_with("/jwks.json")));
    world.fetched = Some(signer.set());
    let query = pushed(&mut world, &form);
    world.passes(&query);
}

#[test]
fn a_proof_at_pushing_binds_the_code_to_its_key() {
    let mut world = World::new();
    let thumbprint = [5; 32];
    let Decision::Done(outcome) = push_with(&world, &world.query(), Some(thumbprint)) else { panic!("a name") };
    let query = keep(&mut world, outcome.reply);
    assert_eq!(world.granted(&query).reply.record.dpop_jkt, Some(thumbprint));

    let same = world.query().with("dpop_jkt", &b64u(&thumbprint));
    assert!(matches!(push_with(&world, &same, Some(thumbprint)), Decision::Done(_)));
    let other = world.query().with("dpop_jkt", &b64u(&[6; 32]));
    let Decision::Refused(outcome) = push_with(&world, &other, Some(thumbprint)) else { panic!("two keys") };
    assert_eq!(outcome.reply, PushRefusal::Request(AuthorizeFault::DpopKeyMismatch));
}

#[test]
fn what_would_take_too_much_room_is_refused() {
    let mut world = World::new();
    let signer = Signer::new(&world, 40);
    signer.register(&mut world);
    let mut claims = request_claims(&world);
    claims["state"] = json!("&".repeat(6000));
    let form = Form::new().with("request", &signer.sign(None, &claims));
    let fault = AuthorizeFault::RequestObject(RequestObjectFault::TooLong);
    refused_with(&world, &form, PushRefusal::Request(fault), "invalid_request_object");
    let long = world.query().with("state", &"s".repeat(5000)).with("nonce", &"n".repeat(512));
    assert!(matches!(push_with(&world, &long, None), Decision::Done(_)), "longer than a query could be");
}

#[test]
fn a_refusal_says_whose_fault_it_is() {
    let status = |fault| PushRefusal::Request(fault).answer().status;
    assert_eq!(status(AuthorizeFault::ScopeMissing), 400);
    assert_eq!(status(AuthorizeFault::KeysUnavailable), 503, "the client may try again");
    assert_eq!(status(AuthorizeFault::Incomplete), 500);
}
