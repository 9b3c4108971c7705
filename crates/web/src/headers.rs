//! The headers that every answer with a page carries. The server adds `Strict-Transport-Security`, for only it knows whether it speaks TLS.

use std::fmt::Write as _;

/// What a page needs the browser to allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Runs WebAuthn ceremonies: sign-in, enrolment, My account.
    Ceremony,
    /// Everything else. Passkeys can't be asked for or made here, whatever a script tries.
    Plain,
}

/// Headers beside the Content-Security-Policy, by kind of page.
///
/// `Referrer-Policy` is `same-origin`, not `no-referrer`. Differs: under `no-referrer` a browser sends `Origin: null` with our own form posts
/// (Fetch, "append a request `Origin` header"), which would blind the same-origin check; nothing is ever sent to another origin by either.
#[must_use]
pub const fn security_headers(kind: PageKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        PageKind::Ceremony => &[
            ("Permissions-Policy", PERMISSIONS_CEREMONY),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
        ],
        PageKind::Plain => &[
            ("Permissions-Policy", PERMISSIONS_PLAIN),
            ("Cache-Control", "no-store"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
        ],
    }
}

// WebAuthn L3 §5.9 names both features; `(self)` keeps them from every frame of another origin.
const PERMISSIONS_CEREMONY: &str = "publickey-credentials-get=(self), publickey-credentials-create=(self), \
    camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
const PERMISSIONS_PLAIN: &str = "publickey-credentials-get=(), publickey-credentials-create=(), \
    camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

/// The Content-Security-Policy of a page.
///
/// `form_action_extra` is one more source that a form on the page may lead to. The consent form needs it, because browsers hold a form
/// post's redirects to `form-action` too (CSP3 §6.4.2): take it from [`form_action_source`]. A value that is not one plain source is left
/// out, so that it can't add directives.
#[must_use]
pub fn content_security_policy(form_action_extra: Option<&str>) -> String {
    let mut policy = String::with_capacity(320);
    policy.push_str(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; form-action 'self'",
    );
    if let Some(source) = form_action_extra.filter(|source| is_plain_source(source)) {
        // Writing to a String can't fail.
        let _ = write!(policy, " {source}");
    }
    policy
}

/// The CSP source that lets a form post end at `redirect_uri`: its origin, or its scheme alone where no origin can be written.
/// Nothing when the text is not an absolute URI with a plain authority.
#[must_use]
pub fn form_action_source(redirect_uri: &str) -> Option<String> {
    let (scheme, rest) = redirect_uri.split_once(':')?;
    let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    if !well_formed {
        return None;
    }
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    // CSP3 §2.3.1 has no spelling for an IPv6 host, nor for the path of a private-use scheme: the scheme alone has to do.
    if !web || rest.starts_with("//[") {
        return Some(format!("{scheme}:"));
    }
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
    let plain = !authority.is_empty()
        && authority.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':'));
    plain.then(|| format!("{scheme}://{authority}"))
}

/// One scheme or origin: none of the characters that separate sources or directives, and no keyword or wildcard.
fn is_plain_source(source: &str) -> bool {
    source.contains(':')
        && source.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'/' | b'.' | b'-' | b'_' | b'+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(redirect_uri: &str, source: Option<&str>) {
        assert_eq!(form_action_source(redirect_uri).as_deref(), source, "{redirect_uri}");
    }

    #[test]
    fn a_redirect_uri_becomes_one_source() {
        check("https://app.example.com/cb?x=1", Some("https://app.example.com"));
        check("http://127.0.0.1:8401/callback", Some("http://127.0.0.1:8401"));
        check("http://[::1]:9000/cb", Some("http:"));
        check("com.example.app:/cb", Some("com.example.app:"));
        check("https://a.example; script-src *", None);
        check("https://user@a.example/", None);
        check("https:/a.example", None);
        check("no scheme", None);
        check("1x:/y", None);
    }

    #[test]
    fn a_source_can_not_add_directives() {
        let bare = content_security_policy(None);
        assert!(
            content_security_policy(Some("https://app.example.com"))
                .ends_with("form-action 'self' https://app.example.com")
        );
        for hostile in
            ["https://a.example; script-src *", "*", "'unsafe-inline'", "https://a.example https://b.example", ""]
        {
            assert_eq!(content_security_policy(Some(hostile)), bare, "{hostile}");
        }
    }

    #[test]
    fn no_policy_allows_inline_or_foreign_code() {
        let policy = content_security_policy(None);
        for banned in ["unsafe", "data:", "http", "*"] {
            assert!(!policy.contains(banned), "{banned}");
        }
    }

    #[test]
    fn every_kind_denies_framing_and_storage() {
        for kind in [PageKind::Ceremony, PageKind::Plain] {
            let headers = security_headers(kind);
            for wanted in
                [("X-Frame-Options", "DENY"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
            {
                assert!(headers.contains(&wanted), "{wanted:?}");
            }
        }
    }
}
