//! A scan: everything below some roots, read by several threads, told in one order.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;

use cutover::{Client, Notice, NoticeKind, Source};

use crate::config::{Document, ReadOutcome, Reading, TERRAFORM, read_document, read_terraform};
use crate::walk::{Content, Unit, content, is_terraform, joined, open_archive, units};

/// Most threads; more wait for the disk together.
const THREADS_MAX: usize = 8;
/// Stack of a thread, in bytes: parsers of nested documents call themselves.
const STACK_BYTES: usize = 16 * 1024 * 1024;

/// What a scan found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Clients, by place: one for each time that a file describes one.
    pub clients: Vec<Client>,
    /// What should be said about files.
    pub notices: Vec<Notice>,
    /// How much was looked at.
    pub files: FileCounts,
    /// Files read, by the name of the reader.
    pub readers: BTreeMap<&'static str, u64>,
}

/// How much a scan looked at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct FileCounts {
    /// Files that were there.
    pub seen: u64,
    /// Files that a reader read.
    pub read: u64,
    /// Files that are not configuration of a known kind, or could not be read.
    pub skipped: u64,
    /// Bytes of text that were looked through.
    pub bytes: u64,
}

/// How far a scan is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Files looked at.
    pub files_seen: u64,
    /// Files that a reader read.
    pub files_read: u64,
    /// Clients found.
    pub clients: u64,
}

/// Why a scan can't begin.
#[derive(Debug, thiserror::Error)]
#[error("can't open {path}: {kind}", path = path.display())]
pub struct ScanError {
    /// The root.
    pub path: PathBuf,
    /// What the operating system said.
    pub kind: std::io::ErrorKind,
}

/// Scans files, folders and archives. `progress` is called from several threads, now and then.
///
/// # Errors
/// When a root can't be opened at all. What lies below and can't be read becomes a notice.
pub fn scan(roots: &[PathBuf], progress: &(dyn Fn(&Progress) + Sync)) -> Result<Scan, ScanError> {
    let mut scan = Scan::default();
    let mut work = Vec::new();
    for root in roots {
        // One root is what names are relative to; several are told apart by their last part.
        let prefix = if roots.len() > 1 && root.is_dir() { last_part(root) } else { String::new() };
        let (found, notices) =
            units(root, &prefix).map_err(|fault| ScanError { path: root.clone(), kind: fault.kind() })?;
        work.extend(found);
        scan.notices.extend(notices);
    }

    let shared = Mutex::new((work.into_iter(), scan));
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX);
    thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..threads {
            let spawned =
                thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, || drain(&shared, progress));
            started += usize::from(spawned.is_ok());
        }
        if started == 0 {
            drain(&shared, progress);
        }
    });

    let (_, mut scan) = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    scan.clients.sort_by(|one, other| (&one.source, &one.resource).cmp(&(&other.source, &other.resource)));
    scan.notices.sort();
    scan.notices.dedup();
    Ok(scan)
}

fn last_part(root: &Path) -> String {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    joined("", &root.file_name().unwrap_or_default().to_string_lossy())
}

/// Takes work until there is none.
fn drain(shared: &Mutex<(std::vec::IntoIter<Unit>, Scan)>, progress: &(dyn Fn(&Progress) + Sync)) {
    loop {
        let next = shared.lock().unwrap_or_else(PoisonError::into_inner).0.next();
        let Some(unit) = next else { return };
        let result = one(&unit);
        let now = {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let scan = &mut shared.1;
            result.add_to(scan);
            Progress { files_seen: scan.files.seen, files_read: scan.files.read, clients: scan.clients.len() as u64 }
        };
        progress(&now);
    }
}

/// What one unit came to.
#[derive(Default)]
struct Part {
    outcome: ReadOutcome,
    seen: u64,
    bytes: u64,
    readers: BTreeMap<&'static str, u64>,
}

impl Part {
    fn add_to(self, scan: &mut Scan) {
        let read: u64 = self.readers.values().sum();
        scan.clients.extend(self.outcome.clients);
        scan.notices.extend(self.outcome.notices);
        scan.files.seen += self.seen;
        scan.files.read += read;
        scan.files.skipped += self.seen - read.min(self.seen);
        scan.files.bytes += self.bytes;
        for (name, count) in self.readers {
            *scan.readers.entry(name).or_default() += count;
        }
    }

    fn take(&mut self, reader: &'static str, files: u64, outcome: ReadOutcome) {
        *self.readers.entry(reader).or_default() += files;
        self.outcome.clients.extend(outcome.clients);
        self.outcome.notices.extend(outcome.notices);
    }

    fn unread(&mut self, name: &str, text: String) {
        self.outcome.notices.push(Notice { kind: NoticeKind::Unread, source: Source::file(name), text });
    }

    /// Reads documents: Terraform's by folder, others by themselves.
    fn documents(&mut self, documents: Vec<Document>) {
        let mut modules: BTreeMap<String, Vec<Document>> = BTreeMap::new();
        for document in documents {
            self.bytes += document.text.len() as u64;
            if is_terraform(&document.source.file) {
                let folder = document.source.file.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                modules.entry(folder).or_default().push(document);
                continue;
            }
            match guarded(&document.source, || read_document(&document)) {
                Ok(Reading::NotOurs) => {}
                Ok(Reading::Read(name, outcome)) => self.take(name, 1, outcome),
                Ok(Reading::Unread(notice)) | Err(notice) => self.outcome.notices.push(notice),
            }
        }
        for module in modules.into_values() {
            match guarded(&module[0].source, || read_terraform(&module)) {
                Ok(outcome) if outcome.clients.is_empty() && outcome.notices.is_empty() => {}
                Ok(outcome) => {
                    let mut files: Vec<_> = outcome.clients.iter().map(|client| client.source.file.clone()).collect();
                    files.dedup();
                    self.take(TERRAFORM, files.len() as u64, outcome);
                }
                Err(notice) => self.outcome.notices.push(notice),
            }
        }
    }
}

/// A reader that gives up loudly must not end the scan.
fn guarded<T>(source: &Source, read: impl FnOnce() -> T) -> Result<T, Notice> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| Notice {
        kind: NoticeKind::Unread,
        source: source.clone(),
        text: "Reading this file failed in an unforeseen way. Please report it.".to_owned(),
    })
}

fn one(unit: &Unit) -> Part {
    let mut part = Part::default();
    let files = match unit {
        Unit::File(path, name) => std::slice::from_ref(&(path.clone(), name.clone())).to_vec(),
        Unit::Module(files) => files.clone(),
    };
    let mut documents = Vec::new();
    for (path, name) in files {
        part.seen += 1;
        match content(&path, &name) {
            Ok(Content::Text(document)) => documents.push(document),
            Ok(Content::Other) => {}
            Ok(Content::Archive) => {
                let opened = open_archive(&path, &name);
                part.seen += opened.files;
                part.outcome.notices.extend(opened.notices);
                documents.extend(opened.documents);
            }
            Err(text) => part.unread(&name, text),
        }
    }
    part.documents(documents);
    part
}
