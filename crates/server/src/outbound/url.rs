//! What can be said about an address before anybody is called.
//!
//! The parser is the one that the client itself uses, so there is no second reading to differ from (`https://good\@evil`, `0x7f.1`).

use std::{net::IpAddr, sync::Arc};

use reqwest::Url;

use super::{
    address,
    error::{OutboundError, UrlFault},
    settings::{Loopback, Reach},
};

/// Longest address called, in bytes.
const URL_BYTES_MAX: usize = 2048;

/// An address whose text may be called; where its name leads is judged when connecting.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) url: Url,
    /// Host and port, for errors.
    pub(super) host: Arc<str>,
}

impl Target {
    /// The host alone, for counting: one machine with many ports is still one machine.
    pub(super) fn name(&self) -> Arc<str> {
        self.url.host_str().unwrap_or_default().into()
    }

    /// Checks scheme, length, credentials, fragment and a literal address.
    pub(super) fn parse(text: &str, reach: &Reach) -> Result<Self, OutboundError> {
        if text.len() > URL_BYTES_MAX {
            return Err(UrlFault::TooLong.into());
        }
        let url = Url::parse(text).map_err(|_| UrlFault::NotAbsolute)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(UrlFault::NotAbsolute)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlFault::Credentials.into());
        }
        if url.fragment().is_some() {
            return Err(UrlFault::Fragment.into());
        }
        let place = Host::read(host);
        match (url.scheme(), reach.loopback, place) {
            ("https", _, _) | ("http", Loopback::Allowed, Host::ThisMachine) => {}
            (_, Loopback::Allowed | Loopback::Refused, Host::ThisMachine | Host::Literal(_) | Host::Name) => {
                return Err(UrlFault::NotHttps.into());
            }
        }
        let shown: Arc<str> = match url.port() {
            Some(port) => format!("{host}:{port}").into(),
            None => host.into(),
        };
        let permitted = match place {
            Host::ThisMachine => reach.loopback == Loopback::Allowed,
            Host::Literal(ip) => address::permits(reach, ip),
            Host::Name => true,
        };
        if permitted { Ok(Self { url, host: shown }) } else { Err(OutboundError::Forbidden { host: shown }) }
    }
}

/// What a host is by its text alone.
#[derive(Clone, Copy)]
enum Host {
    /// A loopback address, or the name `localhost` (RFC 6761 §6.3), which the resolver answers by itself.
    ThisMachine,
    /// Another literal address.
    Literal(IpAddr),
    /// A name.
    Name,
}

impl Host {
    fn read(host: &str) -> Self {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        match bare.parse::<IpAddr>() {
            // A dressed-up loopback address is a literal like others: permitted or not, it never gets plain HTTP.
            Ok(ip) if ip.is_loopback() => Self::ThisMachine,
            Ok(ip) => Self::Literal(ip),
            Err(_) if is_localhost(bare) => Self::ThisMachine,
            Err(_) => Self::Name,
        }
    }
}

/// Whether `name` is `localhost` or under it, with or without the root's dot.
pub(super) fn is_localhost(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let tail = name.len().checked_sub("localhost".len()).and_then(|at| name.get(at..).map(|tail| (at, tail)));
    tail.is_some_and(|(at, tail)| {
        tail.eq_ignore_ascii_case("localhost") && (at == 0 || name.as_bytes().get(at - 1) == Some(&b'.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Reach = Reach { loopback: Loopback::Allowed, internal: Vec::new() };
    const AWAY: Reach = Reach { loopback: Loopback::Refused, internal: Vec::new() };

    fn fault(text: &str, reach: &Reach) -> Option<OutboundError> {
        Target::parse(text, reach).err()
    }

    fn refused(text: &str, reach: &Reach, expected: UrlFault) {
        assert_eq!(fault(text, reach), Some(OutboundError::Url(expected)), "{text}");
    }

    fn forbidden(text: &str) {
        assert!(matches!(fault(text, &AWAY), Some(OutboundError::Forbidden { .. })), "{text}");
    }

    #[test]
    fn https_to_a_name_or_a_public_address_passes() {
        for text in [
            "https://keys.example/jwks",
            "https://keys.example:8443/",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(fault(text, &AWAY), None, "{text}");
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in ["http://keys.example/", "ftp://keys.example/", "ws://keys.example/"] {
            refused(text, &AWAY, UrlFault::NotHttps);
            refused(text, &HERE, UrlFault::NotHttps);
        }
        for text in ["file:///etc/passwd", "data:text/plain,x", "unix:/run/x", "/jwks", "", "https://", "keys.example"]
        {
            assert!(fault(text, &HERE).is_some(), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_where_allowed() {
        for text in ["http://127.0.0.1:8080/", "http://[::1]:8080/", "http://localhost:8080/", "http://a.localhost./"] {
            assert_eq!(fault(text, &HERE), None, "{text}");
            refused(text, &AWAY, UrlFault::NotHttps);
        }
        for text in
            ["http://10.0.0.1/", "http://notlocalhost/", "http://localhost.evil.example/", "http://[::ffff:127.0.0.1]/"]
        {
            refused(text, &HERE, UrlFault::NotHttps);
        }
    }

    #[test]
    fn literal_addresses_are_judged_however_they_are_written() {
        for text in
            ["https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://017700000001/", "https://127.1/"]
        {
            forbidden(text);
        }
        for text in
            ["https://127.0.0.1./", "https://①②⑦.0.0.1/", "https://%31%32%37.0.0.1/", "https://[::ffff:7f00:1]/"]
        {
            forbidden(text);
        }
        for text in
            ["https://169.254.169.254/latest/meta-data/", "https://[fe80::1]/", "https://0.0.0.0/", "https://[::]/"]
        {
            forbidden(text);
        }
        for text in ["https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://x.localhost/"] {
            forbidden(text);
        }
    }

    #[test]
    fn credentials_fragments_and_lengths_are_refused() {
        refused("https://user@keys.example/", &AWAY, UrlFault::Credentials);
        refused("https://user:secret@keys.example/", &AWAY, UrlFault::Credentials);
        refused("https://:secret@keys.example/", &AWAY, UrlFault::Credentials);
        refused("https://keys.example/#x", &AWAY, UrlFault::Fragment);
        refused(&format!("https://keys.example/{}", "a".repeat(URL_BYTES_MAX)), &AWAY, UrlFault::TooLong);
    }

    #[test]
    fn a_host_is_read_as_the_client_reads_it() {
        let Ok(target) = Target::parse(r"https://keys.example\@127.0.0.1/", &AWAY) else {
            panic!("a backslash ends the host")
        };
        assert_eq!(&*target.host, "keys.example");
    }
}
