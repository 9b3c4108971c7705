//! Applications: registering them, changing them, taking them away.
//!
//! An application has one written form, [`ClientForm`]: the members of RFC 7591, and ours beside them. A command's options fill one in, a
//! file holds many, and `client show` prints one. [`build`] makes a client of it and asks every rule.

mod add;
mod build;
pub(super) mod change;
mod form;
pub(super) mod import;
mod keys_of;
mod list;
mod secrets;

use model::Secret;
use serde::{Deserialize, Serialize};

pub use form::{ClientForm, ExceptionForm, ExchangeForm, OwnForm};

use super::{
    Desk, secret_text,
    wire::{Refused, Reply},
};

/// What can be asked about applications.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientsRequest {
    /// Register one.
    Add(Box<ClientForm>),
    /// List all.
    List,
    /// Show one in full.
    Show {
        /// Its id.
        id: String,
    },
    /// Change one: members that are given replace, others stay.
    Set {
        /// Its id.
        id: String,
        /// The members to change.
        form: Box<ClientForm>,
        /// Members to take away; ours as `lockgate.groups`.
        clear: Vec<String>,
    },
    /// Let it be used again.
    Enable {
        /// Its id.
        id: String,
    },
    /// Let nobody use it, until it is enabled again.
    Disable {
        /// Its id.
        id: String,
    },
    /// Remove it with everything it holds.
    Remove {
        /// Its id.
        id: String,
    },
    /// Give it a fresh secret beside the newest it has.
    RotateSecret {
        /// Its id.
        id: String,
    },
    /// Take every secret from it but the newest.
    RemoveOldSecrets {
        /// Its id.
        id: String,
    },
    /// Register many from a file.
    Import {
        /// The file's text.
        #[serde(with = "secret_text")]
        text: Secret<String>,
        /// Look only.
        dry_run: bool,
        /// Also put those in place of others that have the same id.
        replace: bool,
    },
}

pub(super) fn run(desk: &Desk, request: ClientsRequest) -> Result<Reply, Refused> {
    match request {
        ClientsRequest::Add(form) => add::add(desk, &form),
        ClientsRequest::List => Ok(list::list(desk)),
        ClientsRequest::Show { id } => list::show(desk, &id),
        ClientsRequest::Set { id, form, clear } => change::set(desk, &id, &form, &clear),
        ClientsRequest::Enable { id } => change::set_status(desk, &id, oauth::ClientStatus::Active),
        ClientsRequest::Disable { id } => change::set_status(desk, &id, oauth::ClientStatus::Disabled),
        ClientsRequest::Remove { id } => change::remove(desk, &id),
        ClientsRequest::RotateSecret { id } => secrets::rotate(desk, &id),
        ClientsRequest::RemoveOldSecrets { id } => secrets::remove_old(desk, &id),
        ClientsRequest::Import { text, dry_run, replace } => import::import(desk, &text, dry_run, replace),
    }
}
