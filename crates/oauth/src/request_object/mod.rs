//! Signed authorization requests (RFC 9101; OpenID Connect Core §6.1): the client's signature over what it asks for.
//!
//! A request object is verified with the client's registered keys, held against the checks in [`checks`], and lowered to plain
//! parameters, which are then the whole request (RFC 9101 §6.3): nothing that stands beside it in the query counts, `client_id`
//! excepted. Objects by reference do not exist here: a client that has much to say pushes it (RFC 9126).

pub(crate) mod checks;
mod fault;
mod lower;
mod signature;

pub use checks::check_list;
pub use fault::RequestObjectFault;

use crypto::{json::Claims, jws::JwsHeader};
use model::{ClientId, Timestamp};

use crate::{Client, Issuer, RawParams, authentication::KeyFact, client::ClientKeys};

/// Longest time between `nbf` and `exp`, and greatest age of `nbf`, in seconds (FAPI 2.0 Message Signing §5.3.1).
pub const REQUEST_OBJECT_SECONDS_MAX: i64 = 3600;

/// The client's keys are published somewhere and not here yet, or none of the cached ones fits: fetch them, and ask again with
/// [`KeyFact::Fetched`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeysNeed {
    /// Whose keys.
    pub client: ClientId,
    /// Its `jwks_uri`.
    pub uri: String,
}

/// What verifying needs.
#[derive(Clone, Copy)]
pub(crate) struct Verifying<'a> {
    pub(crate) issuer: &'a Issuer,
    pub(crate) client: &'a Client,
    pub(crate) client_keys: KeyFact<'a>,
    pub(crate) now: Timestamp,
}

/// Why there are no parameters yet, or never.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unverified {
    Need(KeysNeed),
    Fault(RequestObjectFault),
}

impl From<RequestObjectFault> for Unverified {
    fn from(fault: RequestObjectFault) -> Self {
        Self::Fault(fault)
    }
}

/// A request object whose signature is the client's. Its claims are not checked yet.
pub(crate) struct Signed<'a> {
    pub(crate) header: JwsHeader,
    pub(crate) claims: Claims,
    pub(crate) issuer: &'a Issuer,
    pub(crate) client: &'a Client,
    pub(crate) now: Timestamp,
}

/// Whether this client signs requests at all. One without keys that sends an object is told that it is not supported.
pub(crate) fn is_for(client: &Client) -> bool {
    match &client.settings.proof.keys {
        ClientKeys::None => false,
        ClientKeys::Inline(_) | ClientKeys::Uri(_) => true,
    }
}

/// The parameters that the client signed.
pub(crate) fn verify(text: &str, facts: Verifying<'_>) -> Result<RawParams<'static>, Unverified> {
    let signed = signature::verify(text, facts)?;
    for check in &checks::CHECKS {
        (check.run)(&signed)?;
    }
    Ok(lower::lower(&signed.claims)?)
}
