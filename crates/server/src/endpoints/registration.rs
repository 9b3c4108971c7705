//! Clients that register and manage themselves (RFC 7591, RFC 7592): read, load, ask, commit, answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, Response, StatusCode, header},
};
use model::Decision;
use oauth::{
    Client,
    client::ClientKeys,
    registration::{
        AccessFact, InitialAccess, METADATA_BYTES_MAX, ManageFacts, RegisterFacts, RegistrationFault, RegistrationNeed,
        SectorFact, initial_access_hash, manage, register as decide,
    },
};
use store::{ChangeSet, CommitError, ReadError};

use super::client_call::{answer, bounded, empty, plain_error, said, single, too_many, unavailable, unreadable};
use crate::{
    ambient,
    commit::commit,
    guard,
    limits::LimitKind,
    outbound::{Fetched, Limits, OutboundError},
    state::App,
    visitor::Address,
};

/// Rounds of one request: the sector's document, a lost race, an answer.
const ROUNDS_MAX: u8 = 4;

/// `POST /register`
pub(crate) async fn register(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let Some(token) = open(&app, &headers) else { return off() };
    let body = match json(&headers, body).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    if let Err(wait) = app.limits.admit(LimitKind::Registration, address, ambient::now()) {
        return too_many(wait.seconds);
    }
    let mut sector = Sector::NotFetched;
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        let access = match access(&app, token) {
            Ok(access) => access,
            Err(error) => return unreadable(&error),
        };
        let signs = app.keys.live().algs.clone();
        let facts = RegisterFacts {
            issuer: &app.issuer,
            keys: &app.tokens,
            signs: &signs,
            access: match token {
                None => AccessFact::NotShown,
                Some(token) => AccessFact::Shown { token, access: access.as_ref() },
            },
            sector: sector.fact(),
        };
        match decide(&body, &facts, now, &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                if let Some(response) = unreachable_address(&app, &outcome.reply.client) {
                    return response;
                }
                match commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
                    Ok(()) => return answer(StatusCode::CREATED, outcome.reply.render()),
                    Err(CommitError::Lost(_)) => {}
                    Err(CommitError::Failed) => return unavailable(),
                }
            }
            Decision::Refused(outcome) => return refused(&outcome.reply),
            Decision::Need(need) => sector = Sector::fetch(&app, need).await,
        }
    }
    unavailable()
}

/// `GET /register/{id}` (RFC 7592 §2.1)
pub(crate) async fn read(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some(token) = open(&app, &headers) else { return off() };
    let client = named(&app, path.as_ref().ok());
    let signs = app.keys.live().algs.clone();
    match manage::read(&manage_facts(&app, client.as_deref(), token, &signs, SectorFact::NotFetched)) {
        Ok(managed) => answer(StatusCode::OK, managed.render()),
        Err(fault) => refused(&fault),
    }
}

/// `PUT /register/{id}` (RFC 7592 §2.2)
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let Some(token) = open(&app, &headers) else { return off() };
    let body = match json(&headers, body).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let mut sector = Sector::NotFetched;
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        let client = named(&app, path.as_ref().ok());
        let signs = app.keys.live().algs.clone();
        let facts = manage_facts(&app, client.as_deref(), token, &signs, sector.fact());
        match manage::replace(&body, &facts, now, &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                if let Some(response) = unreachable_address(&app, &outcome.reply.client) {
                    return response;
                }
                match commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
                    Ok(()) => return answer(StatusCode::OK, outcome.reply.render()),
                    Err(CommitError::Lost(_)) => {}
                    Err(CommitError::Failed) => return unavailable(),
                }
            }
            Decision::Refused(outcome) => return refused(&outcome.reply),
            Decision::Need(need) => sector = Sector::fetch(&app, need).await,
        }
    }
    unavailable()
}

