//! Authenticator data with a new credential, and the COSE key in them, without any signature in the way.

use super::stage::{REGISTRATIONS, credential_id, credential_is_sound, register, registration_json};
use crate::Verdict;

pub(crate) fn check(data: &[u8]) -> Verdict {
    let honest = &REGISTRATIONS[0];
    let id = credential_id(data).unwrap_or(b"id");
    let taken = register(&registration_json(id, &honest.client_data, &object(data)));
    if let Ok(new) = &taken {
        assert!(!new.attested, "nobody attested to this");
        credential_is_sound(new, data);
    }
    Verdict::of(&taken)
}

/// An attestation object of the format `none` around the data (WebAuthn L3 §6.5.4, §8.7).
fn object(data: &[u8]) -> Vec<u8> {
    let mut encoder = minicbor::Encoder::new(Vec::new());
    encoder
        .map(3)
        .and_then(|e| e.str("fmt")?.str("none")?.str("attStmt")?.map(0)?.str("authData")?.bytes(data))
        .expect("a vector takes every byte");
    encoder.into_writer()
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = REGISTRATIONS.iter().map(|honest| honest.data.clone()).collect();
    // With extensions, which may come in any number.
    let mut extended = REGISTRATIONS[0].data.clone();
    extended[32] |= 0x80;
    extended.extend(b"\xa1\x6bcredProtect\x02");
    seeds.push(extended);
    seeds
}
