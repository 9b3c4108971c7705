//! `grant_type=refresh_token`.

use model::{AuditKind, Outcome, PersonStatus};
use oauth::EndedBecause;
use oauth::authentication::ClientAuthFault;
use oauth::{
    Change, CodeFact, FamilyState, GrantTypes, RefreshFamily, RefreshToken, RevocationReason, Scope, TokenRefusal,
    TokenReply,
};
use serde_json::Value;

use crate::world::{World, entropy};

type Refreshed = Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>>;

/// A world with a live family and its current token.
fn started(scope: &str) -> (World, RefreshFamily, String) {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query().with("scope", scope));
    let token = reply.refresh_token().unwrap().expose().clone();
    (world, family, token)
}

fn refresh(world: &World, family: &RefreshFamily, token: &str) -> Refreshed {
    world.token(&world.refreshing(token), None, &world.facts(CodeFact::Unknown, Some(family)))
}

/// What the store does with a rotation.
fn rotate(family: &mut RefreshFamily, outcome: &Outcome<TokenReply, Change>) -> String {
    let [Change::RotateFamily { id, from_generation, token_hash, at }] = outcome.changes.as_slice() else {
        panic!("one rotation, got {:?}", outcome.changes)
    };
    assert_eq!((*id, *from_generation), (family.id, family.generation));
    family.generation += 1;
    family.token_hash = *token_hash;
    family.rotated = *at;
    outcome.reply.refresh_token().unwrap().expose().clone()
}

#[track_caller]
fn refused(found: Refreshed, refusal: TokenRefusal) {
    assert_eq!(found.expect_err("must be refused"), Outcome::plain(refusal));
}

#[track_caller]
fn refused_and_ended(found: Refreshed, refusal: TokenRefusal, reason: RevocationReason, kind: AuditKind) {
    let found = found.expect_err("must be refused");
    assert_eq!(found.reply, refusal);
    assert!(
        matches!(found.changes.as_slice(), [Change::RevokeFamily { reason: r, .. }] if *r == reason),
        "{:?}",
        found.changes
    );
    assert_eq!(found.audit.iter().map(|event| event.kind).collect::<Vec<_>>(), [kind]);
}

#[test]
fn each_use_replaces_the_token() {
    let (mut world, mut family, first) = started("openid orders");
    world.now = world.now.plus_seconds(60);
    let outcome = refresh(&world, &family, &first).unwrap();
    let second = rotate(&mut family, &outcome);
    assert_ne!(first, second);
    assert_eq!(outcome.audit[0].kind, AuditKind::TokenRefreshed);
    assert_eq!(outcome.reply.id_claims(), None);
    let claims: Value = serde_json::from_str(outcome.reply.access_claims()).unwrap();
    assert_eq!(claims["iat"], world.now.seconds());
    assert_eq!(claims["auth_time"], family.authentication.at.seconds(), "refreshing is no sign-in");
    assert_eq!(claims["scope"], "openid orders");
    assert!(refresh(&world, &family, &second).is_ok());
}

#[test]
fn a_replayed_token_ends_the_family() {
    let (mut world, mut family, first) = started("openid");
    let outcome = refresh(&world, &family, &first).unwrap();
    rotate(&mut family, &outcome);
    world.now = world.now.plus_seconds(11);
    refused_and_ended(
        refresh(&world, &family, &first),
        TokenRefusal::TokenReplayed,
        RevocationReason::RefreshReplayed,
        AuditKind::RefreshReplayed,
    );
}

#[test]
fn a_token_from_later_than_storage_remembers_ends_the_family() {
    let (world, family, first) = started("openid");
    let mut rotated = family.clone();
    let second = rotate(&mut rotated, &refresh(&world, &family, &first).unwrap());
    refused_and_ended(
        refresh(&world, &family, &second),
        TokenRefusal::TokenReplayed,
        RevocationReason::RefreshReplayed,
        AuditKind::RefreshReplayed,
    );
    // The same generation with another secret can only come from a restored backup as well.
    let other = RefreshToken::fresh(family.id, 0, &mut entropy(77)).to_text(&world.keys).expose().clone();
    refused_and_ended(
        refresh(&world, &family, &other),
        TokenRefusal::TokenReplayed,
        RevocationReason::RefreshReplayed,
        AuditKind::RefreshReplayed,
    );
}

#[test]
fn another_client_can_neither_use_nor_end_a_family() {
    let (mut world, mut family, first) = started("openid");
    let outcome = refresh(&world, &family, &first).unwrap();
    let second = rotate(&mut family, &outcome);
    world.client.id = model::ClientId::parse("other").unwrap();
    for token in [&first, &second] {
        refused(refresh(&world, &family, token), TokenRefusal::TokenOfOtherClient);
    }
}

