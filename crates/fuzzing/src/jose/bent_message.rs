//! A client's signed messages after somebody bent them.

use crypto::{Jws, jws::JWS_BYTES_MAX};

use super::{
    signed_message,
    stage::{MESSAGES, PROOFS},
};
use crate::{
    Verdict,
    bend::{bend, scripts},
};

/// The first byte chooses the message; the rest bends it.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Some((choice, script)) = bytes.split_first() else { return Verdict::Refused };
    let known: Vec<&String> = MESSAGES.iter().chain(PROOFS.iter()).collect();
    let bent = bend(known[usize::from(*choice) % known.len()].as_bytes(), script);
    signed_message::check(&bent)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for choice in 0..4 {
        seeds.extend(scripts().into_iter().map(|script| [&[choice], &script[..]].concat()));
    }
    // The first bytes of a header that are decoded, and the same message with its signature's mirror image cut in.
    seeds.extend(Jws::parse(&MESSAGES[0], JWS_BYTES_MAX).map(|jws| [&[0], &jws.signature[..]].concat()));
    seeds
}
