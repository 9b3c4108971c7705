//! Distinguished names: from a certificate, from the text of RFC 4514, and back to that text.

use std::{fmt, str::FromStr};

use x509_cert::{
    der::{
        Any, Decode, Encode, Tag, Tagged,
        asn1::{Ia5StringRef, ObjectIdentifier, PrintableStringRef, Utf8StringRef},
    },
    name::Name,
};

/// Most bytes of one name as text.
pub const DN_BYTES_MAX: usize = 2048;
/// Longest type in numbers, in bytes of text.
const OID_BYTES_MAX: usize = 128;
/// Most attributes in one name.
const ATTRIBUTES_MAX: usize = 64;

/// The names that RFC 4514 §3 gives to types: these are written.
const WRITTEN: [(&str, ObjectIdentifier); 9] = [
    ("CN", ObjectIdentifier::new_unwrap("2.5.4.3")),
    ("L", ObjectIdentifier::new_unwrap("2.5.4.7")),
    ("ST", ObjectIdentifier::new_unwrap("2.5.4.8")),
    ("O", ObjectIdentifier::new_unwrap("2.5.4.10")),
    ("OU", ObjectIdentifier::new_unwrap("2.5.4.11")),
    ("C", ObjectIdentifier::new_unwrap("2.5.4.6")),
    ("STREET", ObjectIdentifier::new_unwrap("2.5.4.9")),
    ("DC", ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.25")),
    ("UID", ObjectIdentifier::new_unwrap("0.9.2342.19200300.100.1.1")),
];

/// Names that administrators copy from other tools: these are read as well, and written as numbers.
const READ: [(&str, ObjectIdentifier); 9] = [
    ("S", ObjectIdentifier::new_unwrap("2.5.4.8")),
    ("E", ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1")),
    ("EMAILADDRESS", ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.1")),
    ("SERIALNUMBER", ObjectIdentifier::new_unwrap("2.5.4.5")),
    ("SN", ObjectIdentifier::new_unwrap("2.5.4.4")),
    ("GN", ObjectIdentifier::new_unwrap("2.5.4.42")),
    ("TITLE", ObjectIdentifier::new_unwrap("2.5.4.12")),
    ("BUSINESSCATEGORY", ObjectIdentifier::new_unwrap("2.5.4.15")),
    ("ORGANIZATIONIDENTIFIER", ObjectIdentifier::new_unwrap("2.5.4.97")),
];

/// The text is not a distinguished name in the form of RFC 4514, or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a distinguished name such as \"CN=app,O=Example\"")]
pub struct NotADn;

/// A distinguished name.
///
/// Two names are equal when they have the same attributes with the same values in the same order; the string type of a
/// value doesn't count, nor the order within a part of several attributes.
///
/// Differs: RFC 5280 §7.1 compares most values without regard to case and spacing. Here every letter counts: a name that
/// is too exact locks an administrator out until it is corrected, one that is too lax lets a stranger in.
#[derive(Clone, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Part>);

/// A relative name, in the order of the text: the most specific first (RFC 4514 §2.1).
type Part = Vec<(ObjectIdentifier, Value)>;

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    Text(String),
    /// DER of a value that is no string, or one of an old type.
    Der(Vec<u8>),
}

impl DistinguishedName {
    /// Whether it has no attribute at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn from_name(name: &Name) -> Result<Self, NotADn> {
        let mut parts = Vec::new();
        for relative in name.0.iter().rev() {
            let mut part = Part::new();
            for attribute in relative.0.iter() {
                part.push((attribute.oid, Value::from_any(&attribute.value)?));
            }
            parts.push(part);
        }
        Self::checked(parts)
    }

    fn checked(mut parts: Vec<Part>) -> Result<Self, NotADn> {
        if parts.iter().map(Vec::len).sum::<usize>() > ATTRIBUTES_MAX || parts.iter().any(Vec::is_empty) {
            return Err(NotADn);
        }
        // A type that can't be written so that it is read again would give two names one text.
        if parts.iter().flatten().any(|(oid, _)| numbers(&oid.to_string()) != Some(*oid)) {
            return Err(NotADn);
        }
        for part in &mut parts {
            part.sort();
        }
        Ok(Self(parts))
    }
}

impl Value {
    fn from_any(any: &Any) -> Result<Self, NotADn> {
        let text = match any.tag() {
            Tag::Utf8String => Utf8StringRef::try_from(any).map(|text| text.as_str().to_owned()),
            Tag::PrintableString => PrintableStringRef::try_from(any).map(|text| text.as_str().to_owned()),
            Tag::Ia5String => Ia5StringRef::try_from(any).map(|text| text.as_str().to_owned()),
            _ => return any.to_der().map(Self::Der).map_err(|_| NotADn),
        };
        text.map(Self::Text).map_err(|_| NotADn)
    }
}

/// RFC 4514 §2.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.iter().enumerate() {
            for (position, (oid, value)) in part.iter().enumerate() {
                f.write_str(match (index, position) {
                    (0, 0) => "",
                    (_, 0) => ",",
                    (_, _) => "+",
                })?;
                write_attribute(f, oid, value)?;
            }
        }
        Ok(())
    }
}

fn write_attribute(f: &mut fmt::Formatter<'_>, oid: &ObjectIdentifier, value: &Value) -> fmt::Result {
    // RFC 4514 §2.4: a type that is written as a number has its value in hexadecimal.
    let name = WRITTEN.iter().find(|(_, known)| known == oid).map(|(name, _)| name);
    match (name, value) {
        (Some(name), Value::Text(text)) => {
            write!(f, "{name}=")?;
            write_escaped(f, text)
        }
        (None, Value::Text(text)) => {
            let der = Utf8StringRef::new(text).and_then(|text| text.to_der()).map_err(|_| fmt::Error)?;
            write_hex(f, oid, &der)
        }
        (Some(_) | None, Value::Der(der)) => write_hex(f, oid, der),
    }
}

