//! Requests that the client signed.

use crypto::b64u;
use oauth::{
    AuthorizeFault, ParkedRequest, PushedFact, RawParams, RequestObjectFault, Resolution, ResolveFacts,
    authentication::KeyFact, authorize, client::ClientKeys,
};
use serde_json::{Value, json};

use crate::{
    signer::{Signer, request_claims},
    world::{Answer, Form, World},
};

/// A world whose client has registered the signer's key.
fn signing() -> (World, Signer) {
    let mut world = World::new();
    let signer = Signer::new(&world, 40);
    signer.register(&mut world);
    (world, signer)
}

/// What stands in the query beside an object: as little as there can be.
fn carrying(object: &str) -> Form {
    Form::new().with("client_id", "app").with("request", object)
}

/// The ordinary object as `change` leaves it is refused.
#[track_caller]
fn refused_with(change: impl FnOnce(&mut Value), expected: RequestObjectFault) {
    let (world, signer) = signing();
    let mut claims = request_claims(&world);
    change(&mut claims);
    refused(&world, &signer.sign(Some("oauth-authz-req+jwt"), &claims), expected);
}

#[track_caller]
fn refused(world: &World, object: &str, expected: RequestObjectFault) {
    match world.authorize(&carrying(object)) {
        Answer::Page(fault) => {
            assert_eq!(fault, AuthorizeFault::RequestObject(expected));
            assert_eq!(fault.code(), "invalid_request_object");
        }
        other => panic!("expected a page, got {other:?}"),
    }
}

#[test]
fn a_signed_request_gets_a_code_whatever_its_typ_leaves_open() {
    let (world, signer) = signing();
    for typ in [Some("oauth-authz-req+jwt"), Some("application/OAUTH-authz-req+jwt"), Some("JWT"), None] {
        world.passes(&carrying(&signer.sign(typ, &request_claims(&world))));
    }
}

#[test]
fn only_what_is_inside_counts() {
    let (world, signer) = signing();
    let object = signer.sign(None, &request_claims(&world));
    let outside = carrying(&object)
        .with("scope", "offline_access")
        .with("redirect_uri", "https://evil.example/cb")
        .with("state", "another state")
        .with("response_mode", "form_post")
        .with("prompt", "login");
    let outcome = world.granted(&outside);
    assert_eq!(outcome.reply.record.scope.as_str(), "openid orders");
    let state = Form::of_location(&crate::world::location(&outcome.reply.response)).value("state");
    assert_eq!(state.as_deref(), Some("a state"));

    // What is missing inside is not taken from outside.
    let mut claims = request_claims(&world);
    claims.as_object_mut().unwrap().remove("code_challenge");
    let outside = carrying(&signer.sign(None, &claims)).with("code_challenge", &b64u(&[1; 32]));
    assert_eq!(world.sent_back(&outside).0, AuthorizeFault::ChallengeMissing);
}

