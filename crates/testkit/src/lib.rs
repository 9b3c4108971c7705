//! A software authenticator for tests, demonstrations and load: it makes passkeys, uses them, and lies on request.
//!
//! It is written from the standard alone and shares no code with the product, so that the two check each other. What
//! it must not do: depend on any Lockgate room, or be linked into what people sign in with: its keys follow from a
//! seed and protect nothing.
//!
//! Start reading at [`Authenticator`]; [`Knobs`] is the list of lies; [`catalogue`] holds one named ceremony for each.

pub mod catalogue;

mod authenticator;
mod cbor;
mod certificate;
mod client;
mod der;
mod flip;
mod key;
mod knobs;
mod seed;

pub use authenticator::{Authenticator, Credential};
pub use certificate::AttestationMaker;
pub use client::Refusal;
pub use flip::{Part, flip, part};
pub use key::Algorithm;
pub use knobs::{
    AaguidExtension, Attestation, CertificateKnobs, Counter, Knobs, ObjectFlaw, Signer, UserHandleChoice, Validity,
};

/// The model that every authenticator of this kit claims to be: `lockgate-testkit`.
pub const AAGUID: [u8; 16] = *b"lockgate-testkit";

#[cfg(test)]
mod tests;
