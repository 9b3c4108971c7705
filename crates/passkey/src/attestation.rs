//! Attestation (WebAuthn L3 §6.5, §8): what the authenticator's maker says about a new passkey.
//!
//! `none` and `packed` are read; every other format is refused by name, not by accident.

mod certificate;
mod chain;
mod packed;

use crypto::PublicKey;

use crate::{
    Fault,
    cbor::{self, Map, Value},
};

pub(crate) use certificate::Certificate;
pub(crate) use chain::leads_to_root;

/// An attestation object (§6.5.4), taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttestationObject<'a> {
    /// The format's name.
    pub(crate) format: &'a str,
    /// The statement, in that format.
    pub(crate) statement: Map<'a>,
    /// The authenticator data, as signed.
    pub(crate) authenticator_data: &'a [u8],
}

impl<'a> AttestationObject<'a> {
    /// §7.1 step 13.
    ///
    /// # Errors
    /// [`Fault::Cbor`], or [`Fault::AttestationObject`] unless it is a map of exactly the three members.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let value = cbor::decode(bytes)?;
        let map = value.as_map().filter(|map| map.len() == 3).ok_or(Fault::AttestationObject)?;
        let format = map.text("fmt").and_then(Value::as_text).ok_or(Fault::AttestationObject)?;
        let statement = map.text("attStmt").and_then(Value::as_map).ok_or(Fault::AttestationObject)?.clone();
        let authenticator_data = map.text("authData").and_then(Value::as_bytes).ok_or(Fault::AttestationObject)?;
        Ok(Self { format, statement, authenticator_data })
    }
}

/// What a statement is about.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    /// The authenticator data, as signed.
    pub(crate) authenticator_data: &'a [u8],
    /// SHA-256 of the client data.
    pub(crate) client_data_hash: &'a [u8; 32],
    /// The new credential's key.
    pub(crate) credential_key: &'a PublicKey,
    /// The model that the authenticator data names.
    pub(crate) aaguid: &'a [u8; 16],
}

/// What a correct statement leaves to be judged (§6.5.3).
pub(crate) enum TrustPath {
    /// No attestation.
    None,
    /// Self attestation: signed by the new key itself.
    SelfSigned,
    /// The maker's certificates, the signing one first.
    Certificates(Vec<Certificate>),
}

/// §7.1 steps 21 and 22.
///
/// # Errors
/// [`Fault::AttestationFormat`] for formats we don't read, else the fault of the format's own procedure.
pub(crate) fn verify(object: &AttestationObject<'_>, claim: &Claim<'_>) -> Result<TrustPath, Fault> {
    match object.format {
        // §8.7: the statement is an empty map.
        "none" if object.statement.len() == 0 => Ok(TrustPath::None),
        "none" => Err(Fault::AttestationStatement),
        "packed" => packed::verify(&object.statement, claim),
        _ => Err(Fault::AttestationFormat),
    }
}
