//! Which client an address stands for now.

use model::{Actor, AuditEvent, AuditKind, Decision, Outcome, Timestamp};

use super::{ClientIdUrl, DocumentRules, UrlFault, document};
use crate::{
    Change, Client, Issuer,
    client::ClientOrigin,
    registration::{RegistrationFault, manage::keep_operators_part, policy::host_is_listed},
};

/// Shortest time for which a document is believed, in seconds, whatever its headers say.
pub const FRESH_SECONDS_MIN: i64 = 60;
/// Longest such time, in seconds.
pub const FRESH_SECONDS_MAX: i64 = 86_400;

/// What became of fetching a document. Errors are never kept (draft-ietf-oauth-client-id-metadata-document §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFact<'a> {
    /// Not tried.
    NotFetched,
    /// Tried, in vain: not status 200, a redirect, too long, the wrong type, a forbidden address.
    Unavailable,
    /// Fetched with status 200.
    Fetched {
        /// What came.
        body: &'a [u8],
        /// When.
        at: Timestamp,
        /// Until when its headers allow to keep it (RFC 9111).
        fresh_until: Timestamp,
    },
}

/// What must be fetched before the client is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentNeed {
    /// The document at this address; the answer is a [`DocumentFact`].
    Fetch {
        /// Where.
        url: String,
    },
}

/// Why an address stands for no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// Such clients are not served here.
    #[error("client ids that lead to documents are not accepted here")]
    Off,
    /// The address can't be a client id.
    #[error("{0}")]
    Url(UrlFault),
    /// The host is not one of those that are served.
    #[error("clients of this host are not accepted here")]
    Host,
    /// Somebody registered a client under this id here, and a document does not replace it.
    #[error("this client id is registered here")]
    Registered,
    /// The document could not be fetched.
    #[error("the document at the client id could not be read")]
    Unavailable,
    /// The document breaks a rule.
    #[error("the document at the client id is refused: {0}")]
    Document(RegistrationFault),
}

/// The client of a client id that leads to a document. `known` is the client as remembered, in memory or in storage.
pub fn load(
    client_id: &str,
    known: Option<&Client>,
    fact: DocumentFact<'_>,
    rules: Option<&DocumentRules>,
    issuer: &Issuer,
    now: Timestamp,
) -> Decision<Client, DocumentFault, DocumentNeed, Change> {
    match decide(client_id, known, fact, rules, issuer, now) {
        Ok(Loaded::Client(outcome)) => Decision::Done(*outcome),
        Ok(Loaded::Need(need)) => Decision::Need(need),
        Err(fault) => Decision::Refused(Outcome::plain(fault)),
    }
}

enum Loaded {
    Client(Box<Outcome<Client, Change>>),
    Need(DocumentNeed),
}

fn decide(
    client_id: &str,
    known: Option<&Client>,
    fact: DocumentFact<'_>,
    rules: Option<&DocumentRules>,
    issuer: &Issuer,
    now: Timestamp,
) -> Result<Loaded, DocumentFault> {
    let rules = rules.ok_or(DocumentFault::Off)?;
    let url = ClientIdUrl::parse(client_id).map_err(DocumentFault::Url)?;
    if !rules.hosts.is_empty() && !host_is_listed(url.host(), &rules.hosts) {
        return Err(DocumentFault::Host);
    }
    // 1. What is remembered and fresh needs no fetching. A clock that went back makes it stale.
    if let Some(known) = known {
        match &known.settings.origin {
            ClientOrigin::MetadataDocument { url: from, fetched, fresh_until } => {
                if from == url.as_str() && *fetched <= now && now < *fresh_until {
                    return Ok(Loaded::Client(Box::new(Outcome::plain(known.clone()))));
                }
            }
            ClientOrigin::Operator | ClientOrigin::Registered { .. } => return Err(DocumentFault::Registered),
        }
    }
    // 2. A stale document is not believed because the new one can't be had: its host may have taken it back.
    let (body, at, fresh_until) = match fact {
        DocumentFact::NotFetched => return Ok(Loaded::Need(DocumentNeed::Fetch { url: url.as_str().to_owned() })),
        DocumentFact::Unavailable => return Err(DocumentFault::Unavailable),
        DocumentFact::Fetched { body, at, fresh_until } => (body, at, fresh_until),
    };
    let fresh_until = fresh_until.clamp(at.plus_seconds(FRESH_SECONDS_MIN), at.plus_seconds(FRESH_SECONDS_MAX));
    let mut client = document::read(&url, body, rules, issuer, at, fresh_until).map_err(DocumentFault::Document)?;
    // 3. A client that is kept already is kept up to date; others leave no trace until a person agrees.
    let Some(known) = known else { return Ok(Loaded::Client(Box::new(Outcome::plain(client)))) };
    keep_operators_part(&mut client, known);
    let Outcome { changes, audit, .. } = keep(&client);
    Ok(Loaded::Client(Box::new(Outcome { reply: client, changes, audit })))
}

/// Keeps a client, so that grants can refer to it. To be written before the first of them, in the same commit: with the consent, the
/// code's family or the device's grant.
pub fn keep(client: &Client) -> Outcome<(), Change> {
    Outcome {
        reply: (),
        changes: vec![Change::KeepDocumentClient(Box::new(client.clone()))],
        audit: vec![AuditEvent::new(AuditKind::ClientDocumentKept, Actor::System).client(client.id.clone())],
    }
}

/// The host that stands behind a client with a document: shown wherever its name is shown (§6.4). None for other clients.
#[must_use]
pub fn shown_host(client: &Client) -> Option<&str> {
    match &client.settings.origin {
        ClientOrigin::MetadataDocument { url, .. } => {
            let rest = url.strip_prefix("https://")?;
            rest.split(['/', ':']).next()
        }
        ClientOrigin::Operator | ClientOrigin::Registered { .. } => None,
    }
}
