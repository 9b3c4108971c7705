//! Verification of the audit log, row by row, with everything computed anew from what is stored.
//!
//! It proves that the chain fits itself and its signed checkpoints. Whoever holds the database **and** waits for no checkpoint
//! outside could still cut off the end: compare with a checkpoint that was kept elsewhere ([`verify_audit_against`]).

use std::{collections::HashMap, path::Path};

use crypto::{RootKey, SigningKey, chain_hash};
use model::{KeyId, Timestamp};
use rusqlite::{Connection, Row};

use crate::{
    Checkpoint, OpenError,
    audit::{Entry, genesis},
    connection,
    open::{check_installation, key_seal},
};

/// What a log that holds together looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Events in the log.
    pub events: u64,
    /// When the first and the last happened.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Hash of the last event.
    pub head: [u8; 32],
    /// Checkpoints whose signature was checked.
    pub checkpoints: u64,
    /// The last of them.
    pub last_checkpoint: Option<Checkpoint>,
    /// Events that no checkpoint covers yet.
    pub events_after_last_checkpoint: u64,
}

/// Why a log can't be believed.
#[derive(Debug, thiserror::Error)]
pub enum AuditFault {
    /// The store can't be opened, or not with this root key.
    #[error("the audit log can't be read: {0}")]
    Unreadable(#[from] OpenError),
    /// An event is missing: numbers must follow each other.
    #[error("expected event {expected}, found event {found}: events are missing")]
    Gap {
        /// The number that had to come.
        expected: u64,
        /// The number that came.
        found: u64,
    },
    /// A row holds something that was never written.
    #[error("event {seq} can't be read")]
    Unintelligible {
        /// Its number.
        seq: u64,
    },
    /// An event does not follow the one before it.
    #[error("event {seq} does not continue the chain")]
    Broken {
        /// Its number.
        seq: u64,
    },
    /// An event's content is not what was hashed.
    #[error("event {seq} was changed")]
    Changed {
        /// Its number.
        seq: u64,
    },
    /// A checkpoint says something else than the chain.
    #[error("the checkpoint at event {seq} does not match the chain")]
    CheckpointMismatch {
        /// Where.
        seq: u64,
    },
    /// A checkpoint's signature is not by a key of this installation.
    #[error("the checkpoint at event {seq} is not signed by a key of this installation")]
    CheckpointForged {
        /// Where.
        seq: u64,
    },
    /// A checkpoint covers events that are not there.
    #[error("a checkpoint covers event {covered}, but the log ends at event {end}: its end was cut off")]
    Truncated {
        /// The event that the checkpoint covers.
        covered: u64,
        /// The last event in the log.
        end: u64,
    },
}

impl From<rusqlite::Error> for AuditFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unreadable(error.into())
    }
}

/// Verifies the audit log of the database file `database`. The store may be open in another process meanwhile.
///
/// # Errors
/// The first [`AuditFault`] found.
pub fn verify_audit(database: &Path, root: &RootKey) -> Result<AuditReport, AuditFault> {
    verify(database, root, None)
}

/// As [`verify_audit`], and the log must contain what `outside`, a checkpoint that was kept elsewhere, says.
///
/// # Errors
/// The first [`AuditFault`] found.
pub fn verify_audit_against(database: &Path, root: &RootKey, outside: &Checkpoint) -> Result<AuditReport, AuditFault> {
    verify(database, root, Some(outside))
}

fn verify(database: &Path, root: &RootKey, outside: Option<&Checkpoint>) -> Result<AuditReport, AuditFault> {
    if !database.exists() {
        return Err(OpenError::NotCreated.into());
    }
    let conn = connection::reader(database)?;
    // One read transaction: the log must not grow between the rows and the checkpoints.
    conn.execute_batch("BEGIN")?;
    let installation = check_installation(&conn, root)?;
    let keys = Keys::load(&conn, root)?;
    let mut expected = stored_checkpoints(&conn)?;
    let checkpoints = expected.len() as u64;
    if let Some(outside) = outside {
        expected.push(outside.clone());
        expected.sort_by_key(|checkpoint| checkpoint.seq);
    }
    for checkpoint in &expected {
        keys.check(checkpoint, &installation)?;
    }
    let last_checkpoint = expected.iter().rev().find(|c| Some(*c) != outside || checkpoints == 0).cloned();
    let (end, span) = walk(&conn, &installation, &expected)?;
    let covered = last_checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.seq);
    Ok(AuditReport {
        events: end.seq,
        span,
        head: end.hash,
        checkpoints,
        last_checkpoint,
        events_after_last_checkpoint: end.seq.saturating_sub(covered),
    })
}

struct End {
    seq: u64,
    hash: [u8; 32],
}

