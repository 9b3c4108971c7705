//! `/account/recovery-codes`: making a new set, which is shown once, and removing all.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use web::{AccountSaid, RecoveryCodesPage, ShownCodes, StrandingAct};

use super::{
    owner::{Owner, said},
    password::{not_removed, stranding},
    settle::settle,
    ways,
};
use crate::{ambient, respond, state::App, visitor::Address};

/// `POST /account/recovery-codes`
pub(crate) async fn make(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, _) = match Owner::posting(&app, address, &headers, body, ways::HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let decision = signin::make_recovery_codes(&owner.own(), &app.hashes.signin, owner.now, &mut ambient::entropy());
    match settle(&app, decision, owner.now).await {
        Ok(codes) => {
            let shown = codes.shown.iter().map(|code| code.expose().clone()).collect();
            let html = RecoveryCodesPage { site: &app.site, who: owner.who(None), codes: ShownCodes(shown) }.render();
            respond::page(&app, StatusCode::OK, RecoveryCodesPage::KIND, html, None)
        }
        Err(refusal) => owner.refused(&app, &refusal, ways::HERE),
    }
}

/// `POST /account/recovery-codes/remove`
pub(crate) async fn remove(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, ways::HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let decision = signin::remove_recovery_codes(&owner.own(), stranding(&form), owner.now);
    match settle(&app, decision, owner.now).await {
        Ok(()) => said(ways::HERE, AccountSaid::CodesRemoved),
        Err(refusal) => not_removed(&app, &owner, &refusal, StrandingAct::RemoveRecoveryCodes),
    }
}
