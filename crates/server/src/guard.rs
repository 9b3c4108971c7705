//! Same-origin guards for everything that changes state by cookie.

use axum::http::{HeaderMap, header};

/// Whether a state-changing request comes from one of our own pages.
///
/// Browsers send `Origin` with every POST and `Sec-Fetch-Site` with every request. At least one must be present, and each that is must
/// agree, however often it is: a proxy may have added one to what the browser sent. A client that is no browser sets `Origin` itself.
pub(crate) fn same_origin(headers: &HeaderMap, origin: &str) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter().map(|v| v.as_bytes() == b"same-origin");
    let mut origins = headers.get_all(header::ORIGIN).iter().map(|v| v.as_bytes() == origin.as_bytes());
    let one_came = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    one_came && sites.all(|agrees| agrees) && origins.all(|agrees| agrees)
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
            map.append(*name, value.parse().unwrap());
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

    #[test]
    fn headers_that_come_twice_must_agree_each_time() {
        check(&[("origin", "https://id.example"), ("origin", "https://evil.example")], false);
        check(&[("origin", "https://evil.example"), ("origin", "https://id.example")], false);
        check(&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], false);
        check(&[("origin", "https://id.example"), ("origin", "https://id.example")], true);
    }
}
