//! The audit log and the sign-in records, newest first.

use std::sync::LazyLock;

use model::{ClientId, PersonId, SigninRecord, Timestamp};

use super::limit;
use crate::{ReadError, Store, rows};

static RECORDS: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM signin_record ORDER BY seq DESC LIMIT ?1", rows::SIGNIN_RECORD));

static RECORDS_OF: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {} FROM signin_record WHERE pseudonym = ?1 ORDER BY seq DESC LIMIT ?2", rows::SIGNIN_RECORD)
});

/// One event as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number; the first is 1, and there are no gaps.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What: a word of [`model::AuditKind`].
    pub kind: String,
    /// By whom: `person:ID`, `client:ID`, `operator` or `system`.
    pub actor: String,
    /// Whom it concerned.
    pub person: Option<PersonId>,
    /// Through which client.
    pub client: Option<ClientId>,
    /// What else, as a JSON object.
    pub details: String,
    /// Its hash in the chain.
    pub hash: [u8; 32],
}

impl Store {
    /// The last `rows` audit events, at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn audit_tail(&self, rows: usize) -> Result<Vec<AuditRow>, ReadError> {
        let sql = "SELECT seq, at, kind, actor, person, client, details, hash FROM audit ORDER BY seq DESC LIMIT ?1";
        self.readers.all(sql, [limit(rows)], |row| {
            let client: Option<String> = row.get(5)?;
            Ok(AuditRow {
                seq: row.get::<_, i64>(0)?.unsigned_abs(),
                at: rows::time(row, 1)?,
                kind: row.get(2)?,
                actor: row.get(3)?,
                person: row.get::<_, Option<[u8; 16]>>(4)?.map(PersonId::from_bytes),
                client: client
                    .map(|id| ClientId::parse(&id).map_err(|_| ReadError::Damaged("audit client")))
                    .transpose()?,
                details: row.get(6)?,
                hash: row.get(7)?,
            })
        })
    }

    /// The last `rows` sign-in records, at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn signin_records_tail(&self, rows: usize) -> Result<Vec<SigninRecord>, ReadError> {
        self.readers.all(&RECORDS, [limit(rows)], rows::signin_record)
    }

    /// The last `rows` sign-in records under one pseudonym, at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn signin_records_of(&self, pseudonym: &[u8; 16], rows: usize) -> Result<Vec<SigninRecord>, ReadError> {
        self.readers.all(&RECORDS_OF, rusqlite::params![pseudonym, limit(rows)], rows::signin_record)
    }
}
