//! Keys, signed messages and JSON of others, and our own tokens after somebody bent them.

pub(crate) mod bent_message;
pub(crate) mod jwk_set;
pub(crate) mod own_token;
pub(crate) mod public_jwk;
pub(crate) mod signed_message;
mod stage;
pub(crate) mod strict_json;

pub(crate) use stage::key;
