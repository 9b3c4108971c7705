//! The passkey engine: Web Authentication Level 3 seen from the relying party.
//!
//! It writes the options that a page hands to the browser, reads what the browser answers, and decides whether a
//! registration (§7.1) or an assertion (§7.2) holds. A check that passes leaves a value ([`NewCredential`],
//! [`Assertion`]); a check that fails leaves one [`Fault`] that names its clause. Steps are numbered as in the text
//! of the standard of July 2026.
//!
//! What it must not do: read a clock, draw randomness, look anything up or remember anything. Challenges are spent,
//! credential ids are kept unique and counters are stored by the rooms that call it.
//!
//! Start reading at [`verify_registration`] and [`verify_authentication`]: each walks the numbered steps in order.
//! `wire` is the only reader of the page's JSON, `cbor` the only reader of what authenticators encode.

mod attestation;
mod authentication;
mod authenticator_data;
mod cbor;
mod challenge;
mod client_data;
mod cose;
mod fault;
mod options;
mod passkey;
mod registration;
mod relying_party;
#[cfg(test)]
mod specification_vectors;
mod wire;

pub use authentication::{Assertion, AuthenticationFacts, verify_authentication};
pub use challenge::{CHALLENGE_BYTES, Challenge, NotAChallenge};
pub use fault::Fault;
pub use options::{
    CEREMONY_TIMEOUT_MILLIS, conditional_creation_options_json, creation_options_json, request_options_json,
};
pub use passkey::{NewCredential, Passkey, Transport};
pub use registration::{RegistrationFacts, verify_registration};
pub use relying_party::{AttestationWanted, RelyingParty};
pub use wire::{AuthenticationResponse, CREDENTIAL_ID_BYTES_MAX, RESPONSE_BYTES_MAX, RegistrationResponse};

/// The signature algorithms that a passkey may use, as the `crypto` room knows them.
pub use crypto::Algorithm;
