//! `/account/authenticator-app`: adding an authenticator app, which shows its first code before it counts, and removing it.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use qrcodegen::{QrCode, QrCodeEcc};
use signin::{
    Refusal,
    totp::{Enrolling, TotpSecret},
};
use store::PersonalKind;
use web::{AccountSaid, ErrorKind, ShownSecret, SigninProblem, StrandingAct, TotpPage};

use super::{
    owner::{Owner, said},
    password::{not_removed, stranding},
    settle::settle,
    ways,
};
use crate::{
    ambient,
    endpoints::{ceremony, ceremony::enrol::sealing_failed},
    respond,
    state::App,
    visitor::Address,
};

const HERE: &str = "/account/authenticator-app";

/// `GET /account/authenticator-app`
pub(crate) async fn show(State(app): State<Arc<App>>, address: Address, headers: HeaderMap) -> Response {
    let owner = match Owner::load(&app, address, &headers, HERE) {
        Ok(owner) => owner,
        Err(response) => return *response,
    };
    if !(owner.requirement.offers_password() && owner.requirement.password_and_totp) {
        return respond::see_other(ways::HERE);
    }
    if let Err(response) = owner.proved(&app, HERE) {
        return *response;
    }
    let mut entropy = ambient::entropy();
    let secret = TotpSecret::fresh(&mut entropy);
    let handle = app.enrolling.keep(owner.session.id, &secret, owner.now, &mut entropy);
    page(&app, &owner, &secret, &handle, None)
}

fn page(app: &App, owner: &Owner, secret: &TotpSecret, handle: &[u8; 16], problem: Option<SigninProblem>) -> Response {
    let address = secret.uri(&app.settings.organisation, &owner.signin_name());
    // Names are bounded, so the address always fits into a code; if it ever did not, no page is better than one without its picture.
    let Some(qr) = picture(address.expose()) else {
        tracing::error!("an authenticator address does not fit into a QR code");
        return respond::error(app, StatusCode::INTERNAL_SERVER_ERROR, ErrorKind::Internal, "");
    };
    let html = TotpPage {
        site: &app.site,
        who: owner.who(None),
        qr,
        secret: ShownSecret { base32: secret.base32().expose().clone(), enrolling: crypto::b64u(handle) },
        replacing: owner.held.totp.is_some(),
        problem,
    }
    .render();
    respond::page(app, problem.map_or(StatusCode::OK, ceremony::status), TotpPage::KIND, html, None)
}

fn picture(address: &str) -> Option<web::QrCode> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y))).map(|(x, y)| code.get_module(x, y)).collect();
    web::QrCode::new(usize::try_from(side).ok()?, dark)
}

/// `POST /account/authenticator-app`
pub(crate) async fn add(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let handle = crypto::from_b64u_exact::<16>(form.value("enrolling")).ok();
    let waiting = handle.and_then(|handle| Some((handle, app.enrolling.find(&handle, owner.session.id, owner.now)?)));
    // Shown too long ago, to another session, or before a restart: a new secret is shown.
    let Some((handle, secret)) = waiting else { return respond::see_other(HERE) };
    let bytes = *secret.expose();
    let confirmed = match Enrolling::new(secret).confirm(form.value("code"), owner.now) {
        Ok(confirmed) => confirmed,
        Err(_) => {
            let secret = TotpSecret::from_bytes(bytes);
            return page(&app, &owner, &secret, &handle, Some(SigninProblem::CodeInvalid));
        }
    };
    let added = async {
        let mut entropy = ambient::entropy();
        let sealed = app
            .store
            .seal_for(owner.person.id, PersonalKind::TotpSecret, &bytes, owner.now, &mut entropy)
            .map_err(sealing_failed)?;
        let decision = signin::add_totp(&owner.own(), &confirmed, sealed, owner.now, &mut entropy);
        settle(&app, decision, owner.now).await
    };
    match added.await {
        Ok(()) => {
            app.enrolling.forget(&handle, owner.now);
            said(ways::HERE, AccountSaid::AppAdded)
        }
        Err(refusal @ (Refusal::FreshProofNeeded | Refusal::StrongerProofNeeded)) => {
            owner.refused(&app, &refusal, HERE)
        }
        Err(refusal) => owner.refused(&app, &refusal, ways::HERE),
    }
}

/// `POST /account/authenticator-app/remove`
pub(crate) async fn remove(State(app): State<Arc<App>>, address: Address, headers: HeaderMap, body: Body) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, ways::HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    let decision = signin::remove_totp(&owner.own(), stranding(&form), owner.now, &mut ambient::entropy());
    match settle(&app, decision, owner.now).await {
        Ok(()) => said(ways::HERE, AccountSaid::AppRemoved),
        Err(refusal) => not_removed(&app, &owner, &refusal, StrandingAct::RemoveAuthenticatorApp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_address_fits() {
        let secret = TotpSecret::from_bytes([7; 20]);
        let (organisation, name) = ("ä".repeat(80), "é".repeat(254));
        assert!(picture(secret.uri(&organisation, &name).expose()).is_some());
    }
}
