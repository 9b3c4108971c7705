//! The code was given out. The shell looked it up by its hash; that the hashes agree is checked here once more.

use crypto::equal;

use super::{Passed, Stop};
use crate::device::{UserCode, approve::DevicePageFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let code = UserCode::parse(passed.typed).map_err(|_| DevicePageFault::NotACode)?;
    let hash = code.hash(passed.facts.keys);
    let grant = passed.facts.grant.filter(|grant| equal(&grant.user_hash, &hash)).ok_or(DevicePageFault::Unknown)?;
    passed.grant = Some(grant);
    Ok(())
}
