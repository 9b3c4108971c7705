//! The words of the JSON form for the normal form's own enums.

use cutover::{Authentication, Lifetime, Looseness, Matching, Pkce, RefreshRotation};

pub(super) const fn pkce(pkce: Pkce) -> &'static str {
    match pkce {
        Pkce::RequiredS256 => "required_s256",
        Pkce::RequiredPlainAllowed => "required_plain_allowed",
        Pkce::NotRequired => "not_required",
        Pkce::NoSuchSwitch => "no_such_switch",
    }
}

pub(super) const fn authentication(method: Authentication) -> &'static str {
    match method {
        Authentication::None => "none",
        Authentication::Secret => "secret",
        Authentication::SecretBasic => "client_secret_basic",
        Authentication::SecretPost => "client_secret_post",
        Authentication::SecretJwt => "client_secret_jwt",
        Authentication::PrivateKeyJwt => "private_key_jwt",
        Authentication::MutualTls => "mutual_tls",
    }
}

pub(super) const fn rotation(rotation: RefreshRotation) -> &'static str {
    match rotation {
        RefreshRotation::Rotates => "rotates",
        RefreshRotation::Stays => "stays",
        RefreshRotation::NoneIssued => "none_issued",
    }
}

pub(super) fn lifetime(lifetime: Lifetime) -> String {
    match lifetime {
        Lifetime::Seconds(seconds) => seconds.to_string(),
        Lifetime::Endless => "endless".to_owned(),
    }
}

pub(super) const fn matching(matching: Matching) -> &'static str {
    match matching {
        Matching::Exact => "exact",
        Matching::ExactButLoopbackPort => "exact_but_loopback_port",
        Matching::Prefix => "prefix",
        Matching::TrailingWildcard => "trailing_wildcard",
        Matching::HostWildcard => "host_wildcard",
        Matching::Subdomain => "subdomain",
        Matching::AnyWildcard => "any_wildcard",
        Matching::Ant => "ant",
        Matching::Regex => "regex",
        Matching::Loosened => "loosened",
    }
}

pub(super) const fn looseness(looseness: Looseness) -> &'static str {
    match looseness {
        Looseness::Fixed => "nothing",
        Looseness::PathVaries => "path",
        Looseness::HostVaries => "host",
    }
}
