//! How much the person may, or must, be asked.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// The `prompt` parameter (OpenID Connect Core §3.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// Nobody may be asked anything.
    None,
    /// Asked as far as needed, and for these in any case.
    Some { login: bool, consent: bool, select_account: bool },
}

impl Prompt {
    pub(crate) const fn forbids_asking(self) -> bool {
        matches!(self, Self::None)
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let (mut none, mut login, mut consent, mut select_account) = (false, false, false, false);
    for value in passed.params.value("prompt").unwrap_or("").split(' ').filter(|value| !value.is_empty()) {
        match value {
            "none" => none = true,
            "login" => login = true,
            "consent" => consent = true,
            "select_account" => select_account = true,
            // Also `create` (Initiating User Registration via OpenID Connect §4): nobody registers themselves here.
            _ => return Err(AuthorizeFault::PromptUnknown.into()),
        }
    }
    // OpenID Connect Core §3.1.2.1: none with any other value is an error.
    passed.prompt = Some(match (none, login || consent || select_account) {
        (true, true) => return Err(AuthorizeFault::PromptNoneNotAlone.into()),
        (true, false) => Prompt::None,
        (false, _) => Prompt::Some { login, consent, select_account },
    });
    Ok(())
}
