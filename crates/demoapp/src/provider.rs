//! What the application learns from its issuer: the endpoints (OpenID Connect Discovery 1.0) and the signing keys (RFC 7517).

use std::fmt;

use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::outbound::{CallFault, Outbound};

/// Shortest time between two fetches of the key set, in seconds, so that strange key ids can't make us hammer the issuer.
const KEYS_REFETCH_SECONDS: i64 = 5;

/// The endpoints this application uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Endpoints {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: String,
    jwks_uri: String,
    /// RFC 9207 §3: whether a missing `iss` is itself a fault.
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The issuer, as far as it has been learned.
pub(crate) struct Provider {
    issuer: String,
    learned: Mutex<Learned>,
}

#[derive(Default)]
struct Learned {
    endpoints: Option<Endpoints>,
    keys: Option<JwkSet>,
    keys_fetched: i64,
}

impl Provider {
    pub(crate) fn new(issuer: String) -> Self {
        Self { issuer, learned: Mutex::default() }
    }

    /// The endpoints, fetched at first use and kept. A failure is not kept.
    pub(crate) async fn endpoints(&self, outbound: &Outbound) -> Result<Endpoints, ProviderFault> {
        let mut learned = self.learned.lock().await;
        if let Some(endpoints) = &learned.endpoints {
            return Ok(endpoints.clone());
        }
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let answer = outbound.get(&url, None).await.map_err(ProviderFault::Call)?;
        if !answer.status.is_success() {
            return Err(ProviderFault::Discovery);
        }
        let endpoints: Endpoints = serde_json::from_slice(&answer.body).map_err(|_| ProviderFault::Discovery)?;
        // Discovery 1.0 §4.3: the document's issuer must be the one we asked for, or it speaks for someone else.
        if endpoints.issuer != self.issuer {
            return Err(ProviderFault::OtherIssuer);
        }
        let all = [
            &endpoints.authorization_endpoint,
            &endpoints.token_endpoint,
            &endpoints.userinfo_endpoint,
            &endpoints.jwks_uri,
        ];
        if !all.into_iter().all(|url| outbound.reaches(url)) {
            return Err(ProviderFault::Call(CallFault::OtherHost));
        }
        learned.endpoints = Some(endpoints.clone());
        Ok(endpoints)
    }

    /// The key named `kid`. An unknown name fetches the set again, because the issuer may have rotated its keys.
    pub(crate) async fn key(&self, outbound: &Outbound, kid: &str, now: i64) -> Result<Jwk, ProviderFault> {
        let jwks_uri = self.endpoints(outbound).await?.jwks_uri;
        let mut learned = self.learned.lock().await;
        if let Some(key) = learned.keys.as_ref().and_then(|keys| keys.find(kid)) {
            return Ok(key.clone());
        }
        if learned.keys.is_some() && now - learned.keys_fetched < KEYS_REFETCH_SECONDS {
            return Err(ProviderFault::UnknownKey);
        }
        let answer = outbound.get(&jwks_uri, None).await.map_err(ProviderFault::Call)?;
        let keys: JwkSet = serde_json::from_slice(&answer.body).map_err(|_| ProviderFault::Keys)?;
        let found = keys.find(kid).cloned();
        learned.keys = Some(keys);
        learned.keys_fetched = now;
        found.ok_or(ProviderFault::UnknownKey)
    }
}

/// Why the issuer could not be learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProviderFault {
    Call(CallFault),
    Discovery,
    OtherIssuer,
    Keys,
    UnknownKey,
}

impl fmt::Display for ProviderFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(fault) => fault.fmt(f),
            Self::Discovery => f.write_str("the sign-in service's discovery document could not be read"),
            Self::OtherIssuer => f.write_str("the discovery document names another issuer than the one we trust"),
            Self::Keys => f.write_str("the sign-in service's key set could not be read"),
            Self::UnknownKey => {
                f.write_str("the ID token was signed with a key that the sign-in service does not publish")
            }
        }
    }
}
