//! What can go wrong, for operators. None of these texts carries a value from a row.

use std::io;

/// Why the store can't be opened or created.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no store in the data directory.
    #[error("found no store in the data directory; create it first")]
    NotCreated,
    /// There is one already.
    #[error("a store exists already in the data directory")]
    Exists,
    /// Another process has it open.
    #[error("another process has the store open; stop it first (it holds the lock on lockgate.lock)")]
    Locked,
    /// The root key is not the one this store was created with.
    #[error("the root key does not belong to this store")]
    WrongRootKey,
    /// The file is not a Lockgate store.
    #[error("lockgate.db is not a Lockgate store")]
    NotAStore,
    /// A migration that was applied differs from the one in this program.
    #[error("migration {number} of this store differs from the one in this program; use the program that wrote it")]
    MigrationChanged {
        /// Its number.
        number: i64,
    },
    /// A newer program has migrated the store.
    #[error("the store has migration {number}, which this program does not know; use the newer program")]
    NewerSchema {
        /// The first unknown number.
        number: i64,
    },
    /// SQLite is older than the promises allow.
    #[error("SQLite {found} is too old: expected 3051003 or newer")]
    OldSqlite {
        /// Its version number.
        found: i32,
    },
    /// The database of person keys is not where the root key is.
    #[error("found no person-keys.db beside the root key; restore it, or nothing sealed for persons can be read")]
    PersonKeysMissing,
    /// A signing key can't be opened.
    #[error("a stored signing key can't be opened with this root key")]
    SigningKeyDamaged,
    /// A row says something that no version of this program wrote.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// The database refused.
    #[error("the database can't be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// The file system refused.
    #[error("the store's files can't be used: {0}")]
    Io(#[source] io::Error),
}

/// Why a read has no answer. The only safe reply to the caller is "unavailable".
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database refused.
    #[error("the database can't be read: {0}")]
    Database(#[from] rusqlite::Error),
    /// A row says something that no version of this program wrote.
    #[error("the store is damaged: {0}")]
    Damaged(&'static str),
    /// The personal keys can't be used.
    #[error("personal values can't be opened: {0}")]
    Personal(#[from] crate::PersonalError),
}
