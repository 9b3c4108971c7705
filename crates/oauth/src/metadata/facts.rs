//! What the documents are made from: facts about this installation, not wishes.

use crypto::SigningAlg;

use crate::{Issuer, authorization_details::DetailType};

/// Facts about this installation. The documents are built anew when one of them changes.
#[derive(Debug, Clone, Copy)]
pub struct MetadataFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The algorithms that have a key which signs now.
    pub signing_algs: &'a [SigningAlg],
    /// The scopes that mean something to us beside `openid` and `offline_access`: those that stand for claims.
    pub scopes: &'a [&'a str],
    /// The claims about people that can be told, where a client may be told them.
    pub claims: &'a [&'a str],
    /// The types of authorization details that are known here.
    pub detail_types: &'a [DetailType],
    /// The origin of the listener that asks for client certificates, where it is another one (RFC 8705 §5).
    pub mtls_origin: Option<&'a str>,
    /// Which endpoints and ways of proof are there.
    pub features: Features,
}

/// Which endpoints and ways of proof an installation has beyond codes, refresh tokens and secrets. Each one is true only when the
/// shell answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features {
    /// `/par` (RFC 9126).
    pub pushed_requests: bool,
    /// Pushed requests and no others (RFC 9126 §5).
    pub pushed_requests_required: bool,
    /// Request objects, by the keys of clients (RFC 9101), and client assertions (RFC 7523).
    pub client_keys: bool,
    /// Signed responses (JARM).
    pub signed_responses: bool,
    /// DPoP proofs (RFC 9449).
    pub dpop: bool,
    /// Client certificates from an authority (RFC 8705 §2.1).
    pub tls_client_auth: bool,
    /// Client certificates of any kind, for proof and for binding tokens (RFC 8705 §2.2, §3).
    pub mtls: bool,
    /// `/introspect` (RFC 7662, RFC 9701).
    pub introspection: bool,
    /// `/revoke` (RFC 7009).
    pub revocation: bool,
    /// The client credentials grant.
    pub client_credentials: bool,
    /// `/device_authorization` (RFC 8628).
    pub device: bool,
    /// Token exchange (RFC 8693).
    pub token_exchange: bool,
    /// `/register` (RFC 7591).
    pub registration: bool,
    /// Clients whose id is the address of a document about them.
    pub client_id_documents: bool,
    /// `/logout` and logout tokens (OpenID Connect RP-Initiated and Back-Channel Logout).
    pub logout: bool,
    /// The `claims` parameter and claims at the userinfo endpoint.
    pub claims: bool,
    /// Attested keys can be told from others, so that `phrh` can be earned.
    pub attestation: bool,
}

impl Features {
    /// Everything that this room can do; requiring pushed requests, and attestation, are the operator's to say.
    pub const ALL: Self = Self {
        pushed_requests: true,
        pushed_requests_required: false,
        client_keys: true,
        signed_responses: true,
        dpop: true,
        tls_client_auth: true,
        mtls: true,
        introspection: true,
        revocation: true,
        client_credentials: true,
        device: true,
        token_exchange: true,
        registration: true,
        client_id_documents: true,
        logout: true,
        claims: true,
        attestation: false,
    };
}
