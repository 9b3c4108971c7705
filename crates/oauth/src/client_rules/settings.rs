//! What a client's settings must keep, whoever wrote them.

use super::register::{Broken, LIST_MAX, too_many};
use crate::{
    ClientSettings, ExceptionRule, GrantTypes,
    client::{ClientKeys, SenderRule, looks_like_a_person},
    resource_name::is_resource_name,
};

/// Longest `jwks_uri`, in bytes.
const URI_BYTES_MAX: usize = 2048;

/// Everything that is wrong with `settings` of the client `id`.
pub(super) fn judge(id: &str, settings: &ClientSettings, grants: GrantTypes, broken: &mut Vec<Broken>) {
    proof(settings, broken);
    names(settings, broken);
    exceptions(settings, broken);
    // OAuth 2.1 §7.4: a client that acts for itself is its tokens' subject, and must not pass for a person there.
    if grants.contains(GrantTypes::CLIENT_CREDENTIALS) && looks_like_a_person(id) {
        broken.push(Broken::new(
            "client_id_like_subject",
            Some(id),
            "The client id has the form of a person's subject identifier, so that its own tokens could pass for a person's.",
            "Choose another id for a client that uses client_credentials.",
        ));
    }
}

fn proof(settings: &ClientSettings, broken: &mut Vec<Broken>) {
    if let ClientKeys::Uri(uri) = &settings.proof.keys
        && (!uri.starts_with("https://") || uri.len() > URI_BYTES_MAX || !is_resource_name(uri))
    {
        broken.push(Broken::new(
            "jwks_uri",
            Some(uri),
            "The address of the client's keys is not a plain https address.",
            "Publish the keys under an https address without fragment.",
        ));
    }
    if settings.proof.tls_subject.as_ref().is_some_and(|subject| subject.expected().is_err()) {
        broken.push(Broken::new(
            "tls_subject",
            None,
            "The name that the client's certificate must carry is no name of its kind.",
            "Write a distinguished name as RFC 4514 does (CN=…,O=…), or one DNS name, URI, address or mail address.",
        ));
    }
}

fn names(settings: &ClientSettings, broken: &mut Vec<Broken>) {
    for (what, list) in [("resources", &settings.requests.resources), ("serves", &settings.serves)] {
        if list.len() > LIST_MAX {
            broken.push(too_many(what));
        }
        for name in list.iter().filter(|name| !is_resource_name(name)) {
            broken.push(Broken::new(
                "resource_name",
                Some(name),
                "This can't name a resource.",
                "Write an absolute URI without fragment (RFC 8707), such as https://api.example.com/orders.",
            ));
        }
    }
}

fn exceptions(settings: &ClientSettings, broken: &mut Vec<Broken>) {
    if settings.exceptions.len() > LIST_MAX {
        broken.push(too_many("exceptions"));
    }
    for exception in &settings.exceptions {
        if let Err(fault) = exception.check() {
            broken.push(Broken::new(
                "exception",
                Some(exception.rule.as_str()),
                format!("This exception can't be made: {fault}."),
                "Name a reason, an owner, another person who approves, and an end within 366 days.",
            ));
        }
        // Without a key that binds it, a refresh token that stays would be good for whoever finds it.
        if exception.rule == ExceptionRule::NoRotation && settings.proof.sender == SenderRule::Any {
            broken.push(Broken::new(
                "exception_unbound",
                Some(exception.rule.as_str()),
                "A refresh token may only stay the same where the client's tokens are bound to a key.",
                "Require DPoP or a TLS certificate of this client.",
            ));
        }
    }
}
