//! Reading the claims of an ID token that comes back to us as a hint.

use serde::Deserialize;

use crate::{Client, Issuer};

#[derive(Deserialize)]
struct HintClaims {
    iss: String,
    sub: String,
    aud: String,
}

/// The subject that the hint names, if it was issued here to this client. Its age does not matter (OpenID Connect Core §3.1.2.1).
/// Subjects may be pairwise, so a hint that was issued to someone else says nothing about a subject of this client.
pub(crate) fn subject_for(claims: &[u8], issuer: &Issuer, client: &Client) -> Option<String> {
    let claims: HintClaims = serde_json::from_slice(claims).ok()?;
    (claims.iss == issuer.url() && claims.aud == client.id.as_str()).then_some(claims.sub)
}
