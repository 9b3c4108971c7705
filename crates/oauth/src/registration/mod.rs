//! Clients that register and manage themselves (RFC 7591, RFC 7592, OpenID Connect Dynamic Client Registration 1.0).
//!
//! Whoever registers shows an initial access token; its [`RegistrationPolicy`] stays with the client, so that a later change can
//! reach no further than the first registration could. What a document asks for is read once ([`metadata`]), then judged by the
//! rules that every client is judged by ([`crate::client_rules`]). People are always asked for consent; nobody registers trust.
//!
//! Start reading at [`register`], then [`manage`].

pub(crate) mod build;
mod fault;
mod initial_access;
pub mod manage;
pub(crate) mod metadata;
pub(crate) mod policy;
mod register;
mod reply;
mod sector;

pub use fault::RegistrationFault;
pub use initial_access::{
    ACCESS_DAYS_MAX, ACCESS_USES_MAX, BadLimits, InitialAccess, IssuedAccess, initial_access_hash, issue,
};
pub use manage::{ManageFacts, Managed, Removed};
pub use metadata::METADATA_BYTES_MAX;
pub use policy::RegistrationPolicy;
pub use register::{AccessFact, RegisterFacts, Registered, register};
pub use reply::REGISTRATION_PATH;
pub use sector::{RegistrationNeed, SECTOR_BYTES_MAX, SectorFact};
