//! The authorization request and its answers.

use oauth::{
    AuthorizeFault, ClientStatus, GrantTypes, Malformed, ParkedRequest, PushedFact, RawParams, Resolution,
    ResolveFacts, authentication::KeyFact, authorize, par, request_object,
};
use proptest::prelude::*;

use crate::world::{Answer, CALLBACK, Form, ISSUER, World, location};

/// The request as `change` leaves it is sent back with `fault`, and with `error`, `state` and `iss`.
#[track_caller]
fn sent_back_with(change: impl FnOnce(Form) -> Form, fault: AuthorizeFault, error: &str) {
    let world = World::new();
    let (found, answer) = world.sent_back(&change(world.query()));
    assert_eq!(found, fault);
    assert_eq!(answer.value("error").as_deref(), Some(error));
    assert_eq!(answer.value("error_description"), Some(fault.to_string()));
    assert_eq!(answer.value("state").as_deref(), Some("a state"));
    assert_eq!(answer.value("iss").as_deref(), Some(ISSUER));
    assert_eq!(answer.value("code"), None);
}

/// The request as `change` leaves it ends on a page with `fault`.
#[track_caller]
fn ends_on_a_page(change: impl FnOnce(&mut World, Form) -> Form, fault: AuthorizeFault) {
    let mut world = World::new();
    let query = world.query();
    let query = change(&mut world, query);
    match world.authorize(&query) {
        Answer::Page(found) => assert_eq!(found, fault),
        other => panic!("expected a page, got {other:?}"),
    }
}

#[test]
fn an_ordinary_request_gets_a_code_state_and_iss_and_nothing_else() {
    let world = World::new();
    let outcome = world.granted(&world.query());
    let location = location(&outcome.reply.response);
    assert!(location.starts_with(&format!("{CALLBACK}?code=lgc_")), "{location}");
    let answer = Form::of_location(&location);
    assert_eq!(answer.value("state").as_deref(), Some("a state"));
    assert_eq!(answer.value("iss").as_deref(), Some(ISSUER));
    for forbidden in ["access_token", "id_token", "token_type", "error"] {
        assert_eq!(answer.value(forbidden), None);
    }
    assert!(
        outcome.changes.is_empty() && outcome.audit.is_empty(),
        "nothing durable happens before the code is redeemed"
    );
}

#[test]
fn a_code_is_bound_to_client_redirect_challenge_person_and_a_minute() {
    let world = World::new();
    let (code, record) = world.code(&world.query());
    assert_eq!(record.client, world.client.id);
    assert_eq!(record.redirect_uri.as_deref(), Some(CALLBACK));
    assert_eq!(record.challenge, Some(crypto::sha256(crate::world::VERIFIER.as_bytes())));
    assert_eq!(record.nonce.as_deref(), Some("a nonce"));
    assert_eq!(record.scope.as_str(), "openid orders");
    assert_eq!(record.person, world.person.id);
    assert_eq!(record.expires.millis_since(record.issued), 60_000);
    // 256 random bits, and nothing of the challenge in them.
    let bits = crypto::from_b64u(code.strip_prefix("lgc_").unwrap()).unwrap();
    assert_eq!(bits.len(), 32);
    assert_ne!(Some(bits.as_slice()), record.challenge.as_ref().map(<[u8; 32]>::as_slice));
    let other = world.query().with("code_challenge", &crypto::b64u(&[9; 32]));
    assert_eq!(world.code(&other).0, code, "with the same entropy the code is the same whatever the challenge is");
}

#[test]
fn a_missing_or_repeated_client_id_ends_on_a_page() {
    ends_on_a_page(|_, q| q.without("client_id"), AuthorizeFault::ClientIdMissing);
    ends_on_a_page(|_, q| q.with("client_id", ""), AuthorizeFault::ClientIdMissing);
    ends_on_a_page(|_, q| q.again("client_id", "app"), AuthorizeFault::ClientIdMissing);
}

#[test]
fn an_unknown_client_ends_on_a_page() {
    ends_on_a_page(
        |world, q| {
            world.known = false;
            q
        },
        AuthorizeFault::ClientUnknown,
    );
    ends_on_a_page(|_, q| q.with("client_id", "App"), AuthorizeFault::ClientUnknown);
}

