//! The client is registered for the grant.

use super::{Opening, Run};
use crate::token::TokenRefusal;

/// The client may use the grant it asks for.
pub(super) struct GrantAllowed {
    _made_here: (),
}

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    let (Some(grant), Some(client)) = (opening.grant, &opening.client) else {
        return Err(TokenRefusal::Incomplete.into());
    };
    if !client.client().grants.contains(grant.needs()) {
        return Err(TokenRefusal::GrantNotAllowed.into());
    }
    opening.allowed = Some(GrantAllowed { _made_here: () });
    Ok(())
}
