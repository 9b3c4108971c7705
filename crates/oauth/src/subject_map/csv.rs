//! Reading a list of sign-in names and subjects (RFC 4180, with a header line).

use model::Secret;

use super::MappedSubject;

/// Most bytes of a list.
pub const LIST_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most rows of a list.
pub const ROWS_MAX: usize = 500_000;
/// Longest sign-in name, in bytes.
const NAME_BYTES_MAX: usize = 320;
/// The header that a list must begin with.
pub const HEADER: [&str; 2] = ["sign_in_name", "subject"];

/// One row of a list, as written.
#[derive(Debug, Clone)]
pub struct Row {
    /// On which line it begins; the header is line 1.
    pub line: usize,
    /// Whom it is about. Personal.
    pub name: Secret<String>,
    /// What they are called.
    pub subject: MappedSubject,
}

/// Why a list can't be read, with the line where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadList {
    /// More than [`LIST_BYTES_MAX`] bytes.
    #[error("the list is longer than 64 MiB")]
    TooLong,
    /// Not UTF-8.
    #[error("the list is not UTF-8")]
    NotUtf8,
    /// More than [`ROWS_MAX`] rows.
    #[error("the list has more than 500 000 rows")]
    TooMany,
    /// The first line is not the header.
    #[error("the first line must be: sign_in_name,subject")]
    Header,
    /// Not two fields.
    #[error("line {line}: expected two fields parted by a comma")]
    Fields {
        /// Where.
        line: usize,
    },
    /// A quotation mark where none may be, or one that is never closed.
    #[error("line {line}: a quotation mark is out of place, or is never closed")]
    Quotes {
        /// Where.
        line: usize,
    },
    /// The name is empty, too long, or holds control characters.
    #[error("line {line}: the sign-in name is empty, longer than 320 bytes, or holds control characters")]
    Name {
        /// Where.
        line: usize,
    },
    /// The subject breaks its grammar.
    #[error("line {line}: the subject must be 1 to 255 printable ASCII characters")]
    Subject {
        /// Where.
        line: usize,
    },
}

/// Reads a list. Empty lines are skipped; a byte order mark is tolerated.
///
/// # Errors
/// The first fault: a list that can't be read is not imported in parts.
pub fn parse(bytes: &[u8]) -> Result<Vec<Row>, BadList> {
    if bytes.len() > LIST_BYTES_MAX {
        return Err(BadList::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BadList::NotUtf8)?;
    let mut records = Records { rest: text.strip_prefix('\u{feff}').unwrap_or(text), line: 1 };
    let header = records.next_record()?.ok_or(BadList::Header)?;
    if header.fields != HEADER {
        return Err(BadList::Header);
    }
    let mut rows = Vec::new();
    while let Some(Record { line, mut fields }) = records.next_record()? {
        if fields.len() == 1 && fields[0].is_empty() {
            continue;
        }
        if rows.len() == ROWS_MAX {
            return Err(BadList::TooMany);
        }
        let (Some(subject), Some(name), true) = (fields.pop(), fields.pop(), fields.is_empty()) else {
            return Err(BadList::Fields { line });
        };
        let name = Secret::new(name.trim().to_owned());
        if name.expose().is_empty()
            || name.expose().len() > NAME_BYTES_MAX
            || name.expose().chars().any(char::is_control)
        {
            return Err(BadList::Name { line });
        }
        let subject = MappedSubject::parse(&subject).map_err(|_| BadList::Subject { line })?;
        rows.push(Row { line, name, subject });
    }
    Ok(rows)
}

struct Record {
    line: usize,
    fields: Vec<String>,
}

/// Cuts a text into records, one field after the other.
struct Records<'a> {
    rest: &'a str,
    line: usize,
}

impl Records<'_> {
    fn next_record(&mut self) -> Result<Option<Record>, BadList> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let mut fields = Vec::with_capacity(2);
        loop {
            let field = if self.rest.starts_with('"') { self.quoted(line)? } else { self.plain(line)? };
            // A list with thousands of commas in a line is no list; two fields are wanted, and a third proves the fault.
            if fields.len() == 2 {
                return Err(BadList::Fields { line });
            }
            fields.push(field);
            match self.rest.as_bytes().first() {
                Some(b',') => self.rest = &self.rest[1..],
                // Both readers of fields stop before a comma, before a line feed, or at the end.
                Some(_) => {
                    self.rest = &self.rest[1..];
                    self.line += 1;
                    return Ok(Some(Record { line, fields }));
                }
                None => return Ok(Some(Record { line, fields })),
            }
        }
    }

    /// Up to the next comma or the end of the line.
    fn plain(&mut self, line: usize) -> Result<String, BadList> {
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(end);
        // A carriage return before the end of a line belongs to that end.
        let field = if rest.starts_with(',') { field } else { field.strip_suffix('\r').unwrap_or(field) };
        // RFC 4180 §2 rule 5: a field without quotation marks around it may hold none.
        if field.contains(['"', '\r']) {
            return Err(BadList::Quotes { line });
        }
        self.rest = rest;
        Ok(field.to_owned())
    }

    /// RFC 4180 §2 rules 6 and 7: between quotation marks anything goes, and a doubled mark stands for one.
    fn quoted(&mut self, line: usize) -> Result<String, BadList> {
        let fault = BadList::Quotes { line };
        let mut field = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let (inside, after) = rest.split_once('"').ok_or(fault)?;
            field.push_str(inside);
            self.line += inside.matches('\n').count();
            match after.strip_prefix('"') {
                Some(more) => {
                    field.push('"');
                    rest = more;
                }
                None => {
                    let ends = |rest: &str| rest.is_empty() || rest.starts_with('\n');
                    let after = after.strip_prefix('\r').filter(|rest| ends(rest)).unwrap_or(after);
                    if !ends(after) && !after.starts_with(',') {
                        return Err(fault);
                    }
                    self.rest = after;
                    return Ok(field);
                }
            }
        }
    }
}
