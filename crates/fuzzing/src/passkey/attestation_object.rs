//! Attestation objects: CBOR from a stranger's authenticator, with certificates in it.

use super::stage::{REGISTRATIONS, credential_id, credential_is_sound, register, registration_json};
use crate::{
    Verdict,
    differ::{cbor_bytes, cbor_entries, cbor_text},
};

pub(crate) fn check(object: &[u8]) -> Verdict {
    let honest = &REGISTRATIONS[0];
    // The page names the credential; a stranger's page names the one that its object holds.
    let data = cbor_entries(object).and_then(|_| cbor_bytes_lax(object));
    let id = data.and_then(credential_id).unwrap_or(b"id");
    let taken = register(&registration_json(id, &honest.client_data, object));
    if let Ok(new) = &taken {
        assert_eq!(new.attestation_object, object);
        assert_eq!(cbor_entries(object).map(|entries| entries.len()), Some(3), "two readers see three members");
        let data = cbor_bytes(object, "authData").expect("two readers see the authenticator data");
        credential_is_sound(new, data);
        let format = cbor_text(object, "fmt").expect("two readers see the format");
        assert!(matches!(format, "none" | "packed"));
        if new.attested {
            // Nobody but the maker can attest, and these are all its statements for this challenge.
            assert_eq!(format, "packed");
            assert!(REGISTRATIONS.iter().any(|honest| honest.data == data), "the maker never said this");
        }
    }
    Verdict::of(&taken)
}

/// The authenticator data without the assertion that they stand once: the object was not taken yet.
fn cbor_bytes_lax(object: &[u8]) -> Option<&[u8]> {
    let (_, range) =
        cbor_entries(object)?.into_iter().find(|(key, _)| *key == crate::differ::CborKey::Text("authData".into()))?;
    minicbor::Decoder::new(&object[range]).bytes().ok()
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    REGISTRATIONS.iter().map(|honest| honest.object.clone()).collect()
}
