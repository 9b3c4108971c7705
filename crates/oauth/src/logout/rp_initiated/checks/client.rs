//! The client, if one is named, exists, and is the one that the hint was issued to. A disabled client may still sign people out.

use super::{Passed, Stop};
use crate::logout::rp_initiated::LogoutFault;

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let said = passed.params.value("client_id");
    let hinted = passed.hint.as_ref().map(|hint| hint.aud.as_str());
    let id = match (said, hinted) {
        (None, None) => return Ok(()),
        (Some(said), Some(hinted)) if said != hinted => return Err(LogoutFault::HintOfOtherClient.into()),
        (Some(id), _) | (None, Some(id)) => id,
    };
    let client = passed.facts.client.filter(|client| client.id.as_str() == id).ok_or(LogoutFault::ClientUnknown)?;
    passed.client = Some(client);
    Ok(())
}
