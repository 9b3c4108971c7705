//! JWTs that a client signed about itself: `private_key_jwt` (RFC 7523 §2.2 and §3, RFC 10070).

mod algorithm;
mod audience;
mod identity;
mod once;
mod signature;
mod time;
mod typ;

use crypto::{json::Claims, jws::Jws};
use model::{ClientId, Timestamp};

use super::{AuthenticationFacts, AuthenticationStop, BadAssertion, ClientAuthFault};
use crate::{Change, Client, RawParams, TokenKeys};

/// Longest assertion read, in bytes.
pub const ASSERTION_BYTES_MAX: usize = 8 * 1024;
/// RFC 7523 §2.2
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion, taken apart. Nothing in it is believed yet.
pub(super) struct ReadAssertion<'a> {
    jws: Jws<'a>,
    claims: Claims,
    /// `sub`: for loading the client.
    subject: String,
    /// `jti`: for looking up whether it was used.
    jti: String,
}

impl ReadAssertion<'_> {
    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// Under which its use is remembered: by what it says of itself, so that nobody can take another client's place in there
    /// without a signature that verifies.
    pub(super) fn hash(&self, keys: &TokenKeys) -> [u8; 32] {
        keys.assertion_hash(&self.subject, &self.jti)
    }
}

/// Takes an assertion out of a form (RFC 7521 §4.2).
pub(super) fn read<'a>(params: &'a RawParams<'_>) -> Result<ReadAssertion<'a>, ClientAuthFault> {
    if params.value("client_assertion_type") != Some(JWT_BEARER) {
        return Err(BadAssertion::Kind.into());
    }
    let text = params.value("client_assertion").ok_or(BadAssertion::Malformed)?;
    let jws = Jws::parse(text, ASSERTION_BYTES_MAX).map_err(|_| BadAssertion::Malformed)?;
    let claims = jws.claims().map_err(|_| BadAssertion::Malformed)?;
    let subject = claims.text("sub").ok().flatten().ok_or(BadAssertion::Identity)?.to_owned();
    let jti = once::jti(&claims)?.to_owned();
    Ok(ReadAssertion { jws, claims, subject, jti })
}

/// What the checks look at.
struct Facts<'a> {
    read: &'a ReadAssertion<'a>,
    client: &'a Client,
    known: &'a AuthenticationFacts<'a>,
    endpoint: &'a str,
    now: Timestamp,
}

/// One check of an assertion.
struct Check {
    name: &'static str,
    clause: &'static str,
    run: fn(&Facts<'_>) -> Result<(), AuthenticationStop>,
}

/// In order. What costs least comes first; nothing follows from any of them until all have passed.
#[rustfmt::skip]
const CHECKS: [Check; 7] = [
    Check { name: "assertion_typ",       clause: "RFC 10070: client-authentication+jwt, JWT or nothing",           run: typ::check },
    Check { name: "assertion_identity",  clause: "RFC 7523 §3: iss and sub are the client",                        run: identity::check },
    Check { name: "assertion_algorithm", clause: "RFC 7591 §2: token_endpoint_auth_signing_alg, where registered", run: algorithm::check },
    Check { name: "assertion_audience",  clause: "RFC 10070: the issuer is the only audience",                     run: audience::check },
    Check { name: "assertion_time",      clause: "RFC 7523 §3: exp, iat, nbf",                                     run: time::check },
    Check { name: "assertion_signature", clause: "RFC 7523 §3: signed with a key of the client",                   run: signature::check },
    Check { name: "assertion_once",      clause: "RFC 7523 §3: jti, used once",                                    run: once::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}

/// The assertion proves the client. What comes back is its use, to be written with whatever is decided.
pub(super) fn check(
    read: &ReadAssertion<'_>,
    client: &Client,
    known: &AuthenticationFacts<'_>,
    endpoint: &str,
    now: Timestamp,
) -> Result<Change, AuthenticationStop> {
    let facts = Facts { read, client, known, endpoint, now };
    for check in &CHECKS {
        (check.run)(&facts)?;
    }
    Ok(spending(&client.id, read, known.keys, time::forgettable(&read.claims, now)))
}

fn spending(client: &ClientId, read: &ReadAssertion<'_>, keys: &TokenKeys, until: Timestamp) -> Change {
    Change::SpendAssertion { client: client.clone(), jti_hash: read.hash(keys), until }
}
