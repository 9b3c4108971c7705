//! The root key of an installation: the one secret from which every other key that we keep is derived or sealed.
//!
//! It lives in a file of its own, outside every backup of the data: who holds a backup alone can open nothing in it.

use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use model::Secret;
use zeroize::Zeroizing;

use crate::{HashKey, SealingKey, b64u_into, equal, from_b64u_exact, sha256};

const PREFIX: &str = "lockgate-root-key-1:";
const KEY_BYTES: usize = 32;
const CHECKSUM_BYTES: usize = 4;
const FILE_BYTES: usize = KEY_BYTES + CHECKSUM_BYTES;
/// HKDF's salt (RFC 5869 §3.1): not secret, it ties the derivation to this use.
const SALT: &[u8] = b"lockgate root key 1";

/// Why the text of a key file was refused. No variant tells anything of its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRootKeyFile {
    /// The text does not begin as a root key file does: it is another file, or of a later version.
    #[error("expected one line that begins with \"lockgate-root-key-1:\"; this is not a root key file of this version")]
    NotARootKey,
    /// The line has the wrong length or holds characters that no root key has: it was cut or edited.
    #[error("the root key is cut short or has characters too many; restore the file from its copy")]
    Damaged,
    /// The line is well-formed but its checksum disagrees: a character was changed.
    #[error("the root key's checksum does not match; restore the file from its copy")]
    Checksum,
}

/// The root key. Does not print itself, and is wiped from memory when it is dropped.
pub struct RootKey {
    bytes: Secret<[u8; KEY_BYTES]>,
    derivation: Prk,
}

impl RootKey {
    /// From 32 bytes that the shell drew from the operating system.
    #[must_use]
    pub fn new(bytes: Secret<[u8; KEY_BYTES]>) -> Self {
        let derivation = Salt::new(HKDF_SHA256, SALT).extract(bytes.expose());
        Self { bytes, derivation }
    }

    /// The key for hashes of one kind of thing. The same `name` always gives the same key; changing a name loses what
    /// was stored under it.
    #[must_use]
    pub fn hash_key(&self, name: &'static str) -> HashKey {
        HashKey::new(&self.derive("hash", name))
    }

    /// The key for sealing one kind of thing; as [`hash_key`](Self::hash_key), and never the same key as that.
    #[must_use]
    pub fn sealing_key(&self, name: &'static str) -> SealingKey {
        SealingKey::new(&Secret::new(*self.derive("seal", name)))
    }

    /// Reads the one line that [`to_file_text`](Self::to_file_text) wrote; one line end after it is allowed.
    ///
    /// # Errors
    /// [`BadRootKeyFile`] says in what way the text is not such a line.
    pub fn from_file_text(text: &str) -> Result<Self, BadRootKeyFile> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let encoded = line.strip_prefix(PREFIX).ok_or(BadRootKeyFile::NotARootKey)?;
        let all: Zeroizing<[u8; FILE_BYTES]> =
            Zeroizing::new(from_b64u_exact(encoded).map_err(|_| BadRootKeyFile::Damaged)?);
        let (key, sum) = all.split_first_chunk::<KEY_BYTES>().ok_or(BadRootKeyFile::Damaged)?;
        if !equal(sum, &checksum(key)) {
            return Err(BadRootKeyFile::Checksum);
        }
        Ok(Self::new(Secret::new(*key)))
    }

    /// The contents of the key file: one line with a version, the key, a checksum against accidents, and a line end.
    #[must_use]
    pub fn to_file_text(&self) -> Secret<String> {
        let mut all = Zeroizing::new([0; FILE_BYTES]);
        all[..KEY_BYTES].copy_from_slice(self.bytes.expose());
        all[KEY_BYTES..].copy_from_slice(&checksum(self.bytes.expose()));
        // Room for the whole line at once, so that no half-filled copy of the key stays behind in memory.
        let mut text = String::with_capacity(PREFIX.len() + FILE_BYTES * 2);
        text.push_str(PREFIX);
        b64u_into(&all[..], &mut text);
        text.push('\n');
        Secret::new(text)
    }

    /// HKDF-Expand (RFC 5869 §2.3) with the kind and the name as `info`.
    fn derive(&self, kind: &'static str, name: &'static str) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut out = Zeroizing::new([0; KEY_BYTES]);
        self.derivation
            .expand(&[kind.as_bytes(), b":", name.as_bytes()], HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut out[..]))
            .expect("HKDF-SHA-256 gives 32 bytes for any info");
        out
    }
}

impl std::fmt::Debug for RootKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootKey(…)")
    }
}

/// Finds accidents, not attackers. It stays in the key file, so what it tells of the key it tells only to its holder.
fn checksum(key: &[u8; KEY_BYTES]) -> [u8; CHECKSUM_BYTES] {
    let digest = sha256(&Zeroizing::new([SALT, key].concat()));
    [digest[0], digest[1], digest[2], digest[3]]
}

#[cfg(test)]
mod tests;
