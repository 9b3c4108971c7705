//! A key of the client made the signature.

use crypto::jws::BadJws;

use super::Facts;
use crate::authentication::{AuthenticationStop, BadAssertion, ClientAuthFault, client_keys};

pub(super) fn check(facts: &Facts<'_>) -> Result<(), AuthenticationStop> {
    let keys = client_keys(facts.client, facts.known.client_keys)?;
    let fault = ClientAuthFault::from(BadAssertion::Signature);
    match keys.set.verify(&facts.read.jws) {
        Ok(_) => Ok(()),
        // The client may have changed its keys since they were read; without a name for them, a wrong signature looks the same.
        Err(BadJws::NoKey) => Err(keys.none_fits(fault)),
        Err(BadJws::Signature) if facts.read.jws.header.kid.is_none() => Err(keys.none_fits(fault)),
        Err(_) => Err(fault.into()),
    }
}
