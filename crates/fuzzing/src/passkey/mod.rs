//! What pages and authenticators send: read before anybody is signed in.

pub(crate) mod assertion;
pub(crate) mod attestation_object;
pub(crate) mod authenticator_data;
pub(crate) mod ceremony_answer;
pub(crate) mod client_data;
pub(crate) mod cose_key;
mod stage;
