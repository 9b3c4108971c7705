//! Out of its wrapping: a pushed request by its name, a signed one by the client's keys.

use model::Timestamp;
use oauth::{
    AuthorizeFault, AuthorizeRefusal, AuthorizeRequest, Client, PushedFact, RawParams, Resolution, ResolveFacts,
    authorize,
};

use crate::{
    clients::{ClientKeySet, KeysUnavailable},
    state::App,
};

/// Fetches the keys that a request's wrapping takes. Most requests have none.
///
/// # Errors
/// The refusal, when they can't be had.
pub(super) async fn keys_for(
    app: &App,
    params: &RawParams<'_>,
    client: Option<&Client>,
    pushed: PushedFact<'_>,
    now: Timestamp,
) -> Result<ClientKeySet, AuthorizeRefusal> {
    let mut keys = ClientKeySet::NotLoaded;
    // RFC 9101 §6: only a request object is signed with the client's keys.
    if params.value("request").is_none() {
        return Ok(keys);
    }
    loop {
        let uri = {
            let facts = ResolveFacts { issuer: &app.issuer, client, client_keys: keys.fact(), pushed };
            match authorize::resolve(params.clone(), &facts, now) {
                Resolution::Request(_) | Resolution::Refused(_) => break,
                Resolution::Need(need) => need.uri,
            }
        };
        // Ends: fresh keys are the last answer.
        keys.load(app, client, &uri)
            .await
            .map_err(|KeysUnavailable| AuthorizeRefusal::Page(AuthorizeFault::KeysUnavailable))?;
    }
    Ok(keys)
}

/// Takes a request out of its wrapping.
///
/// # Errors
/// The refusal, when there is nothing in it that could be believed.
pub(super) fn open<'a>(
    app: &'a App,
    params: RawParams<'a>,
    client: Option<&'a Client>,
    keys: &'a ClientKeySet,
    pushed: PushedFact<'a>,
    now: Timestamp,
) -> Result<AuthorizeRequest<'a>, AuthorizeRefusal> {
    let facts = ResolveFacts { issuer: &app.issuer, client, client_keys: keys.fact(), pushed };
    match authorize::resolve(params, &facts, now) {
        Resolution::Request(request) => Ok(request),
        Resolution::Refused(refusal) => Err(refusal),
        Resolution::Need(_) => Err(AuthorizeRefusal::Page(AuthorizeFault::KeysUnavailable)),
    }
}
