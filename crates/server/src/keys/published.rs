//! The documents that speak of keys: the key set itself, and what we say about ourselves.

use context::Claim;
use crypto::{KeySet, SigningAlg};
use oauth::metadata::{self, Features, MetadataFacts};

use crate::{
    documents::Document,
    settings_oauth::{Certificates, OauthSettings},
};

/// How long caches may keep metadata, in seconds.
const METADATA_SECONDS: u32 = 3600;
/// How long caches may keep the keys, in seconds: a new key is published for longer than this before it signs.
pub(crate) const KEYS_SECONDS: u32 = 300;

pub(super) struct Published {
    pub(super) jwks: Document,
    pub(super) discovery: Document,
    pub(super) authorization_server: Document,
}

pub(super) fn documents(
    set: &KeySet,
    algs: &[SigningAlg],
    issuer: &oauth::Issuer,
    settings: &OauthSettings,
) -> Published {
    let claims: Vec<&str> = Claim::ALL.iter().map(|claim| claim.name()).collect();
    let mut scopes: Vec<&str> = Claim::ALL.iter().map(|claim| claim.scope()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    let facts = MetadataFacts {
        issuer,
        signing_algs: algs,
        scopes: &scopes,
        claims: &claims,
        detail_types: &settings.detail_types,
        mtls_origin: settings.mtls_origin(),
        features: features(settings),
    };
    Published {
        jwks: Document::json(set.jwks_json(), KEYS_SECONDS),
        discovery: Document::json(metadata::openid_configuration(&facts), METADATA_SECONDS),
        authorization_server: Document::json(metadata::authorization_server(&facts), METADATA_SECONDS),
    }
}

fn features(settings: &OauthSettings) -> Features {
    Features {
        pushed_requests_required: settings.pushed_requests_required,
        mtls: !matches!(settings.certificates, Certificates::None),
        tls_client_auth: settings.names_clients(),
        registration: settings.registration,
        client_id_documents: settings.client_documents.is_some(),
        // Without a trusted maker nobody can earn `phrh`.
        attestation: !settings.attestation_roots.is_empty(),
        ..Features::ALL
    }
}
