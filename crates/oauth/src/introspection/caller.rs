//! Whose business a token is.

use crate::{AccessTokenFacts, Client};

/// RFC 7662 §4: the client that holds the token, or a resource server that it is meant for, by its id or by a resource that the
/// operator says it serves. What a client may *ask for* is not what it *is*.
pub(super) fn may_read(caller: &Client, token: &AccessTokenFacts) -> bool {
    token.client_id == caller.id.as_str()
        || token.is_for(caller.id.as_str())
        || caller.settings.serves.iter().any(|resource| token.is_for(resource))
}
