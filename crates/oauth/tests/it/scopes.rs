//! Scopes: grammar, sets, and what a client gets of what it asks for.

use oauth::{AuthorizeFault, GrantTypes, Scope, ScopeSet};

use crate::world::World;

#[test]
fn a_set_is_sorted_and_without_repetition() {
    let set = ScopeSet::parse("b a b c").unwrap();
    assert_eq!(set.as_str(), "a b c");
    assert_eq!(ScopeSet::parse(set.as_str()).unwrap(), set);
    assert!(set.contains("b") && !set.contains("ab") && !set.contains("d"));
    assert!(ScopeSet::parse("").unwrap().is_empty());
}

#[test]
fn malformed_scopes_are_refused() {
    for text in [" ", "a  b", " a", "a ", "a\tb", "a\"b", "a\\b", "ä", "a\u{0}"] {
        assert!(ScopeSet::parse(text).is_err(), "{text:?}");
    }
    assert!(ScopeSet::parse(&"a".repeat(1025)).is_err());
    assert!(Scope::parse("a b").is_err() && Scope::parse("").is_err() && Scope::parse("a").is_ok());
}

#[test]
fn sets_are_compared_by_whole_tokens() {
    let set = |text: &str| ScopeSet::parse(text).unwrap();
    assert!(set("a").is_subset(&set("a b")) && !set("a c").is_subset(&set("a b")) && !set("a").is_subset(&set("ab")));
    assert_eq!(set("a c").union(&set("b c")), set("a b c"));
    assert_eq!(set("a b c").minus(&set("b")), set("a c"));
    assert_eq!(set("a").minus(&set("a")), ScopeSet::empty());
}

#[test]
fn without_scope_there_is_no_default() {
    let world = World::new();
    let (fault, answer) = world.sent_back(&world.query().without("scope"));
    assert_eq!(fault, AuthorizeFault::ScopeMissing);
    assert_eq!(answer.value("error").as_deref(), Some("invalid_scope"));
    assert_eq!(world.sent_back(&world.query().with("scope", "a  b")).0, AuthorizeFault::ScopeMalformed);
}

#[test]
fn a_client_gets_what_it_is_registered_for() {
    let world = World::new();
    let (_, record) = world.code(&world.query().with("scope", "openid profile orders admin"));
    assert_eq!(record.scope.as_str(), "openid orders");
    assert_eq!(world.sent_back(&world.query().with("scope", "profile admin")).0, AuthorizeFault::ScopeNotAllowed);
}

#[test]
fn offline_access_needs_the_refresh_grant() {
    let mut world = World::new();
    let query = world.query().with("scope", "openid offline_access");
    assert_eq!(world.code(&query).1.scope.as_str(), "offline_access openid");
    world.client.grants = GrantTypes::AUTHORIZATION_CODE;
    assert_eq!(world.code(&query).1.scope.as_str(), "openid");
}
