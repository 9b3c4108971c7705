//! The token endpoint: read, load, ask, commit, sign, answer.

mod exchange;
mod load;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, Response, StatusCode},
};
use crypto::SigningAlg;
use model::Decision;
use oauth::{Presented, TokenNeed, TokenRefusal, TokenReply, TokenRequest, token};
use store::{ChangeSet, CommitError};

use super::client_call::{self, Caller, Proving, answer, has_dpop, said, unavailable, unreadable, with_nonce};
use crate::{
    ambient,
    certificate::PeerCertificate,
    clients::with_client,
    commit::record_late,
    keys::{Live, signing},
    memory::codes::SpendLost,
    state::App,
    visitor::Address,
};
use load::Loaded;

/// The path of this endpoint.
const TOKEN: &str = "/token";
/// Largest token request, in bytes: the engine reads 8 KiB.
const FORM_BYTES_MAX: usize = 8 * 1024 + 1;
/// Times that a lost race is decided again. A lost race shows itself as a replay in the next round, so two are enough; a used assertion or a
/// missing key may cost one more each.
const ROUNDS_MAX: u8 = 5;

/// `POST /token`
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    certificate: PeerCertificate,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    let body = match client_call::form(query.as_deref(), &headers, body, FORM_BYTES_MAX).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let now = ambient::now();
    let caller = match Caller::read(&app, &headers, &certificate, address, now) {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    let params = match token::form(&body) {
        Ok(params) => params,
        Err(malformed) => return refused(TokenRefusal::Malformed(malformed)),
    };
    let request = match TokenRequest::read(&params, caller.authorization, caller.certificate) {
        Ok(request) => request,
        Err(refusal) => return refused(refusal),
    };
    let response = exchange(&app, &request, &headers, &caller).await;
    if has_dpop(&headers) { with_nonce(&app, response, now) } else { response }
}

async fn exchange(
    app: &Arc<App>,
    request: &TokenRequest<'_>,
    headers: &HeaderMap,
    caller: &Caller<'_>,
) -> Response<Body> {
    let now = ambient::now();
    // The proof is spent before anything else is looked at, so that it works once whatever comes of the request.
    let proof = match client_call::proof(app, headers, TOKEN, now) {
        Ok(proof) => proof,
        Err(response) => return *response,
    };
    let mut proving = Proving::load(app, request.client_id(), caller.address, now).await;
    let presented = request.presents(&app.tokens);
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        let keys = app.keys.live();
        let loaded = match Loaded::load(app, request, &presented, proving.client.as_deref(), now) {
            Ok(loaded) => loaded,
            Err(error) => return unreadable(&error),
        };
        let exchange = loaded.exchange_facts(app);
        let facts = loaded.facts(app, &proving, proof.as_ref(), exchange.as_ref());
        match token::handle(request, &facts, now, &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                let family = outcome.reply.family();
                let Some(alg) = registered_alg(&keys, proving.client.as_deref()) else { return unavailable() };
                let is_change = !outcome.changes.is_empty();
                let set = with_client(app, proving.client.as_deref(), outcome.changes, outcome.audit, now);
                if !is_change {
                    // A client's own token, or one that is repeated: nothing to undo, so its record may follow the answer.
                    if record_late(app, set).await.is_err() {
                        return unavailable();
                    }
                    return render(&keys, alg, outcome.reply).await;
                }
                let queued = match presented {
                    Presented::Code(hash) => match app.codes.spend(&hash, family, now, || app.store.commit(set)) {
                        Ok(queued) => queued,
                        Err(SpendLost) => continue,
                    },
                    Presented::Family(_) | Presented::Device(_) | Presented::Tokens | Presented::Nothing => {
                        app.store.commit(set)
                    }
                };
                let Ok(pending) = queued else { return unavailable() };
                // Signing overlaps the disk: the answer still waits for both.
                let response = render(&keys, alg, outcome.reply).await;
                match pending.await {
                    Ok(()) => return response,
                    Err(CommitError::Lost(lost)) => proving.learn(lost),
                    Err(CommitError::Failed) => return unavailable(),
                }
            }
            Decision::Refused(outcome) => {
                if !outcome.changes.is_empty() || !outcome.audit.is_empty() {
                    let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                    let Ok(pending) = app.store.commit(set) else { return unavailable() };
                    match pending.await {
                        Ok(()) => {}
                        Err(CommitError::Lost(lost)) => {
                            proving.learn(lost);
                            continue;
                        }
                        Err(CommitError::Failed) => return unavailable(),
                    }
                }
                let response = refused(outcome.reply);
                caller.failed(app, response.status().as_u16(), now);
                return response;
            }
            Decision::Need(TokenNeed::ClientKeys { uri }) => {
                if proving.load_keys(app, &uri).await.is_err() {
                    return refused(TokenRefusal::Client(oauth::authentication::ClientAuthFault::KeysMissing));
                }
            }
        }
    }
    unavailable()
}

/// The algorithm that the client is registered for, if a key of ours signs with it now.
fn registered_alg(keys: &Live, client: Option<&oauth::Client>) -> Option<SigningAlg> {
    let alg = client?.settings.signing;
    if keys.set.signs(alg) {
        return Some(alg);
    }
    tracing::error!(alg = alg.as_str(), "a client is registered for an algorithm that no key signs with");
    None
}

/// Signs and writes the answer.
async fn render(keys: &Live, alg: SigningAlg, reply: TokenReply) -> Response<Body> {
    let set = keys.set.clone();
    let text = move || {
        reply.render(|typ, claims| {
            set.sign(alg, typ, claims).expect("a key for the algorithm was found in this very set")
        })
    };
    match signing::aside(alg, text).await {
        Some(json) => answer(StatusCode::OK, json),
        None => unavailable(),
    }
}

fn refused(refusal: TokenRefusal) -> Response<Body> {
    tracing::info!(refusal = %refusal, "token request refused");
    said(refusal.answer())
}
