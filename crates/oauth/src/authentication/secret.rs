//! Secrets that client and server share.

use crypto::equal;

use super::{ClientAuthFault, Shown};
use crate::{Client, TokenKeys};

/// One of the client's secrets was sent, in the header or in the body.
pub(super) fn check(shown: &Shown<'_>, client: &Client, keys: &TokenKeys) -> Result<(), ClientAuthFault> {
    let secret = match shown {
        Shown::Nothing => return Err(ClientAuthFault::SecretMissing),
        Shown::Assertion(_) => return Err(ClientAuthFault::OtherMethod),
        Shown::Header(basic) => basic.secret.expose(),
        Shown::Body(secret) => *secret,
    };
    let presented = keys.client_secret_hash(secret);
    // All of them are compared, so that time does not tell which was nearly right.
    let known = client.secrets.iter().fold(false, |known, kept| known | equal(kept, &presented));
    if known { Ok(()) } else { Err(ClientAuthFault::SecretWrong) }
}
