//! Finding clients and their keys, wherever they are: in the store, in a document that their id points at, behind a `jwks_uri`.

use std::{net::IpAddr, sync::Arc};

use crypto::jwk::JwkSet;
use model::{AuditEvent, Decision, Timestamp};
use oauth::{
    Client,
    authentication::KeyFact,
    client::ClientOrigin,
    metadata_document::{self, DOCUMENT_BYTES_MAX, DocumentFact, DocumentNeed, DocumentRules},
};
use store::{ChangeSet, CommitError};

use crate::{
    keys::Live,
    limits::LimitKind,
    outbound::{Fetched, Limits, OutboundError},
    settings_oauth::ClientDocuments,
    state::App,
};

/// Fetching a client's document: as long as a document may be, and JSON (draft-ietf-oauth-client-id-metadata-document §4).
const DOCUMENT: Limits = Limits { body_bytes_max: DOCUMENT_BYTES_MAX, ..Limits::CLIENT_METADATA };

/// The client of an id. For most that is a look into memory; a document may have to be fetched, which is counted for the `address` that asks.
pub(crate) async fn find(app: &App, id: &str, address: IpAddr, now: Timestamp) -> Option<Arc<Client>> {
    if !metadata_document::is_document_id(id) {
        return app.store.client(id);
    }
    from_document(app, id, address, now).await
}

/// The client of an id, if nothing must be fetched for it.
pub(crate) fn known(app: &App, id: &str, now: Timestamp) -> Option<Arc<Client>> {
    app.store.client(id).or_else(|| app.oauth.document_clients.find(id, now))
}

async fn from_document(app: &App, id: &str, address: IpAddr, now: Timestamp) -> Option<Arc<Client>> {
    let rules = app.settings.oauth.client_documents.as_ref().map(|documents| rules(documents, &app.keys.live()));
    let stored = app.store.client(id);
    let known = stored.clone().or_else(|| app.oauth.document_clients.find(id, now));
    let mut fetched: Option<Result<Arc<Fetched>, OutboundError>> = None;
    // One question at the most: what is fetched is the answer.
    for _ in 0..2 {
        let fact = match &fetched {
            None => DocumentFact::NotFetched,
            Some(Ok(document)) if document.status == 200 => {
                DocumentFact::Fetched { body: &document.body, at: document.fetched, fresh_until: document.fresh_until }
            }
            Some(Ok(_) | Err(_)) => DocumentFact::Unavailable,
        };
        match metadata_document::load(id, known.as_deref(), fact, rules.as_ref(), &app.issuer, now) {
            Decision::Done(outcome) => {
                let client = Arc::new(outcome.reply);
                match &stored {
                    // What is kept on disk stays as fresh as what was fetched.
                    Some(_) => {
                        let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                        match crate::commit::commit(app, set).await {
                            Ok(()) | Err(CommitError::Lost(_)) => {}
                            Err(CommitError::Failed) => return None,
                        }
                    }
                    None => remember(app, &client, now),
                }
                return Some(client);
            }
            Decision::Refused(outcome) => {
                tracing::info!(why = %outcome.reply, "a client's document is refused");
                return None;
            }
            Decision::Need(DocumentNeed::Fetch { url }) => {
                if app.limits.admit(LimitKind::DocumentFetched, address, now).is_err() {
                    tracing::info!("a client's document is not fetched: too many were, for the same address block");
                    return None;
                }
                let answer = app.oauth.outbound.get(&url, DOCUMENT).await;
                if let Err(error) = &answer {
                    tracing::info!(%error, "failed to fetch a client's document");
                }
                fetched = Some(answer);
            }
        }
    }
    None
}

fn rules(documents: &ClientDocuments, keys: &Live) -> DocumentRules {
    DocumentRules {
        hosts: documents.hosts.clone(),
        policy: documents.policy.clone(),
        signs: keys.algs.clone(),
        redirects: documents.redirects,
    }
}

fn remember(app: &App, client: &Arc<Client>, now: Timestamp) {
    if let ClientOrigin::MetadataDocument { fresh_until, .. } = &client.settings.origin {
        app.oauth.document_clients.keep(client.clone(), *fresh_until, now);
    }
}

/// A change set for a grant of this client. One that was read from a document comes to stay with its first grant: it is written first, for
/// what follows refers to it.
pub(crate) fn with_client(
    app: &App,
    client: Option<&Client>,
    changes: Vec<oauth::Change>,
    audit: Vec<AuditEvent>,
    now: Timestamp,
) -> ChangeSet {
    let first = client.filter(|client| is_new_document(app, client) && !changes.is_empty());
    let mut set = ChangeSet::new(now, changes, audit);
    if let Some(client) = first {
        let kept = metadata_document::keep(client);
        set.changes.splice(0..0, kept.changes.into_iter().map(Into::into));
        set.audit.splice(0..0, kept.audit);
    }
    set
}

fn is_new_document(app: &App, client: &Client) -> bool {
    match &client.settings.origin {
        ClientOrigin::MetadataDocument { .. } => app.store.client(client.id.as_str()).is_none(),
        ClientOrigin::Operator | ClientOrigin::Registered { .. } => false,
    }
}

/// The keys behind a client's `jwks_uri`, as far as they were asked for.
pub(crate) enum ClientKeySet {
    NotLoaded,
    Cached(JwkSet),
    Fetched(JwkSet),
}

/// A client's keys can't be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeysUnavailable;

impl ClientKeySet {
    /// As the engines see them.
    pub(crate) const fn fact(&self) -> KeyFact<'_> {
        match self {
            Self::NotLoaded => KeyFact::NotLoaded,
            Self::Cached(set) => KeyFact::Cached(set),
            Self::Fetched(set) => KeyFact::Fetched(set),
        }
    }

    /// Answers an engine's question for keys: from the cache first, then afresh. How often one address is fetched afresh is bounded by the
    /// door outwards, because anybody can name a key that doesn't exist.
    pub(crate) async fn load(&mut self, app: &App, client: Option<&Client>, uri: &str) -> Result<(), KeysUnavailable> {
        let outbound = &app.oauth.outbound;
        let limits = match client.map(|client| &client.settings.origin) {
            Some(ClientOrigin::MetadataDocument { .. }) | None => Limits::JWKS_OF_DOCUMENT,
            Some(ClientOrigin::Operator | ClientOrigin::Registered { .. }) => Limits::JWKS,
        };
        let (fetched, is_fresh) = match self {
            Self::NotLoaded => (outbound.get(uri, limits).await, false),
            Self::Cached(_) => (outbound.refresh(uri, limits).await, true),
            Self::Fetched(_) => return Err(KeysUnavailable),
        };
        let document = fetched.map_err(|error| {
            tracing::warn!(%error, "failed to fetch a client's keys");
            KeysUnavailable
        })?;
        let set = JwkSet::parse(&document.body).map_err(|_| {
            tracing::warn!("a client publishes a key set that can not be used");
            KeysUnavailable
        })?;
        *self = if is_fresh { Self::Fetched(set) } else { Self::Cached(set) };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
