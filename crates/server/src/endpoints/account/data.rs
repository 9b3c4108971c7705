//! `/account/data`: which application was told what about the person, and what for.

use std::{collections::HashSet, sync::Arc};

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use context::{Receipt, receipt::RECEIPT_DAYS};
use model::{ClientId, PersonId};
use store::ReadError;
use web::{DataPage, Moment, ReceiptRow};

use super::owner::{Owner, heard, unreadable};
use crate::{respond, state::App, visitor::Address};

const HERE: &str = "/account/data";

/// `GET /account/data`
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
    let receipts = match latest_first(&app, owner.person.id) {
        Ok(receipts) => receipts,
        Err(error) => return unreadable(&app, &error),
    };
    if !receipts.is_empty() {
        app.demo_seen.note_data();
    }
    let row = |receipt: &Receipt| ReceiptRow {
        application: name(&app, &receipt.client),
        what: receipt.claims_in_words(),
        purpose: receipt.purpose.clone(),
        first: Moment::new(receipt.first, owner.now),
        last: Moment::new(receipt.last, owner.now),
        times: receipt.times,
    };
    let html = DataPage {
        site: &app.site,
        who: owner.who(heard(query.as_deref())),
        receipts: receipts.iter().map(row).collect(),
        kept_days: u32::try_from(RECEIPT_DAYS).unwrap_or(u32::MAX),
    }
    .render();
    respond::page(&app, StatusCode::OK, DataPage::KIND, html, None)
}

/// Names of the applications that were told something, the latest first, each once.
pub(super) fn told(app: &App, person: PersonId) -> Result<Vec<String>, ReadError> {
    let mut seen = HashSet::new();
    let receipts = latest_first(app, person)?;
    Ok(receipts
        .iter()
        .filter(|receipt| seen.insert(&receipt.client))
        .map(|receipt| name(app, &receipt.client))
        .collect())
}

fn latest_first(app: &App, person: PersonId) -> Result<Vec<Receipt>, ReadError> {
    let mut receipts = app.store.receipts_of(person)?;
    receipts.sort_by_key(|receipt| std::cmp::Reverse(receipt.last));
    Ok(receipts)
}

/// The application's name; one that is gone is told by its id.
fn name(app: &App, client: &ClientId) -> String {
    app.store.client(client.as_str()).map_or_else(|| client.as_str().to_owned(), |client| client.name.clone())
}
