//! The strict reader. It accepts less than RFC 3986 does: whatever two parsers could read differently is refused.

use super::{REDIRECT_BYTES_MAX, RedirectFault, RedirectKindRepr};

/// Schemes that run or read something. Those without a period would be refused anyway; named for a clearer answer.
const DANGEROUS: [&str; 16] = [
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "filesystem",
    "view-source",
    "intent",
    "content",
    "ftp",
    "ws",
    "wss",
    "mailto",
    "jar",
    "chrome",
];

pub(super) fn parse(text: &str) -> Result<RedirectKindRepr, RedirectFault> {
    characters(text)?;
    let scheme_end = scheme(text)?;
    let rest = &text[scheme_end + 1..];
    match &text[..scheme_end] {
        "https" => {
            let place = authority(rest, scheme_end + 1)?;
            path_and_query(&text[place.port_end..])?;
            Ok(RedirectKindRepr::Https { host_end: place.host_end })
        }
        "http" => {
            let place = authority(rest, scheme_end + 1)?;
            let kind = match &text["http://".len()..place.host_end] {
                "127.0.0.1" | "[::1]" => {
                    RedirectKindRepr::Loopback { host_end: place.host_end, port_end: place.port_end }
                }
                "localhost" => RedirectKindRepr::Localhost { host_end: place.host_end },
                _ => return Err(RedirectFault::HttpNotLoopback),
            };
            path_and_query(&text[place.port_end..])?;
            Ok(kind)
        }
        scheme if DANGEROUS.contains(&scheme) => Err(RedirectFault::DangerousScheme),
        // RFC 8252 §7.1, §8.4: a private-use scheme is a domain name backwards, so it holds a period.
        scheme if !scheme.contains('.') => Err(RedirectFault::SchemeWithoutPeriod),
        _ => {
            private_rest(rest)?;
            Ok(RedirectKindRepr::PrivateScheme { scheme_end })
        }
    }
}

/// Length, characters and percent-encoding of the whole.
fn characters(text: &str) -> Result<(), RedirectFault> {
    if text.is_empty() || text.len() > REDIRECT_BYTES_MAX {
        return Err(RedirectFault::Length);
    }
    let bytes = text.as_bytes();
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            // RFC 6749 §3.1.2: the endpoint must not include a fragment.
            b'#' => return Err(RedirectFault::Fragment),
            b'*' => return Err(RedirectFault::Wildcard),
            b'%' => {
                let hex = bytes.get(i + 1..i + 3).ok_or(RedirectFault::BrokenEncoding)?;
                let [high, low] = [hex[0], hex[1]].map(|b| char::from(b).to_digit(16));
                let (Some(high), Some(low)) = (high, low) else { return Err(RedirectFault::BrokenEncoding) };
                let decoded = high * 16 + low;
                if decoded < 0x20 || decoded == 0x7f {
                    return Err(RedirectFault::HiddenCharacter);
                }
            }
            b'\\' | b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' => return Err(RedirectFault::Character),
            b if !b.is_ascii_graphic() => return Err(RedirectFault::Character),
            _ => {}
        }
    }
    Ok(())
}

/// Where the scheme ends (RFC 3986 §3.1), in lower case.
fn scheme(text: &str) -> Result<usize, RedirectFault> {
    let end = text.find(':').ok_or(RedirectFault::NotAbsolute)?;
    let name = &text[..end];
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    let continues = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !begins || !continues {
        return Err(RedirectFault::NotAbsolute);
    }
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(RedirectFault::UpperCase);
    }
    Ok(end)
}

struct Place {
    host_end: usize,
    port_end: usize,
}

