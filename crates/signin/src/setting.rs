//! What is the same for every request of one installation.

use crypto::HashKey;
use passkey::RelyingParty;

/// The installation, as this room sees it. The shell builds it once.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Us, towards browsers.
    pub rp: &'a RelyingParty,
    /// The key of every hash that this room stores: the root key's `hash_key("signin")`. Each kind of value has its own
    /// purpose word.
    pub key: &'a HashKey,
}
