//! Assertions: authenticator data and a signature under a key that the sender does not hold.

use super::stage::{SIGNED, assertion_json, authenticate};
use crate::Verdict;

/// The first two bytes say how long the authenticator data are; the signature follows them.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else { return Verdict::Refused };
    let (data, signature) = rest.split_at(usize::from(u16::from_be_bytes(*length)).min(rest.len()));
    let answer = assertion_json(&SIGNED.passkey.credential_id, &SIGNED.client_data, data, signature);
    let held = authenticate(&SIGNED.passkey, &answer);
    if held.is_ok() {
        assert_eq!(data, SIGNED.data, "the key never signed these data");
        assert_eq!(signature, SIGNED.signature, "an Ed25519 signature that the key never made");
    }
    Verdict::of(&held)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let framed = |data: &[u8], signature: &[u8]| {
        let length = u16::try_from(data.len()).expect("authenticator data are short").to_be_bytes();
        [&length[..], data, signature].concat()
    };
    let mut other_signature = SIGNED.signature.clone();
    other_signature[0] ^= 1;
    let mut extended = SIGNED.data.clone();
    extended[32] |= 0x80;
    extended.extend([0xa0]);
    vec![
        framed(&SIGNED.data, &SIGNED.signature),
        framed(&SIGNED.data, &other_signature),
        framed(&extended, &SIGNED.signature),
    ]
}
