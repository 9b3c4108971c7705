//! What the server needs to know, already checked by whoever read the configuration.

use std::{net::SocketAddr, path::PathBuf};

use crypto::password::Params;

use crate::{mail::MailSettings, outbound::OutboundSettings, settings_oauth::OauthSettings};

/// Everything that a configuration decides for a running server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The issuer identifier: scheme, host and port, no path, no trailing slash (RFC 8414 §2).
    pub issuer: String,
    /// Where to listen.
    pub listen: SocketAddr,
    /// How connections are protected.
    pub tls: Tls,
    /// WebAuthn RP ID: the host that passkeys are bound to.
    pub rp_id: String,
    /// The relying party's name, shown by some authenticators.
    pub rp_name: String,
    /// Origins that may run passkey ceremonies, the issuer's own first.
    pub origins: Vec<String>,
    /// Origins of pages that may frame a ceremony page of these origins. Empty: an answer made in a foreign frame is refused.
    pub top_origins: Vec<String>,
    /// The organisation's name, shown on pages.
    pub organisation: String,
    /// What people must show where.
    pub policy: policy::Policy,
    /// What one hash of a password costs.
    pub password_cost: Params,
    /// A list of breached passwords, ordered by hash ([`crate::breach_list`]), where the operator keeps one.
    pub breach_list: Option<PathBuf>,
    /// How people are told of changes on their account. `None`: they aren't.
    pub mail: Option<MailSettings>,
    /// Present when this is the demonstration.
    pub demo: Option<Demo>,
    /// The socket through which an operator's commands reach the running server. `None`: there is none.
    pub control: Option<PathBuf>,
    /// What the OAuth endpoints do and don't.
    pub oauth: OauthSettings,
    /// How far our own fetches reach.
    pub outbound: OutboundSettings,
}

/// How connections are protected.
#[derive(Debug, Clone)]
pub enum Tls {
    /// Plain HTTP, on a loopback address only.
    None,
    /// TLS in this process, from PEM files that are read again when they change.
    Files {
        /// The certificate chain.
        cert: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// A proxy in front ends TLS. Only connections from `trusted` addresses are served.
    BehindProxy {
        /// Addresses or networks (`10.0.0.0/8`) of the proxies.
        trusted: Vec<Network>,
    },
}

/// The demonstration's own settings.
#[derive(Debug, Clone)]
pub struct Demo {
    /// Where the demonstration application lives, for example `http://127.0.0.1:8401`.
    pub app_url: String,
}

/// An address block in CIDR form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: std::net::IpAddr,
    prefix: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `::1/128` or a single address.
    ///
    /// # Errors
    /// When the address or the prefix length is not valid.
    pub fn parse(text: &str) -> Result<Self, NotANetwork> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(a, p)| (a, Some(p)));
        let address: std::net::IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => widest,
            Some(digits) => digits.parse().ok().filter(|p| *p <= widest).ok_or(NotANetwork)?,
        };
        Ok(Self { address, prefix })
    }

    /// Whether `address` lies inside. An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: std::net::IpAddr) -> bool {
        use std::net::IpAddr::{V4, V6};
        match (self.address, address.to_canonical()) {
            (V4(net), V4(ip)) => {
                same_prefix(u128::from(net.to_bits()) << 96, u128::from(ip.to_bits()) << 96, self.prefix)
            }
            (V6(net), V6(ip)) => same_prefix(net.to_bits(), ip.to_bits(), self.prefix),
            (V4(_), V6(_)) | (V6(_), V4(_)) => false,
        }
    }
}

fn same_prefix(a: u128, b: u128, prefix: u8) -> bool {
    prefix == 0 || (a ^ b) >> (128 - u32::from(prefix)) == 0
}

/// The text is not an address block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an address or a block such as 10.0.0.0/8")]
pub struct NotANetwork;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(network: &str, address: &str, inside: bool) {
        let network = Network::parse(network).expect("a valid network");
        assert_eq!(network.contains(address.parse().expect("an address")), inside, "{network:?} {address}");
    }

    #[test]
    fn networks_contain_what_they_should() {
        check("10.0.0.0/8", "10.255.1.2", true);
        check("10.0.0.0/8", "11.0.0.1", false);
        check("10.0.0.0/8", "::ffff:10.0.0.1", true);
        check("127.0.0.1", "127.0.0.1", true);
        check("127.0.0.1", "127.0.0.2", false);
        check("0.0.0.0/0", "203.0.113.9", true);
        check("fd00::/8", "fd12::1", true);
        check("fd00::/8", "fe80::1", false);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "10.0.0.0/33", "host/8", "10.0.0.0/", "::1/129"] {
            assert_eq!(Network::parse(text), Err(NotANetwork), "{text}");
        }
    }
}
