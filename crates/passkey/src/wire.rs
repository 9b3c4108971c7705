//! What the page sends: RegistrationResponseJSON and AuthenticationResponseJSON (WebAuthn L3 §5.1), bounded before
//! they are parsed, decoded once.

use crate::Transport;

/// A registration's answer, decoded but not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationResponse {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) attestation_object: Vec<u8>,
    pub(crate) transports: Vec<Transport>,
}

/// An assertion's answer, decoded but not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationResponse {
    pub(crate) credential_id: Vec<u8>,
    pub(crate) client_data: Vec<u8>,
    pub(crate) authenticator_data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
    pub(crate) user_handle: Option<Vec<u8>>,
}

impl RegistrationResponse {
    /// The credential id that the page named. Nothing is proved yet.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }
}

impl AuthenticationResponse {
    /// The credential id that the page named, for looking up the passkey. Nothing is proved yet.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        &self.credential_id
    }

    /// The user handle that the authenticator gave, if it did. Nothing is proved yet.
    #[must_use]
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.user_handle.as_deref()
    }
}
