//! The refresh token belongs to this client.

use super::{RefreshPassed, Run};
use crate::{RefreshFamily, token::TokenRefusal};

/// The family of the presented token, which belongs to the authenticated client.
#[derive(Clone, Copy)]
pub(super) struct FamilyOfClient<'a>(&'a RefreshFamily);

impl<'a> FamilyOfClient<'a> {
    pub(super) const fn get(&self) -> &'a RefreshFamily {
        self.0
    }
}

pub(super) fn check(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let token = passed.token.as_ref().ok_or(TokenRefusal::Incomplete)?;
    let family = passed.facts.family.filter(|family| family.id == token.family()).ok_or(TokenRefusal::FamilyUnknown)?;
    // OAuth 2.1 §4.3: refused without consequences, or one client could end another's grants.
    if family.client != passed.client.client().id {
        return Err(TokenRefusal::TokenOfOtherClient.into());
    }
    passed.family = Some(FamilyOfClient(family));
    Ok(())
}
