//! scrypt (RFC 7914), in the PHC string format, which is passlib's as well.

use zeroize::Zeroizing;

use super::{BadHash, fields, params::MEMORY_KIB_MAX};
use crate::equal;

/// Most memory filled by all lanes together, in bytes: about a second's work.
const FILLED_BYTES_MAX: u64 = 512 * 1024 * 1024;
const BLOCK_SIZE_MAX: u32 = 64;
const PARALLELISM_MAX: u32 = 64;

/// One stored scrypt hash.
#[derive(Clone)]
pub(super) struct ScryptHash {
    log_n: u8,
    r: u32,
    p: u32,
    salt: Vec<u8>,
    output: Vec<u8>,
}

impl ScryptHash {
    /// Reads what follows `$scrypt$`: `ln=16,r=8,p=1$salt$output`.
    pub(super) fn parse(rest: &str) -> Result<Self, BadHash> {
        let mut parts = rest.split('$');
        let (Some(cost), Some(salt), Some(output), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(BadHash::Malformed);
        };
        let [log_n, r, p] = fields::named(cost, ["ln", "r", "p"])?;
        if log_n == 0 || r == 0 || p == 0 {
            return Err(BadHash::Malformed);
        }
        // RFC 7914 §2: 128·N·r bytes of memory, filled once for each of the p lanes.
        if log_n > 30 || r > BLOCK_SIZE_MAX || p > PARALLELISM_MAX {
            return Err(BadHash::TooCostly);
        }
        let memory = (128 * u64::from(r)) << log_n;
        if memory > u64::from(MEMORY_KIB_MAX) * 1024 || memory * u64::from(p) > FILLED_BYTES_MAX {
            return Err(BadHash::TooCostly);
        }
        let (salt, output) = (fields::bytes(salt)?, fields::bytes(output)?);
        fields::sane(&salt, &output)?;
        Ok(Self { log_n: u8::try_from(log_n).map_err(|_| BadHash::TooCostly)?, r, p, salt, output })
    }

    pub(super) fn to_text(&self) -> String {
        let (salt, output) = (fields::text(&self.salt), fields::text(&self.output));
        format!("$scrypt$ln={},r={},p={}${salt}${output}", self.log_n, self.r, self.p)
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let Ok(params) = ::scrypt::Params::new(self.log_n, self.r, self.p) else { return false };
        let mut output = Zeroizing::new(vec![0; self.output.len()]);
        ::scrypt::scrypt(password, &self.salt, &params, &mut output).is_ok() && equal(&output, &self.output)
    }
}
