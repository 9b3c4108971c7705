//! Who we say we are.

use std::sync::Arc;

use crate::redirect::origin_is_plain;

/// The text can't be an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an origin such as https://id.example.com, in lower case, without path, query, fragment or closing slash (http only for localhost, 127.0.0.1 and [::1])"
)]
pub struct NotAnIssuer;

/// The issuer identifier (RFC 8414 §2) and what follows from it. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    url: Arc<str>,
    encoded: Arc<str>,
}

impl Issuer {
    /// Checks an issuer identifier. It is an origin: all endpoints live at fixed paths below it.
    ///
    /// # Errors
    /// When it is not `https` (or `http` on this device), or is more than an origin.
    pub fn new(url: &str) -> Result<Self, NotAnIssuer> {
        if !origin_is_plain(url) {
            return Err(NotAnIssuer);
        }
        Ok(Self { url: url.into(), encoded: crate::answer::encoded(url).into() })
    }

    /// The identifier: `iss` of every token and of every authorization response.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The identifier, percent-encoded for a query.
    pub(crate) fn query_encoded(&self) -> &str {
        &self.encoded
    }
}