#[test]
fn without_the_clients_secret_a_replay_has_no_consequences() {
    let (world, mut family, first) = started("openid");
    let outcome = refresh(&world, &family, &first).unwrap();
    rotate(&mut family, &outcome);
    let form = world.refreshing(&first).with("client_secret", "wrong");
    refused(
        world.token(&form, None, &world.facts(CodeFact::Unknown, Some(&family))),
        TokenRefusal::Client(ClientAuthFault::SecretWrong),
    );
}

#[test]
fn forged_and_missing_tokens_are_refused() {
    let (world, family, token) = started("openid");
    refused(refresh(&world, &family, &token[..token.len() - 1]), TokenRefusal::TokenNotOurs);
    refused(refresh(&world, &family, ""), TokenRefusal::TokenMissing);
    let form = world.refreshing(&token);
    refused(world.token(&form, None, &world.facts(CodeFact::Unknown, None)), TokenRefusal::FamilyUnknown);
    let mut other = family.clone();
    other.id = model::FamilyId::from_bytes([42; 16]);
    refused(refresh(&world, &other, &token), TokenRefusal::FamilyUnknown);
}

#[test]
fn a_revoked_family_stays_revoked_and_writes_nothing_more() {
    let (world, mut family, token) = started("openid");
    family.state = FamilyState::Revoked { at: world.now, reason: RevocationReason::CodeReplayed };
    refused(refresh(&world, &family, &token), TokenRefusal::FamilyRevoked);
}

#[test]
fn an_unused_token_expires() {
    let (mut world, family, token) = started("openid");
    world.now = family.rotated.plus_seconds(3599);
    assert!(refresh(&world, &family, &token).is_ok());
    world.now = family.rotated.plus_seconds(3600);
    refused(refresh(&world, &family, &token), TokenRefusal::TokenExpired);
}

#[test]
fn a_rotated_token_never_outlives_the_original() {
    let (mut world, mut family, mut token) = started("openid");
    let end = family.expires;
    while world.now.plus_seconds(3000) < end {
        world.now = world.now.plus_seconds(3000);
        let outcome = refresh(&world, &family, &token).unwrap();
        token = rotate(&mut family, &outcome);
        assert_eq!(family.expires, end, "rotation does not move the end");
    }
    world.now = end.plus_seconds(-60);
    let outcome = refresh(&world, &family, &token).unwrap();
    let claims: Value = serde_json::from_str(outcome.reply.access_claims()).unwrap();
    assert_eq!(claims["exp"], end.seconds(), "nor does an access token pass it");
    world.now = end;
    refused(refresh(&world, &family, &token), TokenRefusal::TokenExpired);
}

#[test]
fn a_person_who_may_not_sign_in_ends_the_family() {
    let (mut world, family, token) = started("openid");
    world.person.status = PersonStatus::Disabled;
    refused_and_ended(
        refresh(&world, &family, &token),
        TokenRefusal::Ended(EndedBecause::PersonRefused),
        RevocationReason::PersonRefused,
        AuditKind::FamilyRevoked,
    );
}

#[test]
fn an_ended_session_ends_the_family_unless_offline_access() {
    let (mut world, family, token) = started("openid");
    world.session = None;
    refused_and_ended(
        refresh(&world, &family, &token),
        TokenRefusal::Ended(EndedBecause::SessionEnded),
        RevocationReason::SessionEnded,
        AuditKind::FamilyRevoked,
    );
    let (mut world, family, token) = started("openid offline_access");
    world.session = None;
    assert!(refresh(&world, &family, &token).is_ok());
}

#[test]
fn scope_may_narrow_and_never_widen() {
    let (world, mut family, token) = started("openid orders");
    let with = |scope: &str| {
        let form = world.refreshing(&token).with("scope", scope);
        world.token(&form, None, &world.facts(CodeFact::Unknown, Some(&family)))
    };
    refused(with("openid orders offline_access"), TokenRefusal::ScopeTooWide);
    refused(with("orders  openid"), TokenRefusal::ScopeMalformed);
    let narrowed = with("orders").unwrap();
    assert_eq!(narrowed.reply.scope().as_str(), "orders");
    // The next token still has the whole scope of the grant.
    let next = rotate(&mut family, &narrowed);
    assert_eq!(refresh(&world, &family, &next).unwrap().reply.scope().as_str(), "openid orders");
}

#[test]
fn scopes_taken_from_the_client_are_gone_at_the_next_refresh() {
    let (mut world, family, token) = started("openid orders");
    world.client.scopes = vec![Scope::parse("orders").unwrap()];
    assert_eq!(refresh(&world, &family, &token).unwrap().reply.scope().as_str(), "orders");
    world.client.scopes.clear();
    refused(refresh(&world, &family, &token), TokenRefusal::ScopeTooWide);
}

#[test]
fn a_client_that_lost_the_grant_can_not_refresh() {
    let (mut world, family, token) = started("openid");
    world.client.grants = GrantTypes::AUTHORIZATION_CODE;
    refused(refresh(&world, &family, &token), TokenRefusal::GrantNotAllowed);
}
