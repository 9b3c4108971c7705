//! Single claims that a client asks for.

use model::AuditKind;
use oauth::{
    AuthorizeFault, Change, Consent, ConsentAnswer, ConsentPolicy, ScopeSet, Shown, SigninReason,
    claims_request::{BadClaimsRequest, ClaimsRequest},
    subject::subject,
};
use proptest::prelude::*;

use crate::world::{Answer, World};

fn refused(text: &str, expected: BadClaimsRequest) {
    let world = World::new();
    let (fault, answer) = world.sent_back(&world.query().with("claims", text));
    assert_eq!(fault, AuthorizeFault::Claims(expected), "{text}");
    assert_eq!(answer.value("error").as_deref(), Some("invalid_request"));
}

#[test]
fn a_request_is_read_and_written_down() {
    let text = r#"{
        "userinfo": {"email": null, "given_name": {"essential": true}, "locale": {"value": "de"}},
        "id_token": {"acr": {"values": ["phr", 1, {"a": []}], "essential": false}, "auth_time": {"essential": true, "other": 1}},
        "other": {"x": 1}
    }"#;
    let read = ClaimsRequest::parse(text).unwrap();
    assert_eq!(read.names(), ["acr", "auth_time", "email", "given_name", "locale"]);
    assert!(read.in_userinfo("given_name").unwrap().essential && !read.in_userinfo("email").unwrap().essential);
    assert_eq!(read.in_userinfo("locale").unwrap().values, [r#""de""#]);
    let acr = read.in_id_token("acr").unwrap();
    assert_eq!(acr.values, [r#""phr""#, "1", r#"{"a":[]}"#]);
    assert_eq!(acr.texts().collect::<Vec<_>>(), ["phr"]);
    assert_eq!(ClaimsRequest::parse(&read.to_json()).unwrap(), read);
    assert!(!format!("{read:?}").contains("de\""), "values may name a person");
}

#[test]
fn what_is_no_request_is_refused() {
    for text in [
        "",
        "[]",
        "null",
        "{",
        r#"{"userinfo":{}} x"#,
        r#"{"userinfo":{"a":null,"a":null}}"#,
        r#"{"userinfo":{},"userinfo":{}}"#,
    ] {
        if text.is_empty() {
            World::new().passes(&World::new().query().with("claims", text));
        } else {
            refused(text, BadClaimsRequest::Json);
        }
    }
    refused(r#"{"userinfo":[]}"#, BadClaimsRequest::Place);
    refused(r#"{"id_token":"acr"}"#, BadClaimsRequest::Place);
    for claim in
        ["1", "true", r#"{"essential":"yes"}"#, r#"{"values":[]}"#, r#"{"values":"x"}"#, r#"{"value":1,"values":[1]}"#]
    {
        refused(&format!(r#"{{"userinfo":{{"email":{claim}}}}}"#), BadClaimsRequest::Claim);
    }
}

#[test]
fn a_request_is_bounded() {
    let many = |n: usize| {
        let claims: Vec<_> = (0..n).map(|i| format!(r#""c{i}":null"#)).collect();
        format!(r#"{{"userinfo":{{{}}}}}"#, claims.join(","))
    };
    assert_eq!(ClaimsRequest::parse(&many(64)).unwrap().names().len(), 64);
    assert_eq!(ClaimsRequest::parse(&many(65)), Err(BadClaimsRequest::TooMany));
    let both = format!(r#"{{"userinfo":{{{}}},"id_token":{{"x":null}}}}"#, &many(64)[13..many(64).len() - 2]);
    assert_eq!(ClaimsRequest::parse(&both), Err(BadClaimsRequest::TooMany));
    let deep = format!(r#"{{"userinfo":{{"a":{{"value":{}1{}}}}}}}"#, "[".repeat(9), "]".repeat(9));
    assert_eq!(ClaimsRequest::parse(&deep), Err(BadClaimsRequest::Json));
    assert_eq!(ClaimsRequest::parse(&format!(r#"{{"x":"{}"}}"#, "y".repeat(8192))), Err(BadClaimsRequest::Json));
    let long = format!(r#"{{"userinfo":{{"{}":null}}}}"#, "n".repeat(129));
    assert_eq!(ClaimsRequest::parse(&long), Err(BadClaimsRequest::TooMany));
    let values: Vec<_> = (0..17).map(|i| i.to_string()).collect();
    let values = format!(r#"{{"userinfo":{{"a":{{"values":[{}]}}}}}}"#, values.join(","));
    assert_eq!(ClaimsRequest::parse(&values), Err(BadClaimsRequest::Claim));
}

/// What is kept with a grant is read again at the userinfo endpoint: nothing may be taken that could not be.
#[test]
fn whatever_is_taken_is_read_again_after_it_was_kept() {
    let deepest = r#"{"id_token":{"a":{"value":{"b":{"c":{}}}}}}"#;
    let read = ClaimsRequest::parse(deepest).unwrap();
    assert_eq!(ClaimsRequest::parse(&read.to_json()), Ok(read));
    let deeper = deepest.replace("{}", "[[]]");
    assert_eq!(ClaimsRequest::parse(&deeper), Err(BadClaimsRequest::Json));

    let long = "x".repeat(8 * 1024 - 40);
    let empty = |more: &str| format!(r#"{{"userinfo":{{"a":{{"value":"{long}"}}{more}}}}}"#);
    assert!(ClaimsRequest::parse(&empty("")).is_ok());
    assert!(empty(r#","b":{}"#).len() <= 8 * 1024);
    assert!(ClaimsRequest::parse(&empty(r#","b":{}"#)).is_ok_and(|read| ClaimsRequest::parse(&read.to_json()).is_ok()));
    let many = (0..60).map(|i| format!(r#","{i}":{{}}"#)).collect::<String>();
    let full = empty(&many).replacen('x', "", many.len() + 3);
    assert!(full.len() <= 8 * 1024);
    assert_eq!(ClaimsRequest::parse(&full), Err(BadClaimsRequest::Json));
}

#[test]
fn the_grant_keeps_only_what_the_client_may_be_told() {
    let mut world = World::new();
    let query = world.query().with(
        "claims",
        r#"{"userinfo":{"email":{"essential":true},"phone_number":null},"id_token":{"auth_time":null}}"#,
    );
    assert_eq!(
        world.granted(&query).reply.record.details.claims,
        None,
        "an essential claim that can't be told is left out"
    );
    world.client.settings.claims = vec!["email".to_owned()];
    let kept = world.granted(&query).reply.record.details.claims.clone();
    assert_eq!(kept.as_deref(), Some(r#"{"userinfo":{"email":{"essential":true}}}"#));
}

#[test]
fn people_are_asked_about_single_claims_and_may_be_remembered() {
    let mut world = World::new();
    world.client.consent = ConsentPolicy::Ask;
    world.client.settings.claims = vec!["email".to_owned(), "locale".to_owned()];
    let at = world.now;
    let remembered = |scope: &str, world: &World| {
        let scope = ScopeSet::parse(scope).unwrap();
        Some(Consent { person: world.person.id, client: world.client.id.clone(), scope, at })
    };
    world.consent = remembered("openid orders", &world);
    let query =
        world.query().with("claims", r#"{"userinfo":{"email":null,"address":null},"id_token":{"locale":null}}"#);
    let Answer::Ask { shown, remembered: true, .. } = world.authorize(&query) else { panic!("two claims are new") };
    assert!(shown.scope.is_empty());
    assert_eq!(
        shown.claims,
        ["email", "locale"],
        "the client may not be told the address, so nobody is asked about it"
    );

    // A yes to one claim is none to two.
    let less = Shown { claims: vec!["email".to_owned()], ..Shown::scope(ScopeSet::empty()) };
    world.answer = ConsentAnswer::Allowed { person: world.person.id, shown: less };
    assert!(matches!(world.authorize(&query), Answer::Ask { .. }));
    world.answer = ConsentAnswer::Allowed { person: world.person.id, shown };
    let outcome = world.granted(&query);
    assert_eq!(outcome.audit[0].kind, AuditKind::ConsentGiven);
    let [Change::RememberConsent { scope, .. }] = outcome.changes.as_slice() else { panic!("one change") };
    assert_eq!(scope.as_str(), "claim:email claim:locale openid orders");
    assert_eq!(outcome.reply.record.scope.as_str(), "openid orders", "a mark is no scope that anybody gets");

    world.answer = ConsentAnswer::NotAsked;
    world.consent = remembered("claim:email claim:locale openid orders", &world);
    world.passes(&query);
}

#[test]
fn nobody_can_ask_for_a_mark() {
    let mut world = World::new();
    world.client.scopes.push(oauth::Scope::parse("claim:email").unwrap());
    let record = world.granted(&world.query().with("scope", "openid claim:email")).reply.record;
    assert_eq!(record.scope.as_str(), "openid");
}

#[test]
fn a_sub_that_is_asked_for_is_the_only_one_that_is_answered_about() {
    let mut world = World::new();
    let claims = |place: &str, sub: &str| format!(r#"{{"{place}":{{"sub":{{"value":"{sub}"}}}}}}"#);
    let own = subject(&world.client, world.person.id, None, &world.keys);
    for place in ["id_token", "userinfo"] {
        world.passes(&world.query().with("claims", &claims(place, &own)));
        let other = world.query().with("claims", &claims(place, "somebody-else"));
        assert!(matches!(world.authorize(&other), Answer::SignIn { reason: SigninReason::OtherPerson, .. }));
        assert_eq!(world.sent_back(&other.with("prompt", "none")).0, AuthorizeFault::LoginRequired);
    }
    // An imported subject is the one that counts.
    world.mapped = Some("imported-7".to_owned());
    world.passes(&world.query().with("claims", &claims("id_token", "imported-7")));
    let computed = world.query().with("claims", &claims("id_token", &own));
    world.parked = Some(world.now);
    world.session.as_mut().unwrap().authentication.at = world.now;
    assert_eq!(world.sent_back(&computed).0, AuthorizeFault::OtherPerson);
}

proptest! {
    /// Whatever is read is written down so that it reads back the same.
    #[test]
    fn what_was_read_reads_back(
        names in proptest::collection::btree_set("[a-z\"\\\\é#]{1,12}", 0..8),
        values in proptest::collection::vec("\\PC{0,8}", 0..4),
        essential: bool,
    ) {
        let member = |name: &String| {
            let mut wish = serde_json::json!({ "essential": essential });
            if !values.is_empty() {
                wish["values"] = serde_json::json!(values);
            }
            (name.clone(), wish)
        };
        let text = serde_json::json!({ "userinfo": names.iter().map(member).collect::<serde_json::Map<_, _>>() }).to_string();
        let read = ClaimsRequest::parse(&text).unwrap();
        prop_assert_eq!(read.userinfo.len(), names.len());
        prop_assert_eq!(ClaimsRequest::parse(&read.to_json()).unwrap(), read);
    }
}
