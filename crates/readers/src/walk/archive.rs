//! Archives: zip, tar, and either of gzip's uses. Nothing is unpacked to disk, and everything that an archive can inflate is bounded.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

use cutover::{Notice, NoticeKind, Source};
use flate2::read::MultiGzDecoder;

use super::{document, joined, promising};
use crate::config::Document;

/// Most entries of one archive.
const ENTRIES_MAX: usize = 100_000;
/// Largest entry, unpacked, in bytes.
const ENTRY_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// Most that one archive may unpack to, in bytes.
const ARCHIVE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Where a tar file says that it is one.
const TAR_MARK: std::ops::Range<usize> = 257..262;

/// Whether a file begins like an archive.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"\x1f\x8b") || head.get(TAR_MARK) == Some(b"ustar".as_slice())
}

/// What an archive holds.
#[derive(Default)]
pub(crate) struct Opened {
    /// Files that may be configuration.
    pub(crate) documents: Vec<Document>,
    /// How many files there were.
    pub(crate) files: u64,
    /// What should be said about it.
    pub(crate) notices: Vec<Notice>,
}

/// Opens an archive. What is damaged ends it early, with a notice; what was read before counts.
pub(crate) fn open_archive(path: &Path, name: &str) -> Opened {
    let mut opening = Opening { name, opened: Opened::default(), bytes: 0 };
    let done = File::open(path).and_then(|file| opening.any(BufReader::new(file)));
    if let Err(fault) = done {
        let text = match fault.kind() {
            io::ErrorKind::Other => fault.to_string(),
            kind => format!("This archive can't be read to its end: {kind}."),
        };
        opening.opened.notices.push(Notice { kind: NoticeKind::Unread, source: Source::file(name), text });
    }
    opening.opened
}

struct Opening<'n> {
    name: &'n str,
    opened: Opened,
    bytes: u64,
}

impl Opening<'_> {
    fn any(&mut self, mut file: BufReader<File>) -> io::Result<()> {
        let mut head = [0; 2];
        file.read_exact(&mut head)?;
        file.rewind()?;
        match &head {
            b"PK" => self.zip(file),
            b"\x1f\x8b" => self.gzip(file),
            _ => self.tar(file),
        }
    }

    fn zip(&mut self, file: BufReader<File>) -> io::Result<()> {
        let damaged = |_| io::Error::from(io::ErrorKind::InvalidData);
        let mut archive = zip::ZipArchive::new(file).map_err(damaged)?;
        for index in 0..archive.len() {
            // One entry that is encrypted, or packed in a way unknown here, leaves the others.
            let Ok(entry) = archive.by_index(index) else {
                self.say(
                    NoticeKind::Unread,
                    "An entry of this archive is encrypted, or packed in a way that is not read.",
                );
                continue;
            };
            if entry.is_file() {
                let Ok(name) = entry.name().map(std::borrow::Cow::into_owned) else {
                    self.say(NoticeKind::Unread, "An entry of this archive has a name that can't be read.");
                    continue;
                };
                self.entry(&name, entry)?;
            }
        }
        Ok(())
    }

    /// A gzip file is a tar file, or one file.
    fn gzip(&mut self, file: BufReader<File>) -> io::Result<()> {
        let unpacked = MultiGzDecoder::new(file).take(ARCHIVE_BYTES_MAX + 1);
        let is_tar = self.name.ends_with(".tar.gz") || self.name.ends_with(".tgz");
        if is_tar {
            return self.tar(unpacked);
        }
        let inner = self.name.rsplit('/').next().unwrap_or_default();
        let inner = inner.strip_suffix(".gz").unwrap_or(inner).to_owned();
        self.entry(&inner, unpacked)
    }

    fn tar(&mut self, file: impl Read) -> io::Result<()> {
        for entry in tar::Archive::new(file).entries()? {
            let entry = entry?;
            if entry.header().entry_type().is_file() {
                let name = entry.path()?.to_string_lossy().into_owned();
                self.entry(&name, entry)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, name: &str, mut entry: impl Read) -> io::Result<()> {
        self.opened.files += 1;
        if self.opened.files > ENTRIES_MAX as u64 {
            return Err(io::Error::other("This archive has more than 100,000 files; the rest was left out."));
        }
        let name = joined(&format!("{}!", self.name), name.trim_start_matches('/'));
        let mut bytes = Vec::new();
        entry.by_ref().take(1024).read_to_end(&mut bytes)?;
        if is_archive(&bytes) {
            self.notice(
                NoticeKind::Partial,
                &name,
                "This is an archive within an archive, and was not opened.".to_owned(),
            );
            return Ok(());
        }
        if !promising(&name, &bytes) {
            return Ok(());
        }
        entry.take(ENTRY_BYTES_MAX).read_to_end(&mut bytes)?;
        self.bytes += bytes.len() as u64;
        if bytes.len() as u64 > ENTRY_BYTES_MAX {
            self.notice(NoticeKind::Unread, &name, "This file is larger than 128 MiB, and was left out.".to_owned());
            return Ok(());
        }
        if self.bytes > ARCHIVE_BYTES_MAX {
            return Err(io::Error::other("This archive unpacks to more than 1 GiB; the rest was left out."));
        }
        match document(&name, bytes) {
            Ok(Some(document)) => self.opened.documents.push(document),
            Ok(None) => {}
            Err(text) => self.notice(NoticeKind::Unread, &name, text),
        }
        Ok(())
    }

    fn say(&mut self, kind: NoticeKind, text: &str) {
        self.notice(kind, self.name, text.to_owned());
    }

    fn notice(&mut self, kind: NoticeKind, name: &str, text: String) {
        self.opened.notices.push(Notice { kind, source: Source::file(name), text });
    }
}
