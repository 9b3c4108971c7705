//! People: adding them, letting them in and keeping them out.

mod access;
mod add;
mod addresses;
mod list;
mod passwords;

use model::{PersonStatus, Secret};
use serde::{Deserialize, Serialize};

pub use add::NewPersonForm;
pub(super) use add::fits;

use super::{
    Desk, secret_text,
    wire::{Refused, Reply},
};

/// What can be asked about people. They are named by their sign-in names.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PeopleRequest {
    /// Add one.
    Add(NewPersonForm),
    /// List all.
    List,
    /// Make an enrolment link.
    Link {
        /// For whom.
        name: String,
        /// How long it works, in hours.
        hours: u16,
        /// First take every passkey from them and end their sessions.
        remove_passkeys: bool,
    },
    /// Let them in again.
    Enable {
        /// Whom.
        name: String,
    },
    /// Keep them out, and end their sessions.
    Disable {
        /// Whom.
        name: String,
    },
    /// Put them into exactly these groups.
    SetGroups {
        /// Whom.
        name: String,
        /// The groups.
        groups: Vec<String>,
    },
    /// End their sessions.
    EndSessions {
        /// Whose.
        name: String,
    },
    /// Forget failed tries, so that their password and codes are looked at again.
    ResetThrottle {
        /// Whose.
        name: String,
    },
    /// Take password, authenticator app and recovery codes from them.
    ResetFallbacks {
        /// From whom.
        name: String,
    },
    /// Keep what applications may be told about them, in place of what was kept.
    SetAttributes {
        /// About whom.
        name: String,
        /// A JSON object of claims.
        #[serde(with = "secret_text")]
        json: Secret<String>,
    },
    /// Add an address for notices.
    AddAddress {
        /// Whose.
        name: String,
        /// The mail address.
        #[serde(with = "secret_text")]
        address: Secret<String>,
    },
    /// List their addresses for notices.
    ListAddresses {
        /// Whose.
        name: String,
    },
    /// Remove an address for notices.
    RemoveAddress {
        /// Whose.
        name: String,
        /// The mail address.
        #[serde(with = "secret_text")]
        address: Secret<String>,
    },
    /// Keep password hashes that another system made.
    ImportPasswords {
        /// Lines of sign-in name, comma, hash.
        #[serde(with = "secret_text")]
        list: Secret<String>,
        /// Look only.
        dry_run: bool,
        /// Also where a person has a password already.
        replace: bool,
    },
}

pub(super) fn run(desk: &Desk, request: PeopleRequest) -> Result<Reply, Refused> {
    match request {
        PeopleRequest::Add(form) => add::add(desk, &form),
        PeopleRequest::List => list::list(desk),
        PeopleRequest::Link { name, hours, remove_passkeys } => access::link(desk, &name, hours, remove_passkeys),
        PeopleRequest::Enable { name } => access::set_status(desk, &name, PersonStatus::Active),
        PeopleRequest::Disable { name } => access::set_status(desk, &name, PersonStatus::Disabled),
        PeopleRequest::SetGroups { name, groups } => access::set_groups(desk, &name, groups),
        PeopleRequest::EndSessions { name } => access::end_sessions(desk, &name),
        PeopleRequest::ResetThrottle { name } => access::reset_throttle(desk, &name),
        PeopleRequest::ResetFallbacks { name } => access::reset_fallbacks(desk, &name),
        PeopleRequest::SetAttributes { name, json } => add::set_attributes(desk, &name, &json),
        PeopleRequest::AddAddress { name, address } => addresses::add(desk, &name, &address),
        PeopleRequest::ListAddresses { name } => addresses::list(desk, &name),
        PeopleRequest::RemoveAddress { name, address } => addresses::remove(desk, &name, &address),
        PeopleRequest::ImportPasswords { list, dry_run, replace } => passwords::import(desk, &list, dry_run, replace),
    }
}
