//! Refresh families and remembered consents. Clients are in memory.

use std::sync::LazyLock;

use model::{ClientId, FamilyId, PersonId, Timestamp};
use oauth::{Consent, RefreshFamily, ScopeSet};

use crate::{ReadError, Store, rows};

static FAMILY: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM refresh_family WHERE id = ?1", rows::FAMILY));
static CONSENT: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM consent WHERE person = ?1 AND client = ?2", rows::CONSENT));
static CONSENTS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM consent WHERE person = ?1 ORDER BY client LIMIT 1000", rows::CONSENT));

/// Each client that a person used, with its newest family's scope; whether it can still get tokens now (`?2`).
const USES: &str = "SELECT f.client, MIN(f.created), MAX(f.rotated), \
       MAX(f.revoked_at IS NULL AND f.expires > ?2 AND f.rotated + f.idle_seconds * 1000 > ?2 AND (f.session IS NULL \
           OR EXISTS (SELECT 1 FROM session s WHERE s.id = f.session AND s.ended IS NULL AND s.expires > ?2))), \
       (SELECT n.scope FROM refresh_family n WHERE n.person = f.person AND n.client = f.client ORDER BY n.created DESC LIMIT 1) \
     FROM refresh_family f WHERE f.person = ?1 GROUP BY f.client ORDER BY 3 DESC LIMIT 1000";

/// What one application did for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationUse {
    /// Which.
    pub client: ClientId,
    /// What it was granted last.
    pub scope: ScopeSet,
    /// When it first got a token.
    pub since: Timestamp,
    /// When it last got a token.
    pub last_used: Timestamp,
    /// Whether it can get another without the person present.
    pub connected: bool,
}

impl Store {
    /// The applications that a person used, the latest first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn applications_of(&self, person: PersonId, now: Timestamp) -> Result<Vec<ApplicationUse>, ReadError> {
        self.readers.all(USES, rusqlite::params![person.as_bytes(), now.millis()], |row| {
            let client: String = row.get(0)?;
            let scope: String = row.get(4)?;
            Ok(ApplicationUse {
                client: ClientId::parse(&client).map_err(|_| ReadError::Damaged("family client"))?,
                scope: ScopeSet::parse(&scope).map_err(|_| ReadError::Damaged("family scope"))?,
                since: rows::time(row, 1)?,
                last_used: rows::time(row, 2)?,
                connected: row.get(3)?,
            })
        })
    }

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
