//! The store: facts loaded, changes applied, both durable. SQLite in one file, one process, one writer.
//!
//! A change set is acknowledged only after it is on the disk; memory follows the disk; when writing is in doubt the answer is no.
//! Change sets that arrive together share one transaction and one fsync, which is why durable writes are cheap.
//!
//! What it must not do: decide. It checks the preconditions that a change states and nothing else; it knows no HTTP, reads no
//! clock and draws no randomness. No other room knows SQL.
//!
//! Start reading at [`Store`] for what callers see, then `writer` and `group` for the way of a change set, `audit` and
//! [`verify_audit`] for the chain, `personal` for what is sealed under which key, and `migrations/` for the tables.

mod apply;
mod audit;
mod change;
mod checkpoint;
mod config;
mod connection;
mod device_rows;
mod error;
#[cfg(feature = "faults")]
pub mod faults;
mod files;
mod group;
mod lock;
mod memory;
mod migrate;
mod open;
mod personal;
mod queue;
mod read;
mod readers;
mod records;
mod root_file;
mod rows;
mod seals;
mod stats;
mod store;
mod verify;
mod writer;

pub use change::{Busy, Change, ChangeSet, CommitError, Pending, PreconditionFailed};
pub use checkpoint::{Checkpoint, NotACheckpoint};
pub use config::{GROUP_MAX, QUEUE_MAX, StoreConfig};
pub use error::{OpenError, ReadError};
pub use memory::{ClientMap, PublishedKey};
pub use personal::{PersonalError, PersonalKind};
pub use read::{ApplicationUse, AuditRow, WaitingNotice};
pub use root_file::{RootKeyError, create_root_key, read_root_key};
pub use stats::{Health, Stats};
pub use store::Store;
pub use verify::{AuditFault, AuditReport, verify_audit, verify_audit_against};
