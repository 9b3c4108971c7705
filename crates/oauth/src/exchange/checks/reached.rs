//! The token got to the caller by right: it was issued to the caller, or was meant for it. Otherwise a service could exchange what a
//! careless neighbour showed it (RFC 9068 §5, audience confusion).

use super::{Passed, Reached};
use crate::exchange::ExchangeRefusal;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), ExchangeRefusal> {
    let (token, client) = (passed.token()?, passed.client);
    let is_me = |name: &String| name == client.id.as_str() || client.settings.serves.contains(name);
    if token.client_id != client.id.as_str() && !token.audience.iter().any(is_me) {
        return Err(ExchangeRefusal::SubjectOfOthers);
    }
    passed.reached = Some(Reached { _made_here: () });
    Ok(())
}
