//! Sets of public keys, as clients publish them.

use crypto::{JwkSet, jwk::JWK_SET_KEYS_MAX};

use super::{
    public_jwk::{self, is_sound},
    stage::set_json,
};
use crate::Verdict;

pub(crate) fn check(json: &[u8]) -> Verdict {
    let read = JwkSet::parse(json);
    if let Ok(set) = &read {
        assert!(set.keys().len() + set.skipped() <= JWK_SET_KEYS_MAX);
        set.keys().iter().for_each(is_sound);
        let again = JwkSet::parse(set.to_json().as_bytes()).expect("what we write, we read");
        assert!(again.keys() == set.keys() && again.skipped() == 0);
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> =
        public_jwk::seeds().into_iter().map(|key| [br#"{"keys":["#, &key[..], b"]}"].concat()).collect();
    seeds.push(set_json().into_bytes());
    seeds.push(set_json().replacen('[', r#"[{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"},"#, 1).into_bytes());
    seeds.push(br#"{"keys":[]}"#.to_vec());
    seeds
}
