//! The audit chain as the writer keeps it: one row per event, each holding the hash of the row before it.
//!
//! What is hashed (`||` joins, integers are big-endian, `text(x)` is a `u32` length and the bytes, `maybe(x)` is one byte 0,
//! or one byte 1 and `text(x)`):
//!
//! ```text
//! entry = "lockgate-audit-1" || u64 seq || i64 at || text(kind) || text(actor) || maybe(person) || maybe(client) || text(details)
//! hash  = chain_hash(previous, entry)                      see crypto::chain
//! first previous = chain_hash(32 zero bytes, installation id)
//! ```

use std::fmt::Write;

use crypto::chain::chain_hash;
use model::{Actor, AuditEvent, Detail, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

/// The end of the chain, and buffers that spare an allocation per event.
#[derive(Debug)]
pub(crate) struct Chain {
    head: Head,
    actor: String,
    details: String,
    entry: Vec<u8>,
}

/// Where a chain ends. Cheap to remember, so that a lost change set or a failed group can step back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Number of the last event; 0 before the first.
    pub(crate) seq: u64,
    /// Its hash.
    pub(crate) hash: [u8; 32],
}

/// The hash that stands before the first event: chains of two installations never share a prefix.
pub(crate) fn genesis(installation: &[u8; 16]) -> [u8; 32] {
    chain_hash(&[0; 32], installation)
}

/// The bytes of one event. Verification builds them from the stored columns by the same function.
pub(crate) struct Entry<'a> {
    pub(crate) seq: u64,
    pub(crate) at: i64,
    pub(crate) kind: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) person: Option<&'a [u8]>,
    pub(crate) client: Option<&'a str>,
    pub(crate) details: &'a str,
}

impl Entry<'_> {
    pub(crate) fn write_to(&self, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(b"lockgate-audit-1");
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.at.to_be_bytes());
        text(out, self.kind.as_bytes());
        text(out, self.actor.as_bytes());
        maybe(out, self.person);
        maybe(out, self.client.map(str::as_bytes));
        text(out, self.details.as_bytes());
    }
}

fn text(out: &mut Vec<u8>, bytes: &[u8]) {
    // SQLite holds no value of 4 GiB, so the length always fits; saturating keeps the encoding total.
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

fn maybe(out: &mut Vec<u8>, bytes: Option<&[u8]>) {
    match bytes {
        None => out.push(0),
        Some(bytes) => {
            out.push(1);
            text(out, bytes);
        }
    }
}

impl Chain {
    /// Finds the end of the stored chain.
    pub(crate) fn load(conn: &Connection, installation: &[u8; 16]) -> rusqlite::Result<Self> {
        let last = conn
            .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
                Ok(Head { seq: row.get::<_, i64>(0)?.unsigned_abs(), hash: row.get(1)? })
            })
            .optional()?;
        let head = last.unwrap_or_else(|| Head { seq: 0, hash: genesis(installation) });
        Ok(Self { head, actor: String::new(), details: String::new(), entry: Vec::new() })
    }

    pub(crate) const fn head(&self) -> Head {
        self.head
    }

    /// Steps back after a rollback.
    pub(crate) const fn rewind(&mut self, head: Head) {
        self.head = head;
    }

    /// Appends one event, in the transaction that the connection is in.
    pub(crate) fn append(&mut self, conn: &Connection, at: Timestamp, event: &AuditEvent) -> rusqlite::Result<()> {
        write_actor(&mut self.actor, &event.actor);
        write_details(&mut self.details, &event.details);
        let seq = self.head.seq + 1;
        let entry = Entry {
            seq,
            at: at.millis(),
            kind: event.kind.as_str(),
            actor: &self.actor,
            person: event.person.as_ref().map(|id| &id.as_bytes()[..]),
            client: event.client.as_ref().map(model::ClientId::as_str),
            details: &self.details,
        };
        entry.write_to(&mut self.entry);
        let hash = chain_hash(&self.head.hash, &self.entry);
        conn.prepare_cached(
            "INSERT INTO audit (seq, at, kind, actor, person, client, details, previous, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            seq.cast_signed(),
            entry.at,
            entry.kind,
            entry.actor,
            entry.person,
            entry.client,
            entry.details,
            self.head.hash,
            hash
        ])?;
        self.head = Head { seq, hash };
        Ok(())
    }
}

fn write_actor(out: &mut String, actor: &Actor) {
    out.clear();
    // Writing to a String can't fail.
    let _ = match actor {
        Actor::Person(id) => write!(out, "person:{id}"),
        Actor::Client(id) => write!(out, "client:{id}"),
        Actor::Operator => write!(out, "operator"),
        Actor::System => write!(out, "system"),
    };
}

/// A JSON object in the order given. Names and words are constants of our own code; they are escaped all the same.
fn write_details(out: &mut String, details: &[(&'static str, Detail)]) {
    out.clear();
    out.push('{');
    for (i, (name, detail)) in details.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        // Writing to a String can't fail.
        let _ = match detail {
            Detail::Word(word) => {
                write_string(out, word);
                Ok(())
            }
            Detail::Number(number) => write!(out, "{number}"),
            Detail::Passkey(id) => write!(out, "\"{id}\""),
            Detail::Session(id) => write!(out, "\"{id}\""),
            Detail::Family(id) => write!(out, "\"{id}\""),
            Detail::Pass(id) => write!(out, "\"{id}\""),
            Detail::Key(id) => write!(out, "\"{id}\""),
        };
    }
    out.push('}');
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if (c as u32) < 0x20 => {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(list: &[(&'static str, Detail)]) -> String {
        let mut out = String::from("left over");
        write_details(&mut out, list);
        out
    }

    #[test]
    fn details_are_json_in_the_order_given() {
        assert_eq!(details(&[]), "{}");
        let both = [("why", Detail::Word("say \"no\"\n")), ("count", Detail::Number(-3))];
        assert_eq!(details(&both), r#"{"why":"say \"no\"\u000a","count":-3}"#);
        let value: serde_json::Value = serde_json::from_str(&details(&both)).unwrap();
        assert_eq!(value["why"], "say \"no\"\n");
    }

    #[test]
    fn moving_a_byte_between_columns_changes_the_entry() {
        let bytes = |kind, actor, client| {
            let mut out = Vec::new();
            Entry { seq: 1, at: 2, kind, actor, person: None, client, details: "{}" }.write_to(&mut out);
            out
        };
        assert_ne!(bytes("ab", "c", None), bytes("a", "bc", None));
        assert_ne!(bytes("a", "b", None), bytes("a", "b", Some("")));
    }
}
