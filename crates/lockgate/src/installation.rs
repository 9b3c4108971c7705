//! An installation at rest: configuration, root key and store, opened together by commands that work while no server runs.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow};
use crypto::RootKey;
use server::{ambient, control::Desk};
use store::{OpenError, RootKeyError, Store, StoreConfig};

use crate::{
    config::{self, Config, Problem},
    terminal,
};

/// An opened installation. Close it when done: that drains the writer and signs a checkpoint.
pub(crate) struct Installation {
    pub(crate) root: RootKey,
    pub(crate) desk: Desk,
}

impl Installation {
    /// Around a store that was just opened or made.
    pub(crate) fn new(root: RootKey, store: Store, issuer: &str) -> Result<Self> {
        let desk =
            Desk::new(Arc::new(store), &root, issuer).map_err(|fault| anyhow!("the issuer can't be used: {fault}"))?;
        Ok(Self { root, desk })
    }

    /// Drains the writer, signs a checkpoint and releases the store.
    pub(crate) fn close(self) -> Result<()> {
        match self.desk.into_store() {
            Some(store) => store.close(ambient::now()).context("failed to close the store"),
            // Nobody else holds it; and if somebody did, dropping it drains the writer all the same.
            None => Ok(()),
        }
    }

    /// The key and the store, for whoever goes on with them.
    pub(crate) fn into_parts(self) -> Result<(RootKey, Store)> {
        let store = self.desk.into_store().context("the store is still in use")?;
        Ok((self.root, store))
    }
}

/// Who has the store.
pub(crate) enum Opened {
    /// We do.
    Ours(Box<Store>),
    /// Another process, most likely a server.
    SomebodyElses,
}

/// Where a running server listens for commands.
pub(crate) fn socket_path(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}

/// Reads the configuration; problems are printed in full before this fails.
pub(crate) fn load(path: &Path) -> Result<Config> {
    config::load(path, &config::environment()).map_err(|problems| {
        print_problems(path, &problems);
        match problems.len() {
            1 => anyhow!("the configuration has a problem"),
            count => anyhow!("the configuration has {count} problems"),
        }
    })
}

/// Prints every problem of a configuration file.
pub(crate) fn print_problems(path: &Path, problems: &[Problem]) {
    for problem in problems {
        terminal::complain(format_args!("{}, {problem}", path.display()));
    }
}

/// Opens the root key and the store, with advice for what commonly stands in the way.
pub(crate) fn open(places: &StoreConfig) -> Result<(RootKey, Store)> {
    let root = root_key(places)?;
    match open_store(places, &root)? {
        Opened::Ours(store) => Ok((root, *store)),
        Opened::SomebodyElses => Err(in_use(places)),
    }
}

/// Opens the store, unless somebody else has it.
pub(crate) fn open_store(places: &StoreConfig, root: &RootKey) -> Result<Opened> {
    match Store::open(places, root, ambient::now()) {
        Ok(store) => Ok(Opened::Ours(Box::new(store))),
        Err(OpenError::Locked) => Ok(Opened::SomebodyElses),
        Err(error) => Err(error).with_context(|| format!("failed to open the store in {}", places.data_dir.display())),
    }
}

/// The advice when somebody else has the store and does not listen.
pub(crate) fn in_use(places: &StoreConfig) -> anyhow::Error {
    anyhow!(
        "another process has the store in {} open, most likely a server or another command; stop it and try again",
        places.data_dir.display()
    )
}

/// Reads the root key, with advice.
pub(crate) fn root_key(places: &StoreConfig) -> Result<RootKey> {
    let path = places.root_key_path();
    store::read_root_key(places).map_err(|error| match error {
        RootKeyError::Missing => {
            anyhow!("there is no root key at {}; run `lockgate init` first, or mend keys_dir", path.display())
        }
        RootKeyError::OpenToOthers => {
            anyhow!("other users of this machine may read {0}; close it with: chmod 600 {0}", path.display())
        }
        RootKeyError::Exists | RootKeyError::Damaged | RootKeyError::Io(_) => {
            anyhow::Error::new(error).context(format!("failed to read {}", path.display()))
        }
    })
}
