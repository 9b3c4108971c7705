//! Where a fact was read.

use std::{fmt, sync::Arc};

/// A place in a file. Two facts of one file share its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The file, relative to the folder that was scanned, with `/` between its parts. A file inside an archive is written
    /// `exports.zip!/realm.json`.
    pub file: Arc<str>,
    /// The line, counted from 1, where the format has lines.
    pub line: Option<u32>,
    /// Where in the document's structure: a JSON pointer (RFC 6901) or the address of a resource.
    pub pointer: Option<Arc<str>>,
}

impl Source {
    /// A whole file.
    #[must_use]
    pub fn file(file: &str) -> Self {
        Self { file: file.into(), line: None, pointer: None }
    }

    /// The same file, at this line.
    #[must_use]
    pub fn at_line(&self, line: u32) -> Self {
        Self { file: self.file.clone(), line: Some(line), pointer: self.pointer.clone() }
    }

    /// The same file, at this pointer or address.
    #[must_use]
    pub fn at_pointer(&self, pointer: &str) -> Self {
        Self { file: self.file.clone(), line: self.line, pointer: Some(pointer.into()) }
    }
}

impl fmt::Display for Source {
    /// `file:line pointer`, as far as they are known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, " {pointer}")?;
        }
        Ok(())
    }
}
