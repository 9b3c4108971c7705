//! The client exists and may be used.

use super::{Passed, Stop};
use crate::{Client, ClientStatus, authorize::AuthorizeFault};

/// A registered, active client.
#[derive(Clone, Copy)]
pub(crate) struct CheckedClient<'a>(&'a Client);

impl<'a> CheckedClient<'a> {
    pub(crate) const fn get(self) -> &'a Client {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    // OAuth 2.1 §4.1.2.1: whatever is wrong here, nothing is sent to a redirect URI.
    let Ok(Some(id)) = passed.params.one("client_id") else { return Err(AuthorizeFault::ClientIdMissing.into()) };
    // The shell loads by the same parameter; comparing again costs nothing and catches a mix-up.
    let client = passed.facts.client.filter(|client| client.id.as_str() == id).ok_or(AuthorizeFault::ClientUnknown)?;
    match client.status {
        ClientStatus::Active => {}
        ClientStatus::Disabled => return Err(AuthorizeFault::ClientDisabled.into()),
    }
    passed.client = Some(CheckedClient(client));
    Ok(())
}
