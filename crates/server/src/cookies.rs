//! The three cookies: the session's, the one that binds journeys to a browser, and the mark of a shared computer. The first two are random
//! and stored only as keyed hashes; the mark is signed and stored nowhere.
//!
//! On https they carry the `__Host-` prefix, which keeps sibling hosts and plain http from planting one (RFC 6265bis §4.1.3.2).
//! On http (loopback only) browsers differ about `Secure`, so the prefix is left out.

use axum::http::{HeaderMap, HeaderValue, header};
use model::Secret;

/// Longest cookie header that is looked at, in bytes.
const COOKIE_HEADER_BYTES_MAX: usize = 8 * 1024;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The signed-in session.
    Session,
    /// The browser that journeys are bound to.
    Browser,
    /// The mark of a computer that several people share.
    Workstation,
}

impl Cookie {
    /// Characters of the cookie's value in base64url: 32 random bytes, or the mark's 48.
    const fn value_chars(self) -> usize {
        match self {
            Self::Session | Self::Browser => 43,
            Self::Workstation => 64,
        }
    }
}

/// Cookie names for this issuer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cookies {
    secure: bool,
}

impl Cookies {
    pub(crate) fn for_issuer(issuer: &str) -> Self {
        Self { secure: issuer.starts_with("https://") }
    }

    pub(crate) const fn name(self, cookie: Cookie) -> &'static str {
        match (cookie, self.secure) {
            (Cookie::Session, true) => "__Host-lockgate",
            (Cookie::Session, false) => "lockgate",
            (Cookie::Browser, true) => "__Host-lockgate-browser",
            (Cookie::Browser, false) => "lockgate-browser",
            (Cookie::Workstation, true) => "__Host-lockgate-shared",
            (Cookie::Workstation, false) => "lockgate-shared",
        }
    }

    /// The cookie's value. Sent twice with different values (a tossed cookie) it counts as absent: nobody can say which is ours.
    pub(crate) fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<&str> {
        let name = self.name(cookie);
        let mut found: Option<&str> = None;
        for header in headers.get_all(header::COOKIE) {
            let text = header.to_str().ok().filter(|t| t.len() <= COOKIE_HEADER_BYTES_MAX)?;
            for pair in text.split(';') {
                let Some((key, value)) = pair.trim_start_matches(' ').split_once('=') else { continue };
                if key != name {
                    continue;
                }
                match found {
                    Some(earlier) if earlier != value => return None,
                    Some(_) | None => found = Some(value),
                }
            }
        }
        found.filter(|value| value.len() == cookie.value_chars())
    }

    /// A `Set-Cookie` that lasts `seconds`, or until the browser closes.
    pub(crate) fn set(self, cookie: Cookie, value: &Secret<String>, seconds: Option<i64>) -> HeaderValue {
        let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
        self.header(format!("{}={}; Path=/; HttpOnly; SameSite=Lax{age}", self.name(cookie), value.expose()))
    }

    /// A `Set-Cookie` that removes the cookie.
    pub(crate) fn clear(self, cookie: Cookie) -> HeaderValue {
        self.header(format!("{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0", self.name(cookie)))
    }

    fn header(self, mut text: String) -> HeaderValue {
        if self.secure {
            text.push_str("; Secure");
        }
        let mut value = HeaderValue::from_str(&text).expect("names and base64url values are visible ASCII");
        value.set_sensitive(true);
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const OTHER: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

    fn check(header: &str, found: bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(header).unwrap());
        let cookies = Cookies::for_issuer("https://id.example");
        assert_eq!(cookies.read(&headers, Cookie::Session).is_some(), found, "{header}");
    }

    #[test]
    fn only_our_own_whole_cookie_is_read() {
        check(&format!("__Host-lockgate={GOOD}"), true);
        check(&format!("a=b; __Host-lockgate={GOOD}; c=d"), true);
        check(&format!("lockgate={GOOD}"), false);
        check(&format!("__Host-lockgate={}", &GOOD[1..]), false);
        check("__Host-lockgate=", false);
        check(&format!("__Host-lockgate=\"{GOOD}\""), false);
    }

    #[test]
    fn a_tossed_cookie_counts_as_absent() {
        check(&format!("__Host-lockgate={GOOD}; __Host-lockgate={OTHER}"), false);
        check(&format!("__Host-lockgate={GOOD}; __Host-lockgate={GOOD}"), true);
    }

    #[test]
    fn set_cookies_are_locked_down() {
        let value = Cookies::for_issuer("https://id.example").set(Cookie::Session, &Secret::new(GOOD.into()), None);
        assert_eq!(value.to_str().unwrap(), format!("__Host-lockgate={GOOD}; Path=/; HttpOnly; SameSite=Lax; Secure"));
        assert!(value.is_sensitive());
    }
}
