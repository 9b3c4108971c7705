//! Personal values, sealed under a key per person. The keys live in their own database, outside data backups: deleting one key
//! erases what it sealed, in every copy of the data.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crypto::{RootKey, SealingKey};
use model::{Entropy, PersonId, Secret, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::{OpenError, connection, files};

/// What a sealed value is. It is part of the seal, so that a label can't be passed off as a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalKind {
    /// The name shown to the person and to help desk.
    DisplayName,
    /// A sign-in name as typed.
    SigninName,
    /// The person's own name for a passkey.
    PasskeyLabel,
    /// The secret of an authenticator app.
    TotpSecret,
    /// An address for notices.
    NoticeAddress,
    /// What is known about the person, as JSON.
    Attributes,
}

impl PersonalKind {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::DisplayName => b"display name",
            Self::SigninName => b"sign-in name",
            Self::PasskeyLabel => b"passkey label",
            Self::TotpSecret => b"totp secret",
            Self::NoticeAddress => b"notice address",
            Self::Attributes => b"attributes",
        }
    }
}

/// Why a personal value can't be sealed or opened. A key that is gone is not an error: see [`crate::Store::open_for`].
#[derive(Debug, thiserror::Error)]
pub enum PersonalError {
    /// The key database refused.
    #[error("the person keys can't be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// The person's key was sealed under another root key, or was changed.
    #[error("a person's key does not open")]
    KeyDamaged,
    /// Whether the person is stored already could not be read.
    #[error("the person can't be looked up: {0}")]
    Unread(Box<crate::ReadError>),
    /// The person is known, and their key is gone: erased, or the key database was lost. Nothing new is sealed for them.
    #[error("a person's key is gone; if it was not erased on purpose, put the person keys back from their copy")]
    KeyGone,
    /// The value was sealed under another key or for another place, or was changed.
    #[error("a personal value does not open")]
    ValueDamaged,
}

impl From<crate::ReadError> for PersonalError {
    fn from(error: crate::ReadError) -> Self {
        Self::Unread(Box::new(error))
    }
}

/// The database of per-person keys.
#[derive(Debug)]
pub(crate) struct PersonKeys {
    conn: Mutex<Connection>,
    sealing: SealingKey,
}

impl PersonKeys {
    /// Makes the key database of a new installation. One that exists already is kept: it may belong to a restored store.
    pub(crate) fn create(path: &Path, root: &RootKey) -> Result<Self, OpenError> {
        if !path.exists() {
            files::private_new_file(path).map_err(OpenError::Io)?;
        }
        let mut conn = connection::writer(path)?;
        let tx = conn.transaction()?;
        let tables: i64 = tx.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        if tables == 0 {
            tx.execute_batch(include_str!("migrations/person_keys_0001.sql"))?;
            tx.pragma_update(None, "application_id", connection::APPLICATION_ID)?;
        }
        tx.commit()?;
        drop(conn);
        Self::open(path, root)
    }

    pub(crate) fn open(path: &Path, root: &RootKey) -> Result<Self, OpenError> {
        let conn = connection::writer(path)?;
        // A deleted key is overwritten, not only unlinked.
        conn.pragma_update(None, "secure_delete", true)?;
        conn.pragma_update(None, "cache_size", -256)?;
        let found: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if found != connection::APPLICATION_ID {
            return Err(OpenError::NotAStore);
        }
        Ok(Self { conn: Mutex::new(conn), sealing: root.sealing_key("person keys") })
    }

    /// Seals `plain` for `person`, making and fsyncing the person's key first when there is none.
    ///
    /// A key is made only for a person who is not `known` yet. Making another one for somebody whose key is gone would undo an erasure by
    /// halves, or hide that the keys were lost.
    pub(crate) fn seal(
        &self,
        person: PersonId,
        known: bool,
        kind: PersonalKind,
        plain: &[u8],
        now: Timestamp,
        entropy: &mut Entropy,
    ) -> Result<Vec<u8>, PersonalError> {
        let conn = self.lock();
        let key = match self.find(&conn, person)? {
            Some(key) => key,
            None if known => return Err(PersonalError::KeyGone),
            None => {
                let fresh = Zeroizing::new(entropy.take::<32>());
                let sealed = self.sealing.seal(person.as_bytes(), &fresh[..], entropy);
                // Autocommit with synchronous=FULL: durable when this returns, before the row that needs it.
                conn.prepare_cached("INSERT INTO person_key (person, sealed, created) VALUES (?1, ?2, ?3)")?
                    .execute(params![person.as_bytes(), sealed, now.millis()])?;
                SealingKey::new(&Secret::new(*fresh))
            }
        };
        drop(conn);
        Ok(key.seal(&place(person, kind), plain, entropy))
    }

    /// Opens what [`Self::seal`] gave; nothing when the person's key is gone.
    pub(crate) fn open_value(
        &self,
        person: PersonId,
        kind: PersonalKind,
        sealed: &[u8],
    ) -> Result<Option<String>, PersonalError> {
        let Some(plain) = self.open_bytes(person, kind, sealed)? else { return Ok(None) };
        std::str::from_utf8(&plain).map(|text| Some(text.to_owned())).map_err(|_| PersonalError::ValueDamaged)
    }

    /// The same, for what is no text.
    pub(crate) fn open_bytes(
        &self,
        person: PersonId,
        kind: PersonalKind,
        sealed: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, PersonalError> {
        let Some(key) = self.find(&self.lock(), person)? else { return Ok(None) };
        let plain = key.open(&place(person, kind), sealed).map_err(|_| PersonalError::ValueDamaged)?;
        Ok(Some(Zeroizing::new(plain)))
    }

    /// Deletes a person's key, and the copy of it that the write-ahead log may hold.
    pub(crate) fn erase(&self, person: PersonId) -> Result<(), PersonalError> {
        let conn = self.lock();
        conn.execute("DELETE FROM person_key WHERE person = ?1", [person.as_bytes()])?;
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    fn find(&self, conn: &Connection, person: PersonId) -> Result<Option<SealingKey>, PersonalError> {
        let sealed: Option<Vec<u8>> = conn
            .prepare_cached("SELECT sealed FROM person_key WHERE person = ?1")?
            .query_row([person.as_bytes()], |row| row.get(0))
            .optional()?;
        let Some(sealed) = sealed else { return Ok(None) };
        let key = Zeroizing::new(self.sealing.open(person.as_bytes(), &sealed).map_err(|_| PersonalError::KeyDamaged)?);
        let key = key.as_slice().try_into().map_err(|_| PersonalError::KeyDamaged)?;
        Ok(Some(SealingKey::new(&Secret::new(key))))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // Every statement is its own transaction, so a holder that died left nothing half-done.
        self.conn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a seal is tied to: the person and the kind of value.
fn place(person: PersonId, kind: PersonalKind) -> Vec<u8> {
    [person.as_bytes(), kind.label()].concat()
}
