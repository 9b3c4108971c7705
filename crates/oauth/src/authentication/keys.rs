//! The public keys of a client, wherever they are.

use crypto::jwk::JwkSet;

use super::{AuthenticationStop, ClientAuthFault};
use crate::{Client, client::ClientKeys};

/// What is known about the keys behind a client's `jwks_uri`.
#[derive(Debug, Clone, Copy)]
pub enum KeyFact<'a> {
    /// Nothing was asked for yet.
    NotLoaded,
    /// From memory. When none of them fits, the engine asks once more.
    Cached(&'a JwkSet),
    /// Fetched for this request. When none of them fits, that is the answer.
    Fetched(&'a JwkSet),
}

/// The keys of a client, and where fresher ones might be.
pub(crate) struct KnownKeys<'a> {
    pub(crate) set: &'a JwkSet,
    fresher: Option<&'a str>,
}

impl KnownKeys<'_> {
    /// What to do when no key fits: ask for fresher ones where there may be some, and refuse with `fault` otherwise.
    pub(crate) fn none_fits(&self, fault: ClientAuthFault) -> AuthenticationStop {
        match self.fresher {
            Some(uri) => AuthenticationStop::NeedKeys { uri: uri.to_owned() },
            None => fault.into(),
        }
    }
}

/// The keys of `client`, registered or loaded.
pub(crate) fn client_keys<'a>(client: &'a Client, loaded: KeyFact<'a>) -> Result<KnownKeys<'a>, AuthenticationStop> {
    match (&client.settings.proof.keys, loaded) {
        (ClientKeys::None, _) => Err(ClientAuthFault::KeysMissing.into()),
        (ClientKeys::Inline(keys), _) => Ok(KnownKeys { set: keys.set(), fresher: None }),
        (ClientKeys::Uri(uri), KeyFact::NotLoaded) => Err(AuthenticationStop::NeedKeys { uri: uri.clone() }),
        (ClientKeys::Uri(uri), KeyFact::Cached(set)) => Ok(KnownKeys { set, fresher: Some(uri) }),
        (ClientKeys::Uri(_), KeyFact::Fetched(set)) => Ok(KnownKeys { set, fresher: None }),
    }
}
