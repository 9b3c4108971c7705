//! `authorization_details` are settled when the person is asked.

use super::{Opening, Run};
use crate::token::TokenRefusal;

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    // RFC 9396 §6: a token request may narrow them. Differs: we don't, and saying so is better than granting more than was asked.
    if opening.request.params.values("authorization_details").next().is_some() {
        return Err(TokenRefusal::DetailsUnchangeable.into());
    }
    Ok(())
}
