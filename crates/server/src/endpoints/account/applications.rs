//! `/account/apps`: what each application may do, and taking it away.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{ClientId, NoticeId, NoticeKind, PersonId, Timestamp};
use oauth::{Client, Consent, client::ClientOrigin};
use signin::Refusal;
use store::{ApplicationUse, Change, ChangeSet, CommitError, ReadError};
use web::{AccountSaid, ApplicationRow, ApplicationsPage, ClientMark, LastUsed, Moment};

use super::owner::{Owner, heard, said, unreadable};
use crate::{ambient, commit::commit, respond, state::App, visitor::Address};

const HERE: &str = "/account/apps";
/// What a remembered consent to a single claim begins with (`oauth::Consent::covers_claim`).
const CLAIM_MARK: &str = "claim:";

/// `GET /account/apps`
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
    let page = || -> Result<String, ReadError> {
        let mut applications = Vec::new();
        for acting in acting(&app, owner.person.id, owner.now)? {
            applications.push(row(&app, owner.person.id, &acting, owner.now)?);
        }
        let who = owner.who(heard(query.as_deref()));
        Ok(ApplicationsPage { site: &app.site, who, applications }.render())
    };
    match page() {
        Ok(html) => respond::page(&app, StatusCode::OK, ApplicationsPage::KIND, html, None),
        Err(error) => unreadable(&app, &error),
    }
}

/// An application that can act for a person.
pub(super) struct Acting {
    pub(super) client: Arc<Client>,
    /// What it was granted, if it ever came for a token.
    used: Option<ApplicationUse>,
    /// What is remembered, and needn't be asked again.
    consent: Option<Consent>,
}

/// The applications that can get tokens of a person, or that the person need not be asked about again; the latest first. What was used
/// once and holds nothing any more can't act.
pub(super) fn acting(app: &App, person: PersonId, now: Timestamp) -> Result<Vec<Acting>, ReadError> {
    let mut consents = app.store.consents_of(person)?;
    let mut acting = Vec::new();
    for used in app.store.applications_of(person, now)? {
        let at = consents.iter().position(|consent| consent.client == used.client);
        let consent = at.map(|at| consents.swap_remove(at));
        if (used.connected || consent.is_some())
            && let Some(client) = app.store.client(used.client.as_str())
        {
            acting.push(Acting { client, used: Some(used), consent });
        }
    }
    for consent in consents {
        if let Some(client) = app.store.client(consent.client.as_str()) {
            acting.push(Acting { client, used: None, consent: Some(consent) });
        }
    }
    Ok(acting)
}

fn row(app: &App, person: PersonId, acting: &Acting, now: Timestamp) -> Result<ApplicationRow, ReadError> {
    let Acting { client, used, consent } = acting;
    let used = used.as_ref();
    let granted = used.iter().flat_map(|used| used.scope.iter());
    let scopes: BTreeSet<&str> = granted.chain(consent.iter().flat_map(|consent| consent.scope.iter())).collect();
    let since = used.map(|used| used.since).into_iter().chain(consent.as_ref().map(|consent| consent.at)).min();
    // Who it is comes first; the rest stays in the order of its names.
    let mut may: Vec<&str> = scopes.iter().copied().filter(|scope| !scope.starts_with(CLAIM_MARK)).collect();
    may.sort_by_key(|scope| *scope != "openid");
    let told: BTreeSet<String> =
        app.store.receipts_at(person, &client.id)?.iter().map(context::Receipt::claims_in_words).collect();
    Ok(ApplicationRow {
        client: client.id.clone(),
        name: client.name.clone(),
        host: client.redirect_uris.first().map(|uri| uri.host().to_owned()).unwrap_or_default(),
        mark: mark(client),
        may: may.into_iter().map(|scope| web::scope_words(scope).title).collect(),
        told: told.into_iter().collect(),
        // One of the two is there, or the application would not be listed.
        allowed: Moment::new(since.unwrap_or(now), now),
        last_used: LastUsed::new(used.map(|used| used.last_used), now),
        connected: used.is_some_and(|used| used.connected),
    })
}

/// How an application came to be known.
pub(crate) fn mark(client: &Client) -> ClientMark {
    match &client.settings.origin {
        ClientOrigin::Operator => ClientMark::Registered,
        ClientOrigin::Registered { .. } => ClientMark::RegisteredItself,
        ClientOrigin::MetadataDocument { url, .. } => {
            let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            ClientMark::Document { host: rest.split(['/', '?']).next().unwrap_or(rest).to_owned() }
        }
    }
}

/// `POST /account/apps/withdraw`
pub(crate) async fn withdraw(
    State(app): State<Arc<App>>,
    address: Address,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (owner, form) = match Owner::posting(&app, address, &headers, body, HERE).await {
        Ok(posting) => posting,
        Err(response) => return response,
    };
    match withdrawn(&app, &owner, form.value("client")).await {
        Ok(()) => said(HERE, AccountSaid::AccessWithdrawn),
        Err(refusal) => owner.refused(&app, &refusal, HERE),
    }
}

/// Takes the access away, and tells the person at their addresses: both in one commit, and only while the session lives.
async fn withdrawn(app: &App, owner: &Owner, client: &str) -> Result<(), Refusal> {
    let client = ClientId::parse(client).map_err(|_| Refusal::NotYours)?;
    let known = acting(app, owner.person.id, owner.now).map_err(|error| {
        tracing::error!(%error, "failed to read which applications a person uses");
        Refusal::Unavailable
    })?;
    if !known.iter().any(|acting| acting.client.id == client) {
        return Err(Refusal::NotYours);
    }
    let (person, now) = (owner.person.id, owner.now);
    let outcome = oauth::consent::withdraw(person, &client, now);
    let mut changes: Vec<Change> = vec![signin::Change::RequireSession { id: owner.session.id, at: now }.into()];
    changes.extend(outcome.changes.into_iter().map(Change::from));
    let id = NoticeId::fresh(now, &mut ambient::entropy());
    let notice = signin::Change::QueueNotice { id, person, kind: NoticeKind::AccessWithdrawn, at: now, passkey: None };
    changes.push(notice.into());
    match commit(app, ChangeSet::new(now, changes, outcome.audit)).await {
        Ok(()) => Ok(()),
        Err(CommitError::Lost(_)) => Err(Refusal::SessionEnded),
        Err(CommitError::Failed) => Err(Refusal::Unavailable),
    }
}
