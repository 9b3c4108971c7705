//! Looking at applications.

use serde_json::{Value, json};

use super::ClientForm;
use crate::control::{
    Desk,
    wire::{Refused, Reply},
};

pub(super) fn list(desk: &Desk) -> Reply {
    let clients = desk.store.clients();
    let mut clients: Vec<_> = clients.values().collect();
    clients.sort_by(|a, b| a.id.cmp(&b.id));
    let rows = clients
        .into_iter()
        .map(|client| {
            vec![
                json!(client.id.as_str()),
                json!(client.name),
                json!(client.kind.as_str()),
                json!(client.tier.as_str()),
                json!(client.status.as_str()),
                json!(client.consent.as_str()),
                json!(client.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>()),
                json!(client.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>()),
            ]
        })
        .collect();
    let columns = ["id", "name", "kind", "tier", "status", "consent", "scopes", "redirect_uris"];
    Reply::table(&columns, rows)
}

pub(super) fn show(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let form = ClientForm::of(&*desk.client(id)?);
    Ok(Reply { document: Some(Value::Object(form.to_json()?)), ..Reply::default() })
}
