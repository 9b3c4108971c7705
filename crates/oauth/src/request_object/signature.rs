//! The client signed it.

use crypto::jws::{BadJws, JWS_BYTES_MAX, Jws};

use super::{KeysNeed, RequestObjectFault, Signed, Unverified, Verifying};
use crate::authentication::{AuthenticationStop, ClientAuthFault, client_keys};

pub(super) fn verify<'a>(text: &str, facts: Verifying<'a>) -> Result<Signed<'a>, Unverified> {
    // RFC 9101 §10.2, RFC 8725 §3.1: the reader knows neither `none` nor symmetric algorithms, so there is nothing to forbid.
    let jws = Jws::parse(text, JWS_BYTES_MAX).map_err(|bad| match bad {
        BadJws::Algorithm => RequestObjectFault::Algorithm,
        BadJws::TooLong
        | BadJws::Malformed
        | BadJws::Header(_)
        | BadJws::Member(_)
        | BadJws::Critical
        | BadJws::EmbeddedKey(_)
        | BadJws::NoKey
        | BadJws::KeyUnfit
        | BadJws::Signature => RequestObjectFault::Unreadable(bad),
    })?;
    let known = client_keys(facts.client, facts.client_keys).map_err(|stop| unknown(stop, facts))?;
    known.set.verify(&jws).map_err(|bad| match bad {
        // The client may have changed its keys since they were read.
        BadJws::NoKey | BadJws::KeyUnfit => unknown(known.none_fits(ClientAuthFault::KeysMissing), facts),
        BadJws::TooLong
        | BadJws::Malformed
        | BadJws::Header(_)
        | BadJws::Member(_)
        | BadJws::Algorithm
        | BadJws::Critical
        | BadJws::EmbeddedKey(_)
        | BadJws::Signature => RequestObjectFault::Signature.into(),
    })?;
    let claims = jws.claims().map_err(RequestObjectFault::Claims)?;
    Ok(Signed { header: jws.header, claims, issuer: facts.issuer, client: facts.client, now: facts.now })
}

/// The same keys serve for authentication, and are asked for in the same way.
fn unknown(stop: AuthenticationStop, facts: Verifying<'_>) -> Unverified {
    match stop {
        AuthenticationStop::NeedKeys { uri } => Unverified::Need(KeysNeed { client: facts.client.id.clone(), uri }),
        AuthenticationStop::Fault(_) => RequestObjectFault::KeyUnknown.into(),
    }
}
