//! Same-origin guards for everything that changes state by cookie.

use axum::http::{HeaderMap, header};

/// Whether a state-changing request comes from one of our own pages.
///
/// Browsers send `Origin` with every POST and `Sec-Fetch-Site` with every request. At least one must be present, and each that is must
/// agree. A client that is no browser sets `Origin` itself.
pub(crate) fn same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let site = headers.get("sec-fetch-site").map(|v| v.as_bytes() == b"same-origin");
    let sent = headers.get(header::ORIGIN).map(|v| v.as_bytes() == origin.as_bytes());
    !matches!(site, Some(false)) && !matches!(sent, Some(false)) && (site.is_some() || sent.is_some())
}

/// Whether the body claims to be JSON. Plain HTML forms can't send this type, which is the second lock on the door.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|t| t.eq_ignore_ascii_case("application/json"))
}

/// Whether the body claims to be a form (RFC 6749 appendix B).
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|t| t.eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::CONTENT_TYPE).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_some() {
        return None;
    }
    Some(first.split(';').next().unwrap_or(first).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(headers: &[(&'static str, &'static str)], allowed: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        assert_eq!(same_origin(&map, "https://id.example"), allowed, "{headers:?}");
    }

    #[test]
    fn only_our_own_pages_pass() {
        check(&[("origin", "https://id.example"), ("sec-fetch-site", "same-origin")], true);
        check(&[("origin", "https://id.example")], true);
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "https://id.example"), ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "https://id.example.evil.example")], false);
        check(&[("origin", "null")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[], false);
    }
}
