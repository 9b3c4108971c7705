//! What may be registered, for one initial access token and for the clients that came of it.

use serde::{Deserialize, Serialize};

use crate::{Client, GrantTypes, RedirectUri};

/// The most that a registering client may ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationPolicy {
    /// Grants, by their registered names.
    pub grants: Vec<String>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// Hosts of redirect URIs and of the address for logout tokens (`app.example.com`, or `.example.com` for everything below a domain),
    /// and private schemes. Empty: any.
    pub redirect_hosts: Vec<String>,
    /// Values of `resource` that the client may name.
    #[serde(default)]
    pub resources: Vec<String>,
}

/// What of a client goes beyond a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Beyond {
    Grant(&'static str),
    Scope(String),
    RedirectHost(String),
}

impl RegistrationPolicy {
    /// The first thing in `client` that is not allowed.
    pub(crate) fn beyond(&self, client: &Client) -> Option<Beyond> {
        self.grant_beyond(client.grants)
            .or_else(|| self.scope_beyond(client.scopes.iter().map(crate::Scope::as_str)))
            .or_else(|| self.redirect_beyond(&client.redirect_uris))
            .or_else(|| self.redirect_beyond(&client.settings.logout.post_logout_redirect_uris))
            .or_else(|| self.redirect_beyond(backchannel(client).as_slice()))
    }

    fn grant_beyond(&self, grants: GrantTypes) -> Option<Beyond> {
        grants.names().find(|name| !self.grants.iter().any(|allowed| allowed == name)).map(Beyond::Grant)
    }

    fn scope_beyond<'a>(&self, mut scopes: impl Iterator<Item = &'a str>) -> Option<Beyond> {
        scopes
            .find(|scope| !self.scopes.iter().any(|allowed| allowed == scope))
            .map(|scope| Beyond::Scope(scope.to_owned()))
    }

    fn redirect_beyond(&self, uris: &[RedirectUri]) -> Option<Beyond> {
        if self.redirect_hosts.is_empty() {
            return None;
        }
        uris.iter()
            .find(|uri| !host_is_listed(uri.host(), &self.redirect_hosts))
            .map(|uri| Beyond::RedirectHost(uri.host().to_owned()))
    }
}

/// Where logout tokens go, as an address that was read strictly when it was registered. We post there, so it needs the same bounds.
pub(crate) fn backchannel(client: &Client) -> Option<RedirectUri> {
    let uri = client.settings.logout.backchannel_uri.as_deref()?;
    RedirectUri::parse(uri).ok()
}

/// Whether `host` is one of `listed`, or below one that begins with a dot.
pub(crate) fn host_is_listed(host: &str, listed: &[String]) -> bool {
    listed.iter().any(|allowed| match allowed.strip_prefix('.') {
        // The dot belongs to the comparison: `.example.com` is not `evilexample.com`.
        Some(_) => host.len() > allowed.len() && host.ends_with(allowed.as_str()),
        None => host == allowed,
    })
}
