//! What is kept of a password, and how a typed one is compared with it.

use model::Secret;

use super::{Params, Password, argon::Argon2Hash, bcrypt::BcryptHash, foreign, pbkdf2::Pbkdf2Hash, scrypt::ScryptHash};

/// Longest stored hash that is read or written, in bytes.
pub const STORED_HASH_BYTES_MAX: usize = 512;

/// Why a stored hash was not read. No variant tells anything of its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHash {
    /// Longer than any hash that we read, or with a longer salt or output.
    #[error("the hash is longer than any that can be checked here")]
    TooLong,
    /// No form that we know.
    #[error("the hash is in no form that is known here")]
    Unrecognised,
    /// A form that we know and don't take.
    #[error("the hash is {0}, which can't be checked here")]
    Unsupported(&'static str),
    /// It begins like a form that we take, and doesn't go on like it.
    #[error("the hash is cut short or damaged")]
    Malformed,
    /// Checking it would take too long, or too much memory.
    #[error("the hash is more work than may be spent on one password")]
    TooCostly,
    /// No salt, or so short an output that other passwords have it as well.
    #[error("the hash has no salt, or too short an output")]
    TooWeak,
}

/// A stored hash that can be checked within bounds. Does not print itself: what is in it can be guessed at.
#[derive(Clone)]
pub struct StoredHash(pub(super) Scheme);

#[derive(Clone)]
pub(super) enum Scheme {
    Argon2(Argon2Hash),
    Bcrypt(BcryptHash),
    Pbkdf2(Pbkdf2Hash),
    Scrypt(ScryptHash),
}

/// What came of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Verified {
    /// The password is the one that was stored.
    pub ok: bool,
    /// It is, and what is stored is weaker than what [`hash`] makes of it today: store that instead, if what is stored is
    /// still the same. Never set for a password of which the stored scheme saw only the beginning.
    pub needs_upgrade: bool,
}

/// Hashes a password for storage: Argon2id with 16 fresh random bytes of salt. Slow on purpose.
#[must_use]
pub fn hash(password: &Password, salt: [u8; 16], params: Params) -> StoredHash {
    StoredHash(Scheme::Argon2(Argon2Hash::make(password.bytes(), salt, params)))
}

/// Compares a typed password with a stored hash. Slow on purpose. `current` is the cost at which [`hash`] is called.
///
/// A password that was not typed in normal form is tried as typed when its normal form does not match: the system that
/// made the hash may not have normalised. That doubles the work, known name or not.
pub fn verify(stored: &StoredHash, password: &Password, current: Params) -> Verified {
    let normal = stored.matches(password.bytes());
    let as_typed = !normal && password.bytes_as_typed().is_some_and(|typed| stored.matches(typed));
    let ok = normal || as_typed;
    Verified { ok, needs_upgrade: ok && (as_typed || stored.weaker_than(current)) && stored.sees_all(password) }
}

impl StoredHash {
    /// Reads a stored hash: our own, or one of another system. See `foreign` for the forms.
    ///
    /// # Errors
    /// [`BadHash`]; [`BadHash::Unsupported`] names what it is.
    pub fn parse(text: &str) -> Result<Self, BadHash> {
        if text.len() > STORED_HASH_BYTES_MAX {
            return Err(BadHash::TooLong);
        }
        foreign::parse(text).map(Self)
    }

    /// Reads a password credential of Keycloak, whose two columns hold JSON: how it was hashed, and the hash.
    ///
    /// # Errors
    /// [`BadHash`].
    pub fn from_keycloak(credential_data: &str, secret_data: &str) -> Result<Self, BadHash> {
        foreign::keycloak(credential_data, secret_data).map(Self)
    }

    /// A hash that nobody's password has, at the cost of one of ours.
    ///
    /// Compare with it when there is nothing to compare with (nobody has that name, or they have no password), so that
    /// the answer takes as long.
    #[must_use]
    pub fn dummy(params: Params) -> Self {
        Self(Scheme::Argon2(Argon2Hash::never(params)))
    }

    /// The one form in which it is stored, whatever it was read from. At most [`STORED_HASH_BYTES_MAX`] bytes.
    #[must_use]
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(match &self.0 {
            Scheme::Argon2(hash) => hash.to_text(),
            Scheme::Bcrypt(hash) => hash.to_text(),
            Scheme::Pbkdf2(hash) => hash.to_text(),
            Scheme::Scrypt(hash) => hash.to_text(),
        })
    }

    /// The scheme's name, for counting what was imported: `argon2id`, `bcrypt`, `pbkdf2-sha256` and so on.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        match &self.0 {
            Scheme::Argon2(hash) => hash.name(),
            Scheme::Bcrypt(_) => "bcrypt",
            Scheme::Pbkdf2(hash) => hash.name(),
            Scheme::Scrypt(_) => "scrypt",
        }
    }

    fn matches(&self, password: &[u8]) -> bool {
        match &self.0 {
            Scheme::Argon2(hash) => hash.matches(password),
            Scheme::Bcrypt(hash) => hash.matches(password),
            Scheme::Pbkdf2(hash) => hash.matches(password),
            Scheme::Scrypt(hash) => hash.matches(password),
        }
    }

    fn weaker_than(&self, current: Params) -> bool {
        match &self.0 {
            Scheme::Argon2(hash) => hash.weaker_than(current),
            // None of these makes a guesser pay for memory as Argon2id does, or we no longer make it.
            Scheme::Bcrypt(_) | Scheme::Pbkdf2(_) | Scheme::Scrypt(_) => true,
        }
    }

    fn sees_all(&self, password: &Password) -> bool {
        match &self.0 {
            Scheme::Bcrypt(_) => {
                BcryptHash::sees_all(password.bytes()) && password.bytes_as_typed().is_none_or(BcryptHash::sees_all)
            }
            Scheme::Argon2(_) | Scheme::Pbkdf2(_) | Scheme::Scrypt(_) => true,
        }
    }
}

impl std::fmt::Debug for StoredHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredHash({}, …)", self.scheme())
    }
}
