//! A small CBOR reader (RFC 8949) for what authenticators encode, with a bound on everything that can grow.
//!
//! Kept from CTAP2's canonical form (CTAP 2.2 §8): no indefinite lengths, no tags, no key twice. Not insisted on:
//! shortest integers and the order of keys. Browsers re-encode attestation objects in orders of their own, and since
//! keys are compared by value, neither can hide anything.

use crate::Fault;

/// Deepest nesting that is read. CTAP 2.2 §8 stops at four; attestation statements of other makers go a little deeper.
const DEPTH_MAX: usize = 8;
/// Most bytes in one encoded object.
const BYTES_MAX: usize = 64 * 1024;
/// Most entries in one map, and most elements in one array.
const ENTRIES_MAX: u64 = 64;
/// Most items in one object, counting every key and value.
const ITEMS_MAX: usize = 1024;

/// One decoded item. Strings are slices of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Major types 0 and 1.
    Int(i64),
    /// Major type 2.
    Bytes(&'a [u8]),
    /// Major type 3.
    Text(&'a str),
    /// Major type 4.
    Array(Vec<Self>),
    /// Major type 5.
    Map(Map<'a>),
    /// Major type 7 without a meaning for us: booleans, null, undefined, floating point numbers.
    Simple,
}

/// A key: what COSE and WebAuthn use, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// A number.
    Int(i64),
    /// A text.
    Text(&'a str),
}

/// A map without a key twice, in the order it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Map<'a>(Vec<(Key<'a>, Value<'a>)>);

impl<'a> Map<'a> {
    /// The value under a number.
    pub(crate) fn int(&self, key: i64) -> Option<&Value<'a>> {
        self.value(Key::Int(key))
    }

    /// The value under a text.
    pub(crate) fn text(&self, key: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(known, _)| *known == Key::Text(key)).map(|(_, value)| value)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    fn value(&self, key: Key<'_>) -> Option<&Value<'a>> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}

impl<'a> Value<'a> {
    /// The number, if it is one.
    pub(crate) fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The byte string, if it is one.
    pub(crate) fn as_bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The text, if it is one.
    pub(crate) fn as_text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The elements, if it is an array.
    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The map, if it is one.
    pub(crate) fn as_map(&self) -> Option<&Map<'a>> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }
}

/// Decodes exactly one item.
///
/// # Errors
/// [`Fault::Cbor`], also when bytes follow the item.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value<'_>, Fault> {
    match decode_first(bytes)? {
        (value, []) => Ok(value),
        (_, [_, ..]) => Err(Fault::Cbor),
    }
}

/// Decodes the first item and returns the bytes after it.
///
/// # Errors
/// [`Fault::Cbor`] when the item is broken or passes a bound.
pub(crate) fn decode_first(bytes: &[u8]) -> Result<(Value<'_>, &[u8]), Fault> {
    if bytes.len() > BYTES_MAX {
        return Err(Fault::Cbor);
    }
    let mut reader = Reader { rest: bytes, items: 0 };
    let value = reader.item(0)?;
    Ok((value, reader.rest))
}

struct Reader<'a> {
    rest: &'a [u8],
    items: usize,
}

