//! `GET /account/ways-to-sign-in`: passkeys first, then what is left of passwords.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{Strength, Timestamp};
use passkey::Passkey;
use store::{PersonalKind, ReadError};
use web::{AccountSaid, Fallback, LastUsed, Moment, PasskeyRow, PasskeyStanding, WaysPage};

use super::{
    overview::keeping,
    owner::{Owner, heard, unreadable},
};
use crate::{respond, state::App, visitor::Address};

/// Where this page is.
pub(super) const HERE: &str = "/account/ways-to-sign-in";

/// `GET /account/ways-to-sign-in`
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
        Ok(html) => respond::page(&app, StatusCode::OK, WaysPage::KIND, html, None),
        Err(error) => unreadable(&app, &error),
    }
}

fn page(app: &App, owner: &Owner, said: Option<AccountSaid>) -> Result<String, ReadError> {
    let (held, requirement, now) = (&owner.held, &owner.requirement, owner.now);
    let sessions = app.store.sessions_of(owner.person.id)?;
    let mut passkeys: Vec<&Passkey> = held.passkeys.iter().collect();
    passkeys.sort_by_key(|passkey| std::cmp::Reverse(passkey.created));
    let row = |passkey: &&Passkey| PasskeyRow {
        id: passkey.id,
        label: label(app, passkey),
        keeping: keeping(passkey),
        created: Moment::new(passkey.created, now),
        last_used: LastUsed::new(passkey.last_used, now),
        used_for_this_session: owner.session.authentication.passkey == Some(passkey.id),
        sessions: sessions.iter().filter(|s| s.authentication.passkey == Some(passkey.id)).count(),
        standing: standing(passkey),
    };
    let fallback = |since: Option<Timestamp>, offered: bool| Fallback {
        held: since.map(|at| Moment::new(at, now)),
        offered: offered && requirement.offers_password(),
    };
    let codes_left = held.recovery_codes.len();
    let page = WaysPage {
        site: &app.site,
        who: owner.who(said),
        user: owner.user(app),
        passkeys: passkeys.iter().map(row).collect(),
        password: fallback(held.password.as_ref().map(|password| password.changed), true),
        authenticator_app: fallback(held.totp.as_ref().map(|app| app.added), requirement.password_and_totp),
        recovery_codes: fallback(app.store.recovery_codes_made(owner.person.id)?, requirement.recovery_codes),
        recovery_codes_left: codes_left,
    };
    Ok(page.render())
}

/// What the person calls a passkey.
pub(super) fn label(app: &App, passkey: &Passkey) -> String {
    let opened = app.store.open_for(passkey.person, PersonalKind::PasskeyLabel, &passkey.label);
    opened.ok().flatten().unwrap_or_else(|| "Passkey".to_owned())
}

/// A passkey that was bound weakly counts for no more than what bound it, until its use is confirmed.
fn standing(passkey: &Passkey) -> PasskeyStanding {
    if passkey.binding >= Strength::TwoFactor || passkey.confirmed.is_some() {
        PasskeyStanding::Full
    } else {
        PasskeyStanding::Unconfirmed
    }
}
