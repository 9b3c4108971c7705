//! Revocation (RFC 7009): a client says that it needs a token no longer.
//!
//! A refresh token takes its whole family along, and with it every access token of that family; an access token goes alone. The
//! answer is 200 with an empty body, also for tokens that don't exist or don't count any more: the client got what it wanted (§2.2).

use model::{Actor, AuditEvent, AuditKind, Decision, Detail, Outcome, Timestamp};

use crate::{
    AboutRefusal, AboutToken, Change, Client, FamilyState, RefreshFamily, RevocationReason, TokenNeed,
    about_token::Opened, authentication::AuthenticationFacts, introspection::InHandFact,
};

/// The path of this endpoint.
pub const REVOKE: &str = "/revoke";

/// Facts for one revocation.
#[derive(Debug, Clone, Copy)]
pub struct RevocationFacts<'a> {
    /// About the caller.
    pub authentication: AuthenticationFacts<'a>,
    /// The token in hand.
    pub token: InHandFact<'a>,
    /// The family of a refresh token.
    pub family: Option<&'a RefreshFamily>,
}

/// The token does not count any more. Send 200, an empty body, and [`crate::token::NO_STORE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked;

/// Decides one revocation.
pub fn revoke(
    request: &AboutToken<'_>,
    facts: &RevocationFacts<'_>,
    now: Timestamp,
) -> Decision<Revoked, AboutRefusal, TokenNeed, Change> {
    // RFC 7009 §2.1: confidential clients prove themselves; public ones are recognised by the token that they hold.
    let caller = match request.open(&facts.authentication, REVOKE, now) {
        Ok(caller) => caller,
        Err(Opened::Refused(refusal)) => return Decision::Refused(Outcome::plain(refusal)),
        Err(Opened::NeedKeys { uri }) => return Decision::Need(TokenNeed::ClientKeys { uri }),
    };
    let spends = caller.spends();
    let effect = match facts.token {
        InHandFact::Nothing => Ok(None),
        InHandFact::Refresh => family_ends(request, caller.client(), facts, now),
        InHandFact::Access(token) => token_ends(token, caller.client(), facts, now),
    };
    match effect {
        Ok(effect) => {
            let mut outcome = Outcome::plain(Revoked);
            if let Some((change, event)) = effect {
                outcome.changes.push(change);
                outcome.audit.push(event);
            }
            outcome.changes.extend(spends);
            Decision::Done(outcome)
        }
        Err(refusal) => {
            let mut outcome = Outcome::plain(refusal);
            outcome.changes.extend(spends);
            Decision::Refused(outcome)
        }
    }
}

type Effect = Option<(Change, AuditEvent)>;

/// RFC 7009 §2.1: with a refresh token the grant ends, and everything that came of it. Any token of the family will do, current or
/// not: whoever holds one is its client.
fn family_ends(
    request: &AboutToken<'_>,
    caller: &Client,
    facts: &RevocationFacts<'_>,
    now: Timestamp,
) -> Result<Effect, AboutRefusal> {
    let token = request.refresh_token(facts.authentication.keys);
    let Some(family) = facts.family.filter(|family| token.is_some_and(|token| token.family() == family.id)) else {
        return Ok(None);
    };
    if family.client != caller.id {
        return Err(AboutRefusal::OtherClient);
    }
    if family.state != FamilyState::Live {
        return Ok(None);
    }
    let reason = RevocationReason::ClientAsked;
    let event = AuditEvent::new(AuditKind::FamilyRevoked, Actor::Client(caller.id.clone()))
        .person(family.person)
        .client(caller.id.clone())
        .detail("family", Detail::Family(family.id))
        .detail("reason", Detail::Word(reason.as_str()));
    Ok(Some((Change::RevokeFamily { id: family.id, at: now, reason }, event)))
}

/// An access token ends alone; the grant goes on.
fn token_ends(
    token: &crate::AccessTokenFacts,
    caller: &Client,
    facts: &RevocationFacts<'_>,
    now: Timestamp,
) -> Result<Effect, AboutRefusal> {
    // What has expired needs no entry, whoever asks.
    if !token.is_current(facts.authentication.issuer.url(), now) {
        return Ok(None);
    }
    if token.client_id != caller.id.as_str() {
        return Err(AboutRefusal::OtherClient);
    }
    let mut event =
        AuditEvent::new(AuditKind::TokenRevoked, Actor::Client(caller.id.clone())).client(caller.id.clone());
    if let Some(family) = token.family {
        event = event.detail("family", Detail::Family(family));
    }
    // A second longer than the token itself, because its end is told in whole seconds.
    let until = token.expires.plus_seconds(1);
    Ok(Some((Change::RevokeToken { jti: token.jti, until }, event)))
}
