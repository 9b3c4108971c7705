//! Web origins as settings give them: split once, judged by the rules of an issuer.

use std::net::IpAddr;

/// An origin taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) https: bool,
    pub(crate) host: String,
}

/// Why a text is no origin that we can use; each with its cure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginFault {
    Scheme,
    More,
    Host,
    UpperCase,
    Port,
    PlainHttp,
    Address,
}

impl OriginFault {
    /// What is wrong, and how to mend it.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Scheme => ("does not begin with https://", "write the whole address, as in https://id.example.com"),
            Self::More => {
                ("has more than scheme, host and port", "leave out the path, the closing slash and all that follows")
            }
            Self::Host => ("has no valid host name", "write a host name, as in https://id.example.com"),
            Self::UpperCase => ("has upper-case letters", "write it in lower case: it is compared letter by letter"),
            Self::Port => (
                "has a port that is not a number from 1 to 65535, or is the scheme's own",
                "mend the port, or leave it out when it is 443 (https) or 80 (http)",
            ),
            Self::PlainHttp => ("is plain http off this machine", "use https://; http:// is for localhost only"),
            Self::Address => {
                ("is a numeric address, and passkeys need a name", "use a host name; on this machine, localhost")
            }
        }
    }
}

impl Origin {
    /// Takes an origin apart. Strict, because it is compared character by character ever after.
    pub(crate) fn parse(text: &str) -> Result<Self, OriginFault> {
        let (https, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => (true, rest),
            (None, Some(rest)) => (false, rest),
            (None, None) if text.to_ascii_lowercase().starts_with("http") => return Err(OriginFault::UpperCase),
            (None, None) => return Err(OriginFault::Scheme),
        };
        if rest.contains(['/', '?', '#', '@', '\\']) {
            return Err(OriginFault::More);
        }
        if rest.starts_with('[') {
            return Err(OriginFault::Address);
        }
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        if host.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(OriginFault::UpperCase);
        }
        if host.parse::<IpAddr>().is_ok() {
            return Err(OriginFault::Address);
        }
        if !is_host_name(host) {
            return Err(OriginFault::Host);
        }
        if let Some(port) = port {
            let number: u16 = port.parse().map_err(|_| OriginFault::Port)?;
            let own = if https { 443 } else { 80 };
            if number == 0 || number == own || port.starts_with(['0', '+']) {
                return Err(OriginFault::Port);
            }
        }
        if !https && !is_this_machine(host) {
            return Err(OriginFault::PlainHttp);
        }
        Ok(Self { https, host: host.to_owned() })
    }
}

/// Names that browsers keep on this machine and treat as safe without TLS.
fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// Letters, digits and hyphens in labels of at most 63, at most 253 in all; names in other scripts in their `xn--` form.
pub(crate) fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    !host.is_empty() && host.len() <= 253 && host.split('.').all(label)
}
