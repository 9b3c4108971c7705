//! Client authentication, the same at every endpoint that a client calls by itself: token, pushed requests, introspection,
//! revocation, device authorization.

use crate::{Change, Client};

/// An active client that proved itself, or a public one that can't. Only this module makes one.
#[derive(Debug, Clone)]
pub struct AuthenticatedClient<'a> {
    client: &'a Client,
    spends: Option<Change>,
}

impl<'a> AuthenticatedClient<'a> {
    pub(crate) const fn new(client: &'a Client, spends: Option<Change>) -> Self {
        Self { client, spends }
    }

    /// The client.
    #[must_use]
    pub const fn client(&self) -> &'a Client {
        self.client
    }

    /// What must be written with whatever is decided for this client: the use of its assertion, so that it works once.
    #[must_use]
    pub fn spends(&self) -> Option<Change> {
        self.spends.clone()
    }
}