#[test]
fn a_disabled_client_ends_on_a_page() {
    ends_on_a_page(
        |world, q| {
            world.client.status = ClientStatus::Disabled;
            q
        },
        AuthorizeFault::ClientDisabled,
    );
}

#[test]
fn an_unregistered_redirect_ends_on_a_page() {
    ends_on_a_page(|_, q| q.with("redirect_uri", "https://evil.example/cb"), AuthorizeFault::RedirectUnregistered);
    ends_on_a_page(|_, q| q.again("redirect_uri", CALLBACK), AuthorizeFault::RedirectRepeated);
}

#[test]
fn with_several_redirects_the_request_must_say_which() {
    let several = |world: &mut World, q: Form| {
        world.redirects(&[CALLBACK, "https://app.example.com/other"]);
        q
    };
    ends_on_a_page(|world, q| several(world, q).without("redirect_uri"), AuthorizeFault::RedirectMissing);
    ends_on_a_page(|world, q| several(world, q).with("redirect_uri", ""), AuthorizeFault::RedirectMissing);

    let mut world = World::new();
    let query = several(&mut world, World::new().query()).with("redirect_uri", "https://app.example.com/other");
    assert!(location(&world.granted(&query).reply.response).starts_with("https://app.example.com/other?code="));
}

#[test]
fn the_only_redirect_may_be_left_out() {
    let world = World::new();
    let reply = world.granted(&world.query().without("redirect_uri")).reply;
    assert!(location(&reply.response).starts_with(CALLBACK));
    assert_eq!(reply.record.redirect_uri, None);
}

#[test]
fn the_query_of_a_redirect_uri_is_kept() {
    let mut world = World::new();
    world.redirects(&["https://app.example.com/cb?tenant=7"]);
    let reply = world.granted(&world.query()).reply;
    assert!(location(&reply.response).starts_with("https://app.example.com/cb?tenant=7&code=lgc_"));
    let (_, answer) = world.sent_back(&world.query().without("scope"));
    assert_eq!(answer.value("tenant").as_deref(), Some("7"));
    assert_eq!(answer.value("error").as_deref(), Some("invalid_scope"));
}

#[test]
fn unknown_parameters_are_ignored_even_when_repeated() {
    let world = World::new();
    world.passes(&world.query().with("audience", "x").again("audience", "y").with("display", "popup"));
}

#[test]
fn repeated_parameters_are_refused() {
    for name in ["response_type", "scope", "nonce", "code_challenge", "code_challenge_method", "prompt", "max_age"] {
        sent_back_with(
            |q| q.again(name, "").again(name, ""),
            AuthorizeFault::ParameterRepeated(name),
            "invalid_request",
        );
    }
    // A repeated state can't be echoed.
    let world = World::new();
    let (fault, answer) = world.sent_back(&world.query().again("state", "another"));
    assert_eq!(fault, AuthorizeFault::ParameterRepeated("state"));
    assert_eq!(answer.value("state"), None);
}

#[test]
fn empty_parameters_count_as_omitted() {
    let world = World::new();
    let reply =
        world.granted(&world.query().with("nonce", "").with("state", "").with("prompt", "").with("max_age", "")).reply;
    assert_eq!(reply.record.nonce, None);
    assert_eq!(Form::of_location(&location(&reply.response)).value("state"), None);
    sent_back_with(|q| q.with("scope", ""), AuthorizeFault::ScopeMissing, "invalid_scope");
    sent_back_with(|q| q.with("code_challenge", ""), AuthorizeFault::ChallengeMissing, "invalid_request");
}

#[test]
fn a_missing_response_type_is_refused() {
    sent_back_with(|q| q.without("response_type"), AuthorizeFault::ResponseTypeMissing, "invalid_request");
}

#[test]
fn any_response_type_but_code_is_refused() {
    for response_type in ["token", "id_token", "code id_token", "code token", "none", "CODE", "code code"] {
        sent_back_with(
            |q| q.with("response_type", response_type),
            AuthorizeFault::ResponseTypeUnsupported,
            "unsupported_response_type",
        );
    }
}