/// `DELETE /register/{id}` (RFC 7592 §2.3)
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some(token) = open(&app, &headers) else { return off() };
    let now = ambient::now();
    let client = named(&app, path.as_ref().ok());
    let signs = app.keys.live().algs.clone();
    let facts = manage_facts(&app, client.as_deref(), token, &signs, SectorFact::NotFetched);
    match manage::remove(&facts, now) {
        Ok(outcome) => match commit(&app, ChangeSet::new(now, outcome.changes, outcome.audit)).await {
            Ok(()) => empty(StatusCode::NO_CONTENT),
            // Somebody removed it at the same moment: the token is worth nothing now.
            Err(CommitError::Lost(_)) => refused(&RegistrationFault::TokenRefused),
            Err(CommitError::Failed) => unavailable(),
        },
        Err(fault) => refused(&fault),
    }
}

/// The token in the header, when these endpoints are there at all.
fn open<'h>(app: &App, headers: &'h HeaderMap) -> Option<Option<&'h str>> {
    if !app.settings.oauth.registration {
        return None;
    }
    let authorization = single(headers, &header::AUTHORIZATION).unwrap_or(None);
    Some(authorization.and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
    }))
}

fn off() -> Response<Body> {
    plain_error(StatusCode::NOT_FOUND, "invalid_request", "clients do not register themselves here")
}

async fn json(headers: &HeaderMap, body: Body) -> Result<bytes::Bytes, Response<Body>> {
    if !guard::is_json(headers) {
        // A stranger without a token learns first that one is needed.
        return if headers.contains_key(header::AUTHORIZATION) {
            Err(plain_error(StatusCode::BAD_REQUEST, "invalid_client_metadata", "send Content-Type application/json"))
        } else {
            Err(refused(&RegistrationFault::TokenMissing))
        };
    }
    bounded(body, METADATA_BYTES_MAX + 1).await
}

fn access(app: &App, token: Option<&str>) -> Result<Option<InitialAccess>, ReadError> {
    token.map_or(Ok(None), |token| app.store.initial_access(&initial_access_hash(&app.tokens, token)))
}

fn named(app: &App, path: Option<&Path<String>>) -> Option<Arc<Client>> {
    path.and_then(|Path(id)| app.store.client(id))
}

fn manage_facts<'a>(
    app: &'a App,
    client: Option<&'a Client>,
    token: Option<&'a str>,
    signs: &'a [crypto::SigningAlg],
    sector: SectorFact<'a>,
) -> ManageFacts<'a> {
    ManageFacts { issuer: &app.issuer, keys: &app.tokens, signs, client, token, sector }
}

/// An address of the client's that we would never call: told now, not when it is needed.
fn unreachable_address(app: &App, client: &Client) -> Option<Response<Body>> {
    let keys = match &client.settings.proof.keys {
        ClientKeys::Uri(uri) => Some(uri.as_str()),
        ClientKeys::None | ClientKeys::Inline(_) => None,
    };
    let logout = client.settings.logout.backchannel_uri.as_deref();
    let refused = [keys, logout].into_iter().flatten().find_map(|url| app.oauth.outbound.check_url(url).err())?;
    tracing::info!(error = %refused, "a registration names an address that is never called");
    let text = "jwks_uri and backchannel_logout_uri must be public https addresses";
    Some(plain_error(StatusCode::BAD_REQUEST, "invalid_client_metadata", text))
}

/// The sector's document, as far as it was asked for.
enum Sector {
    NotFetched,
    Unavailable,
    Fetched { url: String, document: Arc<Fetched> },
}

impl Sector {
    async fn fetch(app: &App, need: RegistrationNeed) -> Self {
        let RegistrationNeed::FetchSector { url } = need;
        let answer: Result<Arc<Fetched>, OutboundError> =
            app.oauth.outbound.get(&url, Limits::SECTOR_IDENTIFIERS).await;
        match answer {
            Ok(document) => Self::Fetched { url, document },
            Err(error) => {
                tracing::info!(%error, "failed to fetch a sector's document");
                Self::Unavailable
            }
        }
    }

    fn fact(&self) -> SectorFact<'_> {
        match self {
            Self::NotFetched => SectorFact::NotFetched,
            Self::Unavailable => SectorFact::Unavailable,
            Self::Fetched { url, document } => SectorFact::Fetched { url, body: &document.body },
        }
    }
}

fn refused(fault: &RegistrationFault) -> Response<Body> {
    tracing::info!(%fault, "a registration is refused");
    said(fault.answer())
}
