//! How much work one Argon2 hash is.

use super::BadHash;

/// Most memory that one hash may take, in KiB: 256 MiB.
pub(super) const MEMORY_KIB_MAX: u32 = 256 * 1024;
/// Most memory filled in all passes together, in KiB: a little under a second's work.
const FILLED_KIB_MAX: u64 = 1024 * 1024;
const PARALLELISM_MAX: u32 = 16;

/// The cost of Argon2 (RFC 9106 §3.1), within our bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    memory_kib: u32,
    iterations: u32,
    parallelism: u32,
}

impl Params {
    /// 19 MiB, two passes, one lane: the first choice of OWASP's Password Storage Cheat Sheet, and about 22 ms.
    pub const DEFAULT: Self = Self { memory_kib: 19 * 1024, iterations: 2, parallelism: 1 };

    /// A cost of one's own: memory in KiB, passes over it, lanes.
    ///
    /// # Errors
    /// [`BadHash::Malformed`] below the algorithm's own minimum (RFC 9106 §3.1: one pass, one lane, 8 KiB a lane),
    /// [`BadHash::TooCostly`] above 256 MiB, 1 GiB over all passes, or 16 lanes.
    pub fn new(memory_kib: u32, iterations: u32, parallelism: u32) -> Result<Self, BadHash> {
        let filled = u64::from(memory_kib) * u64::from(iterations);
        if memory_kib > MEMORY_KIB_MAX || filled > FILLED_KIB_MAX || parallelism > PARALLELISM_MAX {
            return Err(BadHash::TooCostly);
        }
        if iterations == 0 || parallelism == 0 || memory_kib < 8 * parallelism {
            return Err(BadHash::Malformed);
        }
        Ok(Self { memory_kib, iterations, parallelism })
    }

    /// Memory, in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    #[must_use]
    pub const fn iterations(self) -> u32 {
        self.iterations
    }

    /// Lanes.
    #[must_use]
    pub const fn parallelism(self) -> u32 {
        self.parallelism
    }

    /// Whether guessing against this costs less than against `other`: less work in all, or less than half its memory
    /// (fewer passes over more memory, and the reverse within reason, are a fair trade).
    pub(super) fn weaker_than(self, other: Self) -> bool {
        let filled = |params: Self| u64::from(params.memory_kib) * u64::from(params.iterations);
        filled(self) < filled(other) || self.memory_kib < other.memory_kib / 2
    }
}
