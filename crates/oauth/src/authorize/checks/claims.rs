//! Single claims that the client asks for.

use super::{Passed, Stop};
use crate::{
    authorize::AuthorizeFault,
    claims_request::{ClaimWish, ClaimsRequest},
};

/// The `claims` parameter: as sent, for what it says about the proof and the person, and as far as the client may be told.
pub(crate) struct CheckedClaims {
    sent: Option<ClaimsRequest>,
    allowed: ClaimsRequest,
}

impl CheckedClaims {
    /// What the client may be told, for the grant.
    pub(crate) fn to_keep(&self) -> Option<String> {
        (!self.allowed.is_empty()).then(|| self.allowed.to_json())
    }
    /// The names of what the client may be told.
    pub(super) fn names(&self) -> Vec<String> {
        self.allowed.names()
    }
    /// The wish for `acr` in the ID token.
    pub(super) fn acr(&self) -> Option<&ClaimWish> {
        self.sent.as_ref()?.in_id_token("acr")
    }
    /// The subjects that the answer must be about.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &ClaimWish> {
        let sent = self.sent.iter();
        sent.flat_map(|sent| [sent.in_id_token("sub"), sent.in_userinfo("sub")])
            .flatten()
            .filter(|wish| !wish.values.is_empty())
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let sent = match passed.params.value("claims") {
        None => None,
        Some(text) => Some(ClaimsRequest::parse(text).map_err(AuthorizeFault::Claims)?),
    };
    // OpenID Connect Core §5.5.1: even an essential claim that can't be told is left out; the request goes on.
    let allowed = match &sent {
        None => ClaimsRequest::default(),
        Some(sent) => sent.filtered(|name| client.settings.claims.iter().any(|claim| claim == name)),
    };
    passed.claims = Some(CheckedClaims { sent, allowed });
    Ok(())
}
