//! Where the store lives and how much it may hold in its queue.

use std::path::PathBuf;

/// Change sets that may wait for the writer when nothing else is said.
pub const QUEUE_MAX: usize = 4096;
/// Change sets that share one fsync when nothing else is said.
pub const GROUP_MAX: usize = 256;

/// Places and bounds of one store.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// Holds `lockgate.db`, its write-ahead log and the process lock: what a data backup copies.
    pub data_dir: PathBuf,
    /// Holds `root.key` and `person-keys.db`: never part of a data backup, so that erasing a key is an erasure.
    pub keys_dir: PathBuf,
    /// Change sets that may wait; one more is answered [`crate::Busy`].
    pub queue_max: usize,
    /// Change sets that share one transaction and one fsync.
    pub group_max: usize,
}

impl StoreConfig {
    /// The two places, with the usual bounds.
    pub fn new(data_dir: impl Into<PathBuf>, keys_dir: impl Into<PathBuf>) -> Self {
        Self { data_dir: data_dir.into(), keys_dir: keys_dir.into(), queue_max: QUEUE_MAX, group_max: GROUP_MAX }
    }

    /// The database file.
    #[must_use]
    pub fn database_path(&self) -> PathBuf {
        self.data_dir.join("lockgate.db")
    }

    /// The file whose lock says that a process has the store open.
    #[must_use]
    pub fn lock_path(&self) -> PathBuf {
        self.data_dir.join("lockgate.lock")
    }

    /// The root key's file.
    #[must_use]
    pub fn root_key_path(&self) -> PathBuf {
        self.keys_dir.join("root.key")
    }

    /// The database of per-person keys.
    #[must_use]
    pub fn person_keys_path(&self) -> PathBuf {
        self.keys_dir.join("person-keys.db")
    }
}
