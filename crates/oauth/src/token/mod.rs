//! The token endpoint (draft-ietf-oauth-v2-1-16 §3.2, §4.1.3, §4.3): a code, or a refresh token, becomes tokens.
//!
//! Two grants exist here, `authorization_code` and `refresh_token`. The checks stand in [`checks`], in order: those for every
//! request, then those of the grant. Each leaves a value that only it can make, and issuing demands them all.
//!
//! The shell parses with [`TokenRequest::parse`], loads the client of [`TokenRequest::client_id`], then what
//! [`TokenRequest::presents`] names, then its person and session, and calls [`handle`]. It must take code and family under a lock,
//! or rely on the changes' preconditions: when a commit is lost, it reloads and asks again, and the replay is seen.

pub(crate) mod checks;
mod fact;
pub(crate) mod issue;
mod refusal;
mod reply;
mod request;

pub use checks::check_list;
pub use fact::{TokenFacts, TokenNeed};
pub use refusal::{ErrorAnswer, TokenRefusal};
pub use reply::{NO_STORE, TokenReply};
pub use request::{Presented, TokenRequest};

use model::{Decision, Entropy, Outcome, Timestamp};

use crate::Change;
use checks::{CodePassed, Consequence, Grant, Opening, RefreshPassed, Stop};

/// Decides one token request. Takes at most 58 bytes of entropy. A code is spent when, and only when, the decision is
/// [`Decision::Done`]; the shell then keeps [`TokenReply::family`] beside the spent code, so that a replay can end it.
pub fn handle(
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<TokenReply, TokenRefusal, TokenNeed, Change> {
    match decide(request, facts, now, entropy) {
        Ok(outcome) => Decision::Done(outcome),
        Err(stop) => Decision::Refused(refused(stop, facts, now)),
    }
}

fn decide(
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<TokenReply, Change>, Stop> {
    let mut opening = Opening::new(request, facts);
    for check in &checks::OPENING {
        (check.run)(&mut opening)?;
    }
    let (grant, client) = opening.all()?;
    match grant {
        Grant::AuthorizationCode => {
            let mut passed = CodePassed::new(request, facts, now, client);
            for check in &checks::CODE {
                (check.run)(&mut passed)?;
            }
            Ok(issue::for_code(&passed.all()?, facts, now, entropy))
        }
        Grant::RefreshToken => {
            let mut passed = RefreshPassed::new(request, facts, now, client);
            for check in &checks::REFRESH {
                (check.run)(&mut passed)?;
            }
            Ok(issue::for_refresh(&passed.all()?, facts, now, entropy))
        }
        Grant::ClientCredentials | Grant::DeviceCode | Grant::TokenExchange => {
            Err(TokenRefusal::GrantTypeUnsupported.into())
        }
    }
}

/// A refusal with what follows from it.
fn refused(stop: Stop, facts: &TokenFacts<'_>, now: Timestamp) -> Outcome<TokenRefusal, Change> {
    let mut outcome = Outcome::plain(stop.refusal);
    match stop.consequence {
        Consequence::Nothing => {}
        Consequence::Record { kind, family, reason, person } => {
            outcome.audit.push(refusal::audit(kind, family, reason, person, facts));
            if let Some(id) = family {
                outcome.changes.push(Change::RevokeFamily { id, at: now, reason });
            }
        }
    }
    outcome
}
