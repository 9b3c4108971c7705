//! Signed checkpoints of the audit chain. A chain alone proves only that it fits itself; a checkpoint that was stored elsewhere
//! proves that nothing before it has changed or gone.

use crypto::{SigningKey, b64u, from_b64u, from_b64u_exact};
use model::{KeyId, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::audit::Head;

/// Events after which the writer signs a checkpoint without being asked.
pub(crate) const EVENTS_PER_CHECKPOINT: u64 = 1000;

const PREFIX: &str = "lockgate-checkpoint-1";

/// The end of the audit chain at one moment, signed with a key of the installation (ES256).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Number of the last event.
    pub seq: u64,
    /// Its hash.
    pub hash: [u8; 32],
    /// When it was signed.
    pub at: Timestamp,
    /// The key that signed it.
    pub key: KeyId,
    /// 64 bytes, `r` then `s`, over the bytes that [`crate::checkpoint`] describes.
    pub signature: Vec<u8>,
}

/// The text is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected one line that begins with \"lockgate-checkpoint-1:\"; this is not a checkpoint of this version")]
pub struct NotACheckpoint;

impl Checkpoint {
    pub(crate) fn sign(installation: &[u8; 16], head: Head, at: Timestamp, key: &SigningKey) -> Self {
        let signature = key.sign_raw(&message(installation, head.seq, &head.hash, at));
        Self { seq: head.seq, hash: head.hash, at, key: key.id(), signature }
    }

    /// Whether `key` signed it for this installation.
    pub(crate) fn is_signed_by(&self, installation: &[u8; 16], key: &SigningKey) -> bool {
        key.id() == self.key
            && key.verify_raw(&message(installation, self.seq, &self.hash, self.at), &self.signature).is_ok()
    }

    /// One line of text, to be kept where whoever holds the database can't reach it.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!(
            "{PREFIX}:{}:{}:{}:{}:{}",
            self.seq,
            self.at.millis(),
            b64u(&self.hash),
            self.key,
            b64u(&self.signature)
        )
    }

    /// Reads the line that [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// [`NotACheckpoint`], whatever the reason.
    pub fn from_text(text: &str) -> Result<Self, NotACheckpoint> {
        let mut fields = text.trim_end().split(':');
        let mut next = || fields.next().ok_or(NotACheckpoint);
        if text.len() > 512 || next()? != PREFIX {
            return Err(NotACheckpoint);
        }
        let checkpoint = Self {
            seq: next()?.parse().map_err(|_| NotACheckpoint)?,
            at: Timestamp::from_millis(next()?.parse().map_err(|_| NotACheckpoint)?),
            hash: from_b64u_exact(next()?).map_err(|_| NotACheckpoint)?,
            key: next()?.parse().map_err(|_| NotACheckpoint)?,
            signature: from_b64u(next()?).map_err(|_| NotACheckpoint)?,
        };
        if fields.next().is_some() { Err(NotACheckpoint) } else { Ok(checkpoint) }
    }

    pub(crate) fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached(
            "INSERT INTO audit_checkpoint (seq, hash, at, signing_key, signature) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (seq) DO UPDATE SET hash = excluded.hash, at = excluded.at,
                signing_key = excluded.signing_key, signature = excluded.signature",
        )?
        .execute(params![
            self.seq.cast_signed(),
            self.hash,
            self.at.millis(),
            self.key.as_bytes(),
            self.signature
        ])?;
        Ok(())
    }
}

/// The number of the last event that a stored checkpoint covers; 0 when there is none.
pub(crate) fn last_seq(conn: &Connection) -> rusqlite::Result<u64> {
    let last: Option<i64> = conn
        .query_row("SELECT seq FROM audit_checkpoint ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0).unsigned_abs())
}

/// What is signed: a label, the installation, then number, hash and time of the end. All lengths are fixed.
fn message(installation: &[u8; 16], seq: u64, hash: &[u8; 32], at: Timestamp) -> Vec<u8> {
    let mut out = Vec::with_capacity(96);
    out.extend_from_slice(b"lockgate-audit-checkpoint-1");
    out.extend_from_slice(installation);
    out.extend_from_slice(&seq.to_be_bytes());
    out.extend_from_slice(hash);
    out.extend_from_slice(&at.millis().to_be_bytes());
    out
}

#[cfg(test)]
mod tests {
    use model::Entropy;

    use super::*;

    fn signed() -> (Checkpoint, SigningKey) {
        let key = SigningKey::generate(Timestamp::from_seconds(1), &mut Entropy::new([7; 256]));
        let head = Head { seq: 12, hash: [3; 32] };
        (Checkpoint::sign(&[9; 16], head, Timestamp::from_millis(-5), &key), key)
    }

    #[test]
    fn the_text_comes_back_as_it_was() {
        let (checkpoint, _) = signed();
        assert_eq!(Checkpoint::from_text(&checkpoint.to_text()), Ok(checkpoint.clone()));
        assert_eq!(Checkpoint::from_text(&format!("{}\n", checkpoint.to_text())), Ok(checkpoint.clone()));
        for bad in ["", "lockgate-checkpoint-1", "x:1", &format!("{}:more", checkpoint.to_text())] {
            assert_eq!(Checkpoint::from_text(bad), Err(NotACheckpoint), "{bad}");
        }
    }

    #[test]
    fn the_signature_covers_every_field_and_the_installation() {
        let (honest, key) = signed();
        assert!(honest.is_signed_by(&[9; 16], &key));
        assert!(!honest.is_signed_by(&[8; 16], &key));
        let forged = [
            Checkpoint { seq: 11, ..honest.clone() },
            Checkpoint { hash: [4; 32], ..honest.clone() },
            Checkpoint { at: Timestamp::from_millis(0), ..honest.clone() },
            Checkpoint { key: KeyId::from_bytes([1; 16]), ..honest.clone() },
        ];
        for forged in forged {
            assert!(!forged.is_signed_by(&[9; 16], &key), "{forged:?}");
        }
    }
}
