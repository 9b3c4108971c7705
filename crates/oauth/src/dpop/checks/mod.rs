//! The checks of a DPoP proof, in the order in which they run (RFC 9449 §4.3). Numbers 1, 2 and 7 are done while reading it.

mod algorithm;
mod claims;
mod key;
mod method;
mod nonce;
mod signature;
mod time;
mod token;
mod typ;
mod url;

use super::{DpopFault, DpopProof, Facts};
use crypto::sha256;

/// One check of a proof.
pub(super) struct Check {
    name: &'static str,
    clause: &'static str,
    pub(super) run: fn(&Facts<'_>) -> Result<(), DpopFault>,
}

/// In order. The signature comes before the nonce and the token, whose answers tell something.
#[rustfmt::skip]
pub(super) const CHECKS: [Check; 10] = [
    Check { name: "dpop_typ",       clause: "RFC 9449 §4.3, 4: typ is dpop+jwt",                                run: typ::check },
    Check { name: "dpop_algorithm", clause: "RFC 9449 §4.3, 5: a signature algorithm that we accept",           run: algorithm::check },
    Check { name: "dpop_key",       clause: "RFC 9449 §4.2: the header holds the public key",                   run: key::check },
    Check { name: "dpop_claims",    clause: "RFC 9449 §4.3, 3: jti, htm, htu and iat are there",                run: claims::check },
    Check { name: "dpop_method",    clause: "RFC 9449 §4.3, 8: htm is this method",                             run: method::check },
    Check { name: "dpop_url",       clause: "RFC 9449 §4.3, 9: htu is this address",                            run: url::check },
    Check { name: "dpop_time",      clause: "RFC 9449 §4.3, 11; §11.1: iat is now",                             run: time::check },
    Check { name: "dpop_signature", clause: "RFC 9449 §4.3, 6: signed with the key in the header",              run: signature::check },
    Check { name: "dpop_nonce",     clause: "RFC 9449 §4.3, 10; §11.3: the nonce is a current one of ours",     run: nonce::check },
    Check { name: "dpop_token",     clause: "RFC 9449 §4.3, 12: ath is the presented access token's",           run: token::check },
];

/// All checks and their clauses, in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    CHECKS.iter().map(|check| (check.name, check.clause))
}

/// What a proof is worth that passed every check.
pub(super) fn proof(facts: &Facts<'_>) -> Result<DpopProof, DpopFault> {
    let jkt = key::of(facts)?.thumbprint_bytes();
    let jti = claims::text(facts, "jti")?;
    // Two parts of which the first has a fixed length: there is one way to cut them. RFC 9449 §11.1 asks to remember the jti per
    // address; we remember it per key, which forbids more.
    let mut bytes = Vec::with_capacity(32 + jti.len());
    bytes.extend_from_slice(&jkt);
    bytes.extend_from_slice(jti.as_bytes());
    Ok(DpopProof { jkt, replay_key: sha256(&bytes), until: time::dead(facts)? })
}
