//! `GET /account`: three questions, three short answers.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Person, SigninRecord, Timestamp};
use store::ReadError;
use web::{AccountPage, AccountSaid, Moment, PasskeyKeeping, SigninRow, WaysHeld};

use super::owner::{Owner, heard, unreadable};
use crate::{respond, state::App, visitor::Address};

/// Where the overview is.
pub(super) const HERE: &str = "/account";
/// Latest sign-ins shown.
const SIGNINS_SHOWN: usize = 8;

/// `GET /account`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let owner = match Owner::load(&app, address, &headers, HERE) {
        Ok(owner) => owner,
        Err(response) => return *response,
    };
    match page(&app, &owner, heard(query.as_deref())) {
        Ok(html) => respond::page(&app, StatusCode::OK, AccountPage::KIND, html, None),
        Err(error) => unreadable(&app, &error),
    }
}

fn page(app: &App, owner: &Owner, said: Option<AccountSaid>) -> Result<String, ReadError> {
    let (id, now) = (owner.person.id, owner.now);
    let live = app.store.sessions_of(id)?.iter().filter(|session| now < session.expires).count();
    let page = AccountPage {
        site: &app.site,
        who: owner.who(said),
        held: WaysHeld {
            passkeys: owner.held.passkeys.iter().map(keeping).collect(),
            password: owner.held.password.is_some(),
            authenticator_app: owner.held.totp.is_some(),
            recovery_codes: owner.held.recovery_codes.len(),
        },
        sessions: live,
        applications: super::applications::acting(app, id, now)?
            .into_iter()
            .map(|acting| acting.client.name.clone())
            .collect(),
        told: super::data::told(app, id)?,
        signins: signins(app, &owner.person, now)?,
    };
    Ok(page.render())
}

/// Where a passkey lives, as pages say it.
pub(super) fn keeping(passkey: &passkey::Passkey) -> PasskeyKeeping {
    match (passkey.backup_eligible, passkey.backed_up, passkey.attested) {
        (true, true, _) => PasskeyKeeping::Synced,
        (true, false, _) => PasskeyKeeping::NotYetSynced,
        (false, _, false) => PasskeyKeeping::OneDevice,
        (false, _, true) => PasskeyKeeping::OneDeviceAttested,
    }
}

/// The person's latest attempts to sign in.
pub(super) fn signins(app: &App, person: &Person, now: Timestamp) -> Result<Vec<SigninRow>, ReadError> {
    let pseudonym = signin::pseudonym(&app.hashes.signin, person.id);
    let records = app.store.signin_records_of(&pseudonym, SIGNINS_SHOWN)?;
    let path = |record: &SigninRecord| match &record.path {
        Some(id) => app.store.client(id.as_str()).map_or_else(|| "An application".to_owned(), |c| c.name.clone()),
        None => "My account".to_owned(),
    };
    let row = |record: &SigninRecord| SigninRow {
        at: Moment::new(record.at, now),
        path: path(record),
        method: record.method,
        outcome: record.outcome,
    };
    Ok(records.iter().map(row).collect())
}
