//! The device asks (RFC 8628 §3.1).

use std::{net::IpAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, Response, StatusCode},
};
use model::Decision;
use oauth::{
    authentication::Credentials,
    device::start::{DeviceStartFacts, start as decide},
    token,
};
use store::CommitError;

use super::super::client_call::{self, Caller, Proving, answer, plain_error, said, too_many, unavailable};
use crate::{
    ambient, certificate::PeerCertificate, clients::with_client, commit::commit, limits::LimitKind, state::App,
    visitor::Address,
};

/// The path of this endpoint.
const DEVICE_AUTHORIZATION: &str = "/device_authorization";
/// Largest request, in bytes: the engine reads 8 KiB.
const FORM_BYTES_MAX: usize = 8 * 1024 + 1;
/// Rounds of one request: a user code that is taken, a spent assertion, an answer.
const ROUNDS_MAX: u8 = 4;

/// `POST /device_authorization`
pub(crate) async fn start(
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
    let Ok(params) = token::form(&body) else {
        return plain_error(StatusCode::BAD_REQUEST, "invalid_request", "the form can not be read");
    };
    let credentials = match Credentials::read(caller.authorization, &params, caller.certificate) {
        Ok(credentials) => credentials,
        Err(fault) => return said(fault.answer()),
    };
    let mut proving = Proving::load(&app, credentials.client_id(), address, now).await;
    // Each leaves a row, and anybody can ask in the name of a client that proves nothing.
    if proving.client.as_deref().is_none_or(|client| !client.is_confidential())
        && let Err(wait) = app.limits.admit(LimitKind::PushedRequest, caller.address, now)
    {
        return too_many(wait.seconds);
    }
    let place = place(address);
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        if let Err(fault) = proving.ready(&app, &credentials, DEVICE_AUTHORIZATION, now).await {
            return caller.not_proved(&app, fault, now);
        }
        let client = match proving.proved(&app, &credentials, DEVICE_AUTHORIZATION, now) {
            Ok(client) => client,
            Err(fault) => return caller.not_proved(&app, fault, now),
        };
        let facts = DeviceStartFacts { issuer: &app.issuer, keys: &app.tokens, place: &place };
        let (reply, changes, audit) = match decide(&params, &client, &facts, now, &mut ambient::entropy()) {
            Decision::Done(outcome) => (Ok(outcome.reply), outcome.changes, outcome.audit),
            Decision::Refused(outcome) => (Err(outcome.reply), outcome.changes, outcome.audit),
            Decision::Need(question) => match question {},
        };
        let set = with_client(&app, Some(client.client()), changes, audit, now);
        match commit(&app, set).await {
            Ok(()) => {}
            Err(CommitError::Lost(lost)) => {
                proving.learn(lost);
                continue;
            }
            Err(CommitError::Failed) => return unavailable(),
        }
        return match reply {
            Ok(started) => answer(StatusCode::OK, started.render()),
            Err(fault) => {
                tracing::info!(%fault, "a device is refused");
                said(fault.answer())
            }
        };
    }
    unavailable()
}

/// From where a device asks, coarsely: enough to notice that it is another country's network, too little to find a person by.
fn place(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("the network {a}.{b}.{c}.x")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("the network {a:x}:{b:x}:{c:x}::")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_a_network_and_nobody_in_it() {
        for (address, said) in [
            ("203.0.113.77", "the network 203.0.113.x"),
            ("::ffff:203.0.113.77", "the network 203.0.113.x"),
            ("2001:db8:7:8::9", "the network 2001:db8:7::"),
        ] {
            assert_eq!(place(address.parse().expect("an address")), said);
        }
    }
}
