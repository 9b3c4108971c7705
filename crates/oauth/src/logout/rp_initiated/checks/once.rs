//! No parameter twice.

use super::{Passed, Stop};
use crate::logout::rp_initiated::LogoutFault;

const KNOWN: [&str; 6] =
    ["id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    match passed.params.first_repeated(&KNOWN) {
        None => Ok(()),
        Some(name) => Err(LogoutFault::Repeated(name).into()),
    }
}
