//! An installation at rest: configuration, root key and store, opened together by commands that work while no server runs.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use crypto::{HashKey, RootKey};
use model::Outcome;
use server::ambient;
use store::{Change, ChangeSet, OpenError, RootKeyError, Store, StoreConfig};

use crate::{
    config::{self, Config, Problem},
    terminal,
};

/// An opened installation. Close it when done: that drains the writer and signs a checkpoint.
pub(crate) struct Installation {
    pub(crate) issuer: String,
    pub(crate) root: RootKey,
    pub(crate) store: Store,
}

impl Installation {
    /// Opens the installation that the configuration at `path` describes.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let config = load(path)?;
        let places = StoreConfig::new(&config.data_dir, &config.keys_dir);
        let (root, store) = open(&places)?;
        Ok(Self { issuer: config.issuer, root, store })
    }

    /// The key under which the sign-in room keeps names and passes.
    pub(crate) fn signin_key(&self) -> HashKey {
        self.root.hash_key("signin")
    }

    /// Commits what an engine decided, and waits until it is durable.
    pub(crate) fn commit<R, C: Into<Change>>(&self, outcome: Outcome<R, C>) -> Result<R> {
        let set = ChangeSet::new(ambient::now(), outcome.changes, outcome.audit);
        self.store.commit_blocking(set).context("failed to store the change; nothing was changed")?;
        Ok(outcome.reply)
    }

    /// Drains the writer, signs a checkpoint and releases the store.
    pub(crate) fn close(self) -> Result<()> {
        self.store.close(ambient::now()).context("failed to close the store")
    }
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
    match Store::open(places, &root, ambient::now()) {
        Ok(store) => Ok((root, store)),
        Err(OpenError::Locked) => bail!(
            "another process has the store in {} open, most likely a running server; stop it and try again",
            places.data_dir.display()
        ),
        Err(error) => Err(error).with_context(|| format!("failed to open the store in {}", places.data_dir.display())),
    }
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
