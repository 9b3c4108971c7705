//! Bending finished answers: single bits of the parts that a signature should protect.

use serde_json::Value;

use crate::client::{b64u, from_b64u};

/// A part of a response's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `clientDataJSON`.
    ClientData,
    /// The authenticator data: of an assertion, or within an attestation object.
    AuthenticatorData,
    /// The signature: of an assertion, or `sig` within an attestation statement.
    Signature,
}

/// The bytes of one part of a response, or none where it has no such part.
#[must_use]
pub fn part(response: &str, part: Part) -> Option<Vec<u8>> {
    let (_, bytes, range) = locate(response, part)?;
    Some(bytes[range].to_vec())
}

/// The same response with the bits of `mask` turned over in one byte of one part. None where there is no such byte.
#[must_use]
pub fn flip(response: &str, part: Part, index: usize, mask: u8) -> Option<String> {
    let (member, mut bytes, range) = locate(response, part)?;
    *bytes.get_mut(range)?.get_mut(index)? ^= mask;
    let mut answer: Value = serde_json::from_str(response).ok()?;
    *answer.get_mut("response")?.get_mut(member)? = Value::from(b64u(&bytes));
    Some(answer.to_string())
}

/// The member that holds the part, that member's bytes, and where in them the part lies.
fn locate(response: &str, part: Part) -> Option<(&'static str, Vec<u8>, std::ops::Range<usize>)> {
    let answer: Value = serde_json::from_str(response).ok()?;
    let read = |member: &str| from_b64u(answer["response"][member].as_str()?).ok();
    let whole = |member: &'static str| read(member).map(|bytes| (member, bytes.clone(), 0..bytes.len()));
    let registration = answer["response"].get("attestationObject").is_some();
    match (part, registration) {
        (Part::ClientData, _) => whole("clientDataJSON"),
        (Part::AuthenticatorData, false) => whole("authenticatorData"),
        (Part::Signature, false) => whole("signature"),
        (Part::AuthenticatorData, true) => within("authData", read("attestationObject")?),
        (Part::Signature, true) => within("sig", read("attestationObject")?),
    }
}

/// Where a byte string named `key` lies in an attestation object.
fn within(key: &str, object: Vec<u8>) -> Option<(&'static str, Vec<u8>, std::ops::Range<usize>)> {
    let mut decoder = minicbor::Decoder::new(&object);
    let range = range_of(&mut decoder, key)?;
    Some(("attestationObject", object, range))
}

fn range_of(decoder: &mut minicbor::Decoder<'_>, key: &str) -> Option<std::ops::Range<usize>> {
    let entries = decoder.map().ok()??;
    for _ in 0..entries {
        let name = decoder.str().ok()?;
        if name == key {
            let length = decoder.bytes().ok()?.len();
            return Some(decoder.position() - length..decoder.position());
        }
        if name == "attStmt" && key == "sig" {
            return range_of(decoder, key);
        }
        decoder.skip().ok()?;
    }
    None
}
