//! What is known about people, and who was told.

use context::{Attributes, ClaimSet, Receipt};
use model::{ClientId, PersonId, ReceiptId, Timestamp};
use rusqlite::{Row, params};

use crate::{PersonalKind, ReadError, Store, rows};

const RECEIPTS_OF: &str = "SELECT id, person, client, claims, purpose, first, last, times FROM receipt
     WHERE person = ?1 ORDER BY last DESC LIMIT 1000";
const RECEIPTS_AT: &str = "SELECT id, person, client, claims, purpose, first, last, times FROM receipt
     WHERE person = ?1 AND client = ?2 LIMIT 1000";

impl Store {
    /// What is known about a person, and when it last changed; `None` when nothing is, or the person's key was erased.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn attributes_of(&self, person: PersonId) -> Result<Option<(Attributes, Timestamp)>, ReadError> {
        let sql = "SELECT sealed, changed FROM person_attributes WHERE person = ?1";
        let row: Option<(Vec<u8>, Timestamp)> =
            self.readers.one(sql, [person.as_bytes()], |row| Ok((row.get(0)?, rows::time(row, 1)?)))?;
        let Some((sealed, changed)) = row else { return Ok(None) };
        let Some(json) = self.readable(person, PersonalKind::Attributes, &sealed)? else { return Ok(None) };
        let attributes = Attributes::parse(&json).map_err(|_| ReadError::Damaged("attributes"))?;
        Ok(Some((attributes, changed)))
    }

    /// Who was told what about a person, latest first, at most 1000.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn receipts_of(&self, person: PersonId) -> Result<Vec<Receipt>, ReadError> {
        self.readers.all(RECEIPTS_OF, [person.as_bytes()], receipt)
    }

    /// What one client was told about a person.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn receipts_at(&self, person: PersonId, client: &ClientId) -> Result<Vec<Receipt>, ReadError> {
        self.readers.all(RECEIPTS_AT, params![person.as_bytes(), client.as_str()], receipt)
    }

    /// Counts further tellings of a receipt, `more` at once, in the background: rides with the next group, at most 50 ms later. A crash
    /// in between loses the count, never the receipt.
    pub fn count_receipt(&self, id: ReceiptId, at: Timestamp, more: u64) {
        // A full buffer loses a count. The receipt itself says that the client was told.
        let _ = self.shared.queue.push_buffered(crate::queue::Buffered::ReceiptCounted { id, at, more });
    }
}

fn receipt(row: &Row<'_>) -> Result<Receipt, ReadError> {
    let claims = row.get_ref(3)?.as_str().map_err(|_| ReadError::Damaged("receipt claims"))?;
    let times: i64 = row.get(7)?;
    Ok(Receipt {
        id: ReceiptId::from_bytes(row.get(0)?),
        person: PersonId::from_bytes(row.get(1)?),
        client: rows::client_id(row, 2)?,
        claims: ClaimSet::of_names(claims.split(' ')),
        purpose: row.get(4)?,
        first: rows::time(row, 5)?,
        last: rows::time(row, 6)?,
        times: times.unsigned_abs(),
    })
}
