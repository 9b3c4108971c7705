//! What the OAuth endpoints share beside the store: the door outwards, and what lives in memory only.

use model::{Entropy, Timestamp};

use crate::{
    listen::ServeError,
    memory::{document_clients::DocumentClients, proofs::Proofs, pushed::PushedRequests},
    outbound::Outbound,
    settings::Settings,
};

/// Shared by the OAuth endpoints.
pub(crate) struct OauthParts {
    /// The only way outwards.
    pub(crate) outbound: Outbound,
    /// Pushed requests.
    pub(crate) pushed: PushedRequests,
    /// Used DPoP proofs, and nonces.
    pub(crate) proofs: Proofs,
    /// Clients that were read from documents.
    pub(crate) document_clients: DocumentClients,
}

impl OauthParts {
    pub(crate) fn new(settings: &Settings, started: Timestamp, entropy: &mut Entropy) -> Result<Self, ServeError> {
        settings.oauth.check_rotation().map_err(|error| ServeError::Settings(error.to_string()))?;
        Ok(Self {
            outbound: Outbound::new(&settings.outbound).map_err(|error| ServeError::Settings(error.to_string()))?,
            pushed: PushedRequests::new(),
            proofs: Proofs::new(settings.oauth.dpop_nonce_always, started, entropy),
            document_clients: DocumentClients::new(),
        })
    }
}
