//! What every request needs: the store, and the keys under which it keeps names and secrets.

use std::sync::Arc;

use crypto::{HashKey, RootKey};
use model::{AuditEvent, Outcome, Person, Timestamp};
use oauth::{Client, Issuer, NotAnIssuer, TokenKeys};
use signin::SigninName;
use store::{Change, ChangeSet, Store};

use super::wire::{Refused, Reply, failed};
use crate::{ambient, endpoints::logout::farewell::Farewell, state::App};

/// Where an operator's requests are carried out.
#[derive(Clone)]
pub struct Desk {
    pub(super) store: Arc<Store>,
    pub(super) issuer: Issuer,
    pub(super) signin: HashKey,
    pub(super) tokens: TokenKeys,
    /// The server that has the store open, if one has: it tells clients of sessions that end here.
    serving: Option<Arc<App>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("issuer", &self.issuer.url()).finish_non_exhaustive()
    }
}

impl Desk {
    /// A desk over an open store.
    ///
    /// # Errors
    /// When `issuer` is no issuer identifier.
    pub fn new(store: Arc<Store>, root: &RootKey, issuer: &str) -> Result<Self, NotAnIssuer> {
        Ok(Self {
            store,
            issuer: Issuer::new(issuer)?,
            signin: root.hash_key("signin"),
            tokens: TokenKeys::from_root(root),
            serving: None,
        })
    }

    /// A desk of the server that runs.
    pub(crate) fn of_server(app: Arc<App>) -> Self {
        Self {
            store: app.store.clone(),
            issuer: app.issuer.clone(),
            signin: app.hashes.signin.clone(),
            tokens: app.tokens.clone(),
            serving: Some(app),
        }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Gives the store back, for closing it. `None` while somebody else holds it.
    #[must_use]
    pub fn into_store(self) -> Option<Store> {
        Arc::into_inner(self.store)
    }

    /// Commits what an engine decided, and waits until it is durable.
    pub(super) fn commit<R, C: Into<Change>>(&self, outcome: Outcome<R, C>) -> Result<R, Refused> {
        self.write(ambient::now(), outcome.changes.into_iter().map(Into::into).collect(), outcome.audit)?;
        Ok(outcome.reply)
    }

    /// Commits changes, and waits until they are durable. Where a server runs, clients hear of sessions that end with them; without one
    /// they learn it when they next ask for something.
    pub(super) fn write(&self, at: Timestamp, changes: Vec<Change>, audit: Vec<AuditEvent>) -> Result<(), Refused> {
        let farewell = self.serving.as_deref().map(|app| (app, Farewell::before(app, &changes, at)));
        self.store
            .commit_blocking(ChangeSet { at, changes, audit })
            .map_err(|error| Refused::new(format_args!("failed to store the change; nothing was changed: {error}")))?;
        if let Some((app, farewell)) = farewell {
            farewell.say(app);
        }
        Ok(())
    }

    /// The person with that sign-in name.
    pub(super) fn named(&self, name: &str) -> Result<Person, Refused> {
        self.person_named(name)?.ok_or_else(|| {
            Refused::new(format_args!("nobody has the sign-in name {name}; `lockgate person list` shows who is there"))
        })
    }

    /// The person with that sign-in name, if there is one.
    ///
    /// # Errors
    /// When the text is no sign-in name, or the store can't be read.
    pub fn person_named(&self, name: &str) -> Result<Option<Person>, Refused> {
        self.find(&parse_name(name)?)
    }

    pub(super) fn find(&self, name: &SigninName) -> Result<Option<Person>, Refused> {
        self.store.person_by_name_hash(&name.hash(&self.signin)).map_err(failed("look the name up"))
    }

    /// The client of that id.
    pub(super) fn client(&self, id: &str) -> Result<Arc<Client>, Refused> {
        self.store.client(id).ok_or_else(|| {
            Refused::new(format_args!("there is no client {id}; `lockgate client list` shows what is there"))
        })
    }

    pub(super) fn workstation_link(&self) -> Reply {
        let secret = signin::workstation_link(&self.signin, ambient::now(), &mut ambient::entropy());
        // In the fragment, which browsers send to nobody.
        let link = model::Secret::new(format!("{}/shared-computer#{}", self.issuer.url(), secret.expose()));
        Reply::default().telling(
            "workstation",
            "Open this link in the shared computer's browser within an hour. It is shown only now:",
            link,
        )
    }
}

/// Reads a sign-in name.
pub(super) fn parse_name(text: &str) -> Result<SigninName, Refused> {
    SigninName::parse(text)
        .map_err(|_| Refused::new("a sign-in name has 1 to 254 characters, without spaces or control characters"))
}

/// Under which an address for notices is kept once for each person, whatever the case of its letters. `key` is the sign-in room's
/// (`RootKey::hash_key("signin")`).
#[must_use]
pub fn address_hash(key: &HashKey, address: &str) -> [u8; 32] {
    key.hash("notice address", &[address.trim().to_lowercase().as_bytes()])
}

/// A day and a time, for people.
pub(super) fn written(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds()).map_or_else(|_| "an impossible time".to_owned(), |time| time.to_string())
}
