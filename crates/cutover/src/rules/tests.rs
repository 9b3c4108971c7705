//! The table of rules, and one client before each rule.

use super::*;
use crate::{
    Authentication, Cause, ClientKind, DefaultRow, Fact, Lifetime, List, Matching, Pkce, Provider, Redirect,
    RefreshRotation, Source, Template,
};

static ROW: DefaultRow =
    DefaultRow { product: "Test", versions: "all", setting: "x", value: "true", source: "this test" };

fn here() -> Source {
    Source::file("realm.json")
}

fn yes<T>(value: T) -> Fact<T> {
    Fact::certain(value, here())
}

/// A client that keeps every rule.
fn clean() -> Client {
    let mut client = Client::new(Provider::Keycloak, "app", here());
    client.id = yes("app".to_owned());
    client.kind = yes(ClientKind::Browser);
    client.flows = crate::Flows::none(&here());
    client.flows.code = yes(true);
    client.flows.refresh_token = yes(true);
    client.pkce = yes(Pkce::RequiredS256);
    client.redirects = redirects(&["https://app.example/cb"]);
    client.origins = List::complete(vec![yes("https://app.example".to_owned())]);
    client.authentication = yes(Authentication::None);
    client.has_secret = yes(false);
    client.lifetimes.access_token = yes(Lifetime::Seconds(300));
    client.lifetimes.refresh_absolute = yes(Lifetime::Seconds(86_400));
    client.refresh_rotation = yes(RefreshRotation::Rotates);
    client.enabled = yes(true);
    client
}

fn redirects(texts: &[&str]) -> List<Redirect> {
    let one = |text: &&str| yes(Redirect { text: Template::literal(*text), matching: Matching::TrailingWildcard });
    List::complete(texts.iter().map(one).collect())
}

fn judge(rule: &str, change: impl FnOnce(&mut Client)) -> Judgement {
    let mut client = clean();
    change(&mut client);
    (Rule::named(rule).expect("a rule of that id").judge)(&client)
}

#[track_caller]
fn breaks(rule: &str, change: impl FnOnce(&mut Client), words: &str) {
    match judge(rule, change) {
        Judgement::Breaks(evidence) => assert!(evidence.iter().any(|one| one.text.contains(words)), "{evidence:?}"),
        other => panic!("{rule} says {other:?}"),
    }
}

#[track_caller]
fn unknown(rule: &str, change: impl FnOnce(&mut Client)) {
    match judge(rule, change) {
        Judgement::Unknown(reasons) => assert!(!reasons.is_empty(), "a reason"),
        other => panic!("{rule} says {other:?}"),
    }
}

#[track_caller]
fn holds(rule: &str, change: impl FnOnce(&mut Client)) {
    assert_eq!(judge(rule, change), Judgement::Holds, "{rule}");
}

fn not_said<T>() -> Fact<T> {
    Fact::unknown(Cause::NotSaid, here())
}

#[test]
fn every_rule_has_its_words_and_holds_for_a_clean_client() {
    for rule in RULES {
        assert!(rule.clause().contains('§') && rule.explanation().ends_with('.'), "{}", rule.id);
        assert!(rule.fix().ends_with(['.', ')']) && !rule.title.is_empty(), "{}", rule.id);
        assert_eq!((rule.judge)(&clean()), Judgement::Holds, "{}", rule.id);
    }
    let ids: std::collections::BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
}

#[test]
fn every_rule_of_registration_is_a_rule_here() {
    for rule in &client_rules::RULES {
        assert!(Rule::named(rule.id).is_some_and(Rule::is_registrations), "{}", rule.id);
    }
}

#[test]
fn of_a_client_nobody_knows_every_rule_is_unknown() {
    for rule in RULES {
        let said = (rule.judge)(&Client::new(Provider::Okta, "x", here()));
        assert!(matches!(&said, Judgement::Unknown(reasons) if !reasons.is_empty()), "{} says {said:?}", rule.id);
    }
}

#[test]
fn flows_are_judged() {
    breaks("implicit", |c| c.flows.implicit = Fact::default(true, &ROW, here()), "switched on");
    unknown("implicit", |c| c.flows.implicit = Fact::unknown(Cause::Variable("var.x".to_owned()), here()));
    breaks("password_grant", |c| c.flows.password = yes(true), "switched on");
    unknown("password_grant", |c| c.flows.password = not_said());
}

