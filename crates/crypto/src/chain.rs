//! The arithmetic of the audit chain: each entry's hash covers the entry and the hash before it, so that nothing in the
//! middle can be changed, removed or moved without changing the end.

use crate::hash::sha256_of;

/// What the first entry of a chain has as its previous hash.
pub const CHAIN_START: [u8; 32] = [0; 32];

const PURPOSE: &[u8] = b"lockgate audit chain 1";

/// The hash of `entry` when it follows the entry whose hash is `previous`.
///
/// SHA-256 over a fixed label, the previous hash and the entry. The first two have fixed lengths, so no other pair gives
/// the same bytes to the hash.
#[must_use]
pub fn chain_hash(previous: &[u8; 32], entry: &[u8]) -> [u8; 32] {
    sha256_of(&[PURPOSE, previous, entry])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha256;

    fn end_of(entries: &[&str]) -> [u8; 32] {
        entries.iter().fold(CHAIN_START, |previous, entry| chain_hash(&previous, entry.as_bytes()))
    }

    #[test]
    fn the_hash_is_over_label_previous_and_entry() {
        let expected = sha256(&[&b"lockgate audit chain 1"[..], &[3; 32], b"entry"].concat());
        assert_eq!(chain_hash(&[3; 32], b"entry"), expected);
    }

    #[test]
    fn every_change_of_history_changes_the_end() {
        let honest = end_of(&["a", "b", "c"]);
        for forged in
            [&["a", "x", "c"][..], &["b", "a", "c"], &["a", "c"], &["a", "b"], &["a", "bc"], &["a", "b", "c", ""]]
        {
            assert_ne!(end_of(forged), honest, "{forged:?}");
        }
        assert_eq!(end_of(&["a", "b", "c"]), honest);
    }
}
