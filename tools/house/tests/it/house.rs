//! What the checks look at: the workspace's packages, and its files as text.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Folders that are not ours to read: built, installed or made at run time.
const NOT_SOURCE: [&str; 6] = [".git", "target", "node_modules", ".venv", "lockgate-data", "__pycache__"];

pub(crate) struct House {
    root: PathBuf,
    pub(crate) metadata: Metadata,
}

/// One file with its path from the root, written with `/`.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The workspace this test belongs to, read once.
pub(crate) fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
        let metadata = MetadataCommand::new().manifest_path(manifest).exec().expect("cargo metadata answers");
        House { root: metadata.workspace_root.clone().into_std_path_buf(), metadata }
    })
}

impl House {
    /// All rooms: the members of the workspace.
    pub(crate) fn rooms(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    pub(crate) fn is_room(&self, name: &str) -> bool {
        self.rooms().iter().any(|room| room.name.as_str() == name)
    }

    /// Whether there is such a file or folder, from the root. `..` inside a path is followed.
    pub(crate) fn has(&self, path: &Path) -> bool {
        self.root.join(path).exists()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("failed to read {path}: {error}"))
    }

    /// Every text file below `folder` (`""` for all of the house) whose path `wanted` accepts, in a stable order.
    pub(crate) fn files(&self, folder: &str, wanted: impl Fn(&str) -> bool) -> Vec<File> {
        let mut found = Vec::new();
        let mut folders = vec![self.root.join(folder)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries {
                let path = entry.expect("the folder stays readable").path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if path.is_dir() && !path.is_symlink() {
                    if !NOT_SOURCE.contains(&name.as_str()) {
                        folders.push(path);
                    }
                } else if let Some(file) = self.file(&path, &wanted) {
                    found.push(file);
                }
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found
    }

    fn file(&self, path: &Path, wanted: &impl Fn(&str) -> bool) -> Option<File> {
        let relative = path.strip_prefix(&self.root).ok()?.to_string_lossy().replace('\\', "/");
        // Local settings and pictures are nobody's business: the first are not committed, the second are not text.
        if relative.ends_with(".local.toml") || !wanted(&relative) {
            return None;
        }
        String::from_utf8(fs::read(path).ok()?).ok().map(|text| File { path: relative, text })
    }

    /// The Rust sources below `folder`.
    pub(crate) fn rust_files(&self, folder: &str) -> Vec<File> {
        self.files(folder, |path| path.ends_with(".rs"))
    }
}

/// The names that `room` depends on for the kinds in `kinds`, without repeats.
pub(crate) fn dependencies<'a>(room: &'a Package, kinds: &[DependencyKind]) -> Vec<&'a str> {
    let mut names: Vec<_> =
        room.dependencies.iter().filter(|one| kinds.contains(&one.kind)).map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What a room needs to be built.
pub(crate) const BUILDING: [DependencyKind; 2] = [DependencyKind::Normal, DependencyKind::Build];
/// What its tests need on top.
pub(crate) const TESTING: [DependencyKind; 1] = [DependencyKind::Development];