impl<'a> Reader<'a> {
    /// Reads one item; `depth` containers are open around it.
    fn item(&mut self, depth: usize) -> Result<Value<'a>, Fault> {
        self.items += 1;
        if self.items > ITEMS_MAX || depth > DEPTH_MAX {
            return Err(Fault::Cbor);
        }
        let (major, argument) = self.head()?;
        match major {
            0 => Ok(Value::Int(i64::try_from(argument).map_err(|_| Fault::Cbor)?)),
            // RFC 8949 §3.1: major type 1 stands for -1 minus the argument.
            1 => Ok(Value::Int(-1 - i64::try_from(argument).map_err(|_| Fault::Cbor)?)),
            2 => Ok(Value::Bytes(self.take(argument)?)),
            3 => Ok(Value::Text(std::str::from_utf8(self.take(argument)?).map_err(|_| Fault::Cbor)?)),
            4 => self.array(argument, depth),
            5 => self.map(argument, depth),
            7 => Ok(Value::Simple),
            // Major type 6, tags: CTAP 2.2 §8 forbids them.
            _ => Err(Fault::Cbor),
        }
    }

    fn array(&mut self, count: u64, depth: usize) -> Result<Value<'a>, Fault> {
        if count > ENTRIES_MAX {
            return Err(Fault::Cbor);
        }
        let mut elements = Vec::new();
        for _ in 0..count {
            elements.push(self.item(depth + 1)?);
        }
        Ok(Value::Array(elements))
    }

    fn map(&mut self, count: u64, depth: usize) -> Result<Value<'a>, Fault> {
        if count > ENTRIES_MAX {
            return Err(Fault::Cbor);
        }
        let mut entries: Vec<(Key<'a>, Value<'a>)> = Vec::new();
        for _ in 0..count {
            let key = match self.item(depth + 1)? {
                Value::Int(number) => Key::Int(number),
                Value::Text(text) => Key::Text(text),
                Value::Bytes(_) | Value::Array(_) | Value::Map(_) | Value::Simple => return Err(Fault::Cbor),
            };
            // RFC 8949 §5.6: readers disagree about which of two equal keys counts, so there may be one only.
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(Fault::Cbor);
            }
            entries.push((key, self.item(depth + 1)?));
        }
        Ok(Value::Map(Map(entries)))
    }

    /// The major type and argument (RFC 8949 §3).
    fn head(&mut self) -> Result<(u8, u64), Fault> {
        let first = self.take(1)?[0];
        let (major, short) = (first >> 5, first & 0x1f);
        let argument = match short {
            0..=23 => u64::from(short),
            24 => self.number(1)?,
            25 => self.number(2)?,
            26 => self.number(4)?,
            27 => self.number(8)?,
            // 28 to 30 are not assigned; 31 is an indefinite length, which CTAP 2.2 §8 forbids.
            _ => return Err(Fault::Cbor),
        };
        // RFC 8949 §3.3: a simple value below 32 must not take the long form.
        if major == 7 && short == 24 && argument < 32 {
            return Err(Fault::Cbor);
        }
        Ok((major, argument))
    }

    fn number(&mut self, width: u64) -> Result<u64, Fault> {
        Ok(self.take(width)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn take(&mut self, count: u64) -> Result<&'a [u8], Fault> {
        let count = usize::try_from(count).map_err(|_| Fault::Cbor)?;
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(Fault::Cbor)?;
        self.rest = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Value<'_>, Fault>) {
        assert_eq!(decode(bytes), expected);
    }

    #[test]
    fn items_of_each_kind() {
        check(&[0x18, 0x64], Ok(Value::Int(100)));
        check(&[0x39, 0x01, 0x00], Ok(Value::Int(-257)));
        check(&[0x42, 1, 2], Ok(Value::Bytes(&[1, 2])));
        check(&[0x62, b'o', b'k'], Ok(Value::Text("ok")));
        check(&[0x82, 0x01, 0xf5], Ok(Value::Array(vec![Value::Int(1), Value::Simple])));
        check(&[0xa1, 0x61, b'k', 0x20], Ok(Value::Map(Map(vec![(Key::Text("k"), Value::Int(-1))]))));
        check(&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], Ok(Value::Simple));
    }

    #[test]
    fn longer_integers_than_needed_are_read_by_value() {
        check(&[0x18, 0x05], Ok(Value::Int(5)));
        check(&[0x1b, 0, 0, 0, 0, 0, 0, 0, 5], Ok(Value::Int(5)));
    }

    #[test]
    fn a_key_given_twice_is_refused_in_every_spelling() {
        check(&[0xa2, 0x01, 0x00, 0x01, 0x00], Err(Fault::Cbor));
        check(&[0xa2, 0x01, 0x00, 0x18, 0x01, 0x00], Err(Fault::Cbor));
        check(&[0xa2, 0x61, b'a', 0x00, 0x61, b'a', 0x01], Err(Fault::Cbor));
    }

    #[test]
    fn what_canonical_cbor_forbids() {
        check(&[0x5f, 0x41, 0x00, 0xff], Err(Fault::Cbor)); // indefinite byte string
        check(&[0xbf, 0xff], Err(Fault::Cbor)); // indefinite map
        check(&[0x9f, 0xff], Err(Fault::Cbor)); // indefinite array
        check(&[0xc0, 0x00], Err(Fault::Cbor)); // tag
        check(&[0x1c], Err(Fault::Cbor)); // not assigned
        check(&[0xf8, 0x14], Err(Fault::Cbor)); // false in the long form
        check(&[0xff], Err(Fault::Cbor)); // a break without a beginning
    }

    #[test]
    fn broken_and_trailing_bytes() {
        check(&[], Err(Fault::Cbor));
        check(&[0x42, 1], Err(Fault::Cbor));
        check(&[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Err(Fault::Cbor));
        check(&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Err(Fault::Cbor));
        check(&[0x61, 0xff], Err(Fault::Cbor));
        check(&[0x00, 0x00], Err(Fault::Cbor));
        check(&[0xa1, 0xf5, 0x00], Err(Fault::Cbor));
    }

    #[test]
    fn bounds() {
        let nested = |depth: usize| [vec![0x81; depth], vec![0x00]].concat();
        assert!(decode(&nested(DEPTH_MAX)).is_ok());
        check(&nested(DEPTH_MAX + 1), Err(Fault::Cbor));
        check(&vec![0x81; BYTES_MAX], Err(Fault::Cbor));
        let wide = |count: u8| [vec![0x98, count], vec![0x00; usize::from(count)]].concat();
        assert!(decode(&wide(64)).is_ok());
        check(&wide(65), Err(Fault::Cbor));
        // 16 times 64 items pass the bound on items, not the one on elements.
        let many = [vec![0x90], [vec![0x98, 64], vec![0x00; 64]].concat().repeat(16)].concat();
        check(&many, Err(Fault::Cbor));
        check(&[0xb8, 65], Err(Fault::Cbor));
        assert!(decode(&[vec![0x59, 0xff, 0xfd], vec![0; 0xfffd]].concat()).is_ok());
        check(&[vec![0x59, 0xff, 0xfe], vec![0; 0xfffe]].concat(), Err(Fault::Cbor));
    }
}
