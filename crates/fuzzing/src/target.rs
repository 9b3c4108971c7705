//! The list of targets.

use crate::{certificates, jose, passkey, protocol, stored};

/// Whether a reader took the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It did, and what it made of them has every property that was checked.
    Taken,
    /// It refused them, as it may.
    Refused,
}

impl Verdict {
    /// Taken, when the reader gave a value.
    pub(crate) const fn of<T, E>(result: &Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Taken,
            Err(_) => Self::Refused,
        }
    }
}

/// One reader with what must hold of it.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is also that of its fuzzer and of its folder of inputs.
    pub name: &'static str,
    /// Feeds it. Panics when a property is broken.
    pub check: fn(&[u8]) -> Verdict,
    /// Inputs to begin with, at least one of which is taken.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Most bytes that are worth feeding: a little more than the reader takes.
    pub bytes_max: usize,
}

macro_rules! targets {
    ($($module:ident :: $name:ident, $bytes_max:expr;)+) => {
        /// Every target, in the order of the rooms.
        pub const TARGETS: &[Target] = &[$(Target {
            name: stringify!($name),
            check: $module::$name::check,
            seeds: $module::$name::seeds,
            bytes_max: $bytes_max,
        }),+];
    };
}

targets! {
    passkey::attestation_object, 8 * 1024;
    passkey::authenticator_data, 4 * 1024;
    passkey::assertion, 2 * 1024;
    passkey::cose_key, 2 * 1024;
    passkey::client_data, 9 * 1024;
    passkey::ceremony_answer, 66 * 1024;
    jose::strict_json, 5 * 1024;
    jose::public_jwk, 8 * 1024;
    jose::jwk_set, 16 * 1024;
    jose::signed_message, 17 * 1024;
    jose::bent_message, 512;
    jose::own_token, 512;
    certificates::client_certificate, 17 * 1024;
    certificates::distinguished_name, 2200;
    protocol::parameters, 9 * 1024;
    protocol::redirect_uri, 2200;
    protocol::client_credentials, 4 * 1024;
    protocol::bent_assertion, 512;
    protocol::bent_request_object, 512;
    protocol::request_object_claims, 13 * 1024;
    protocol::dpop_claims, 5 * 1024;
    protocol::client_registration, 8 * 1024;
    protocol::client_document, 6 * 1024;
    protocol::client_id_url, 2200;
    protocol::claims_request, 9 * 1024;
    protocol::authorization_details, 9 * 1024;
    protocol::scope_set, 1100;
    protocol::subject_list, 4 * 1024;
    protocol::refresh_token, 512;
    protocol::user_code, 80;
    protocol::authorization_header, 512;
    stored::password_hash, 600;
    stored::keycloak_hash, 5 * 1024;
    stored::root_key_file, 128;
}

/// The target of that name.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
