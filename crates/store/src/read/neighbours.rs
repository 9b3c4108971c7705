//! Devices, registration, imported subjects, and the small facts behind "may this grant still be used?".

use model::{ClientId, FamilyId, PasskeyId, PersonId, SessionId, Timestamp};
use oauth::{
    Client, RefreshFamily,
    device::DeviceGrant,
    registration::{InitialAccess, RegistrationPolicy},
    subject_map::{MappedAt, MappedSubject},
};
use rusqlite::params;

use crate::{ReadError, Store, apply::subjects::place, device_rows, rows};

/// How many live families one session is asked for at once.
const FAMILIES_MAX: usize = 1000;

impl Store {
    /// Whether a passkey is there. Costs one point read.
    ///
    /// # Errors
    /// [`ReadError`], as for every read of this type: answer "unavailable".
    pub fn passkey_exists(&self, id: PasskeyId) -> Result<bool, ReadError> {
        let found = self
            .readers
            .one("SELECT 1 FROM passkey WHERE id = ?1", [id.as_bytes()], |row| Ok(row.get::<_, i64>(0)?))?;
        Ok(found.is_some())
    }

    /// A device's grant, by the keyed hash of its device code.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn device_grant(&self, device_hash: &[u8; 32]) -> Result<Option<DeviceGrant>, ReadError> {
        self.readers.one(&device_rows::BY_DEVICE, [device_hash], device_rows::grant)
    }

    /// A device's grant, by the keyed hash of its user code.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn device_grant_by_user_code(&self, user_hash: &[u8; 32]) -> Result<Option<DeviceGrant>, ReadError> {
        self.readers.one(&device_rows::BY_USER, [user_hash], device_rows::grant)
    }

    /// An initial access token, by its keyed hash. It may be expired or used up.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn initial_access(&self, hash: &[u8; 32]) -> Result<Option<InitialAccess>, ReadError> {
        let sql = "SELECT hash, policy, created, expires, uses, uses_max FROM initial_access WHERE hash = ?1";
        self.readers.one(sql, [hash], |row| {
            let policy = row.get_ref(1)?.as_str().map_err(|_| ReadError::Damaged("registration policy"))?;
            let policy: RegistrationPolicy =
                serde_json::from_str(policy).map_err(|_| ReadError::Damaged("registration policy"))?;
            Ok(InitialAccess {
                hash: row.get(0)?,
                policy,
                created: rows::time(row, 2)?,
                expires: rows::time(row, 3)?,
                uses: row.get(4)?,
                uses_max: row.get(5)?,
            })
        })
    }

    /// The subject that was imported for a person at a client, if one was. Costs nothing where none was imported.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn mapped_subject(&self, client: &Client, person: PersonId) -> Result<Option<MappedSubject>, ReadError> {
        if !self.has_mappings() {
            return Ok(None);
        }
        for at in MappedAt::of(client) {
            let place = place(&at);
            if !self.shared.memory.is_mapped(&place) {
                continue;
            }
            let sql = "SELECT subject FROM subject_mapping WHERE place = ?1 AND person = ?2";
            let found = self.readers.one(sql, params![place, person.as_bytes()], |row| {
                let subject = row.get_ref(0)?.as_str().map_err(|_| ReadError::Damaged("imported subject"))?;
                MappedSubject::parse(subject).map_err(|_| ReadError::Damaged("imported subject"))
            })?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Whose subject it is at a place, if it was imported.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn person_of_subject(&self, at: &MappedAt, subject: &MappedSubject) -> Result<Option<PersonId>, ReadError> {
        let sql = "SELECT person FROM subject_mapping WHERE place = ?1 AND subject = ?2";
        self.readers.one(sql, params![place(at), subject.as_str()], |row| Ok(PersonId::from_bytes(row.get(0)?)))
    }

    /// Whether any subject was imported at all.
    fn has_mappings(&self) -> bool {
        self.shared.memory.has_mapped_places()
    }

    /// The families that live and die with a session, revoked ones left out; at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn families_of_session(&self, session: SessionId) -> Result<Vec<RefreshFamily>, ReadError> {
        let sql = format!(
            "SELECT {} FROM refresh_family WHERE session = ?1 AND revoked_at IS NULL LIMIT {FAMILIES_MAX}",
            rows::FAMILY
        );
        Ok(self.readers.all(&sql, [session.as_bytes()], rows::family)?.into_iter().flatten().collect())
    }

    /// A person's usable families at a client, newest first; at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn families_at(
        &self,
        person: PersonId,
        client: &ClientId,
        now: Timestamp,
    ) -> Result<Vec<RefreshFamily>, ReadError> {
        let sql = format!(
            "SELECT {} FROM refresh_family WHERE person = ?1 AND client = ?2 AND revoked_at IS NULL AND expires > ?3
             ORDER BY created DESC LIMIT {FAMILIES_MAX}",
            rows::FAMILY
        );
        let which = params![person.as_bytes(), client.as_str(), now.millis()];
        Ok(self.readers.all(&sql, which, rows::family)?.into_iter().flatten().collect())
    }

    /// Whether a family was revoked or never was, without reading all of it.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn family_lives(&self, id: FamilyId) -> Result<bool, ReadError> {
        let sql = "SELECT 1 FROM refresh_family WHERE id = ?1 AND revoked_at IS NULL";
        Ok(self.readers.one(sql, [id.as_bytes()], |row| Ok(row.get::<_, i64>(0)?))?.is_some())
    }
}
