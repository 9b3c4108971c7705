//! DPoP (RFC 9449): a fresh signature with each request shows that whoever sends a token also holds a key.
//!
//! [`verify`] runs the checks of §4.3 in one list. The shell spends [`DpopProof::replay_key`] in a bounded memory **before** it goes
//! on, so that each proof works once; that memory is gone after a restart, which is why proofs from before the start must carry a
//! nonce ([`NonceNeed::IssuedBefore`]). What the key is good for is decided in [`crate::confirmation`].

mod checks;
mod fault;
pub mod nonce;
mod url;

pub use checks::check_list;
pub use fault::{DPOP_ALGS, DpopFault};
pub use nonce::NonceKey;

use crypto::{json::Claims, jws::Jws};
use model::Timestamp;

/// Longest proof read, in bytes.
pub const PROOF_BYTES_MAX: usize = 4 * 1024;

/// The `DPoP` header of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DpopHeader<'a> {
    /// There is none.
    None,
    /// There is one.
    One(&'a str),
    /// There are several, or it is no text.
    Several,
}

/// What a proof must say.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// The method of the request.
    pub method: &'a str,
    /// The address of the endpoint, as clients know it. Query and fragment don't count.
    pub url: &'a str,
    /// The access token that is presented with the proof; none at the token endpoint.
    pub access_token: Option<&'a str>,
    /// Nonces.
    pub nonce: NonceRule<'a>,
}

/// What is asked about nonces (§8, §9).
#[derive(Debug, Clone, Copy)]
pub struct NonceRule<'a> {
    /// Makes and knows our nonces.
    pub key: &'a NonceKey,
    /// When there must be one.
    pub need: NonceNeed,
}

/// When a proof must carry a nonce of ours. One that is sent must always be ours and current.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NonceNeed {
    /// Always.
    Always,
    /// When the proof could have been used before this moment, at which the memory of used proofs began: the start of the process.
    IssuedBefore(Timestamp),
}

/// A proof that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DpopProof {
    /// SHA-256 thumbprint of the key (RFC 7638).
    pub jkt: [u8; 32],
    /// Spend this before going on: it is the same for each use of the proof, and for nothing else.
    pub replay_key: [u8; 32],
    /// When the replay key may be forgotten.
    pub until: Timestamp,
}

/// A proof, taken apart. Nothing in it is believed yet.
struct Parts<'a> {
    jws: Jws<'a>,
    claims: Claims,
}

/// What the checks look at.
struct Facts<'a> {
    parts: &'a Parts<'a>,
    expect: &'a Expect<'a>,
    now: Timestamp,
}

/// Checks the proof of a request, if it has one. Without a header the answer is none: whether one is needed is the caller's question.
///
/// # Errors
/// The first rule that the proof breaks.
pub fn verify(header: DpopHeader<'_>, expect: &Expect<'_>, now: Timestamp) -> Result<Option<DpopProof>, DpopFault> {
    // §4.3, 1: no more than one.
    let text = match header {
        DpopHeader::None => return Ok(None),
        DpopHeader::One(text) => text,
        DpopHeader::Several => return Err(DpopFault::Several),
    };
    // §4.3, 2 and 7: one well-formed JWT, whose embedded key holds no secret part; the reader takes no other.
    let jws = Jws::parse(text, PROOF_BYTES_MAX).map_err(|_| DpopFault::Malformed)?;
    let claims = jws.claims().map_err(|_| DpopFault::Malformed)?;
    let parts = Parts { jws, claims };
    let facts = Facts { parts: &parts, expect, now };
    for check in &checks::CHECKS {
        (check.run)(&facts)?;
    }
    checks::proof(&facts).map(Some)
}
