//! The person goes nowhere but to an address that the client registered for this.

use super::{Passed, Stop};
use crate::{answer::Location, logout::rp_initiated::LogoutFault};

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let Some(wanted) = passed.params.value("post_logout_redirect_uri") else { return Ok(()) };
    let client = passed.client.ok_or(LogoutFault::RedirectWithoutClient)?;
    // §3: exactly; not even the port of a loopback address may vary here.
    let registered = client.settings.logout.post_logout_redirect_uris.iter().find(|uri| uri.as_str() == wanted);
    let registered = registered.ok_or(LogoutFault::RedirectUnregistered)?;
    let mut location = Location::new(registered.as_str(), 64);
    if let Some(state) = passed.params.value("state") {
        location.push("state", state);
    }
    passed.location = Some(location.into_text());
    Ok(())
}
