//! Request parameters, as `application/x-www-form-urlencoded` text carries them in a query or a body.

use std::borrow::Cow;

/// Most bytes that a query or a form may have.
pub const PARAMS_BYTES_MAX: usize = 8 * 1024;
/// Most bytes that a pushed form may have: it may carry a request object and a client assertion, and comes from a client and not
/// through a browser.
pub const PUSHED_BYTES_MAX: usize = 24 * 1024;
/// Most bytes that the parameters of one authorization request may have once they are taken out of a pushed form or a request object.
pub const LOWERED_BYTES_MAX: usize = 16 * 1024;
/// Most parameters that a query or a form may have.
pub const PARAMS_MAX: usize = 64;

/// Why a query or a form can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More bytes than the endpoint reads: [`PARAMS_BYTES_MAX`] for most.
    #[error("the request is too long")]
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
        Self::parse_within(text, PARAMS_BYTES_MAX)
    }

    /// Reads a form with another bound: [`PUSHED_BYTES_MAX`] at the pushed authorization request endpoint, where a form may hold a
    /// request object and an assertion.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn parse_within(text: &'a str, bytes_max: usize) -> Result<Self, Malformed> {
        if text.len() > bytes_max {
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

    /// Every value of `name` that is not empty, in the order in which they came. For parameters that may repeat (RFC 8707 §2).
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> {
        self.0.iter().filter(move |(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_ref())
    }

    /// Parameters that were taken from somewhere else than a form.
    pub(crate) const fn from_pairs(pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Self {
        Self(pairs)
    }

    /// Only the parameters that `keep` names, with every repetition.
    pub(crate) fn only(&self, keep: impl Fn(&str) -> bool) -> RawParams<'_> {
        let kept = self.0.iter().filter(|(name, _)| keep(name));
        RawParams(kept.map(|(name, value)| (Cow::Borrowed(name.as_ref()), Cow::Borrowed(value.as_ref()))).collect())
    }

    /// How many there are, repetitions included.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a parameter at the end.
    pub(crate) fn push(&mut self, name: &'static str, value: String) {
        self.0.push((Cow::Borrowed(name), Cow::Owned(value)));
    }

    /// A text that [`Self::parse_within`] reads back as these parameters, for keeping in memory and never for sending. Only what the
    /// reader would misunderstand is encoded, so that it is never longer than the form it came from.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.0.iter().map(|(name, value)| name.len() + value.len() + 8).sum());
        for (name, value) in &self.0 {
            if !text.is_empty() {
                text.push('&');
            }
            push_kept(&mut text, name, true);
            text.push('=');
            push_kept(&mut text, value, false);
        }
        text
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

/// Appends `part` so that [`decode`] gives it back.
fn push_kept(text: &mut String, part: &str, is_name: bool) {
    for c in part.chars() {
        match c {
            ' ' => text.push('+'),
            '%' => text.push_str("%25"),
            '&' => text.push_str("%26"),
            '+' => text.push_str("%2B"),
            '=' if is_name => text.push_str("%3D"),
            other => text.push(other),
        }
    }
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
