//! What every endpoint shares: settings, store, keys, memory and the documents that do not change while the server runs.

use std::sync::Arc;

use crypto::{HashKey, KeySet, RootKey};
use passkey::RelyingParty;
use signin::{Setting, limits::SessionLimits};
use store::Store;
use web::Site;

use crate::{
    cookies::Cookies,
    documents::{Document, Documents, passkey_endpoints_json, related_origins_json},
    endpoints::tour::DemoSeen,
    listen::ServeError,
    memory::{codes::Codes, journeys::Journeys, tokens::CheckedTokens},
    settings::Settings,
};

/// How long caches may keep metadata, in seconds.
const METADATA_SECONDS: u32 = 3600;
/// How long caches may keep the keys, in seconds: a new key is published for longer than this before it signs.
const KEYS_SECONDS: u32 = 300;

/// The running server's shared state.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) store: Arc<Store>,
    pub(crate) site: Site,
    pub(crate) rp: RelyingParty,
    pub(crate) issuer: oauth::Issuer,
    pub(crate) keys: KeySet,
    pub(crate) hashes: Hashes,
    pub(crate) tokens: oauth::TokenKeys,
    pub(crate) cookies: Cookies,
    pub(crate) journeys: Journeys,
    pub(crate) codes: Codes,
    pub(crate) checked_tokens: CheckedTokens,
    pub(crate) documents: Documents,
    pub(crate) demo_seen: DemoSeen,
}

/// Keys of the keyed hashes that the shell computes, derived from the root key.
pub(crate) struct Hashes {
    /// Cookies, passes, names and pseudonyms.
    pub(crate) signin: HashKey,
    /// The consent form's own proof of origin.
    pub(crate) consent_form: HashKey,
}

impl App {
    pub(crate) fn new(settings: Settings, store: Arc<Store>, root: &RootKey) -> Result<Self, ServeError> {
        let keys = KeySet::new(store.signing_keys()).map_err(|error| ServeError::Store(error.to_string()))?;
        let issuer = oauth::Issuer::new(&settings.issuer).map_err(|error| ServeError::Store(error.to_string()))?;
        let rp = RelyingParty {
            id: settings.rp_id.clone(),
            name: settings.rp_name.clone(),
            origins: settings.origins.clone(),
            top_origins: settings.top_origins.clone(),
            attestation_roots: Vec::new(),
        };
        let documents = Documents {
            discovery: Document::json(oauth::metadata::openid_configuration(&issuer), METADATA_SECONDS),
            authorization_server: Document::json(oauth::metadata::authorization_server(&issuer), METADATA_SECONDS),
            jwks: Document::json(keys.jwks_json(), KEYS_SECONDS),
            passkey_endpoints: Document::json(passkey_endpoints_json(&settings.issuer), METADATA_SECONDS),
            related_origins: Document::json(related_origins_json(&settings.origins), METADATA_SECONDS),
        };
        Ok(Self {
            site: Site {
                organisation: settings.organisation.clone(),
                host: settings.rp_id.clone(),
                demo: settings.demo.is_some(),
            },
            rp,
            issuer,
            keys,
            hashes: Hashes { signin: root.hash_key("signin"), consent_form: root.hash_key("consent form") },
            tokens: oauth::TokenKeys::from_root(root),
            cookies: Cookies::for_issuer(&settings.issuer),
            journeys: Journeys::new(),
            codes: Codes::new(),
            checked_tokens: CheckedTokens::new(),
            documents,
            demo_seen: DemoSeen::default(),
            settings,
            store,
        })
    }

    /// The installation, as the sign-in engine sees it.
    pub(crate) fn signin(&self) -> Setting<'_> {
        Setting { rp: &self.rp, key: &self.hashes.signin, sessions: SessionLimits::DEFAULT }
    }
}
