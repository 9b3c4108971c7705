//! What lives in memory only: journeys and authorization codes. A restart voids both, and nothing revives them (ARCHITECTURE.md, "Storage").

pub(crate) mod bounded;
pub(crate) mod codes;
pub(crate) mod journeys;
pub(crate) mod tokens;
