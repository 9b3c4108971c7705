//! What every endpoint shares: settings, store, keys, memory and the documents that do not change while the server runs.

use std::sync::Arc;

use crypto::{HashKey, RootKey};
use passkey::RelyingParty;
use signin::Setting;
use store::Store;
use web::Site;

use crate::{
    ambient, attestation,
    behind::BehindTokens,
    cookies::Cookies,
    documents::Documents,
    endpoints::tour::DemoSeen,
    keys::LiveKeys,
    late::Late,
    limits::{LoopbackLimits, RequestLimits},
    listen::ServeError,
    memory::{codes::Codes, enrolling::EnrollingApps, journeys::Journeys, tokens::CheckedTokens},
    oauth_parts::OauthParts,
    passwords::PasswordPool,
    settings::Settings,
    throttling::Knocks,
};

/// The running server's shared state.
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) store: Arc<Store>,
    pub(crate) site: Site,
    pub(crate) rp: RelyingParty,
    pub(crate) issuer: oauth::Issuer,
    pub(crate) keys: LiveKeys,
    pub(crate) hashes: Hashes,
    pub(crate) tokens: oauth::TokenKeys,
    pub(crate) cookies: Cookies,
    pub(crate) journeys: Journeys,
    pub(crate) codes: Codes,
    pub(crate) checked_tokens: CheckedTokens,
    pub(crate) behind: BehindTokens,
    pub(crate) late: Late,
    pub(crate) passwords: Arc<PasswordPool>,
    pub(crate) knocks: Knocks,
    pub(crate) enrolling: EnrollingApps,
    /// Wakes whoever carries notices out, after one was committed.
    pub(crate) notices_queued: tokio::sync::Notify,
    /// How often one corner of the internet may knock: one count for each kind of door, whichever endpoint it stands in.
    pub(crate) limits: RequestLimits,
    pub(crate) documents: Documents,
    pub(crate) oauth: OauthParts,
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
        let issuer = oauth::Issuer::new(&settings.issuer).map_err(|error| ServeError::Store(error.to_string()))?;
        let keys = LiveKeys::new(store.clone(), issuer.clone(), settings.oauth.clone())
            .map_err(|error| ServeError::Store(error.to_string()))?;
        let oauth = OauthParts::new(&settings, ambient::now(), &mut ambient::entropy())?;
        let rp = RelyingParty {
            id: settings.rp_id.clone(),
            name: settings.rp_name.clone(),
            origins: settings.origins.clone(),
            top_origins: settings.top_origins.clone(),
            attestation_roots: attestation::roots(&settings.oauth.attestation_roots).map_err(ServeError::Settings)?,
        };
        let documents = Documents::new(&settings);
        // In the demonstration everybody comes from here.
        let loopback = if settings.oauth.loopback_is_limited && settings.demo.is_none() {
            LoopbackLimits::Limited
        } else {
            LoopbackLimits::Free
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
            behind: BehindTokens::new(),
            late: Late::new(store.clone()),
            passwords: Arc::new(PasswordPool::new(settings.password_cost, settings.breach_list.clone())),
            knocks: Knocks::new(),
            enrolling: EnrollingApps::new(),
            notices_queued: tokio::sync::Notify::new(),
            limits: RequestLimits::new(loopback, &mut ambient::entropy()),
            documents,
            oauth,
            demo_seen: DemoSeen::default(),
            settings,
            store,
        })
    }

    /// The installation, as the sign-in engine sees it.
    pub(crate) fn signin(&self) -> Setting<'_> {
        Setting { rp: &self.rp, key: &self.hashes.signin }
    }
}