#[test]
fn response_modes_that_do_not_exist_are_refused() {
    let world = World::new();
    world.passes(&world.query().with("response_mode", "query"));
    for mode in ["fragment", "fragment.jwt", "web_message", "QUERY"] {
        sent_back_with(|q| q.with("response_mode", mode), AuthorizeFault::ResponseModeUnsupported, "invalid_request");
    }
}

#[test]
fn a_request_without_challenge_is_refused_for_public_and_confidential_clients() {
    sent_back_with(|q| q.without("code_challenge"), AuthorizeFault::ChallengeMissing, "invalid_request");
    let native = World::native();
    let (fault, _) = native.sent_back(&native.query().without("code_challenge").without("code_challenge_method"));
    assert_eq!(fault, AuthorizeFault::ChallengeMissing);
}

#[test]
fn any_challenge_method_but_s256_is_refused() {
    sent_back_with(|q| q.without("code_challenge_method"), AuthorizeFault::ChallengeMethod, "invalid_request");
    for method in ["plain", "s256", "S512"] {
        sent_back_with(|q| q.with("code_challenge_method", method), AuthorizeFault::ChallengeMethod, "invalid_request");
    }
}

#[test]
fn a_challenge_that_is_no_sha256_is_refused() {
    let right = crypto::b64u(&[1; 32]);
    for wrong in [&right[..42], &format!("{right}="), &format!("{right}A"), &right.replace('A', "+"), "ÄÄÄ"] {
        sent_back_with(|q| q.with("code_challenge", wrong), AuthorizeFault::ChallengeInvalid, "invalid_request");
    }
}

#[test]
fn what_we_do_not_do_is_refused_and_not_ignored() {
    sent_back_with(|q| q.with("request", "a.b.c"), AuthorizeFault::RequestObjectUnsupported, "request_not_supported");
    sent_back_with(
        |q| q.with("request_uri", "urn:x"),
        AuthorizeFault::RequestUriUnsupported,
        "request_uri_not_supported",
    );
    sent_back_with(
        |q| q.with("registration", "{}"),
        AuthorizeFault::RegistrationParameter,
        "registration_not_supported",
    );
}

#[test]
fn a_client_without_the_code_grant_is_refused() {
    let mut world = World::new();
    world.client.grants = GrantTypes::REFRESH_TOKEN;
    let (fault, answer) = world.sent_back(&world.query());
    assert_eq!(fault, AuthorizeFault::GrantNotAllowed);
    assert_eq!(answer.value("error").as_deref(), Some("unauthorized_client"));
}

#[test]
fn a_nonce_is_kept_up_to_its_bound() {
    let world = World::new();
    let longest = "n".repeat(512);
    assert_eq!(world.granted(&world.query().with("nonce", &longest)).reply.record.nonce, Some(longest));
    sent_back_with(|q| q.with("nonce", &"n".repeat(513)), AuthorizeFault::NonceTooLong, "invalid_request");
}

#[test]
fn client_id_for_loading_is_bounded_and_single() {
    let name = |text: &str| authorize::client_id(&RawParams::parse(text).unwrap()).map(str::to_owned);
    assert_eq!(name("client_id=app&x=1"), Some("app".to_owned()));
    assert_eq!(name("client_id=app&client_id=app"), None);
    assert_eq!(name("x=1"), None);
    assert_eq!(name(&format!("client_id={}", "a".repeat(129))), None);
}

#[test]
fn a_parked_request_waits_ten_minutes_and_is_asked_anew() {
    let world = World::new();
    let text = world.query().text();
    let facts = ResolveFacts {
        issuer: &world.issuer,
        client: Some(&world.client),
        client_keys: KeyFact::NotLoaded,
        pushed: PushedFact::NotNamed,
    };
    let Resolution::Request(request) = authorize::resolve(RawParams::parse(&text).unwrap(), &facts, world.now) else {
        panic!("a plain request is itself")
    };
    let parked = ParkedRequest::new(&request, world.now);
    assert_eq!(parked.parked(), world.now);
    assert!(parked.may_resume(world.now) && parked.may_resume(world.now.plus_seconds(599)));
    assert!(!parked.may_resume(world.now.plus_seconds(600)));
    assert!(!parked.may_resume(world.now.plus_seconds(-1)), "a clock that went back resumes nothing");
    let resumed = parked.request().unwrap();
    for name in ["client_id", "state", "redirect_uri", "scope", "code_challenge"] {
        assert_eq!(resumed.params().value(name), request.params().value(name), "{name}");
    }
    assert!(matches!(world.decide(&resumed), Answer::Code(_)));
    assert!(
        !format!("{parked:?}{resumed:?}").contains("a nonce"),
        "a request may hold a sign-in name and is not printed"
    );
}

