//! A pushed request names no other.

use super::{Pushing, Stop};
use crate::par::PushRefusal;

pub(super) fn check(pushing: &mut Pushing<'_>) -> Result<(), Stop> {
    // RFC 9126 §2.1: not ours, not anybody's.
    if pushing.params.one("request_uri") == Ok(None) { Ok(()) } else { Err(PushRefusal::RequestUri.into()) }
}
