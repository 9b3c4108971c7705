//! People, their names, passkeys, passes and sessions.

use std::sync::LazyLock;

use model::{PasskeyId, Person, PersonId, Session, Timestamp};
use passkey::Passkey;
use signin::EnrolmentPass;

use super::limit;
use crate::{PersonalError, PersonalKind, ReadError, Store, rows};

macro_rules! sql {
    ($($name:ident = $columns:expr, $rest:literal;)+) => {
        $(static $name: LazyLock<String> = LazyLock::new(|| format!("SELECT {} {}", $columns, $rest));)+
    };
}

sql! {
    PERSON_BY_ID = rows::PERSON, "FROM person WHERE id = ?1";
    PERSON_BY_HANDLE = rows::PERSON, "FROM person WHERE user_handle = ?1";
    PERSON_BY_NAME = rows::PERSON, "FROM person WHERE id = (SELECT person FROM signin_name WHERE hash = ?1)";
    PERSONS = rows::PERSON, "FROM person WHERE id > ?1 ORDER BY id LIMIT ?2";
    PASSKEYS = rows::PASSKEY, "FROM passkey WHERE person = ?1 ORDER BY created, id";
    PASSKEY_BY_CREDENTIAL = rows::PASSKEY, "FROM passkey WHERE credential_id = ?1";
    PASS_BY_HASH = rows::PASS, "FROM enrolment_pass WHERE hash = ?1";
    SESSIONS = rows::SESSION, "FROM session WHERE person = ?1 AND ended IS NULL ORDER BY created DESC LIMIT 1000";
    SESSIONS_OF_PASSKEY = rows::SESSION, "FROM session WHERE passkey = ?1 AND ended IS NULL LIMIT 1000";
    SESSIONS_EXPIRED = rows::SESSION, "FROM session WHERE expires > ?1 AND expires <= ?2 AND ended IS NULL LIMIT 1000";
}

impl Store {
    /// A person.
    ///
    /// # Errors
    /// [`ReadError`], as for every read of this type: answer "unavailable".
    pub fn person(&self, id: PersonId) -> Result<Option<Person>, ReadError> {
        self.readers.one(&PERSON_BY_ID, [id.as_bytes()], rows::person)
    }

    /// The person whose WebAuthn user handle it is.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn person_by_handle(&self, handle: &[u8]) -> Result<Option<Person>, ReadError> {
        self.readers.one(&PERSON_BY_HANDLE, [handle], rows::person)
    }

    /// The person who holds a sign-in name, by the name's keyed hash.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn person_by_name_hash(&self, hash: &[u8; 32]) -> Result<Option<Person>, ReadError> {
        self.readers.one(&PERSON_BY_NAME, [hash], rows::person)
    }

    /// Up to `page` persons (at most 1000) in the order of their ids, beginning after `after`.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn persons(&self, after: Option<PersonId>, page: usize) -> Result<Vec<Person>, ReadError> {
        // No id sorts before the empty byte string.
        let after = after.as_ref().map_or(&[][..], |id| &id.as_bytes()[..]);
        self.readers.all(&PERSONS, rusqlite::params![after, limit(page)], rows::person)
    }

    /// The name shown for a person; `None` when there is no such person or their key was erased.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn display_name(&self, id: PersonId) -> Result<Option<String>, ReadError> {
        let sealed: Option<Vec<u8>> =
            self.readers
                .one("SELECT sealed_display FROM person WHERE id = ?1", [id.as_bytes()], |row| Ok(row.get(0)?))?;
        match sealed {
            None => Ok(None),
            Some(sealed) => self.readable(id, PersonalKind::DisplayName, &sealed),
        }
    }

    /// A person's sign-in names as typed; none when their key was erased.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn signin_names(&self, id: PersonId) -> Result<Vec<String>, ReadError> {
        let sql = "SELECT sealed FROM signin_name WHERE person = ?1 ORDER BY hash";
        let sealed: Vec<Vec<u8>> = self.readers.all(sql, [id.as_bytes()], |row| Ok(row.get(0)?))?;
        let mut names = Vec::with_capacity(sealed.len());
        for sealed in sealed {
            names.extend(self.readable(id, PersonalKind::SigninName, &sealed)?);
        }
        Ok(names)
    }

    /// A name to be shown. One that doesn't open is told to the operator and shown as missing: it must not keep its person from their
    /// account, or everybody else from a list.
    pub(super) fn readable(
        &self,
        id: PersonId,
        kind: PersonalKind,
        sealed: &[u8],
    ) -> Result<Option<String>, ReadError> {
        match self.person_keys.open_value(id, kind, sealed) {
            Ok(name) => Ok(name),
            Err(error @ (PersonalError::ValueDamaged | PersonalError::KeyDamaged)) => {
                tracing::error!(person = %id, %error, "a name can't be shown");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn passkeys_of(&self, person: PersonId) -> Result<Vec<Passkey>, ReadError> {
        self.readers.all(&PASSKEYS, [person.as_bytes()], rows::passkey)
    }

    /// The passkey of a credential id.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn passkey_by_credential(&self, credential_id: &[u8]) -> Result<Option<Passkey>, ReadError> {
        self.readers.one(&PASSKEY_BY_CREDENTIAL, [credential_id], rows::passkey)
    }

    /// The enrolment pass of a secret, by the secret's keyed hash. It may be spent or expired.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn pass_by_hash(&self, hash: &[u8; 32]) -> Result<Option<EnrolmentPass>, ReadError> {
        self.readers.one(&PASS_BY_HASH, [hash], rows::pass)
    }

    /// A person's sessions that were not ended, newest first, at most 1000. Some may have expired.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn sessions_of(&self, person: PersonId) -> Result<Vec<Session>, ReadError> {
        self.readers.all(&SESSIONS, [person.as_bytes()], |row| Ok(rows::session(row)?.0))
    }

    /// Sessions that were opened with a passkey and not ended, at most 1000. Some may have expired.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn sessions_of_passkey(&self, passkey: PasskeyId) -> Result<Vec<Session>, ReadError> {
        self.readers.all(&SESSIONS_OF_PASSKEY, [passkey.as_bytes()], |row| Ok(rows::session(row)?.0))
    }

    /// Sessions that nobody ended and whose absolute end lies after `since` and not after `now`, at most 1000, as far as they
    /// are not swept yet.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn sessions_expired(&self, since: Timestamp, now: Timestamp) -> Result<Vec<Session>, ReadError> {
        let window = [since.millis(), now.millis()];
        self.readers.all(&SESSIONS_EXPIRED, window, |row| Ok(rows::session(row)?.0))
    }
}
