//! What is read from storage, from imports and from files: the sender is no stranger, but may be a damaged or hostile system.

pub(crate) mod keycloak_hash;
pub(crate) mod password_hash;
pub(crate) mod root_key_file;
