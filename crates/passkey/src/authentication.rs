//! Authentication: WebAuthn L3 §7.2.

use model::{Amr, Strength};

use crate::{Challenge, Passkey, RelyingParty};

/// What the relying party knows when an assertion arrives.
#[derive(Debug, Clone, Copy)]
pub struct AuthenticationFacts<'a> {
    /// Us.
    pub rp: &'a RelyingParty,
    /// The challenge of this ceremony. The caller has spent it.
    pub challenge: &'a Challenge,
    /// The passkey stored under the credential id that the answer names.
    pub passkey: &'a Passkey,
    /// The user handle of the person whom that passkey belongs to.
    pub user_handle: &'a [u8; 32],
}

/// What an assertion proved. The caller stores the counter and the backup state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion {
    /// The authenticator's counter, to be stored.
    pub sign_count: u32,
    /// BS, to be stored.
    pub backed_up: bool,
    /// The counter did not rise although someone counts: perhaps a copy of the key. A signal, no refusal.
    pub counter_risk: bool,
    /// How strong this sign-in was.
    pub strength: Strength,
    /// Its method references.
    pub amr: Amr,
}
