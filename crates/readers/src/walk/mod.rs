//! What a scan looks at: folders, files, archives. Links are not followed, so no loop can hold it, and nothing leads it elsewhere.

mod archive;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use cutover::{Notice, NoticeKind, Source};

use crate::config::Document;
use crate::input::{FILE_BYTES_MAX, NotText, decode};

pub(crate) use archive::open_archive;

/// Folders of tools, which hold other people's files.
const SKIPPED_FOLDERS: [&str; 5] = [".git", ".hg", ".svn", ".terraform", "node_modules"];
/// How deep folders are followed.
const FOLDERS_DEEP_MAX: usize = 100;
/// How much of a file is looked at to tell what it is, in bytes.
const HEAD_BYTES: usize = 1024;

/// A piece of work: what is read together.
#[derive(Debug)]
pub(crate) enum Unit {
    /// One file, and its name in reports.
    File(PathBuf, String),
    /// The Terraform files of one folder.
    Module(Vec<(PathBuf, String)>),
}

/// Everything below a root, and what could not be looked at.
pub(crate) fn units(root: &Path, prefix: &str) -> io::Result<(Vec<Unit>, Vec<Notice>)> {
    let mut found = Found::default();
    if fs::metadata(root)?.is_dir() {
        fs::read_dir(root)?;
        found.folder(root, prefix, 0);
    } else {
        let name = root.file_name().unwrap_or_default().to_string_lossy();
        found.file(root.to_owned(), joined(prefix, &name));
    }
    let mut units = found.units;
    units.extend(found.modules.into_values().map(Unit::Module));
    Ok((units, found.notices))
}

/// `a/b`, or `b` when there is no `a`.
pub(crate) fn joined(prefix: &str, name: &str) -> String {
    // Names go to terminals and pages.
    let name: String = name.chars().map(|char| if char.is_control() { '\u{fffd}' } else { char }).collect();
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

#[derive(Default)]
struct Found {
    units: Vec<Unit>,
    modules: BTreeMap<PathBuf, Vec<(PathBuf, String)>>,
    notices: Vec<Notice>,
}

impl Found {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) if depth <= FOLDERS_DEEP_MAX => entries,
            Ok(_) => return self.unread(prefix, "This folder lies too deep; nothing below it was read.".to_owned()),
            Err(fault) => return self.unread(prefix, format!("This folder can't be opened: {}.", fault.kind())),
        };
        // Sorted, so that two scans walk alike.
        let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !SKIPPED_FOLDERS.contains(&name.as_str()) => {
                    self.folder(&path, &joined(prefix, &name), depth + 1);
                }
                Ok(kind) if kind.is_file() => self.file(path, joined(prefix, &name)),
                Ok(_) | Err(_) => {}
            }
        }
    }

    fn file(&mut self, path: PathBuf, name: String) {
        if is_terraform(&name) {
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            self.modules.entry(folder).or_default().push((path, name));
        } else {
            self.units.push(Unit::File(path, name));
        }
    }

    fn unread(&mut self, name: &str, text: String) {
        self.notices.push(Notice { kind: NoticeKind::Unread, source: Source::file(name), text });
    }
}

/// Whether Terraform reads a file of this name by itself.
pub(crate) fn is_terraform(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.ends_with(".tf") || name == "terraform.tfvars" || name.ends_with(".auto.tfvars")
}

/// What is in a file, as far as a scan cares.
pub(crate) enum Content {
    /// Text that may be configuration.
    Text(Document),
    /// An archive, to be opened.
    Archive,
    /// Neither.
    Other,
}

/// Reads a file from disk, its head first.
pub(crate) fn content(path: &Path, name: &str) -> Result<Content, String> {
    let fault = |fault: io::Error| format!("This file can't be read: {}.", fault.kind());
    let mut file = File::open(path).map_err(fault)?;
    let mut bytes = Vec::with_capacity(HEAD_BYTES);
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut bytes).map_err(fault)?;
    if archive::is_archive(&bytes) {
        return Ok(Content::Archive);
    }
    if !promising(name, &bytes) {
        return Ok(Content::Other);
    }
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(fault)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err("This file is larger than 512 MiB, and was left out.".to_owned());
    }
    document(name, bytes).map(|document| document.map_or(Content::Other, Content::Text))
}

/// Whether a file may be configuration, by its name and its first bytes.
pub(crate) fn promising(name: &str, head: &[u8]) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    if matches!(extension.as_str(), "json" | "yml" | "yaml" | "template" | "tf" | "tfvars") {
        return true;
    }
    let ignorable = |byte: &&u8| byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff);
    head.iter().find(|byte| !ignorable(byte)).is_some_and(|byte| matches!(byte, b'{' | b'['))
}

/// Decodes a promising file. Programs and pictures are nobody's fault; damaged text is said.
pub(crate) fn document(name: &str, bytes: Vec<u8>) -> Result<Option<Document>, String> {
    match decode(bytes) {
        Ok(text) => Ok(Some(Document { source: Source::file(name), text })),
        Err(NotText::Binary) => Ok(None),
        Err(fault) => Err(format!("This file can't be read as text: {fault}.")),
    }
}
