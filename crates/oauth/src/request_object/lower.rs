//! Claims become parameters.

use std::borrow::Cow;

use crypto::json::{Claims, Value};

use super::RequestObjectFault;
use crate::{
    RawParams,
    authorize::KNOWN_PARAMETERS,
    json_text::text_of,
    params::{LOWERED_BYTES_MAX, PARAMS_MAX},
};

/// The parameters that we know, taken out of the claims (RFC 9101 §4). Other claims mean nothing here, as other parameters do.
pub(super) fn lower(claims: &Claims) -> Result<RawParams<'static>, RequestObjectFault> {
    let mut pairs: Vec<(Cow<'static, str>, Cow<'static, str>)> = Vec::with_capacity(12);
    let known = KNOWN_PARAMETERS.iter().chain(&["resource"]);
    for name in known.copied() {
        let Some(value) = claims.object().get(name) else { continue };
        for text in texts(name, value).ok_or(RequestObjectFault::Claim(name))? {
            pairs.push((Cow::Borrowed(name), Cow::Owned(text)));
        }
    }
    let params = RawParams::from_pairs(pairs);
    // What is kept until the person has answered is bounded like everything else.
    if params.len() > PARAMS_MAX || params.to_text().len() > LOWERED_BYTES_MAX {
        return Err(RequestObjectFault::TooLong);
    }
    Ok(params)
}

/// The values of one parameter. None where the claim is of a type that the parameter can't have.
fn texts(name: &str, value: &Value) -> Option<Vec<String>> {
    match (name, value) {
        (_, Value::Text(text)) => Some(vec![text.clone()]),
        // OpenID Connect Core §6.1: numbers and objects stand as JSON values.
        ("max_age", Value::Integer(seconds)) => Some(vec![seconds.to_string()]),
        ("claims", Value::Object(_)) | ("authorization_details", Value::Array(_)) => Some(vec![text_of(value)]),
        // RFC 8707 §2: repeated in a form, an array in a request object.
        ("resource", Value::Array(_)) => Some(value.as_texts()?.into_iter().map(str::to_owned).collect()),
        (_, _) => None,
    }
}
