//! An address block under one kind, as two words: no text is made to count a request.

use std::net::IpAddr;

use super::kinds::LimitKind;

/// The block that a count belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// The leading bits of the address.
    pub(super) prefix: u64,
    /// The kind and the address family. Never zero, so that zero can mean an empty place.
    pub(super) tag: u64,
}

const V4: u64 = 1 << 8;
const V6: u64 = 2 << 8;

impl Block {
    /// The IPv4 /32 or IPv6 /64 around a canonical address.
    pub(super) fn narrow(kind: LimitKind, ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self { prefix: ip.to_bits().into(), tag: V4 | kind as u64 },
            IpAddr::V6(ip) => Self { prefix: leading(ip.to_bits()), tag: V6 | kind as u64 },
        }
    }

    /// The IPv4 /24 or IPv6 /48 around a canonical address.
    pub(super) fn wide(kind: LimitKind, ip: IpAddr) -> Self {
        match ip {
            IpAddr::V4(ip) => Self { prefix: (ip.to_bits() >> 8).into(), tag: V4 | kind as u64 },
            IpAddr::V6(ip) => Self { prefix: leading(ip.to_bits()) >> 16, tag: V6 | kind as u64 },
        }
    }
}

/// The first 64 bits: what a network hands to one of its members; the rest every machine chooses at will (RFC 8981).
const fn leading(bits: u128) -> u64 {
    (bits >> 64) as u64
}
