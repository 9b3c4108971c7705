//! The client can prove who it is, and is registered for the grant. Without proof, whoever steals a token could exchange it (RFC 8693 §5).

use super::{Confidential, Passed};
use crate::{GrantTypes, exchange::ExchangeRefusal};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let client = passed.client;
    if !client.is_confidential() || !client.grants.contains(GrantTypes::TOKEN_EXCHANGE) {
        return Err(ExchangeRefusal::ClientNotAllowed);
    }
    passed.confidential = Some(Confidential { _made_here: () });
    Ok(())
}
