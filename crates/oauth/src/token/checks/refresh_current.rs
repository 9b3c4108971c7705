//! The refresh token is the family's current one, or the one before, asked for again at once.

use crypto::equal;
use model::AuditKind;

use super::{Consequence, RefreshPassed, Run, Stop};
use crate::{
    RefreshFamily, RevocationReason,
    refresh_token::RefreshToken,
    token::{TokenRefusal, issue::keeps_its_token},
};

/// How long after an exchange the same request gets the same successor, in milliseconds.
const RETRY_MILLIS: i64 = 10_000;

/// How the presented token stands to its family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// It is the latest.
    First,
    /// It was exchanged a moment ago, and the answer may not have arrived.
    Retry,
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let token = passed.token.as_ref().ok_or(TokenRefusal::Incomplete)?;
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let is_current =
        token.generation() == family.generation && equal(&token.stored_hash(passed.facts.keys), &family.token_hash);
    if is_current {
        passed.current = Some(Use::First);
        return Ok(());
    }
    if is_retry(passed, token, family) {
        passed.current = Some(Use::Retry);
        return Ok(());
    }
    // OAuth 2.1 §4.3.1, RFC 9700 §4.14.2: two parties hold tokens of this family and we can't tell which is honest, so it ends
    // for both. A token from later than we remember means that storage went back in time: the same answer, for the same reason.
    Err(Stop::Refused {
        refusal: TokenRefusal::TokenReplayed,
        consequence: Consequence::Record {
            kind: AuditKind::RefreshReplayed,
            family: Some(family.id),
            reason: RevocationReason::RefreshReplayed,
            person: family.person,
        },
    })
}

/// An answer that got lost on the way is no attack. Whoever asks again gets the very successor that was issued, which is derived
/// from the token that they hold; nobody gains a second one. Once the successor was used, or time has passed, the old token is a
/// replay like any other. A public client's token is held by whoever has it, so there it must be bound to a key, which the earlier
/// check has seen.
fn is_retry(passed: &RefreshPassed<'_>, token: &RefreshToken, family: &RefreshFamily) -> bool {
    // Where the exception kept the token at the family's last use, that use was no exchange, and the current token was in use: the one
    // before it is long spent, however recent the use.
    if keeps_its_token(passed.client.client(), family, family.rotated) {
        return false;
    }
    let proves_itself = passed.client.client().is_confidential() || family.details.confirmation.is_some();
    // Clocks of two nodes may differ: what counts is the distance.
    let is_recent = passed.now.millis_since(family.rotated).abs() <= RETRY_MILLIS;
    proves_itself
        && is_recent
        && token.generation().checked_add(1) == Some(family.generation)
        && equal(&token.successor(passed.facts.keys).stored_hash(passed.facts.keys), &family.token_hash)
}
