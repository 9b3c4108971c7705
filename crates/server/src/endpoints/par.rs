//! Pushed authorization requests (RFC 9126): read, prove the client, ask, commit, keep, answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, Response, StatusCode},
};
use model::Decision;
use oauth::{
    PushFacts, RawParams,
    authentication::{ClientAuthFault, Credentials},
    par,
    params::PUSHED_BYTES_MAX,
};
use store::{ChangeSet, CommitError};

use super::client_call::{self, Caller, Proving, answer, has_dpop, said, too_many, unavailable, with_nonce};
use crate::{ambient, certificate::PeerCertificate, commit::commit, limits::LimitKind, state::App, visitor::Address};

/// The path of this endpoint.
const PAR: &str = "/par";
/// Rounds of one request: keys for the assertion and for the request object, each cached and fresh, a spent assertion, an answer.
const ROUNDS_MAX: u8 = 6;

/// `POST /par`
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    certificate: PeerCertificate,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let body = match client_call::form(query.as_deref(), &headers, body, PUSHED_BYTES_MAX + 1).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let now = ambient::now();
    let caller = match Caller::read(&app, &headers, &certificate, address, now) {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    let Some(params) =
        std::str::from_utf8(&body).ok().and_then(|text| RawParams::parse_within(text, PUSHED_BYTES_MAX).ok())
    else {
        return client_call::plain_error(StatusCode::BAD_REQUEST, "invalid_request", "the form can not be read");
    };
    let credentials = match Credentials::read(caller.authorization, &params, caller.certificate) {
        Ok(credentials) => credentials,
        Err(fault) => return said(fault.answer()),
    };
    let response = push(&app, &params, &credentials, &headers, &caller).await;
    if has_dpop(&headers) { with_nonce(&app, response, now) } else { response }
}

async fn push(
    app: &App,
    params: &RawParams<'_>,
    credentials: &Credentials<'_>,
    headers: &HeaderMap,
    caller: &Caller<'_>,
) -> Response<Body> {
    let now = ambient::now();
    let proof = match client_call::proof(app, headers, PAR, now) {
        Ok(proof) => proof,
        Err(response) => return *response,
    };
    let mut proving = Proving::load(app, credentials.client_id(), caller.address, now).await;
    // Anybody can push in the name of a client that proves nothing.
    if proving.client.as_deref().is_none_or(|client| !client.is_confidential())
        && let Err(wait) = app.limits.admit(LimitKind::PushedRequest, caller.address, now)
    {
        return too_many(wait.seconds);
    }
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        if let Err(fault) = proving.ready(app, credentials, PAR, now).await {
            return caller.not_proved(app, fault, now);
        }
        let client = match proving.proved(app, credentials, PAR, now) {
            Ok(client) => client,
            Err(fault) => return caller.not_proved(app, fault, now),
        };
        let is_confidential = client.client().is_confidential();
        let facts = PushFacts {
            issuer: &app.issuer,
            keys: &app.tokens,
            client_keys: proving.keys.fact(),
            dpop_jkt: proof.as_ref().map(|proof| proof.jkt),
            detail_types: &app.settings.oauth.detail_types,
        };
        let decision = par::push(params, &client, &facts, now, &mut ambient::entropy());
        let (reply, changes, audit) = match decision {
            Decision::Done(outcome) => (Ok(outcome.reply), outcome.changes, outcome.audit),
            Decision::Refused(outcome) => (Err(outcome.reply), outcome.changes, outcome.audit),
            Decision::Need(need) => {
                if proving.load_keys(app, &need.uri).await.is_err() {
                    return said(ClientAuthFault::KeysMissing.answer());
                }
                continue;
            }
        };
        match commit(app, ChangeSet::new(now, changes, audit)).await {
            Ok(()) => {}
            Err(CommitError::Lost(lost)) => {
                proving.learn(lost);
                continue;
            }
            Err(CommitError::Failed) => return unavailable(),
        }
        return match reply {
            Ok(pushed) => {
                let body = pushed.body();
                match app.oauth.pushed.insert(pushed.key, pushed.record, is_confidential, now) {
                    Ok(()) => answer(StatusCode::CREATED, body),
                    Err(_) => too_many(5),
                }
            }
            Err(refusal) => {
                tracing::info!(%refusal, "a pushed request is refused");
                said(refusal.answer())
            }
        };
    }
    unavailable()
}
