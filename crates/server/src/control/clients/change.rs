//! Changing and removing an application.

use model::{Actor, AuditEvent, AuditKind, Detail};
use oauth::{Change, Client, ClientStatus};

use super::{
    ClientForm,
    add::SECRET_WORDS,
    build::{self, Kept},
};
use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply},
    },
};

pub(super) fn set(desk: &Desk, id: &str, change: &ClientForm, clear: &[String]) -> Result<Reply, Refused> {
    if change.client_secret.is_some() || change.lockgate.exceptions.is_some() || change.lockgate.status.is_some() {
        return Err(Refused::new("secrets, exceptions and the status have commands of their own"));
    }
    if change.client_id.is_some() {
        return Err(Refused::new("a client id can't be changed: register the application anew"));
    }
    let before = desk.client(id)?;
    let mut form = ClientForm::of(&before).changed(change, clear)?;
    // Where one of the two is set, the other was meant to go.
    if change.jwks.is_some() {
        form.jwks_uri = None;
    } else if change.jwks_uri.is_some() {
        form.jwks = None;
    }
    let (client, secret) = rebuilt(desk, &form, &before)?;
    replace(desk, client, "settings")?;
    let reply = Reply::said(format_args!("Changed {id}. It is judged by this from now on."));
    Ok(match secret {
        Some(secret) => reply.telling(id, SECRET_WORDS, secret),
        None => reply,
    })
}

/// A client made anew of its changed form. What no form holds stays.
pub(super) fn rebuilt(
    desk: &Desk,
    form: &ClientForm,
    before: &Client,
) -> Result<(Client, Option<model::Secret<String>>), Refused> {
    let kept = Kept {
        secrets: before.secrets.clone(),
        origin: before.settings.origin.clone(),
        exceptions: before.settings.exceptions.clone(),
    };
    let (client, secret) = build::client(desk, form, kept, ambient::now())?;
    Ok((Client { status: before.status, created: before.created, ..client }, secret))
}

/// Puts a client in place of what stands under its id. `what` says in the audit log which part changed.
pub(in crate::control) fn replace(desk: &Desk, client: Client, what: &'static str) -> Result<(), Refused> {
    let event = AuditEvent::new(AuditKind::ClientUpdated, Actor::Operator)
        .client(client.id.clone())
        .detail("what", Detail::Word(what));
    desk.write(ambient::now(), vec![Change::ReplaceClient(Box::new(client)).into()], vec![event])
}

pub(super) fn set_status(desk: &Desk, id: &str, status: ClientStatus) -> Result<Reply, Refused> {
    let client = Client { status, ..(*desk.client(id)?).clone() };
    let (what, line) = match status {
        ClientStatus::Active => ("enabled", format!("{id} may be used again.")),
        ClientStatus::Disabled => (
            "disabled",
            format!("{id} may not be used any more: no sign-in, no token, no refresh, until it is enabled."),
        ),
    };
    replace(desk, client, what)?;
    Ok(Reply::said(line))
}

pub(super) fn remove(desk: &Desk, id: &str) -> Result<Reply, Refused> {
    let client = desk.client(id)?;
    let now = ambient::now();
    let event = AuditEvent::new(AuditKind::ClientRemoved, Actor::Operator).client(client.id.clone());
    desk.write(now, vec![Change::RemoveClient { id: client.id.clone(), at: now }.into()], vec![event])?;
    Ok(Reply::said(format_args!("Removed {id}, and ended every grant that it held.")))
}
