//! The demo's own files: where they are, whether they are there, and how they go.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use model::Secret;
use store::StoreConfig;

use crate::{
    asking::new_private_file,
    config::template::{Wanted, fill},
};

/// Longest secret file read, in bytes.
const SECRET_BYTES_MAX: u64 = 256;
/// Marks a directory as a demo's, so that `--fresh` never deletes anything else.
const MARKER: &str = "this-is-a-lockgate-demo";

/// Where a demo keeps things.
pub(super) struct Files {
    dir: PathBuf,
}

impl Files {
    pub(super) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned() }
    }

    pub(super) fn places(&self) -> StoreConfig {
        StoreConfig::new(self.dir.join("data"), self.dir.join("keys"))
    }

    fn secret(&self) -> PathBuf {
        self.dir.join("keys").join("harbour-notes.secret")
    }

    /// Where letters to the made-up people stay.
    pub(super) fn mail(&self) -> PathBuf {
        self.dir.join("mail")
    }

    /// Whether a whole demo is there: the secret is written last.
    pub(super) fn complete(&self) -> bool {
        self.secret().exists()
    }

    /// Makes the directory and marks it. Refuses one that holds something else. A configuration file lets the other commands
    /// (`lockgate person list --dir …`) work on the demo too.
    pub(super) fn claim(&self, issuer: &str, organisation: &str) -> Result<()> {
        if !self.marked() && fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_some()) {
            bail!("{} holds something that is not a demo; choose another place with --data", self.dir.display());
        }
        fs::create_dir_all(&self.dir).with_context(|| format!("failed to make {}", self.dir.display()))?;
        let text = "The files beside this one belong to `lockgate demo`, which may delete them.\n";
        let config = fill(&Wanted { issuer, organisation }).map_err(anyhow::Error::msg)?;
        fs::write(self.dir.join(MARKER), text)
            .and_then(|()| fs::write(self.dir.join("lockgate.toml"), config))
            .with_context(|| format!("failed to write into {}", self.dir.display()))
    }

    /// Deletes an earlier demo, whole or half-made.
    pub(super) fn forget(&self) -> Result<()> {
        if !self.dir.exists() {
            return Ok(());
        }
        if !self.marked() {
            bail!(
                "{} is not a demo's directory, so nothing in it is deleted; choose another place with --data",
                self.dir.display()
            );
        }
        for part in ["data", "keys", "mail"] {
            let path = self.dir.join(part);
            if path.exists() {
                fs::remove_dir_all(&path).with_context(|| format!("failed to delete {}", path.display()))?;
            }
        }
        Ok(())
    }

    fn marked(&self) -> bool {
        self.dir.join(MARKER).is_file()
    }

    /// Keeps the example application's secret, as its own operator would.
    pub(super) fn write_secret(&self, secret: &Secret<String>) -> Result<()> {
        let mut file = new_private_file(&self.secret())?;
        file.write_all(secret.expose().as_bytes())
            .and_then(|()| file.sync_all())
            .with_context(|| format!("failed to write {}", self.secret().display()))
    }

    pub(super) fn read_secret(&self) -> Result<Secret<String>> {
        let path = self.secret();
        let file = fs::File::open(&path).with_context(|| format!("failed to read {}", path.display()))?;
        let mut text = String::new();
        file.take(SECRET_BYTES_MAX)
            .read_to_string(&mut text)
            .with_context(|| format!("failed to read {}", path.display()))?;
        Ok(Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_demo_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let theirs = folder.path().join("data/precious");
        fs::create_dir_all(&theirs).unwrap();
        let files = Files::new(folder.path());
        assert!(files.forget().is_err());
        assert!(files.claim("http://localhost:8400", "Trust").is_err());
        assert!(theirs.exists());

        let files = Files::new(&folder.path().join("demo"));
        files.forget().unwrap();
        files.claim("http://localhost:8400", "Trust").unwrap();
        fs::create_dir_all(folder.path().join("demo/data")).unwrap();
        files.claim("http://localhost:8400", "Trust").unwrap();
        files.forget().unwrap();
        assert!(!folder.path().join("demo/data").exists());
    }

    #[test]
    fn the_secret_is_private_and_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path());
        fs::create_dir(folder.path().join("keys")).unwrap();
        assert!(!files.complete());
        files.write_secret(&Secret::new("s3cret".to_owned())).unwrap();
        assert!(files.complete());
        assert_eq!(files.read_secret().unwrap().expose(), "s3cret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(files.secret()).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
