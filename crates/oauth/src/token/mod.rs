//! The token endpoint (draft-ietf-oauth-v2-1-16 §3.2, §4.1.3, §4.2, §4.3): a code, a refresh token, or a client's own word, becomes
//! tokens.
//!
//! The checks stand in [`checks`], in order: those for every request, then those of the grant. Each leaves a value that only it can
//! make, and issuing demands them all. Whether what was granted may still be used is one question for all grants: [`crate::still`].
//!
//! The shell reads with [`form`] and [`TokenRequest::read`], verifies and spends the DPoP proof ([`crate::dpop`]), loads the client
//! of [`TokenRequest::client_id`], then what [`TokenRequest::presents`] names, then its person, session, consent and passkey, and
//! calls [`handle`]. It must take code and family under a lock, or rely on the changes' preconditions: when a commit is lost, it
//! reloads and asks again, and the replay is seen.

pub(crate) mod checks;
mod fact;
pub(crate) mod issue;
mod neighbours;
mod refusal;
mod reply;
mod request;

pub use checks::check_list;
pub use fact::{TokenFacts, TokenNeed};
pub use refusal::{ErrorAnswer, TokenRefusal};
pub use reply::{NO_STORE, TokenReply};
pub use request::{Presented, TokenRequest, form};

use model::{Decision, Entropy, Outcome, Timestamp};

use crate::{AuthenticatedClient, Change};
use checks::{CodePassed, Consequence, CredentialsPassed, Grant, Opening, RefreshPassed, Stop};

/// Decides one token request. Takes at most 58 bytes of entropy. A code is spent when, and only when, the decision is
/// [`Decision::Done`]; the shell then keeps [`TokenReply::family`] beside the spent code, so that a replay can end it.
///
/// An assertion that was accepted is spent whatever follows: its change rides in the outcome, also in that of a refusal.
pub fn handle(
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<TokenReply, TokenRefusal, TokenNeed, Change> {
    let (grant, client) = match open(request, facts, now) {
        Ok(opened) => opened,
        Err(stop) => return stopped(stop, facts, now, None),
    };
    let spends = client.spends();
    match granted(grant, client, request, facts, now, entropy) {
        Ok(mut outcome) => {
            spend(&mut outcome.changes, spends);
            Decision::Done(outcome)
        }
        Err(stop) => stopped(stop, facts, now, spends),
    }
}

/// What every request must pass.
fn open<'a>(
    request: &'a TokenRequest<'a>,
    facts: &'a TokenFacts<'a>,
    now: Timestamp,
) -> Result<(Grant, AuthenticatedClient<'a>), Stop> {
    let mut opening = Opening::new(request, facts, now);
    for check in &checks::OPENING {
        (check.run)(&mut opening)?;
    }
    opening.all()
}

/// What the requests of one grant must pass, and what it then brings.
fn granted(
    grant: Grant,
    client: AuthenticatedClient<'_>,
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<TokenReply, Change>, Stop> {
    match grant {
        Grant::AuthorizationCode => {
            let mut passed = CodePassed::new(request, facts, now, client);
            for check in &checks::CODE {
                (check.run)(&mut passed)?;
            }
            Ok(issue::for_code(passed.all()?, facts, now, entropy))
        }
        Grant::RefreshToken => {
            let mut passed = RefreshPassed::new(request, facts, now, client);
            for check in &checks::REFRESH {
                (check.run)(&mut passed)?;
            }
            Ok(issue::for_refresh(passed.all()?, facts, now, entropy))
        }
        Grant::ClientCredentials => {
            let mut passed = CredentialsPassed::new(request, facts, client);
            for check in &checks::CREDENTIALS {
                (check.run)(&mut passed)?;
            }
            Ok(issue::for_client(passed.all()?, facts, now, entropy))
        }
        Grant::DeviceCode => neighbours::for_device(&client, request, facts, now, entropy),
        Grant::TokenExchange => neighbours::for_exchange(&client, request, facts, now, entropy),
    }
}

/// A refusal with what follows from it, or a question.
fn stopped(
    stop: Stop,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    spends: Option<Change>,
) -> Decision<TokenReply, TokenRefusal, TokenNeed, Change> {
    let (refusal, consequence) = match stop {
        Stop::Need(need) => return Decision::Need(need),
        Stop::Decided(mut outcome) => {
            spend(&mut outcome.changes, spends);
            return Decision::Refused(outcome);
        }
        Stop::Refused { refusal, consequence } => (refusal, consequence),
    };
    let mut outcome = Outcome::plain(refusal);
    match consequence {
        Consequence::Nothing => {}
        Consequence::Record { kind, family, reason, person } => {
            outcome.audit.push(refusal::audit(kind, family, reason, person, facts));
            if let Some(id) = family {
                outcome.changes.push(Change::RevokeFamily { id, at: now, reason });
            }
        }
    }
    spend(&mut outcome.changes, spends);
    Decision::Refused(outcome)
}

/// Adds the use of an assertion, unless another room did.
fn spend(changes: &mut Vec<Change>, spends: Option<Change>) {
    changes.extend(spends.filter(|spent| !changes.contains(spent)));
}
