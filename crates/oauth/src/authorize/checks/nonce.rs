//! The nonce is kept for the ID token, within a bound.

use super::{Passed, Stop};
use crate::authorize::AuthorizeFault;

/// Most bytes of a nonce: it waits in memory and travels in a token.
const NONCE_BYTES_MAX: usize = 512;

/// The nonce, if the request has one.
pub(crate) struct Nonce<'a>(Option<&'a str>);

impl<'a> Nonce<'a> {
    pub(crate) const fn text(&self) -> Option<&'a str> {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let nonce = passed.params.value("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > NONCE_BYTES_MAX) {
        return Err(AuthorizeFault::NonceTooLong.into());
    }
    passed.nonce = Some(Nonce(nonce));
    Ok(())
}
