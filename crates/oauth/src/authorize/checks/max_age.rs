//! How old the proof may be.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// Greatest allowed age of the sign-in, in seconds, where the client names one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MaxAge(Option<i64>);

impl MaxAge {
    pub(crate) const fn seconds(self) -> Option<i64> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let seconds = match passed.params.value("max_age") {
        // OpenID Connect Registration §2: what the client registered, where the request says nothing.
        None => client.settings.requests.default_max_age,
        // Digits only: a sign or a fraction is no number of seconds. More than i64 holds is as good as no limit, but no client means it.
        Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
            Some(text.parse::<i64>().map_err(|_| AuthorizeFault::MaxAgeInvalid)?)
        }
        Some(_) => return Err(AuthorizeFault::MaxAgeInvalid.into()),
    };
    passed.max_age = Some(MaxAge(seconds));
    Ok(())
}
