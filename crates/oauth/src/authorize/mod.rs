//! The authorization endpoint (draft-ietf-oauth-v2-1-16 §4.1.1, OpenID Connect Core §3.1.2): may this client have a code?
//!
//! A request arrives in one of three dresses: plainly in the query, inside an object that the client signed (RFC 9101), or as the
//! name of a request that it pushed before (RFC 9126). [`resolve`] undresses it: first `request_uri`, then `request`. What comes out,
//! an [`AuthorizeRequest`], is the whole request; of a dressed one nothing in the query counts but `client_id`.
//!
//! Then the checks run, in order: [`checks::REQUEST`], on what the client asks, which pushing runs as well, and [`checks::PERSON`], on
//! who is there and what they allow. Each leaves a value that only it can make; a code can be issued only by whoever holds all of them.
//!
//! The shell parses with [`crate::RawParams::parse`], loads the client named by [`client_id`] and the pushed request under
//! [`pushed_key`], resolves, loads session, person and consent, and calls [`decide`]. When the answer is a need, it parks the
//! request ([`ParkedRequest`]), does what is needed, and asks again with the same request: everything is checked anew.

pub(crate) mod checks;
mod fact;
mod fault;
mod issue;
mod park;
mod refusal;
mod request;
mod resolve;

pub use checks::check_list;
pub use fact::{
    AuthorizeFacts, AuthorizeNeed, ConsentAnswer, IdTokenHint, PushedFact, Shown, SigninReason, StepUpReason,
    WantedProof,
};
pub use fault::AuthorizeFault;
pub use issue::AuthorizeReply;
pub use park::{PARKED_SECONDS, ParkedRequest};
pub use refusal::AuthorizeRefusal;
pub(crate) use request::KNOWN_PARAMETERS;
pub use request::{AuthorizeRequest, Origin};
pub use resolve::{Resolution, ResolveFacts, resolve};

use model::{Decision, Entropy, Outcome, Timestamp};

use crate::{Change, RawParams, TokenKeys, par::request_uri};
use checks::{Passed, Stop};

/// The client that a request names, for loading it. None when it names none, several, or something that can't be an id.
#[must_use]
pub fn client_id<'p>(params: &'p RawParams<'_>) -> Option<&'p str> {
    params.value("client_id").filter(|id| id.len() <= model::ids::CLIENT_ID_BYTES_MAX)
}

/// Under which the pushed request is kept that a request names, for loading it. None when it names none of ours.
#[must_use]
pub fn pushed_key(params: &RawParams<'_>, keys: &TokenKeys) -> Option<[u8; 32]> {
    request_uri::secret(params.value("request_uri")?).map(|secret| keys.kept_hash(request_uri::PURPOSE, &secret))
}

/// Decides one authorization request. Takes 32 bytes of entropy when it issues a code.
///
/// A pushed request is used up when, and only when, the decision is [`Decision::Done`]: the shell spends [`AuthorizeReply::pushed`]
/// before it keeps the code, and when somebody else spent it first, it throws the reply away and asks again with
/// [`PushedFact::Spent`].
pub fn decide(
    request: &AuthorizeRequest<'_>,
    facts: &AuthorizeFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<AuthorizeReply, AuthorizeRefusal, AuthorizeNeed, Change> {
    let mut passed = Passed::new(request, facts, now);
    for check in checks::REQUEST.iter().chain(&checks::PERSON) {
        match (check.run)(&mut passed) {
            Ok(()) => {}
            Err(Stop::Ask(need)) => return Decision::Need(*need),
            Err(Stop::Fault(fault)) => return Decision::Refused(Outcome::plain(refusal::refuse(fault, &passed))),
        }
    }
    match passed.all() {
        Some(granted) => Decision::Done(issue::issue(granted, facts, now, entropy)),
        None => Decision::Refused(Outcome::plain(refusal::refuse(AuthorizeFault::Incomplete, &passed))),
    }
}

/// Whether a request would be decided once somebody is there: what pushing it asks (RFC 9126 §2.1).
pub(crate) fn check_request(
    request: &AuthorizeRequest<'_>,
    facts: &AuthorizeFacts<'_>,
    now: Timestamp,
) -> Result<(), AuthorizeFault> {
    let mut passed = Passed::new(request, facts, now);
    for check in &checks::REQUEST {
        match (check.run)(&mut passed) {
            Ok(()) => {}
            // No check of this list asks for anybody; one that did would make the request impossible to push, not possible.
            Err(Stop::Ask(_)) => return Err(AuthorizeFault::Incomplete),
            Err(Stop::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}
