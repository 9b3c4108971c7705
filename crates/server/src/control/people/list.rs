//! Everybody there is.

use serde_json::json;

use crate::control::{
    Desk,
    wire::{Refused, Reply, failed},
};

/// People read from the store at a time.
const PAGE: usize = 500;

pub(super) fn list(desk: &Desk) -> Result<Reply, Refused> {
    let store = &desk.store;
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let page = store.persons(after, PAGE).map_err(failed("read people"))?;
        for person in &page {
            let names = store.signin_names(person.id).map_err(failed("read sign-in names"))?;
            let display = store.display_name(person.id).map_err(failed("read a display name"))?;
            let passkeys = store.passkeys_of(person.id).map_err(failed("read passkeys"))?.len();
            rows.push(vec![
                json!(names),
                json!(display),
                json!(person.status.as_str()),
                json!(person.employment.as_str()),
                json!(person.privileged),
                json!(person.groups),
                json!(passkeys),
                json!(person.id.to_string()),
            ]);
        }
        after = page.last().map(|person| person.id);
        if page.len() < PAGE {
            break;
        }
    }
    let columns = ["sign_in_names", "display_name", "status", "kind", "privileged", "groups", "passkeys", "id"];
    Ok(Reply::table(&columns, rows))
}
