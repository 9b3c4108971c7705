//! Secrets of an application: a fresh one beside the one in use, so that nothing breaks while it is being put in place.

use oauth::Client;

use super::{add::SECRET_WORDS, build::wants_secret, change::replace};
use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply},
    },
};

/// Secrets that work at once: the newest, and the one before it.
const AT_ONCE_MAX: usize = 2;

pub(super) fn rotate(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let mut client = Client::clone(&*desk.client(id)?);
    if !wants_secret(client.auth) {
        return Err(Refused::new(format_args!("{id} has no secret; it authenticates with {}", client.auth.as_str())));
    }
    let secret = oauth::client_secret::fresh(&mut ambient::entropy());
    client.secrets.insert(0, desk.tokens.client_secret_hash(secret.expose()));
    client.secrets.truncate(AT_ONCE_MAX);
    let older = client.secrets.len() - 1;
    replace(desk, client, "secret_added")?;
    let reply = if older == 0 {
        Reply::default()
    } else {
        Reply::said(format_args!(
            "The secret before this one works until you take it away: lockgate client secret remove {id}"
        ))
    };
    Ok(reply.telling(id, SECRET_WORDS, secret))
}

pub(super) fn remove_old(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let mut client = Client::clone(&*desk.client(id)?);
    let older = client.secrets.len().saturating_sub(1);
    if older == 0 {
        return Err(Refused::new(format_args!("{id} has no older secret to remove")));
    }
    client.secrets.truncate(1);
    replace(desk, client, "secrets_removed")?;
    Ok(Reply::said(format_args!("Removed {older} older secret of {id}; only the newest works now.")))
}
