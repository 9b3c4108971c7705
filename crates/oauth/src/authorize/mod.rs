//! The authorization endpoint (draft-ietf-oauth-v2-1-16 §4.1.1, OpenID Connect Core §3.1.2): may this client have a code?
//!
//! The checks stand in [`checks::CHECKS`], in order. Each leaves a value that only it can make; a code can be issued only by
//! whoever holds all of them.
//!
//! The shell parses the query or form with [`crate::RawParams::parse`], loads the client named by [`client_id`], the live
//! session of the cookie with its person, and the remembered consent, and calls [`decide`]. When the answer is a need, it parks
//! the request ([`ParkedRequest`]), does what is needed, and asks again with the same text: everything is checked anew.

pub(crate) mod checks;
mod fact;
mod fault;
mod issue;
mod park;
mod refusal;

pub use checks::check_list;
pub use fact::{AuthorizeFacts, AuthorizeNeed, ConsentAnswer, IdTokenHint, SigninReason};
pub use fault::AuthorizeFault;
pub use issue::AuthorizeReply;
pub use park::{PARKED_SECONDS, ParkedRequest};
pub use refusal::AuthorizeRefusal;

use model::{Decision, Entropy, Outcome, Timestamp};

use crate::{Change, RawParams};
use checks::{Passed, Stop};

/// The client that a request names, for loading it. None when it names none, several, or something that can't be an id.
#[must_use]
pub fn client_id<'p>(params: &'p RawParams<'_>) -> Option<&'p str> {
    params.value("client_id").filter(|id| id.len() <= model::ids::CLIENT_ID_BYTES_MAX)
}

/// Decides one authorization request. Takes 32 bytes of entropy when it issues a code.
pub fn decide(
    params: &RawParams<'_>,
    facts: &AuthorizeFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<AuthorizeReply, AuthorizeRefusal, AuthorizeNeed, Change> {
    let mut passed = Passed::new(params, facts, now);
    for check in &checks::CHECKS {
        match (check.run)(&mut passed) {
            Ok(()) => {}
            Err(Stop::Ask(need)) => return Decision::Need(need),
            Err(Stop::Fault(fault)) => return Decision::Refused(Outcome::plain(refusal::refuse(fault, &passed))),
        }
    }
    match passed.all() {
        Some(granted) => Decision::Done(issue::issue(granted, facts, now, entropy)),
        None => Decision::Refused(Outcome::plain(refusal::refuse(AuthorizeFault::Incomplete, &passed))),
    }
}
