//! What the application is told at start, and what it works out from that once.

use std::{fmt, net::SocketAddr};

use http::Uri;

/// Everything the application is told; the rest it learns from the issuer's discovery document.
#[derive(Clone)]
pub struct DemoConfig {
    /// Where to listen; must be a loopback address.
    pub listen: SocketAddr,
    /// The issuer's identifier, for instance `http://localhost:8400`.
    pub issuer: String,
    /// The client id registered for this application.
    pub client_id: String,
    /// The client secret; without one the application acts as a public client.
    pub client_secret: Option<String>,
    /// The registered redirect URI; its origin is this application's origin.
    pub redirect_uri: String,
    /// Scopes to ask for, separated by spaces; must hold `openid`.
    pub scope: String,
    /// Where the guided tour lives.
    pub tour_url: String,
}

// Written by hand so that the secret cannot be printed.
impl fmt::Debug for DemoConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DemoConfig")
            .field("listen", &self.listen)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .field("scope", &self.scope)
            .field("tour_url", &self.tour_url)
            .finish_non_exhaustive()
    }
}

/// The configuration after its one check.
pub(crate) struct Settings {
    pub(crate) config: DemoConfig,
    /// `host:port` of the issuer: the only place the application talks to.
    pub(crate) issuer_authority: String,
    /// `http://host:port` of this application.
    pub(crate) own_origin: String,
    /// `host:port` of this application.
    pub(crate) own_authority: String,
    /// Path of the redirect URI.
    pub(crate) callback_path: String,
}

impl Settings {
    pub(crate) fn check(config: DemoConfig) -> Result<Self, ConfigFault> {
        if !config.listen.ip().is_loopback() {
            return Err(ConfigFault::NotLoopback);
        }
        let (issuer_authority, _) = plain_http(&config.issuer).ok_or(ConfigFault::Issuer)?;
        let (own_authority, callback_path) = plain_http(&config.redirect_uri).ok_or(ConfigFault::RedirectUri)?;
        if RESERVED_PATHS.contains(&callback_path.as_str()) {
            return Err(ConfigFault::RedirectUri);
        }
        if !config.scope.split(' ').any(|scope| scope == "openid") {
            return Err(ConfigFault::Scope);
        }
        let own_origin = format!("http://{own_authority}");
        Ok(Self { config, issuer_authority, own_origin, own_authority, callback_path })
    }
}

/// Paths that already mean something here, so that the redirect URI cannot take them.
const RESERVED_PATHS: [&str; 3] = ["/", "/login", "/status"];

fn plain_http(text: &str) -> Option<(String, String)> {
    let uri: Uri = text.parse().ok()?;
    if uri.scheme_str() != Some("http") || uri.query().is_some() {
        return None;
    }
    let authority = uri.authority()?;
    if authority.as_str().contains('@') {
        return None;
    }
    Some((authority.as_str().to_owned(), uri.path().to_owned()))
}

/// Why a configuration cannot work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigFault {
    /// The listen address can be reached from other machines.
    NotLoopback,
    /// The issuer is not a plain `http` address: this application is for one machine only.
    Issuer,
    /// The redirect URI is not a plain `http` address with a path of its own.
    RedirectUri,
    /// The scopes do not hold `openid`.
    Scope,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotLoopback => "the example application listens on loopback addresses only",
            Self::Issuer => "the issuer must be an http address on this machine, without a query",
            Self::RedirectUri => "the redirect address must be an http address with its own path, without a query",
            Self::Scope => "the scopes must hold openid",
        })
    }
}

impl std::error::Error for ConfigFault {}
