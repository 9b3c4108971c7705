//! Registration: WebAuthn L3 §7.1.

use model::Timestamp;

use crate::{Challenge, RelyingParty};

/// What the relying party knows when a registration's answer arrives.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationFacts<'a> {
    /// Us.
    pub rp: &'a RelyingParty,
    /// The challenge of this ceremony. The caller has spent it.
    pub challenge: &'a Challenge,
    /// Whether UP=0 and UV=0 are allowed. True only where the page asked with `mediation: "conditional"`.
    pub allow_unverified_presence: bool,
    /// The present time, for the validity of attestation certificates.
    pub now: Timestamp,
}
