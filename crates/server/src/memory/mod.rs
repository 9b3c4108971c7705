//! What lives in memory only: journeys, authorization codes, pushed requests, used proofs. A restart voids it, and nothing revives it
//! (ARCHITECTURE.md, "Storage").

pub(crate) mod bounded;
pub(crate) mod codes;
pub(crate) mod document_clients;
pub(crate) mod enrolling;
pub(crate) mod journeys;
pub(crate) mod proofs;
pub(crate) mod pushed;
pub(crate) mod tokens;
