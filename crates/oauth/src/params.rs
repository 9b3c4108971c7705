//! Request parameters, as `application/x-www-form-urlencoded` text carries them in a query or a body.

use std::borrow::Cow;

/// Most bytes that a query or a form may have.
pub const PARAMS_BYTES_MAX: usize = 8 * 1024;
/// Most parameters that a query or a form may have.
pub const PARAMS_MAX: usize = 64;

/// Why a query or a form can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More than [`PARAMS_BYTES_MAX`] bytes.
    #[error("the request is longer than 8 KiB")]
    TooLong,
    /// More than [`PARAMS_MAX`] parameters.
    #[error("the request has more than 64 parameters")]
    TooMany,
    /// A `%` that two hexadecimal digits don't follow.
    #[error("the request holds a broken percent-encoding")]
    BrokenEncoding,
    /// Bytes that are not UTF-8.
    #[error("the request holds bytes that are not UTF-8")]
    NotUtf8,
}

/// A parameter that came more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repeated;

/// The parameters of one request, decoded once. Borrows from the text wherever nothing was encoded.
#[derive(Clone)]
pub struct RawParams<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> RawParams<'a> {
    /// Reads a query (without its `?`) or a form.
    ///
    /// # Errors
    /// When a bound is exceeded or the encoding is broken.
    pub fn parse(text: &'a str) -> Result<Self, Malformed> {
        if text.len() > PARAMS_BYTES_MAX {
            return Err(Malformed::TooLong);
        }
        let mut pairs = Vec::with_capacity(8);
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            if pairs.len() == PARAMS_MAX {
                return Err(Malformed::TooMany);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self(pairs))
    }

    /// The value of `name`; a parameter without a value counts as omitted (draft-ietf-oauth-v2-1-16 §3.1, §3.2).
    ///
    /// # Errors
    /// When it came more than once, with or without a value.
    pub fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut found = self.0.iter().filter(|(known, _)| known == name);
        let first = found.next();
        if found.next().is_some() {
            return Err(Repeated);
        }
        Ok(first.map(|(_, value)| value.as_ref()).filter(|value| !value.is_empty()))
    }

    /// The value of `name` when it came exactly once and is not empty. For places that run after repetition was refused.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        self.one(name).unwrap_or(None)
    }

    /// The first of `names` that came more than once. Names that we don't know may repeat, because they are ignored.
    #[must_use]
    pub fn first_repeated(&self, names: &[&'static str]) -> Option<&'static str> {
        names.iter().copied().find(|name| self.one(name).is_err())
    }
}

/// Values may be secrets: `Debug` names the parameters only.
impl std::fmt::Debug for RawParams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// Decodes one name or value: `+` is a space, `%xx` is a byte (WHATWG URL, application/x-www-form-urlencoded parsing).
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, Malformed> {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let [high, low, after @ ..] = rest else { return Err(Malformed::BrokenEncoding) };
                let (Some(high), Some(low)) = (hex(*high), hex(*low)) else { return Err(Malformed::BrokenEncoding) };
                out.push(high << 4 | low);
                rest = after;
            }
            other => out.push(other),
        }
    }
    String::from_utf8(out).map(Cow::Owned).map_err(|_| Malformed::NotUtf8)
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
