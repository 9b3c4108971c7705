//! What was pushed, as plain parameters: out of its request object, without the client's credentials, and with its DPoP key.

use crypto::b64u;
use model::Secret;

use super::{Pushing, Stop};
use crate::{
    authorize::{AuthorizeFault, KNOWN_PARAMETERS},
    par::{PUSHED_SECONDS, PushedRequest},
    params::{LOWERED_BYTES_MAX, Malformed, RawParams},
    request_object::{self, Unverified, Verifying},
};

/// The parameters to keep.
pub(super) struct Lowered(PushedRequest);

impl Lowered {
    pub(super) const fn record(&self) -> &PushedRequest {
        &self.0
    }
    pub(super) fn into_record(self) -> PushedRequest {
        self.0
    }
}

pub(super) fn check(pushing: &mut Pushing<'_>) -> Result<(), Stop> {
    let signs = request_object::is_for(pushing.client);
    let mut params = match pushing.params.one("request") {
        Ok(None) => plain(pushing.params),
        // RFC 9126 §3: what stands beside the object is no part of the request.
        Ok(Some(object)) if signs => signed(object, pushing)?,
        Ok(Some(_)) => return Err(AuthorizeFault::RequestObjectUnsupported.into()),
        Err(_) => return Err(AuthorizeFault::ParameterRepeated("request").into()),
    };
    let signed = pushing.params.value("request").is_some();
    if params.one("client_id") == Ok(None) {
        params.push("client_id", pushing.client.id.as_str().to_owned());
    }
    bind(&mut params, pushing.facts.dpop_jkt)?;

    let text = params.to_text();
    if text.len() > LOWERED_BYTES_MAX {
        return Err(AuthorizeFault::Malformed(Malformed::TooLong).into());
    }
    pushing.lowered = Some(Lowered(PushedRequest {
        client: pushing.client.id.clone(),
        text: Secret::new(text),
        signed,
        expires: pushing.now.plus_seconds(PUSHED_SECONDS),
    }));
    Ok(())
}

/// The parameters that mean something, with every repetition, so that repetition is still found. Credentials are not among them.
fn plain<'p>(params: &'p RawParams<'_>) -> RawParams<'p> {
    params.only(|name| name == "resource" || KNOWN_PARAMETERS.contains(&name))
}

fn signed(object: &str, pushing: &Pushing<'_>) -> Result<RawParams<'static>, Stop> {
    let verifying = Verifying {
        issuer: pushing.facts.issuer,
        client: pushing.client,
        client_keys: pushing.facts.client_keys,
        now: pushing.now,
    };
    request_object::verify(object, verifying).map_err(|unverified| match unverified {
        Unverified::Need(need) => Stop::Need(need),
        Unverified::Fault(fault) => AuthorizeFault::RequestObject(fault).into(),
    })
}

/// RFC 9449 §10.1: a proof at this endpoint says the same as `dpop_jkt`, and may not say something else.
fn bind(params: &mut RawParams<'_>, proven: Option<[u8; 32]>) -> Result<(), AuthorizeFault> {
    let Some(thumbprint) = proven.map(|thumbprint| b64u(&thumbprint)) else { return Ok(()) };
    match params.one("dpop_jkt") {
        Ok(None) => {
            params.push("dpop_jkt", thumbprint);
            Ok(())
        }
        Ok(Some(named)) if named == thumbprint => Ok(()),
        // A repeated one is found by the check for repetition, like every other parameter.
        Ok(Some(_)) | Err(_) => Err(AuthorizeFault::DpopKeyMismatch),
    }
}
