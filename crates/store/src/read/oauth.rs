//! Refresh families and remembered consents. Clients are in memory.

use std::sync::LazyLock;

use model::{ClientId, FamilyId, PersonId};
use oauth::{Consent, RefreshFamily};

use crate::{ReadError, Store, rows};

static FAMILY: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM refresh_family WHERE id = ?1", rows::FAMILY));
static CONSENT: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM consent WHERE person = ?1 AND client = ?2", rows::CONSENT));
static CONSENTS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM consent WHERE person = ?1 ORDER BY client LIMIT 1000", rows::CONSENT));

impl Store {
    /// A refresh family, revoked or not. `None` also when it was revoked before it was ever inserted.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn family(&self, id: FamilyId) -> Result<Option<RefreshFamily>, ReadError> {
        Ok(self.readers.one(&FAMILY, [id.as_bytes()], rows::family)?.flatten())
    }

    /// What a person allowed a client.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn consent(&self, person: PersonId, client: &ClientId) -> Result<Option<Consent>, ReadError> {
        self.readers.one(&CONSENT, rusqlite::params![person.as_bytes(), client.as_str()], rows::consent)
    }

    /// Everything a person allowed, by client.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn consents_of(&self, person: PersonId) -> Result<Vec<Consent>, ReadError> {
        self.readers.all(&CONSENTS, [person.as_bytes()], rows::consent)
    }
}
