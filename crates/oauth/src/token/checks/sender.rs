//! The request shows a key to bind the new token to, where the client's tokens must be bound.

use super::{CodePassed, CredentialsPassed, RefreshPassed, Run};
use crate::{
    Client, Confirmation,
    confirmation::{ShownKeys, for_new_token, for_refresh},
    token::{TokenFacts, TokenRefusal, TokenRequest},
};

/// What the new access token is bound to.
pub(super) struct Sender(Option<Confirmation>);

impl Sender {
    pub(super) const fn get(&self) -> Option<Confirmation> {
        self.0
    }
}

/// Also for grants that have a room of their own.
pub(crate) fn shown(
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    client: &Client,
) -> Result<Option<Confirmation>, TokenRefusal> {
    let keys = ShownKeys { proof: facts.proof, certificate: request.credentials.certificate() };
    for_new_token(client, keys).map_err(TokenRefusal::Binding)
}

pub(super) fn check_code(passed: &mut CodePassed<'_>) -> Run<()> {
    passed.sender = Some(Sender(shown(passed.request, passed.facts, passed.client.client())?));
    Ok(())
}

pub(super) fn check_credentials(passed: &mut CredentialsPassed<'_>) -> Run<()> {
    passed.sender = Some(Sender(shown(passed.request, passed.facts, passed.client.client())?));
    Ok(())
}

pub(super) fn check_refresh(passed: &mut RefreshPassed<'_>) -> Run<()> {
    let family = passed.family.as_ref().ok_or(TokenRefusal::Incomplete)?.get();
    let client = passed.client.client();
    let shown = shown(passed.request, passed.facts, client)?;
    // Refused without consequences, and before the question whether the token is the current one: a thief without the key must
    // not be able to end the family.
    for_refresh(client, family.details.confirmation, shown).map_err(TokenRefusal::Binding)?;
    passed.sender = Some(Sender(shown));
    Ok(())
}
