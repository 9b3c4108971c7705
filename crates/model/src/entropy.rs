//! Fresh randomness as an argument.

/// Bytes an [`Entropy`] holds: enough for every id, secret and challenge of one decision.
pub const ENTROPY_BYTES: usize = 256;

/// A small store of fresh random bytes, drawn by the shell for one decision. Each byte is handed out once.
#[derive(Clone)]
pub struct Entropy {
    bytes: [u8; ENTROPY_BYTES],
    used: usize,
}

impl Entropy {
    /// Wraps bytes that the shell drew from the operating system (or a test from its seed).
    #[must_use]
    pub fn new(bytes: [u8; ENTROPY_BYTES]) -> Self {
        Self { bytes, used: 0 }
    }

    /// The next `N` unused bytes.
    ///
    /// # Panics
    /// When a decision takes more than [`ENTROPY_BYTES`] in all: that is a fault in the engine, never in its input.
    #[must_use]
    pub fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        let end = self.used + N;
        assert!(end <= ENTROPY_BYTES, "an engine asked for more entropy than one decision may use");
        out.copy_from_slice(&self.bytes[self.used..end]);
        self.bytes[self.used..end].fill(0);
        self.used = end;
        out
    }
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entropy").field("used", &self.used).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_handed_out_once_and_in_order() {
        let mut all = [0u8; ENTROPY_BYTES];
        for (i, b) in all.iter_mut().enumerate() {
            *b = i as u8;
        }
        let mut entropy = Entropy::new(all);
        assert_eq!(entropy.take::<3>(), [0, 1, 2]);
        assert_eq!(entropy.take::<2>(), [3, 4]);
    }

    #[test]
    #[should_panic(expected = "more entropy")]
    fn running_dry_is_a_fault() {
        let mut entropy = Entropy::new([1; ENTROPY_BYTES]);
        let _ = entropy.take::<ENTROPY_BYTES>();
        let _ = entropy.take::<1>();
    }
}
