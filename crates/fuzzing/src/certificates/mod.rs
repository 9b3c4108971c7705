//! Certificates that clients show when they connect, and the names in them.

pub(crate) mod client_certificate;
pub(crate) mod distinguished_name;