#[test]
fn every_check_names_its_clause() {
    let list: Vec<_> = authorize::check_list().collect();
    assert_eq!(list.first().map(|c| c.0), Some("client"));
    assert_eq!(
        list.get(1).map(|c| c.0),
        Some("redirect"),
        "from the third check on there is a place to send errors to"
    );
    assert_eq!(list.get(2).map(|c| c.0), Some("response_mode"), "and from the fourth on it is known how they travel");
    assert_eq!(list.last().map(|c| c.0), Some("consent"));
    let list: Vec<_> = list.into_iter().chain(request_object::check_list()).chain(par::check_list()).collect();
    assert!(list.iter().all(|(_, clause)| clause.contains('§')));
}

#[test]
fn malformed_requests_have_a_page() {
    assert_eq!(AuthorizeFault::Malformed(Malformed::NotUtf8).code(), "invalid_request");
}

proptest! {
    /// Whatever the state is, it comes back unchanged, and can't add a parameter, a header or a fragment.
    #[test]
    fn state_is_echoed_exactly(state in "\\PC{1,40}|[\\x00-\\x7f]{1,40}") {
        let world = World::new();
        let location = location(&world.granted(&world.query().with("state", &state)).reply.response);
        prop_assert!(location.bytes().all(|b| b.is_ascii_graphic()));
        prop_assert_eq!(Form::of_location(&location).value("state"), Some(state.clone()));
        let (_, answer) = world.sent_back(&world.query().with("state", &state).without("scope"));
        prop_assert_eq!(answer.value("state"), Some(state));
    }

    /// Whatever a request says, it still says it after waiting for its person.
    #[test]
    fn what_waits_reads_back(state in "\\PC{1,40}|[\\x00-\\x7f]{1,40}", nonce in "[&=+% #\"é]{1,20}") {
        let world = World::new();
        let text = world.query().with("state", &state).with("nonce", &nonce).text();
        let facts = ResolveFacts {
            issuer: &world.issuer,
            client: Some(&world.client),
            client_keys: KeyFact::NotLoaded,
            pushed: PushedFact::NotNamed,
        };
        let Resolution::Request(request) = authorize::resolve(RawParams::parse(&text).unwrap(), &facts, world.now) else {
            panic!("a plain request is itself")
        };
        let parked = ParkedRequest::new(&request, world.now);
        let resumed = parked.request().unwrap();
        prop_assert_eq!(resumed.params().value("state"), Some(state.as_str()));
        prop_assert_eq!(resumed.params().value("nonce"), Some(nonce.as_str()));
        prop_assert_eq!(resumed.params().value("scope"), Some("openid orders"));
    }
}

#[test]
fn a_client_that_nobody_vouches_for_sends_no_stranger_on() {
    let mut world = World::new();
    world.client.settings.origin = oauth::client::ClientOrigin::Registered {
        token_hash: [1; 32],
        policy: oauth::registration::RegistrationPolicy::default(),
    };
    let wrong = world.query().without("scope");
    assert!(matches!(world.authorize(&wrong), Answer::Back { .. }), "somebody is signed in");
    world.session = None;
    assert!(matches!(world.authorize(&wrong), Answer::Page(AuthorizeFault::ScopeMissing)));
    // OpenID Connect Core §3.1.2.6: whoever asked for silence has to be told.
    assert!(matches!(world.authorize(&wrong.with("prompt", "none")), Answer::Back { .. }));
    world.client.settings.origin = oauth::client::ClientOrigin::Operator;
    assert!(matches!(world.authorize(&world.query().without("scope")), Answer::Back { .. }));
}
