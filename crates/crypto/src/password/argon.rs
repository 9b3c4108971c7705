//! Argon2 (RFC 9106): the one scheme that we make, and its two siblings that we read.

use argon2::{Algorithm, Argon2, Version};
use zeroize::Zeroizing;

use super::{BadHash, Params, fields};
use crate::equal;

const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;
/// RFC 9106 §3.1: shortest salt that the algorithm is used with.
const SALT_BYTES_MIN: usize = 8;

/// One stored Argon2 hash.
#[derive(Clone)]
pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl Argon2Hash {
    /// Hashes as we do for ourselves: Argon2id, version 1.3, 32 bytes.
    pub(super) fn make(password: &[u8], salt: [u8; SALT_BYTES], params: Params) -> Self {
        let mut made = Self::never(params);
        made.salt = salt.to_vec();
        made.output = made.compute(password).expect("checked parameters fail only when memory is exhausted").to_vec();
        made
    }

    /// A hash that costs as much as one of ours and that no password is known to have.
    pub(super) fn never(params: Params) -> Self {
        Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params,
            salt: vec![0x5a; SALT_BYTES],
            output: vec![0; OUTPUT_BYTES],
        }
    }

    /// From its parts, in whatever form they were written.
    pub(super) fn new(
        algorithm: Algorithm,
        version: Version,
        params: Params,
        salt: Vec<u8>,
        output: Vec<u8>,
    ) -> Result<Self, BadHash> {
        fields::sane(&salt, &output)?;
        if salt.len() < SALT_BYTES_MIN {
            return Err(BadHash::TooWeak);
        }
        Ok(Self { algorithm, version, params, salt, output })
    }

    /// Reads what follows `$argon2id`, `$argon2i` or `$argon2d` in the PHC string format: `$v=19$m=19456,t=2,p=1$salt$output`.
    pub(super) fn parse(algorithm: Algorithm, rest: &str) -> Result<Self, BadHash> {
        let mut parts: Vec<&str> = rest.split('$').collect();
        // Hashes from before version 1.3 don't say their version.
        let version = match parts.first().and_then(|first| first.strip_prefix("v=")) {
            Some(version) => {
                parts.remove(0);
                version_from_number(version)?
            }
            None => Version::V0x10,
        };
        let [params, salt, output] = parts[..] else { return Err(BadHash::Malformed) };
        let [memory_kib, iterations, parallelism] = fields::named(params, ["m", "t", "p"])?;
        let params = Params::new(memory_kib, iterations, parallelism)?;
        Self::new(algorithm, version, params, fields::bytes(salt)?, fields::bytes(output)?)
    }

    pub(super) fn to_text(&self) -> String {
        let (version, params) = (u32::from(self.version), self.params);
        let (m, t, p) = (params.memory_kib(), params.iterations(), params.parallelism());
        let (salt, output) = (fields::text(&self.salt), fields::text(&self.output));
        format!("${}$v={version}$m={m},t={t},p={p}${salt}${output}", self.name())
    }

    pub(super) fn name(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Argon2d => "argon2d",
            Algorithm::Argon2i => "argon2i",
            Algorithm::Argon2id => "argon2id",
        }
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        self.compute(password).is_some_and(|output| equal(&output, &self.output))
    }

    /// Whether it is not what [`make`](Self::make) would make today, and weaker.
    pub(super) fn weaker_than(&self, current: Params) -> bool {
        self.algorithm != Algorithm::Argon2id
            || self.version != Version::V0x13
            || self.salt.len() < SALT_BYTES
            || self.output.len() < OUTPUT_BYTES
            || self.params.weaker_than(current)
    }

    fn compute(&self, password: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let cost = self.params;
        let params =
            argon2::Params::new(cost.memory_kib(), cost.iterations(), cost.parallelism(), Some(self.output.len()));
        let argon2 = Argon2::new(self.algorithm, self.version, params.ok()?);
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        // No memory for it is an answer of no.
        argon2.hash_password_into(password, &self.salt, &mut output).ok()?;
        Some(output)
    }
}

fn version_from_number(text: &str) -> Result<Version, BadHash> {
    match fields::number(text)? {
        0x10 => Ok(Version::V0x10),
        0x13 => Ok(Version::V0x13),
        _ => Err(BadHash::Unsupported("a version of Argon2 that doesn't exist yet")),
    }
}
