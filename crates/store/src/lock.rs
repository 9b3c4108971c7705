//! One process at a time. The writer's memory is the truth for live sessions and clients; a second writer would make it a lie.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
};

use crate::{OpenError, StoreConfig};

/// Held as long as the store is open; the operating system lets go of it when the process dies, however it dies.
#[derive(Debug)]
pub(crate) struct ProcessLock {
    _file: File,
}

impl ProcessLock {
    pub(crate) fn take(config: &StoreConfig) -> Result<Self, OpenError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(config.lock_path()).map_err(OpenError::Io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked),
            Err(TryLockError::Error(error)) => Err(OpenError::Io(io::Error::other(error))),
        }
    }
}