/// Host and port after `scheme:`; offsets count from the start of the whole URI, where `rest` begins at `base`.
fn authority(rest: &str, base: usize) -> Result<Place, RedirectFault> {
    let after = rest.strip_prefix("//").ok_or(RedirectFault::NotAbsolute)?;
    let base = base + 2;
    let authority = &after[..after.find(['/', '?']).unwrap_or(after.len())];
    if authority.contains('@') {
        return Err(RedirectFault::Userinfo);
    }
    let host_len = if authority.starts_with('[') {
        authority.find(']').ok_or(RedirectFault::Host)? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    host(&authority[..host_len])?;
    match &authority[host_len..] {
        "" => {}
        port => {
            let digits = port.strip_prefix(':').ok_or(RedirectFault::Host)?;
            if !is_port(digits) {
                return Err(RedirectFault::Port);
            }
        }
    }
    Ok(Place { host_end: base + host_len, port_end: base + authority.len() })
}

fn host(host: &str) -> Result<(), RedirectFault> {
    if host.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(RedirectFault::UpperCase);
    }
    if let Some(literal) = host.strip_prefix('[') {
        let address = literal.strip_suffix(']').ok_or(RedirectFault::Host)?;
        let parsed: core::net::Ipv6Addr = address.parse().map_err(|_| RedirectFault::Host)?;
        // Only the canonical spelling (RFC 5952), because comparison is by character.
        return if parsed.to_string() == address { Ok(()) } else { Err(RedirectFault::Host) };
    }
    if host.is_empty() || host.len() > 253 {
        return Err(RedirectFault::Host);
    }
    for label in host.split('.') {
        let fits = (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        if !fits || !label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            return Err(RedirectFault::Host);
        }
    }
    // A last label that begins with a digit makes the whole an IPv4 address in some spelling; only the plain one is read alike everywhere.
    let last = host.rsplit('.').next().unwrap_or(host);
    if last.bytes().next().is_some_and(|b| b.is_ascii_digit()) && host.parse::<core::net::Ipv4Addr>().is_err() {
        return Err(RedirectFault::Host);
    }
    Ok(())
}

/// 1 to 65535 in decimal, without leading zeros.
pub(super) fn is_port(digits: &str) -> bool {
    (1..=5).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
        && digits.parse::<u16>().is_ok()
}

/// What follows the port: a path, and a query if there is one.
fn path_and_query(rest: &str) -> Result<(), RedirectFault> {
    let path = &rest[..rest.find('?').unwrap_or(rest.len())];
    // draft-ietf-oauth-v2-1-16 §2.3.1: the full URI, path included, is what gets registered.
    if !path.starts_with('/') {
        return Err(RedirectFault::MissingPath);
    }
    segments(path)
}

fn segments(path: &str) -> Result<(), RedirectFault> {
    let lower = path.to_ascii_lowercase();
    // An encoded slash, backslash or percent sign turns into a separator, or another encoding, one decoder later.
    if ["%2f", "%5c", "%25"].iter().any(|hidden| lower.contains(hidden)) {
        return Err(RedirectFault::HiddenCharacter);
    }
    for segment in lower.split('/') {
        if matches!(segment.replace("%2e", ".").as_str(), "." | "..") {
            return Err(RedirectFault::DotSegment);
        }
    }
    Ok(())
}

/// RFC 8252 §7.1: after a private-use scheme comes a path, usually with one slash; an authority-like part is tolerated as a plain name.
fn private_rest(rest: &str) -> Result<(), RedirectFault> {
    if !rest.starts_with('/') {
        return Err(RedirectFault::NotAbsolute);
    }
    let path = match rest.strip_prefix("//") {
        None => &rest[..rest.find('?').unwrap_or(rest.len())],
        Some(after) => {
            let end = after.find(['/', '?']).unwrap_or(after.len());
            let name = &after[..end];
            if name.contains('@') {
                return Err(RedirectFault::Userinfo);
            }
            host(name)?;
            let path = &after[end..];
            &path[..path.find('?').unwrap_or(path.len())]
        }
    };
    segments(path)
}

/// Whether `url` is `https://host[:port]`, or the same with `http` on this device, and nothing more.
pub(crate) fn origin_is_plain(url: &str) -> bool {
    if url.len() > 512 || characters(url).is_err() {
        return false;
    }
    let (base, http) = match () {
        () if url.starts_with("https:") => ("https:".len(), false),
        () if url.starts_with("http:") => ("http:".len(), true),
        () => return false,
    };
    let Ok(place) = authority(&url[base..], base) else { return false };
    let host = &url[base + 2..place.host_end];
    place.port_end == url.len() && (!http || matches!(host, "127.0.0.1" | "[::1]" | "localhost"))
}
