//! It is the request of the client that authenticated.

use super::{Pushing, Stop};
use crate::{authorize::AuthorizeFault, par::PushRefusal};

pub(super) fn check(pushing: &mut Pushing<'_>) -> Result<(), Stop> {
    match pushing.params.one("client_id") {
        // A client that authenticated by header or assertion has named itself there.
        Ok(None) => Ok(()),
        Ok(Some(id)) if id == pushing.client.id.as_str() => Ok(()),
        Ok(Some(_)) => Err(PushRefusal::OtherClient.into()),
        Err(_) => Err(AuthorizeFault::ClientIdMissing.into()),
    }
}
