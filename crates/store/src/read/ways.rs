//! The weaker ways to sign in, what counts the tries at them, and where a person is told of changes.

use model::{NoticeId, NoticeKind, PasskeyId, PersonId, Timestamp};
use signin::{InvitationState, PersonPassword, PersonTotp, throttle::Counter, totp::TotpSecret};

use super::limit;
use crate::{PersonalError, PersonalKind, ReadError, Store, rows};

/// A notice that has yet to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingNotice {
    /// Which.
    pub id: NoticeId,
    /// Whom to tell.
    pub person: PersonId,
    /// What.
    pub kind: NoticeKind,
    /// When it happened.
    pub at: Timestamp,
    /// The passkey that it is about.
    pub passkey: Option<PasskeyId>,
    /// How often it was tried.
    pub tries: u32,
}

impl Store {
    /// A person's password hash. One that does not open is an error: damage must not look like "no password".
    ///
    /// # Errors
    /// [`ReadError`], as for every read of this type: answer "unavailable".
    pub fn password_of(&self, person: PersonId) -> Result<Option<PersonPassword>, ReadError> {
        let sql = "SELECT sealed, imported, changed FROM person_password WHERE person = ?1";
        self.readers.one(sql, [person.as_bytes()], |row| {
            let sealed: Vec<u8> = row.get(0)?;
            let text = self.seals.open_password(person, &sealed).map_err(|_| ReadError::Damaged("password hash"))?;
            Ok(PersonPassword { text, imported: row.get(1)?, changed: rows::time(row, 2)? })
        })
    }

    /// A person's authenticator app; none when the person's key was erased.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn totp_of(&self, person: PersonId) -> Result<Option<PersonTotp>, ReadError> {
        let sql = "SELECT sealed, last_step, added FROM person_totp WHERE person = ?1";
        let row = self.readers.one(sql, [person.as_bytes()], |row| {
            let last_step = row.get::<_, Option<i64>>(1)?;
            let last_step = last_step.map(u64::try_from).transpose().map_err(|_| ReadError::Damaged("time step"))?;
            Ok((row.get::<_, Vec<u8>>(0)?, last_step, rows::time(row, 2)?))
        })?;
        let Some((sealed, last_step, added)) = row else { return Ok(None) };
        let Some(bytes) = self.open_bytes_for(person, PersonalKind::TotpSecret, &sealed)? else { return Ok(None) };
        let bytes = bytes.as_slice().try_into().map_err(|_| ReadError::Damaged("authenticator secret"))?;
        Ok(Some(PersonTotp { secret: TotpSecret::from_bytes(bytes), last_step, added }))
    }

    /// Keyed hashes of a person's unused recovery codes.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn recovery_codes_of(&self, person: PersonId) -> Result<Vec<[u8; 32]>, ReadError> {
        let sql = "SELECT hash FROM recovery_code WHERE person = ?1 ORDER BY hash";
        self.readers.all(sql, [person.as_bytes()], |row| Ok(row.get(0)?))
    }

    /// When a person's recovery codes were made; none when none are left.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn recovery_codes_made(&self, person: PersonId) -> Result<Option<Timestamp>, ReadError> {
        let sql = "SELECT min(created) FROM recovery_code WHERE person = ?1";
        let made = self.readers.one(sql, [person.as_bytes()], |row| rows::optional_time(row, 0))?;
        Ok(made.flatten())
    }

    /// What a person answered to the invitation to enrol; the default when they were never asked.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn invitation_of(&self, person: PersonId) -> Result<InvitationState, ReadError> {
        let sql = "SELECT count, snoozed_until FROM invitation WHERE person = ?1";
        let state = self.readers.one(sql, [person.as_bytes()], |row| {
            Ok(InvitationState { count: row.get(0)?, snoozed_until: rows::optional_time(row, 1)? })
        })?;
        Ok(state.unwrap_or_default())
    }

    /// One throttling counter; [`Counter::NONE`] when nothing is counted.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn counter(&self, key: &[u8; 32]) -> Result<Counter, ReadError> {
        let sql = "SELECT failures, last, until FROM throttle_counter WHERE key = ?1";
        let counter = self.readers.one(sql, [key], |row| {
            Ok(Counter { failures: row.get(0)?, last: rows::time(row, 1)?, until: rows::time(row, 2)? })
        })?;
        Ok(counter.unwrap_or(Counter::NONE))
    }

    /// Up to `rows` notices that are due, the longest waiting first.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn notices_due(&self, now: Timestamp, rows: usize) -> Result<Vec<WaitingNotice>, ReadError> {
        let sql = "SELECT id, person, kind, at, passkey, tries FROM notice WHERE sent IS NULL AND next_try <= ?1
             ORDER BY next_try LIMIT ?2";
        self.readers.all(sql, rusqlite::params![now.millis(), limit(rows)], |row| {
            Ok(WaitingNotice {
                id: NoticeId::from_bytes(row.get(0)?),
                person: PersonId::from_bytes(row.get(1)?),
                kind: crate::rows::word(row, 2, NoticeKind::from_word, "notice kind")?,
                at: crate::rows::time(row, 3)?,
                passkey: row.get::<_, Option<[u8; 16]>>(4)?.map(PasskeyId::from_bytes),
                tries: row.get(5)?,
            })
        })
    }

    /// Where a person is told of changes: keyed hash and address. Personal; none when the person's key was erased.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn notice_addresses(&self, person: PersonId) -> Result<Vec<([u8; 32], String)>, ReadError> {
        let sql = "SELECT hash, sealed FROM notice_address WHERE person = ?1 ORDER BY added, hash";
        let sealed: Vec<([u8; 32], Vec<u8>)> =
            self.readers.all(sql, [person.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut addresses = Vec::with_capacity(sealed.len());
        for (hash, sealed) in sealed {
            let address = self.readable(person, PersonalKind::NoticeAddress, &sealed)?;
            addresses.extend(address.map(|address| (hash, address)));
        }
        Ok(addresses)
    }

    /// A sealed value that is no text.
    fn open_bytes_for(
        &self,
        person: PersonId,
        kind: PersonalKind,
        sealed: &[u8],
    ) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, PersonalError> {
        self.person_keys.open_bytes(person, kind, sealed)
    }
}
