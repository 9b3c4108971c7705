//! What pages tell the browser's password manager after a change (WebAuthn L3 §5.1.10).

use model::Person;
use passkey::{Passkey, RelyingParty};

/// The full list of a person's passkeys, for `signalAllAcceptedCredentials`.
///
/// Leaving one out can hide or delete it on the person's devices for good, so this is built from all of them, loaded
/// after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// The relying party's id.
    pub rp_id: String,
    /// The person's user handle.
    pub user_handle: [u8; 32],
    /// The credential ids of every passkey they hold.
    pub accepted: Vec<Vec<u8>>,
}

impl Signal {
    /// From all passkeys of `person`; another person's are left out.
    pub fn new<'a>(rp: &RelyingParty, person: &Person, passkeys: impl IntoIterator<Item = &'a Passkey>) -> Self {
        let own = passkeys.into_iter().filter(|passkey| passkey.person == person.id);
        Self {
            rp_id: rp.id.clone(),
            user_handle: person.user_handle,
            accepted: own.map(|passkey| passkey.credential_id.clone()).collect(),
        }
    }
}
