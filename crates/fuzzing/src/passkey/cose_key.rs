//! Stored public keys: a damaged store must not open a door.

use super::stage::{REGISTRATIONS, SIGNED, assertion_json, authenticate};
use crate::{
    Verdict,
    differ::{CborKey, cbor_member},
};
use ::passkey::{Fault, Passkey};

pub(crate) fn check(key: &[u8]) -> Verdict {
    let honest = &SIGNED.passkey;
    let passkey = Passkey { public_key: key.to_vec(), ..honest.clone() };
    let answer = assertion_json(&honest.credential_id, &SIGNED.client_data, &SIGNED.data, &SIGNED.signature);
    match authenticate(&passkey, &answer) {
        // Spelled differently perhaps (longer integers, another order), but the same key.
        Ok(_) => {
            for label in [1, 3, -1, -2] {
                let number_or_bytes = |key| {
                    let member = cbor_member(key, &CborKey::Int(label)).expect("two readers see the member");
                    let mut decoder = minicbor::Decoder::new(member);
                    (decoder.probe().i64().ok(), decoder.bytes().ok().map(<[u8]>::to_vec))
                };
                assert_eq!(number_or_bytes(key), number_or_bytes(&honest.public_key), "another key verified");
            }
            Verdict::Taken
        }
        // Read, and another's.
        Err(Fault::Signature) => Verdict::Taken,
        Err(Fault::PublicKey | Fault::AlgorithmNotOffered) => Verdict::Refused,
        Err(other) => panic!("a key alone can't be refused for {}", other.as_word()),
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let key_of = |data: &[u8]| data.get(55 + 32..).map(<[u8]>::to_vec);
    let mut seeds: Vec<Vec<u8>> = REGISTRATIONS.iter().step_by(4).filter_map(|honest| key_of(&honest.data)).collect();
    seeds.push(SIGNED.passkey.public_key.clone());
    seeds
}
