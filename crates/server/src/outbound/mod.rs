//! The one door outwards: every fetch of an address that somebody else chose goes through [`Outbound`].
//!
//! Clients name the addresses of their keys, of their metadata and of their logout endpoints, so each of these is an attacker's wish until it
//! is proved otherwise. What stands between the wish and the wire, in order: the text of the address ([`url`]), a bound on how much is under
//! way ([`gate`]), every address that the name resolves to ([`resolve`], judged by [`address`]), and what comes back (`wire`).
//!
//! What it must not do: follow redirects, send cookies or credentials, hear of proxies from the environment, or put more of an address into an
//! error than its host.
//!
//! Start reading at [`client`].

mod address;
mod cache;
mod client;
mod error;
mod gate;
mod resolve;
pub(crate) mod roots;
mod settings;
mod url;
mod wire;

#[cfg(test)]
mod tests;

pub use client::{Fetched, Limits, NamedBy, Outbound};
pub use error::{OutboundError, OutboundSetupError, UrlFault};
pub use settings::{Loopback, OutboundSettings, Reach};
