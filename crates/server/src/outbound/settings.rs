//! What a configuration decides for fetches.

use std::path::PathBuf;

use crate::settings::Network;

/// How far fetches reach, and whom they trust. The default reaches the public internet, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OutboundSettings {
    /// Which addresses may be called beyond public ones.
    pub reach: Reach,
    /// A PEM file of certificate authorities that are trusted beside those of the system.
    pub extra_ca: Option<PathBuf>,
}

/// Which addresses may be called beyond public ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Whether this machine itself may be called.
    pub loopback: Loopback,
    /// The organisation's own blocks. They open private, unique-local and shared addresses only: listing a block that holds others (loopback,
    /// link-local, a cloud's metadata service) opens none of those.
    pub internal: Vec<Network>,
}

/// Whether this machine itself may be called, by `http` as well as by `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loopback {
    /// As in production.
    #[default]
    Refused,
    /// For the demonstration, tests and the conformance profile: whoever may register a client can then reach every service on this machine.
    Allowed,
}
