//! The root key's file. Whoever has it can open every seal of the installation, so it is read by its owner only and never overwritten.

use std::{
    fs::File,
    io::{self, Read, Write},
};

use crypto::RootKey;
use model::{Entropy, Secret};
use zeroize::Zeroizing;

use crate::{
    StoreConfig,
    files::{open_to_others, private_dir, private_new_file, sync_dir},
};

/// Longest root key file read, in bytes. The real one has one line.
const FILE_BYTES_MAX: u64 = 1024;

/// Why the root key can't be had.
#[derive(Debug, thiserror::Error)]
pub enum RootKeyError {
    /// There is no root key yet.
    #[error("found no root key file; create the installation first")]
    Missing,
    /// There is one already; a second would make everything sealed under the first unreadable.
    #[error("a root key file exists already and is never overwritten")]
    Exists,
    /// Other users of the machine may read or change it.
    #[error("the root key file may be read by other users: expected mode 0600")]
    OpenToOthers,
    /// The file does not hold a whole root key.
    #[error("the root key file is damaged or is not a root key")]
    Damaged,
    /// The file system refused.
    #[error("the root key file can't be used: {0}")]
    Io(#[from] io::Error),
}

/// Reads the root key of an installation.
///
/// # Errors
/// See [`RootKeyError`]; `Missing` is the one that a first start expects.
pub fn read_root_key(config: &StoreConfig) -> Result<RootKey, RootKeyError> {
    let file = match File::open(config.root_key_path()) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(RootKeyError::Missing),
        Err(error) => return Err(error.into()),
    };
    if open_to_others(&file)? {
        return Err(RootKeyError::OpenToOthers);
    }
    let mut text = Zeroizing::new(String::with_capacity(256));
    file.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    RootKey::from_file_text(&text).map_err(|_| RootKeyError::Damaged)
}

/// Makes the root key of a new installation and returns it once its file is durable.
///
/// # Errors
/// [`RootKeyError::Exists`] when there is one, [`RootKeyError::Io`] when it can't be written.
pub fn create_root_key(config: &StoreConfig, entropy: &mut Entropy) -> Result<RootKey, RootKeyError> {
    private_dir(&config.keys_dir)?;
    let key = RootKey::new(Secret::new(entropy.take::<32>()));
    let mut file = match private_new_file(&config.root_key_path()) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(RootKeyError::Exists),
        Err(error) => return Err(error.into()),
    };
    file.write_all(key.to_file_text().expose().as_bytes())?;
    file.sync_all()?;
    sync_dir(&config.keys_dir)?;
    Ok(key)
}
