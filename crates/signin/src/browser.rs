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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_comes_back_is_the_same_browser() {
        let key = HashKey::new(&[1; 32]);
        let mut entropy = Entropy::new([7; 256]);
        let (cookie, binding) = BrowserBinding::fresh(&key, &mut entropy);
        let back = |key, text: &str| BrowserBinding::from_cookie(key, text);
        assert!(back(&key, cookie.expose()).expect("our own form").same(&binding));
        let other_key = HashKey::new(&[2; 32]);
        assert!(!back(&other_key, cookie.expose()).expect("our own form").same(&binding));
        let other = b64u(&[8; 32]);
        assert!(!back(&key, &other).expect("our own form").same(&binding));
        for malformed in ["", "x", &format!("{}=", cookie.expose()), &"A".repeat(10_000)] {
            assert!(back(&key, malformed).is_none(), "{malformed:.20}");
        }
        assert_eq!(format!("{binding:?}"), "BrowserBinding(…)");
    }
}
