//! Bytes that follow from a seed, so that a failing test can be repeated.

use aws_lc_rs::digest::{SHA256, digest};

/// A stream of bytes for each label.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// `count` bytes that follow from the seed, `label` and `number`.
    pub(crate) fn bytes(self, label: &str, number: u64, count: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(count + 32);
        for block in 0u64.. {
            if out.len() >= count {
                break;
            }
            let input = [self.0.to_be_bytes(), number.to_be_bytes(), block.to_be_bytes()].concat();
            out.extend_from_slice(digest(&SHA256, &[&input, label.as_bytes()].concat()).as_ref());
        }
        out.truncate(count);
        out
    }

    /// Another seed, for something that has streams of its own.
    pub(crate) fn child(self, label: &str, number: u64) -> Self {
        let bytes = self.bytes(label, number, 8);
        Self(bytes.iter().fold(0, |seed, byte| seed << 8 | u64::from(*byte)))
    }
}