/// Walks the chain and holds it against the checkpoints, which come in the order of their events.
fn walk(
    conn: &Connection,
    installation: &[u8; 16],
    checkpoints: &[Checkpoint],
) -> Result<(End, Option<(Timestamp, Timestamp)>), AuditFault> {
    let mut statement =
        conn.prepare("SELECT seq, at, kind, actor, person, client, details, previous, hash FROM audit ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut end = End { seq: 0, hash: genesis(installation) };
    let mut span: Option<(Timestamp, Timestamp)> = None;
    let mut ahead = checkpoints.iter().peekable();
    let mut entry = Vec::new();
    loop {
        while let Some(checkpoint) = ahead.next_if(|checkpoint| checkpoint.seq == end.seq) {
            if checkpoint.hash != end.hash {
                return Err(AuditFault::CheckpointMismatch { seq: end.seq });
            }
        }
        let Some(row) = rows.next()? else { break };
        let expected = end.seq + 1;
        let found = row.get::<_, i64>(0)?;
        if found != expected.cast_signed() {
            return Err(AuditFault::Gap { expected, found: found.unsigned_abs() });
        }
        let (at, hash) = check_row(row, expected, &end.hash, &mut entry)?;
        span = Some((span.map_or(at, |(first, _)| first), at));
        end = End { seq: expected, hash };
    }
    match ahead.next() {
        Some(beyond) => Err(AuditFault::Truncated { covered: beyond.seq, end: end.seq }),
        None => Ok((end, span)),
    }
}

fn check_row(
    row: &Row<'_>,
    seq: u64,
    previous: &[u8; 32],
    entry: &mut Vec<u8>,
) -> Result<(Timestamp, [u8; 32]), AuditFault> {
    // A value of the wrong type is not a broken database: somebody put it there.
    let unintelligible = |_| AuditFault::Unintelligible { seq };
    let at: i64 = row.get(1).map_err(unintelligible)?;
    let kind: String = row.get(2).map_err(unintelligible)?;
    let actor: String = row.get(3).map_err(unintelligible)?;
    let person: Option<Vec<u8>> = row.get(4).map_err(unintelligible)?;
    let client: Option<String> = row.get(5).map_err(unintelligible)?;
    let details: String = row.get(6).map_err(unintelligible)?;
    let stored_previous: [u8; 32] = row.get(7).map_err(unintelligible)?;
    let hash: [u8; 32] = row.get(8).map_err(unintelligible)?;
    if stored_previous != *previous {
        return Err(AuditFault::Broken { seq });
    }
    let (person, client) = (person.as_deref(), client.as_deref());
    Entry { seq, at, kind: &kind, actor: &actor, person, client, details: &details }.write_to(entry);
    if chain_hash(previous, entry) != hash {
        return Err(AuditFault::Changed { seq });
    }
    Ok((Timestamp::from_millis(at), hash))
}

fn stored_checkpoints(conn: &Connection) -> Result<Vec<Checkpoint>, AuditFault> {
    let mut statement =
        conn.prepare("SELECT seq, hash, at, signing_key, signature FROM audit_checkpoint ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut checkpoints = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.unsigned_abs();
        let forged = |_| AuditFault::CheckpointForged { seq };
        checkpoints.push(Checkpoint {
            seq,
            hash: row.get(1).map_err(forged)?,
            at: Timestamp::from_millis(row.get(2).map_err(forged)?),
            key: KeyId::from_bytes(row.get(3).map_err(forged)?),
            signature: row.get(4).map_err(forged)?,
        });
    }
    Ok(checkpoints)
}

/// Every key that ever signed here, retired ones too. They are sealed under the root key, so a key that was slipped in does not open.
struct Keys(HashMap<KeyId, SigningKey>);

impl Keys {
    fn load(conn: &Connection, root: &RootKey) -> Result<Self, AuditFault> {
        let seal = key_seal(root);
        let mut statement = conn.prepare("SELECT id, sealed, created FROM signing_key")?;
        let mut rows = statement.query([])?;
        let mut keys = HashMap::new();
        while let Some(row) = rows.next()? {
            let (id, sealed) = (KeyId::from_bytes(row.get(0)?), row.get::<_, Vec<u8>>(1)?);
            let created = Timestamp::from_millis(row.get(2)?);
            let key = SigningKey::from_sealed(id, created, &seal, &sealed)
                .map_err(|_| AuditFault::Unreadable(OpenError::SigningKeyDamaged))?;
            keys.insert(id, key);
        }
        Ok(Self(keys))
    }

    fn check(&self, checkpoint: &Checkpoint, installation: &[u8; 16]) -> Result<(), AuditFault> {
        match self.0.get(&checkpoint.key) {
            Some(key) if checkpoint.is_signed_by(installation, key) => Ok(()),
            _ => Err(AuditFault::CheckpointForged { seq: checkpoint.seq }),
        }
    }
}