#[test]
fn numbers_objects_and_arrays_inside_become_parameters() {
    let (mut world, signer) = signing();
    world.client.settings.requests.resources = vec!["https://api.example.com".to_owned(), "urn:orders".to_owned()];
    world.client.settings.claims = vec!["email".to_owned()];
    let mut claims = request_claims(&world);
    claims["max_age"] = json!(600);
    claims["claims"] = json!({"userinfo": {"email": {"essential": true}}});
    claims["resource"] = json!(["https://api.example.com", "urn:orders"]);
    let record = world.granted(&carrying(&signer.sign(None, &claims))).reply.record;
    assert_eq!(record.details.resources, ["https://api.example.com", "urn:orders"]);
    assert_eq!(record.details.claims.as_deref(), Some(r#"{"userinfo":{"email":{"essential":true}}}"#));
    claims["max_age"] = json!(599);
    assert!(matches!(world.authorize(&carrying(&signer.sign(None, &claims))), Answer::SignIn { .. }));
    for (name, wrong) in
        [("scope", json!(["openid"])), ("max_age", json!({})), ("state", json!(1)), ("resource", json!([1]))]
    {
        let mut claims = request_claims(&world);
        claims[name] = wrong;
        let Answer::Page(fault) = world.authorize(&carrying(&signer.sign(None, &claims))) else { panic!("{name}") };
        assert!(
            matches!(fault, AuthorizeFault::RequestObject(RequestObjectFault::Claim(found)) if found == name),
            "{name}"
        );
    }
}

#[test]
fn another_signature_is_none() {
    let (world, signer) = signing();
    let claims = request_claims(&world);
    let object = signer.sign(None, &claims);
    // Another key that says it is the client's.
    let stranger = Signer::new(&world, 41);
    refused(&world, &stranger.sign(None, &claims), RequestObjectFault::KeyUnknown);
    // Other claims under the client's signature.
    let mut other = claims.clone();
    other["scope"] = json!("offline_access openid");
    let other = signer.sign(None, &other);
    let (input, _) = other.rsplit_once('.').unwrap();
    let (_, signature) = object.rsplit_once('.').unwrap();
    refused(&world, &format!("{input}.{signature}"), RequestObjectFault::Signature);
}

#[test]
fn unsigned_and_symmetric_objects_are_refused() {
    let (world, _) = signing();
    let claims = b64u(request_claims(&world).to_string().as_bytes());
    for header in [r#"{"alg":"none"}"#, r#"{"alg":"HS256"}"#] {
        for signature in ["", "AAAA"] {
            let object = format!("{}.{claims}.{signature}", b64u(header.as_bytes()));
            refused(&world, &object, RequestObjectFault::Algorithm);
        }
    }
    for nothing in ["x", "a.b", "a.b.c", "a.b.c.d.e"] {
        let Answer::Page(fault) = world.authorize(&carrying(nothing)) else { panic!("{nothing} was read") };
        assert!(matches!(fault, AuthorizeFault::RequestObject(RequestObjectFault::Unreadable(_))), "{nothing}");
    }
}

#[test]
fn a_token_of_another_kind_is_no_request() {
    let (world, signer) = signing();
    for typ in ["client-authentication+jwt", "at+jwt", "dpop+jwt", "logout+jwt"] {
        refused(&world, &signer.sign(Some(typ), &request_claims(&world)), RequestObjectFault::Type);
    }
    refused_with(|claims| claims["sub"] = json!("app"), RequestObjectFault::Subject);
}

#[test]
fn client_issuer_and_audience_must_be_right() {
    refused_with(|claims| claims["client_id"] = json!("other"), RequestObjectFault::OtherClient);
    refused_with(
        |claims| drop(claims.as_object_mut().unwrap().remove("client_id")),
        RequestObjectFault::Claim("client_id"),
    );
    refused_with(|claims| claims["iss"] = json!("other"), RequestObjectFault::Issuer);
    refused_with(|claims| drop(claims.as_object_mut().unwrap().remove("iss")), RequestObjectFault::Issuer);
    refused_with(|claims| claims["aud"] = json!("https://other.example"), RequestObjectFault::Audience);
    refused_with(|claims| claims["aud"] = json!("https://id.example.com/token"), RequestObjectFault::Audience);
    refused_with(|claims| drop(claims.as_object_mut().unwrap().remove("aud")), RequestObjectFault::Audience);
    let (world, signer) = signing();
    let mut claims = request_claims(&world);
    claims["aud"] = json!(["https://other.example", crate::world::ISSUER]);
    world.passes(&carrying(&signer.sign(None, &claims)));
}

#[test]
fn a_request_inside_a_request_is_refused() {
    refused_with(|claims| claims["request"] = json!("a.b.c"), RequestObjectFault::Nested);
    refused_with(|claims| claims["request_uri"] = json!("urn:x"), RequestObjectFault::Nested);
}

#[test]
fn an_object_is_fresh_and_does_not_live_long() {
    let now = World::new().now.seconds();
    let with = |nbf: i64, exp: i64| {
        move |claims: &mut Value| {
            claims["nbf"] = json!(nbf);
            claims["exp"] = json!(exp);
        }
    };
    refused_with(with(now - 60, now), RequestObjectFault::Expired);
    refused_with(with(now + 11, now + 60), RequestObjectFault::NotBefore);
    refused_with(with(now - 3601, now + 1), RequestObjectFault::NotBefore);
    refused_with(with(now, now + 3601), RequestObjectFault::LivesTooLong);
    let (world, signer) = signing();
    for (nbf, exp) in [(now + 10, now + 60), (now - 3599, now + 1), (now, now + 3600)] {
        let mut claims = request_claims(&world);
        with(nbf, exp)(&mut claims);
        world.passes(&carrying(&signer.sign(None, &claims)));
    }
}

#[test]
fn a_client_that_must_sign_must_say_how_long() {
    let (mut world, signer) = signing();
    let without = |name: &str| {
        let mut claims = request_claims(&World::new());
        claims.as_object_mut().unwrap().remove(name);
        claims
    };
    for name in ["nbf", "exp"] {
        world.passes(&carrying(&signer.sign(None, &without(name))));
    }
    world.client.settings.requests.require_signed = true;
    for name in ["nbf", "exp"] {
        refused(&world, &signer.sign(None, &without(name)), RequestObjectFault::TimesMissing);
    }
    world.passes(&carrying(&signer.sign(None, &request_claims(&world))));
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::SignatureRequired);
    assert_eq!(answer.value("error").as_deref(), Some("invalid_request_object"));
}

#[test]
fn published_keys_are_asked_for_and_asked_for_anew() {
    let (mut world, signer) = signing();
    world.client.settings.proof.keys = ClientKeys::Uri("https://app.example.com/jwks.json".to_owned());
    let object = signer.sign(None, &request_claims(&world));
    let Answer::Keys(need) = world.authorize(&carrying(&object)) else { panic!("the keys are needed") };
    assert_eq!((need.client.as_str(), need.uri.as_str()), ("app", "https://app.example.com/jwks.json"));
    world.fetched = Some(signer.set());
    world.passes(&carrying(&object));

    // None of the cached keys fits: the client may have changed them. None of the fetched ones fits: it has not.
    let old = Signer::new(&world, 42).set();
    let text = carrying(&object).text();
    let resolved = |keys| {
        let facts = ResolveFacts {
            issuer: &world.issuer,
            client: Some(&world.client),
            client_keys: keys,
            pushed: PushedFact::NotNamed,
        };
        authorize::resolve(RawParams::parse(&text).unwrap(), &facts, world.now)
    };
    assert!(matches!(resolved(KeyFact::Cached(&old)), Resolution::Need(_)));
    let Resolution::Refused(refusal) = resolved(KeyFact::Fetched(&old)) else { panic!("no key fits") };
    assert_eq!(refusal.fault(), AuthorizeFault::RequestObject(RequestObjectFault::KeyUnknown));
}

#[test]
fn a_signed_request_waits_for_its_person_past_its_own_end() {
    let (mut world, signer) = signing();
    let object = signer.sign(None, &request_claims(&world));
    let text = carrying(&object).text();
    let facts = ResolveFacts {
        issuer: &world.issuer,
        client: Some(&world.client),
        client_keys: KeyFact::NotLoaded,
        pushed: PushedFact::NotNamed,
    };
    let Resolution::Request(request) = authorize::resolve(RawParams::parse(&text).unwrap(), &facts, world.now) else {
        panic!("the request is fine")
    };
    let parked = ParkedRequest::new(&request, world.now);
    world.client.settings.requests.require_signed = true;
    world.now = world.now.plus_seconds(300);
    refused(&world, &object, RequestObjectFault::Expired);
    assert!(matches!(world.decide(&parked.request().unwrap()), Answer::Code(_)), "it was signed when it came");
}

#[test]
fn the_client_outside_is_the_one_that_is_asked() {
    let (world, signer) = signing();
    let object = signer.sign(None, &request_claims(&world));
    for (query, expected) in [
        (carrying(&object).without("client_id"), AuthorizeFault::ClientIdMissing),
        (carrying(&object).again("client_id", "app"), AuthorizeFault::ClientIdMissing),
        (carrying(&object).with("client_id", "other"), AuthorizeFault::ClientUnknown),
    ] {
        match world.authorize(&query) {
            Answer::Page(fault) => assert_eq!(fault, expected),
            other => panic!("expected a page, got {other:?}"),
        }
    }
}
