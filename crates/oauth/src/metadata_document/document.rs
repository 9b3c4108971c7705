//! Reading a document (draft-ietf-oauth-client-id-metadata-document §4, §4.1).

use crypto::SigningAlg;
use model::Timestamp;

use super::ClientIdUrl;
use crate::{
    Client, GrantTypes, Issuer, RedirectKind, RedirectUri,
    client::ClientOrigin,
    registration::{
        RegistrationFault, RegistrationPolicy,
        build::{self, Frame, wants_secret},
        metadata::Metadata,
        policy::backchannel,
    },
};

/// Most bytes of a document (§6.6 recommends 5 KB).
pub const DOCUMENT_BYTES_MAX: usize = 5 * 1024;

/// What no document may hold: everybody can read it (§4.1).
const SECRETS: [&str; 2] = ["client_secret", "client_secret_expires_at"];

/// Grants that no document brings, whatever the operator's rules say: they begin before a person has agreed to anything, so that each
/// address that a stranger makes up would leave a row here, and a device's page would show a code phisher's own words.
const NOT_FOR_DOCUMENTS: [GrantTypes; 2] = [GrantTypes::DEVICE_CODE, GrantTypes::CLIENT_CREDENTIALS];

/// What documents may bring about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRules {
    /// Hosts of client ids (`app.example.com`, or `.example.com` for everything below a domain). Empty: any.
    pub hosts: Vec<String>,
    /// What such a client may ask for. Its redirect hosts bind besides [`Self::redirects`].
    pub policy: RegistrationPolicy,
    /// With what we can sign (`KeySet::algs`).
    pub signs: Vec<SigningAlg>,
    /// Where answers may go.
    pub redirects: RedirectReach,
}

/// Where the answers of a client with a document may go, besides programs on the person's own device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectReach {
    /// To the host of its id only.
    SameHost,
    /// Anywhere that the document says; people see both hosts.
    Shown,
}

/// Makes a client of a document.
pub(super) fn read(
    url: &ClientIdUrl,
    body: &[u8],
    rules: &DocumentRules,
    issuer: &Issuer,
    fetched: Timestamp,
    fresh_until: Timestamp,
) -> Result<Client, RegistrationFault> {
    let mut metadata = Metadata::parse(body, DOCUMENT_BYTES_MAX)?;
    // §4.1: the id in the document is the address that it came from, by simple string comparison.
    if metadata.client_id.as_deref() != Some(url.as_str()) {
        return Err(RegistrationFault::Mismatch);
    }
    if let Some(name) = metadata.says_any(&SECRETS) {
        return Err(RegistrationFault::SecretInDocument(name));
    }
    // OpenID Connect Core §8: the public identifier of a person is the same at every client that sees it. An operator gives it to clients
    // that they know; a stranger who writes a document does not take it.
    if metadata.subject_type.as_deref() == Some("public") {
        return Err(RegistrationFault::Unsupported("subject_type"));
    }
    // §4.1: no method that rests on a shared secret. The default of RFC 7591 is one, so who says nothing is public.
    metadata.auth_method.get_or_insert_with(|| "none".to_owned());
    if wants_secret(build::auth(&metadata)?) {
        return Err(RegistrationFault::Unsupported("token_endpoint_auth_method"));
    }
    let client = build::client(
        &metadata,
        Frame {
            id: url.client_id(),
            secrets: Vec::new(),
            // The host that proved itself by serving the document. A document joins no sector but its own.
            sector: Some(url.host().to_owned()),
            origin: ClientOrigin::MetadataDocument { url: url.as_str().to_owned(), fetched, fresh_until },
            policy: &rules.policy,
            issuer,
            signs: &rules.signs,
            now: fetched,
        },
    )?;
    if let Some(grant) = NOT_FOR_DOCUMENTS.into_iter().find(|grant| client.grants.contains(*grant)) {
        return Err(RegistrationFault::GrantBeyond(grant.names().next().unwrap_or_default()));
    }
    match rules.redirects {
        RedirectReach::Shown => {}
        RedirectReach::SameHost => {
            let logout = backchannel(&client);
            let targets =
                client.redirect_uris.iter().chain(&client.settings.logout.post_logout_redirect_uris).chain(&logout);
            if let Some(uri) = targets.into_iter().find(|uri| !stays(uri, url)) {
                return Err(RegistrationFault::RedirectBeyond(uri.host().to_owned()));
            }
        }
    }
    Ok(client)
}

/// At the host of the id, or on the person's own device.
fn stays(uri: &RedirectUri, url: &ClientIdUrl) -> bool {
    match uri.kind() {
        RedirectKind::Https => uri.host() == url.host(),
        RedirectKind::Loopback | RedirectKind::Localhost | RedirectKind::PrivateScheme => true,
    }
}