#[test]
fn pkce_is_judged_where_there_are_codes() {
    breaks("pkce_missing", |c| c.pkce = yes(Pkce::NotRequired), "without PKCE");
    holds("pkce_missing", |c| (c.pkce, c.flows.code) = (yes(Pkce::NotRequired), yes(false)));
    unknown("pkce_missing", |c| (c.pkce, c.flows.code) = (yes(Pkce::NotRequired), not_said()));
    unknown("pkce_missing", |c| c.pkce = yes(Pkce::NoSuchSwitch));
    breaks("pkce_plain", |c| c.pkce = yes(Pkce::RequiredPlainAllowed), "plain");
    holds("pkce_missing", |c| c.pkce = yes(Pkce::RequiredPlainAllowed));
    holds("pkce_plain", |c| c.pkce = yes(Pkce::NotRequired));
}

#[test]
fn redirects_are_judged_by_their_products_rule() {
    breaks("loose_redirect", |c| c.redirects = redirects(&["https://app.example/*"]), "follows the host");
    breaks("loose_redirect", |c| c.redirects = redirects(&["https://app.example/cb", "*"]), "the host may vary");
    holds("loose_redirect", |c| c.redirects = redirects(&["https://app.example"]));
    breaks("http_redirect", |c| c.redirects = redirects(&["http://app.example/*"]), "http://app.example/*");
    holds("http_redirect", |c| c.redirects = redirects(&["http://localhost:8080/*", "http://127.0.0.1/x"]));
    breaks("dangerous_scheme_redirect", |c| c.redirects = redirects(&["myapp://cb"]), "myapp://cb");
    for rule in ["loose_redirect", "http_redirect", "dangerous_scheme_redirect"] {
        unknown(rule, |c| c.redirects.items.push(Fact::unknown(Cause::Condition("x".to_owned()), here())));
        unknown(rule, |c| c.redirects.rest = Some((Cause::Variable("x".to_owned()), here())));
    }
}

#[test]
fn a_breach_is_not_hidden_by_what_is_unknown_beside_it() {
    breaks(
        "http_redirect",
        |c| {
            c.redirects = redirects(&["http://app.example/cb"]);
            c.redirects.rest = Some((Cause::Variable("x".to_owned()), here()));
        },
        "http://app.example/cb",
    );
}

#[test]
fn authentication_is_judged() {
    breaks("secret_in_public_client", |c| c.has_secret = yes(true), "has a secret");
    breaks(
        "secret_in_public_client",
        |c| (c.has_secret, c.authentication) = (not_said(), yes(Authentication::Secret)),
        "browser",
    );
    unknown("secret_in_public_client", |c| (c.kind, c.has_secret) = (not_said(), yes(true)));
    breaks("weak_client_authentication", |c| c.kind = yes(ClientKind::Service), "does not authenticate");
    unknown("weak_client_authentication", |c| c.kind = not_said());
    holds("weak_client_authentication", |c| (c.kind, c.authentication) = (not_said(), yes(Authentication::SecretPost)));
}

#[test]
fn tokens_are_judged() {
    breaks("no_refresh_rotation", |c| c.refresh_rotation = yes(RefreshRotation::Stays), "not rotated");
    holds("no_refresh_rotation", |c| {
        (c.refresh_rotation, c.authentication) = (yes(RefreshRotation::Stays), yes(Authentication::PrivateKeyJwt));
    });
    unknown("no_refresh_rotation", |c| {
        (c.refresh_rotation, c.authentication) = (yes(RefreshRotation::Stays), not_said())
    });
    breaks("long_lived_refresh", |c| c.lifetimes.refresh_absolute = yes(Lifetime::Endless), "for ever");
    holds("long_lived_refresh", |c| {
        (c.lifetimes.refresh_absolute, c.flows.refresh_token) = (yes(Lifetime::Endless), yes(false))
    });
    breaks("long_lived_access_token", |c| c.lifetimes.access_token = yes(Lifetime::Seconds(7_200)), "for 2 hours");
    holds("long_lived_access_token", |c| c.lifetimes.access_token = yes(Lifetime::Seconds(3_600)));
}

#[test]
fn origins_are_judged() {
    breaks("wide_cors", |c| c.origins = List::complete(vec![yes("*".to_owned())]), "origin *");
    unknown("wide_cors", |c| c.origins = List::unknown(Cause::NotSaid, here()));
}
