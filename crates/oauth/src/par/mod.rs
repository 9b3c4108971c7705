//! Pushed authorization requests (RFC 9126): the client says what it wants over its own connection, authenticated, before any browser
//! is involved; the browser then carries a name.
//!
//! What is pushed is checked as the authorization endpoint would (§2.1), as far as nobody has to be there, and kept as plain
//! parameters: a request object was verified by then, and is not needed again. The shell authenticates the client, verifies the DPoP
//! proof if one came, and calls [`push`]; then it keeps [`Pushed::record`] under [`Pushed::key`] and answers with 201.

pub(crate) mod checks;
mod fault;
mod record;
pub(crate) mod request_uri;

pub use checks::check_list;
pub use fault::PushRefusal;
pub use record::{PUSHED_SECONDS, PushedRequest};

use model::{Decision, Entropy, Outcome, Secret, Timestamp};

use crate::{
    AuthenticatedClient, Change, Issuer, RawParams, TokenKeys, answer::JsonObject, authentication::KeyFact,
    authorization_details::DetailType, request_object::KeysNeed,
};
use checks::{Pushing, Stop};

/// What the shell loaded for one pushed request.
#[derive(Debug, Clone, Copy)]
pub struct PushFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The keys behind the client's `jwks_uri`, where they were loaded. Start with [`KeyFact::NotLoaded`]; asked for with [`Decision::Need`].
    pub client_keys: KeyFact<'a>,
    /// The thumbprint of the key in the verified DPoP proof, if one came (RFC 9449 §10.1).
    pub dpop_jkt: Option<[u8; 32]>,
    /// The types of authorization details that are known here.
    pub detail_types: &'a [DetailType],
}

/// An accepted request.
#[derive(Debug, Clone)]
pub struct Pushed {
    request_uri: Secret<String>,
    /// Under which to keep `record`.
    pub key: [u8; 32],
    /// What to keep.
    pub record: PushedRequest,
}

impl Pushed {
    /// Its name, for the browser to carry.
    #[must_use]
    pub const fn request_uri(&self) -> &Secret<String> {
        &self.request_uri
    }

    /// The body of the answer, whose status is 201 (RFC 9126 §2.2). To be sent with [`crate::token::NO_STORE`].
    #[must_use]
    pub fn body(&self) -> String {
        let mut json = JsonObject::with_capacity(128);
        json.string("request_uri", self.request_uri.expose());
        json.number("expires_in", PUSHED_SECONDS);
        json.finish()
    }
}

/// Decides one pushed request: the body of a POST, read with [`RawParams::parse_within`] and [`crate::params::PUSHED_BYTES_MAX`].
/// Takes 32 bytes of entropy. A spent assertion is in the changes of either outcome.
pub fn push(
    params: &RawParams<'_>,
    client: &AuthenticatedClient<'_>,
    facts: &PushFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Pushed, PushRefusal, KeysNeed, Change> {
    let mut pushing = Pushing::new(params, client.client(), facts, now, entropy);
    let spent: Vec<Change> = client.spends().into_iter().collect();
    for check in &checks::CHECKS {
        match (check.run)(&mut pushing) {
            Ok(()) => {}
            Err(Stop::Need(need)) => return Decision::Need(need),
            Err(Stop::Refused(refusal)) => {
                return Decision::Refused(Outcome { reply: refusal, changes: spent, audit: Vec::new() });
            }
        }
    }
    match pushing.all() {
        Some(pushed) => Decision::Done(Outcome { reply: pushed, changes: spent, audit: Vec::new() }),
        None => {
            let refusal = PushRefusal::Request(crate::AuthorizeFault::Incomplete);
            Decision::Refused(Outcome { reply: refusal, changes: spent, audit: Vec::new() })
        }
    }
}
