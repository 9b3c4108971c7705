//! A token that was bound to a key becomes one that is bound to a key: the caller's own.

use super::{Passed, SenderKept};
use crate::exchange::ExchangeRefusal;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    if passed.token()?.is_bound && passed.facts.confirmation.is_none() {
        return Err(ExchangeRefusal::Unbound);
    }
    passed.sender = Some(SenderKept { _made_here: () });
    Ok(())
}
