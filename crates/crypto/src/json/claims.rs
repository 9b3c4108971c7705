//! The claims of a JSON Web Token (RFC 7519 §4): an object, read with an opinion on what each claim's type is.

use model::Timestamp;

use super::{BadJson, Bounds, Object, Value, parse_object};

/// Most bytes of one claims set.
pub const CLAIMS_BYTES_MAX: usize = 64 * 1024;
/// Deepest nesting of one claims set: `authorization_details` and `claims` requests need five.
pub const CLAIMS_DEPTH_MAX: usize = 8;

/// The last second of the year 9999, the latest that we can speak of.
const SECONDS_MAX: i64 = 253_402_300_799;

/// A claim is there, but not of the type that its standard gives it. Names the claim, never its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the claim \"{0}\" has the wrong type")]
pub struct BadClaim(pub &'static str);

/// The claims of a token whose signature has been checked, or is about to be.
///
/// Every reader gives `Ok(None)` for a claim that is absent, and an error for one of the wrong type: a claim that can't
/// be understood is never taken for one that is missing. `null` is a wrong type too.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(Object);

impl Claims {
    /// Reads a token's payload.
    ///
    /// # Errors
    /// [`BadJson`] when it is no object, says a name twice, is longer than [`CLAIMS_BYTES_MAX`] or deeper than
    /// [`CLAIMS_DEPTH_MAX`].
    pub fn parse(payload: &[u8]) -> Result<Self, BadJson> {
        let bounds = Bounds { bytes_max: CLAIMS_BYTES_MAX, depth_max: CLAIMS_DEPTH_MAX };
        parse_object(payload, bounds).map(Self)
    }

    /// The whole object.
    #[must_use]
    pub fn object(&self) -> &Object {
        &self.0
    }

    /// A string, such as `iss`, `sub`, `jti` or `nonce`.
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else.
    pub fn text(&self, name: &'static str) -> Result<Option<&str>, BadClaim> {
        self.read(name, Value::as_text)
    }

    /// An array of strings.
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else.
    pub fn texts(&self, name: &'static str) -> Result<Option<Vec<&str>>, BadClaim> {
        self.read(name, Value::as_texts)
    }

    /// One string or an array of at least one, as `aud` is (RFC 7519 §4.1.3).
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else, or an empty array.
    pub fn one_or_more(&self, name: &'static str) -> Result<Option<Vec<&str>>, BadClaim> {
        self.read(name, |value| match value {
            Value::Text(text) => Some(vec![text.as_str()]),
            Value::Array(_) => value.as_texts().filter(|texts| !texts.is_empty()),
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Object(_) => None,
        })
    }

    /// A moment, such as `exp`, `nbf` or `iat`: seconds since 1970, with or without a fraction (RFC 7519 §2,
    /// `NumericDate`). Fractions are rounded to the millisecond.
    ///
    /// # Errors
    /// [`BadClaim`] when it is no number, is negative, or lies past the year 9999.
    pub fn time(&self, name: &'static str) -> Result<Option<Timestamp>, BadClaim> {
        self.read(name, |value| match *value {
            Value::Integer(seconds) if (0..=SECONDS_MAX).contains(&seconds) => Some(Timestamp::from_seconds(seconds)),
            // Below the bound every whole number of milliseconds is a float exactly.
            Value::Float(seconds) if (0.0..=SECONDS_MAX as f64).contains(&seconds) => {
                Some(Timestamp::from_millis((seconds * 1000.0).round() as i64))
            }
            Value::Integer(_)
            | Value::Float(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Array(_)
            | Value::Object(_) => None,
        })
    }

    /// A whole number, such as `max_age`.
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else.
    pub fn integer(&self, name: &'static str) -> Result<Option<i64>, BadClaim> {
        self.read(name, |value| if let Value::Integer(number) = *value { Some(number) } else { None })
    }

    /// `true` or `false`.
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else.
    pub fn boolean(&self, name: &'static str) -> Result<Option<bool>, BadClaim> {
        self.read(name, |value| if let Value::Bool(truth) = *value { Some(truth) } else { None })
    }

    /// An object, such as `cnf` or `events`.
    ///
    /// # Errors
    /// [`BadClaim`] when it is anything else.
    pub fn member(&self, name: &'static str) -> Result<Option<&Object>, BadClaim> {
        self.read(name, Value::as_object)
    }

    fn read<'a, T>(
        &'a self,
        name: &'static str,
        of: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, BadClaim> {
        match self.0.get(name) {
            None => Ok(None),
            Some(value) => of(value).map(Some).ok_or(BadClaim(name)),
        }
    }
}
