//! Which scheme and host a redirect URI leads to.

use super::{Reach, Redirect, pattern};
use crate::Piece;

/// An address on another machine.
const ELSEWHERE: &str = "http://host.example/";
/// Hosts that lead back to the device itself. The client rules decide; here it is only asked whether a host that breaks off could become one.
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

impl Redirect {
    /// What the rules on schemes need to know.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let pieces = pattern::pieces(&self.text, self.matching);
        let (text, hole) = match pieces.as_slice() {
            [] => return Reach::NoScheme,
            [Piece::Hole(hole), ..] => return Reach::Open(hole.clone()),
            [Piece::Literal(text)] => (text, None),
            [Piece::Literal(text), Piece::Hole(hole), ..] => (text, Some(hole)),
            // `Template` joins neighbouring literals.
            [Piece::Literal(text), Piece::Literal(_), ..] => (text, None),
        };
        let text = text.trim();
        if text.starts_with('/') {
            return Reach::NoScheme;
        }
        let Some(colon) = text.find(':') else {
            return hole.map_or(Reach::NoScheme, |hole| Reach::Open(hole.clone()));
        };
        let scheme = text[..colon].to_ascii_lowercase();
        let rest = &text[colon + 1..];
        // `localhost:3000/cb` has a host and a port, and no scheme.
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Reach::NoScheme;
        }
        match scheme.as_str() {
            "https" => Reach::Address("https://host.example/".to_owned()),
            // A scheme that varies may be this one.
            "http" | "http*" | "*" => http(rest.strip_prefix("//").unwrap_or(rest), hole),
            _ => Reach::Address(format!("{scheme}:/path")),
        }
    }
}

/// `after` is what follows `http://`, up to the first hole.
fn http(after: &str, hole: Option<&String>) -> Reach {
    let end = authority_end(after);
    let authority = &after[..end.unwrap_or(after.len())];
    let host_and_port = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (host, has_port) = split_port(host_and_port);
    let host = host.to_ascii_lowercase();
    if let (None, false, Some(hole)) = (end, has_port, hole)
        && LOOPBACK.iter().any(|loopback| loopback.starts_with(host.as_str()))
    {
        return Reach::Open(hole.clone());
    }
    // What counts as loopback is the client rules' to say. Any other host stands for all others, also for those that can't be parsed;
    // a star in the host admits any host, and so that one.
    let address = format!("http://{host}/");
    Reach::Address(if oauth::RedirectUri::parse(&address).is_ok() { address } else { ELSEWHERE.to_owned() })
}

/// Where an authority ends in what follows `://`; `None` when the text ends first.
pub(super) fn authority_end(after: &str) -> Option<usize> {
    after.find(['/', '?', '#'])
}

fn split_port(authority: &str) -> (&str, bool) {
    let host_len =
        if authority.starts_with('[') { authority.find(']').map_or(authority.len(), |at| at + 1) } else { 0 };
    match authority[host_len..].find(':') {
        Some(at) => (&authority[..host_len + at], true),
        None => (authority, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Matching, Template};

    #[track_caller]
    fn check(matching: Matching, text: &str, expected: &str) {
        let redirect = Redirect { text: Template::literal(text), matching };
        assert_eq!(redirect.reach(), Reach::Address(expected.to_owned()), "{text}");
    }

    #[test]
    fn the_worst_address_that_an_entry_admits() {
        check(Matching::Exact, "HTTPS://A.example/cb", "https://host.example/");
        check(Matching::Exact, "http://User:pw@A.example:80/cb", "http://host.example/");
        check(Matching::Exact, "http://[::1]:8080/cb", "http://[::1]/");
        check(Matching::TrailingWildcard, "http://localhost*", "http://host.example/");
        check(Matching::TrailingWildcard, "http://localhost:8080*", "http://localhost/");
        check(Matching::Ant, "http*://*.a.example/**", "http://host.example/");
        check(Matching::Regex, r"https?://127\.0\.0\.1:\d+/", "http://127.0.0.1/");
        check(Matching::Exact, "myapp://callback", "myapp:/path");
        check(Matching::Exact, "javascript:alert(1)", "javascript:/path");
    }

    #[test]
    fn what_names_no_scheme_and_what_is_open() {
        let of =
            |pieces: Vec<Piece>| Redirect { text: Template::new(pieces), matching: Matching::TrailingWildcard }.reach();
        let hole = || Piece::Hole("${x}".to_owned());
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let open = || Reach::Open("${x}".to_owned());
        assert_eq!(of(vec![literal("/callback")]), Reach::NoScheme);
        assert_eq!(of(vec![literal("*")]), Reach::NoScheme);
        assert_eq!(of(vec![literal("localhost:3000/cb")]), Reach::NoScheme);
        assert_eq!(of(vec![hole(), literal("/cb")]), open());
        assert_eq!(of(vec![literal("http://"), hole()]), open());
        assert_eq!(of(vec![literal("http://local"), hole()]), open());
        assert_eq!(of(vec![literal("https://"), hole()]), Reach::Address("https://host.example/".to_owned()));
        assert_eq!(of(vec![literal("http://localhost:"), hole()]), Reach::Address("http://localhost/".to_owned()));
        assert_eq!(of(vec![literal("http://app."), hole()]), Reach::Address("http://host.example/".to_owned()));
    }
}
