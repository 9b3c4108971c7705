//! The browser's own cookie: what ties a journey to the browser that began it.

use model::{Entropy, Secret};

use crypto::{HashKey, b64u, equal, from_b64u_exact};

/// Keyed hash of the cookie that all journeys of one browser carry. Says nothing about the person.
#[derive(Clone, Copy)]
pub struct BrowserBinding([u8; 32]);

impl BrowserBinding {
    /// A fresh cookie value for a browser that has none, with its binding. Takes 32 bytes of entropy.
    #[must_use]
    pub fn fresh(key: &HashKey, entropy: &mut Entropy) -> (Secret<String>, Self) {
        let bytes = entropy.take::<32>();
        (Secret::new(b64u(&bytes)), Self::of(key, &bytes))
    }

    /// The binding of a cookie value that came back; `None` when it is not one of ours in form.
    #[must_use]
    pub fn from_cookie(key: &HashKey, value: &str) -> Option<Self> {
        from_b64u_exact::<32>(value).ok().map(|bytes| Self::of(key, &bytes))
    }

    /// Whether both are the same browser, compared in constant time.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }

    fn of(key: &HashKey, bytes: &[u8; 32]) -> Self {
        Self(key.hash("browser", &[bytes]))
    }
}

impl std::fmt::Debug for BrowserBinding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BrowserBinding(…)")
    }
}
