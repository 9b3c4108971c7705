//! Id and secret in the Authorization header.

use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_STANDARD};
use model::Secret;

use super::ClientAuthFault;
use crate::params::decode;

/// Longest Authorization header read, in bytes.
const HEADER_BYTES_MAX: usize = 2048;

/// Id and secret, taken apart. Nothing in it is believed yet.
#[derive(Debug)]
pub(super) struct BasicCredentials {
    pub(super) client_id: String,
    pub(super) secret: Secret<String>,
}

/// RFC 7617 §2 around RFC 6749 §2.3.1: id and secret are form-encoded, joined by a colon, then base64.
pub(super) fn read(header: &str) -> Result<BasicCredentials, ClientAuthFault> {
    let broken = ClientAuthFault::HeaderBroken;
    if header.len() > HEADER_BYTES_MAX {
        return Err(broken);
    }
    let (scheme, token) = header.split_once(' ').ok_or(broken)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(broken);
    }
    let bytes = BASE64_STANDARD.decode(token.trim_matches(' ')).map_err(|_| broken)?;
    let pair = Secret::new(String::from_utf8(bytes).map_err(|_| broken)?);
    let (id, secret) = pair.expose().split_once(':').ok_or(broken)?;
    Ok(BasicCredentials {
        client_id: decode(id).map_err(|_| broken)?.into_owned(),
        secret: Secret::new(decode(secret).map(Cow::into_owned).map_err(|_| broken)?),
    })
}
