//! The refresh token's own format: what a stranger made up is refused before anything is looked up.
//!
//! `lgr_` and base64url of: family id (16 bytes), generation (4, big-endian), secret (32), tag (16). The tag is a keyed hash over
//! the rest (draft-ietf-oauth-v2-1-16 §4.3.1 asks for integrity where a token says something about itself); the secret is what
//! proves possession, and only its keyed hash is stored.

use crypto::{b64u_into, equal, from_b64u_exact};
use model::{Entropy, FamilyId, Secret};

use crate::TokenKeys;

const PREFIX: &str = "lgr_";
const SIGNED: usize = 16 + 4 + 32;
const TAG: usize = 16;

/// The text is not a refresh token of this installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOurs;

/// A refresh token whose tag is right. Whether it is still the current one is another question.
#[derive(Clone)]
pub struct RefreshToken {
    family: FamilyId,
    generation: u32,
    secret: Secret<[u8; 32]>,
}

impl RefreshToken {
    /// Reads a token and checks its tag, in constant time.
    ///
    /// # Errors
    /// When it has another format, or this installation did not make it.
    pub fn parse(text: &str, keys: &TokenKeys) -> Result<Self, NotOurs> {
        let encoded = text.strip_prefix(PREFIX).ok_or(NotOurs)?;
        let bytes: [u8; SIGNED + TAG] = from_b64u_exact(encoded).map_err(|_| NotOurs)?;
        let (signed, tag) = bytes.split_at(SIGNED);
        if !equal(&keys.refresh_tag(signed)[..TAG], tag) {
            return Err(NotOurs);
        }
        let (family, rest) = signed.split_at(16);
        let (generation, secret) = rest.split_at(4);
        let whole = "the parts of a fixed array have fixed lengths";
        Ok(Self {
            family: FamilyId::from_bytes(family.try_into().expect(whole)),
            generation: u32::from_be_bytes(generation.try_into().expect(whole)),
            secret: Secret::new(secret.try_into().expect(whole)),
        })
    }

    /// A fresh token of `family` in `generation`.
    #[must_use]
    pub fn fresh(family: FamilyId, generation: u32, entropy: &mut Entropy) -> Self {
        Self { family, generation, secret: Secret::new(entropy.take::<32>()) }
    }

    /// The token that replaces this one. It is derived, not drawn, so that asking twice with the same token gives the same
    /// successor; without our key nobody can compute it.
    #[must_use]
    pub fn successor(&self, keys: &TokenKeys) -> Self {
        let generation = self.generation.saturating_add(1);
        let secret = keys.refresh_successor(self.secret.expose(), self.family, generation);
        Self { family: self.family, generation, secret: Secret::new(secret) }
    }

    /// The text for the client.
    #[must_use]
    pub fn to_text(&self, keys: &TokenKeys) -> Secret<String> {
        let mut bytes = [0; SIGNED + TAG];
        bytes[..16].copy_from_slice(self.family.as_bytes());
        bytes[16..20].copy_from_slice(&self.generation.to_be_bytes());
        bytes[20..SIGNED].copy_from_slice(self.secret.expose());
        let tag = keys.refresh_tag(&bytes[..SIGNED]);
        bytes[SIGNED..].copy_from_slice(&tag[..TAG]);
        let mut text = String::with_capacity(PREFIX.len() + 91);
        text.push_str(PREFIX);
        b64u_into(&bytes, &mut text);
        Secret::new(text)
    }

    /// Which family it belongs to.
    #[must_use]
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// How many rotations came before it.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    /// What the store keeps of it.
    #[must_use]
    pub fn stored_hash(&self, keys: &TokenKeys) -> [u8; 32] {
        keys.refresh_hash(self.secret.expose())
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RefreshToken({}, generation {}, …)", self.family, self.generation)
    }
}