fn write_hex(f: &mut fmt::Formatter<'_>, oid: &ObjectIdentifier, der: &[u8]) -> fmt::Result {
    write!(f, "{oid}=#")?;
    der.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let end = text.len();
    for (at, letter) in text.char_indices() {
        let first = at == 0;
        let last = at + letter.len_utf8() == end;
        match letter {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{letter}")?,
            '#' if first => f.write_str("\\#")?,
            ' ' if first || last => f.write_str("\\ ")?,
            // Only NUL must be escaped; the other controls are, so that a name can't break a line of a log or a page.
            '\0'..='\x1f' | '\x7f' => write!(f, "\\{:02x}", u32::from(letter))?,
            _ => write!(f, "{letter}")?,
        }
    }
    Ok(())
}

impl fmt::Debug for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DistinguishedName(…)")
    }
}

/// RFC 4514 §3, with spaces allowed around `,`, `+` and `=` as RFC 2253 §4 asks readers to allow. Quoted values, which
/// RFC 2253 had as well, are refused.
impl FromStr for DistinguishedName {
    type Err = NotADn;

    fn from_str(text: &str) -> Result<Self, NotADn> {
        if text.len() > DN_BYTES_MAX {
            return Err(NotADn);
        }
        let mut parts = vec![Part::new()];
        let mut rest = text;
        loop {
            let (name, after) = rest.split_once('=').ok_or(NotADn)?;
            let oid = oid(name.trim_matches(' '))?;
            let (value, separator, after) = value(after.trim_start_matches(' '))?;
            parts.last_mut().ok_or(NotADn)?.push((oid, value));
            match separator {
                None => return Self::checked(parts),
                Some(Separator::Part) => parts.push(Part::new()),
                Some(Separator::Attribute) => {}
            }
            rest = after;
        }
    }
}

enum Separator {
    Part,
    Attribute,
}

fn oid(name: &str) -> Result<ObjectIdentifier, NotADn> {
    let known = WRITTEN.iter().chain(&READ).find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known {
        Some((_, oid)) => Ok(*oid),
        None => numbers(name).ok_or(NotADn),
    }
}

/// A type in numbers (RFC 4512 §1.4, `numericoid`). The library adds up the digits of each number without looking whether
/// they still fit, and so would read one type for another; past 28 bits it writes what it can't read again, and stops the
/// program. So every number is looked at first. No type that stands in names comes near.
fn numbers(text: &str) -> Option<ObjectIdentifier> {
    let fits = |number: &str| {
        let plain = number.bytes().all(|digit| digit.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
        plain && number.parse::<u32>().is_ok_and(|number| number < 1 << 28)
    };
    if text.len() > OID_BYTES_MAX || !text.split('.').all(fits) {
        return None;
    }
    let oid = ObjectIdentifier::new(text).ok()?;
    ObjectIdentifier::from_bytes(oid.as_bytes()).ok().filter(|again| again.to_string() == text)
}

/// A value at the start of `text`, the separator behind it, and what follows.
fn value(text: &str) -> Result<(Value, Option<Separator>, &str), NotADn> {
    let mut bytes = Vec::new();
    // The length up to and including the last byte that is no unescaped space.
    let mut kept = 0;
    let mut letters = text.bytes().enumerate();
    let (mut end, mut separator) = (text.len(), None);
    while let Some((at, letter)) = letters.next() {
        match letter {
            b',' | b'+' => {
                separator = Some(if letter == b',' { Separator::Part } else { Separator::Attribute });
                end = at;
                break;
            }
            b'\\' => {
                let (_, next) = letters.next().ok_or(NotADn)?;
                let escaped = match hex_digit(next) {
                    Some(high) => {
                        let low = letters.next().and_then(|(_, low)| hex_digit(low)).ok_or(NotADn)?;
                        high << 4 | low
                    }
                    None if b" \"#+,;<=>\\".contains(&next) => next,
                    None => return Err(NotADn),
                };
                bytes.push(escaped);
                kept = bytes.len();
            }
            b'"' | b';' | b'<' | b'>' | 0 => return Err(NotADn),
            b' ' => bytes.push(b' '),
            other => {
                bytes.push(other);
                kept = bytes.len();
            }
        }
    }
    bytes.truncate(kept);
    let after = text.get(end + 1..).unwrap_or("");
    let value = match text.strip_prefix('#') {
        Some(_) => from_hex(bytes.get(1..).unwrap_or_default())?,
        None => Value::Text(String::from_utf8(bytes).map_err(|_| NotADn)?),
    };
    if value == Value::Text(String::new()) {
        return Err(NotADn);
    }
    Ok((value, separator, after))
}

/// RFC 4514 §2.4: the DER of the value, in hexadecimal.
fn from_hex(digits: &[u8]) -> Result<Value, NotADn> {
    if !digits.len().is_multiple_of(2) {
        return Err(NotADn);
    }
    let der: Option<Vec<u8>> =
        digits.chunks_exact(2).map(|pair| Some(hex_digit(pair[0])? << 4 | hex_digit(pair[1])?)).collect();
    Value::from_any(&Any::from_der(&der.ok_or(NotADn)?).map_err(|_| NotADn)?)
}

fn hex_digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
