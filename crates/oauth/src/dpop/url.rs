//! Comparing `htu` with the address of an endpoint (RFC 9449 §4.3, 9; RFC 3986 §6.2.2, §6.2.3).

/// Longest `htu`, in bytes.
const HTU_BYTES_MAX: usize = 2048;

/// Whether `htu` is the address `url`, when the case of scheme and host, default ports, an empty path, query and fragment make no
/// difference.
pub(super) fn same(htu: &str, url: &str) -> bool {
    if htu.len() > HTU_BYTES_MAX {
        return false;
    }
    match (Parts::of(htu), Parts::of(url)) {
        (Some(a), Some(b)) => {
            a.scheme.eq_ignore_ascii_case(b.scheme)
                && a.host.eq_ignore_ascii_case(b.host)
                && a.port == b.port
                && a.path == b.path
        }
        _ => false,
    }
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: u16,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = &text[..text.find(['?', '#']).unwrap_or(text.len())];
        let (scheme, rest) = text.split_once("://")?;
        let default = match scheme {
            scheme if scheme.eq_ignore_ascii_case("https") => 443,
            scheme if scheme.eq_ignore_ascii_case("http") => 80,
            _ => return None,
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return None;
        }
        // An address in brackets holds colons of its own.
        let port_at = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
        let (host, port) = match port_at {
            Some(at) => (&authority[..at], authority[at + 1..].parse().ok()?),
            None => (authority, default),
        };
        (!host.is_empty()).then_some(Self { scheme, host, port, path: if path.is_empty() { "/" } else { path } })
    }
}
