//! The answer travels in a way that exists and that the client is registered for.

use super::{Passed, Stop};
use crate::{Client, authorize::AuthorizeFault, client::ResponseMode};

/// How the answer travels.
#[derive(Clone, Copy)]
pub(super) struct CheckedMode(ResponseMode);

impl CheckedMode {
    pub(super) const fn get(self) -> ResponseMode {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let mode = match passed.params.value("response_mode") {
        // OAuth 2.0 Multiple Response Type Encoding Practices §2.1: query is the default for codes.
        None => ResponseMode::Query,
        // JARM §2.3.4: the signed form of that default.
        Some("jwt") => ResponseMode::QueryJwt,
        Some(word) => ResponseMode::from_word(word).ok_or(AuthorizeFault::ResponseModeUnsupported)?,
    };
    if !allows(client, mode) {
        return Err(AuthorizeFault::ResponseModeUnsupported.into());
    }
    passed.mode = Some(CheckedMode(mode));
    Ok(())
}

/// The way in which an error travels when the request did not name one that it may.
pub(super) fn fallback(client: &Client) -> ResponseMode {
    match client.settings.requests.response_modes.as_slice() {
        [first, ..] if !allows(client, ResponseMode::Query) => *first,
        [..] => ResponseMode::Query,
    }
}

fn allows(client: &Client, mode: ResponseMode) -> bool {
    let modes = &client.settings.requests.response_modes;
    modes.is_empty() || modes.contains(&mode)
}
