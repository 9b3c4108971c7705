//! Honest ceremonies, and the answers that the bytes under test are put into.

use std::sync::LazyLock;

use ::passkey::{
    Assertion, AuthenticationFacts, AuthenticationResponse, Challenge, Fault, NewCredential, Passkey,
    RegistrationFacts, RegistrationResponse, RelyingParty, verify_authentication, verify_registration,
};
use crypto::{b64u, from_b64u};
use model::{PasskeyId, PersonId, Strength, Timestamp};
use serde_json::{Value, json};
use testkit::{
    Algorithm, Attestation, Authenticator, Knobs, UserHandleChoice,
    catalogue::{self, AUTHENTICATION_CHALLENGE, NOW_SECONDS, ORIGIN, REGISTRATION_CHALLENGE, RP_ID, USER_HANDLE},
};

/// When every ceremony takes place.
const NOW: Timestamp = Timestamp::from_seconds(NOW_SECONDS);

/// A registration that holds, taken apart.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) client_data: Vec<u8>,
    pub(crate) object: Vec<u8>,
    pub(crate) data: Vec<u8>,
}

/// An Ed25519 passkey with an assertion that holds. Its signature is the only one that its key makes over these bytes.
pub(crate) struct Signed {
    pub(crate) passkey: Passkey,
    pub(crate) client_data: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// Us: trusts the maker of every authenticator here, and expects no frames.
pub(crate) static RP: LazyLock<RelyingParty> = LazyLock::new(|| RelyingParty {
    id: RP_ID.into(),
    name: "Example".into(),
    origins: vec![ORIGIN.into()],
    top_origins: Vec::new(),
    attestation_roots: vec![Authenticator::new(1).maker().root_der()],
});

/// Registrations that hold, one for each algorithm and statement. RSA keys do not follow from a seed, so that nobody could say later what
/// their maker attested to: they come with statements of their own only.
pub(crate) static REGISTRATIONS: LazyLock<Vec<Registration>> = LazyLock::new(|| {
    let each = |algorithm: Algorithm| catalogue::statements(algorithm).map(|(_, statement)| (algorithm, statement));
    let wanted = |(algorithm, statement): &(Algorithm, Attestation)| {
        *algorithm != Algorithm::Rs256 || !matches!(statement, Attestation::PackedCertificate(_))
    };
    let all = Algorithm::ALL.into_iter().flat_map(each).filter(wanted);
    all.map(|(algorithm, statement)| registration(algorithm, statement)).collect()
});

/// See [`Signed`].
pub(crate) static SIGNED: LazyLock<Signed> = LazyLock::new(|| {
    let knobs = Knobs { algorithm: Some(Algorithm::EdDsa), attestation: Attestation::None, ..Knobs::default() };
    let mut authenticator = Authenticator::new(3);
    let created = authenticator.create(&catalogue::creation_options(), ORIGIN, &knobs).expect("honest options");
    let new = register(&created).expect("an honest registration holds");
    let answer = authenticator
        .get(&catalogue::request_options(), ORIGIN, &UserHandleChoice::Own, &Knobs::default())
        .expect("the passkey was just made");
    Signed {
        passkey: stored(new),
        client_data: member(&answer, "clientDataJSON"),
        data: member(&answer, "authenticatorData"),
        signature: member(&answer, "signature"),
    }
});

fn registration(algorithm: Algorithm, attestation: Attestation) -> Registration {
    let knobs = Knobs { algorithm: Some(algorithm), attestation, ..Knobs::default() };
    let answer = Authenticator::new(1)
        .create(&catalogue::creation_options(), ORIGIN, &knobs)
        .expect("every algorithm of the kit is offered");
    Registration {
        client_data: member(&answer, "clientDataJSON"),
        object: member(&answer, "attestationObject"),
        data: member(&answer, "authenticatorData"),
    }
}

fn member(answer: &str, name: &str) -> Vec<u8> {
    let answer: Value = serde_json::from_str(answer).expect("the kit writes JSON");
    from_b64u(answer["response"][name].as_str().expect("the kit writes this member")).expect("the kit writes base64url")
}

/// The answer of a page to a registration.
pub(crate) fn registration_json(id: &[u8], client_data: &[u8], object: &[u8]) -> String {
    let id = b64u(id);
    json!({
        "id": id, "rawId": id, "type": "public-key",
        "response": {"clientDataJSON": b64u(client_data), "attestationObject": b64u(object), "transports": ["usb"]},
    })
    .to_string()
}

/// The answer of a page to a sign-in with the passkey of [`SIGNED`].
pub(crate) fn assertion_json(id: &[u8], client_data: &[u8], data: &[u8], signature: &[u8]) -> String {
    let id = b64u(id);
    json!({
        "id": id, "rawId": id, "type": "public-key",
        "response": {
            "clientDataJSON": b64u(client_data), "authenticatorData": b64u(data), "signature": b64u(signature),
            "userHandle": b64u(&USER_HANDLE),
        },
    })
    .to_string()
}

/// Parses and verifies a registration.
pub(crate) fn register(json: &str) -> Result<NewCredential, Fault> {
    let response = RegistrationResponse::parse(json.as_bytes())?;
    let challenge = Challenge::from_bytes(REGISTRATION_CHALLENGE);
    let facts = RegistrationFacts { rp: &RP, challenge: &challenge, allow_unverified_presence: false, now: NOW };
    verify_registration(&response, &facts)
}

/// Parses and verifies an assertion.
pub(crate) fn authenticate(passkey: &Passkey, json: &str) -> Result<Assertion, Fault> {
    let response = AuthenticationResponse::parse(json.as_bytes())?;
    let challenge = Challenge::from_bytes(AUTHENTICATION_CHALLENGE);
    let facts = AuthenticationFacts { rp: &RP, challenge: &challenge, passkey, user_handle: &USER_HANDLE };
    verify_authentication(&response, &facts)
}

/// Stores a credential as the shell would.
pub(crate) fn stored(new: NewCredential) -> Passkey {
    Passkey {
        id: PasskeyId::from_bytes([1; 16]),
        person: PersonId::from_bytes([2; 16]),
        credential_id: new.credential_id,
        public_key: new.public_key,
        algorithm: new.algorithm,
        sign_count: new.sign_count,
        backup_eligible: new.backup_eligible,
        backed_up: new.backed_up,
        user_verified: new.user_verified,
        aaguid: new.aaguid,
        transports: new.transports,
        attested: new.attested,
        attestation_object: new.attestation_object,
        binding: Strength::Passkey,
        noticed: None,
        confirmed: None,
        created: NOW,
        last_used: None,
        label: Vec::new(),
    }
}

/// The credential id that authenticator data name, where they name one (WebAuthn L3 §6.5.1: after the header and the model's 16 bytes).
pub(crate) fn credential_id(data: &[u8]) -> Option<&[u8]> {
    let length = data.get(53..55)?;
    data.get(55..55 + usize::from(u16::from_be_bytes([length[0], length[1]])))
}

/// What holds of every credential that a registration may store: it is what the signed bytes say, and its key can be used.
pub(crate) fn credential_is_sound(new: &NewCredential, data: &[u8]) {
    let flags = data[32];
    assert_eq!(flags & 0x45, 0x45, "present, verified, and with a credential");
    assert_eq!((new.backup_eligible, new.backed_up), (flags & 0x08 != 0, flags & 0x10 != 0));
    assert!(new.backup_eligible || !new.backed_up, "backed up without being eligible");
    assert_eq!(data[..32], crypto::sha256(RP_ID.as_bytes()), "another relying party's");
    assert_eq!(new.sign_count.to_be_bytes(), data[33..37]);
    assert_eq!(new.aaguid, data[37..53]);
    let id = credential_id(data).expect("a credential that was taken has an id");
    assert_eq!(new.credential_id, id);
    assert!((1..=1023).contains(&id.len()));
    let key = &data[55 + id.len()..];
    assert!(key.starts_with(&new.public_key), "the key is what the authenticator sent");
    assert_eq!(key.len() > new.public_key.len(), flags & 0x80 != 0, "nothing follows but announced extensions");
    key_is_sound(&new.public_key, new.algorithm);
    // A key that was taken at registration is never found unreadable at sign-in.
    let header =
        [&crypto::sha256(RP_ID.as_bytes())[..], &[if new.backup_eligible { 0x0d } else { 0x05 }, 0, 0, 0, 1]].concat();
    let passkey = stored(new.clone());
    let answer = assertion_json(&passkey.credential_id, &SIGNED.client_data, &header, b"no signature");
    assert_eq!(authenticate(&passkey, &answer), Err(Fault::Signature));
}

/// A key as another reader sees it: the members of its kind and no others, with the lengths of its curve.
fn key_is_sound(key: &[u8], algorithm: crypto::Algorithm) {
    use crate::differ::{CborKey, cbor_entries};
    use crypto::Algorithm::{EdDsa, Es256, Es384, Es512, Rs256};
    let entries = cbor_entries(key).expect("another reader takes the key as well");
    let value = |label| {
        let found = entries.iter().find(|(known, _)| *known == CborKey::Int(label));
        &key[found.expect("a member of every key of this kind").1.clone()]
    };
    let int = |label| minicbor::Decoder::new(value(label)).i64().expect("a number");
    let length = |label| minicbor::Decoder::new(value(label)).bytes().expect("a byte string").len();
    assert_eq!(int(3), algorithm.cose_id());
    let (kty, members) = match algorithm {
        Es256 | Es384 | Es512 => (2, 5),
        EdDsa => (1, 4),
        Rs256 => (3, 4),
    };
    assert_eq!((int(1), entries.len()), (kty, members));
    match algorithm {
        Es256 => assert_eq!((int(-1), length(-2), length(-3)), (1, 32, 32)),
        Es384 => assert_eq!((int(-1), length(-2), length(-3)), (2, 48, 48)),
        Es512 => assert_eq!((int(-1), length(-2), length(-3)), (3, 66, 66)),
        EdDsa => assert_eq!((int(-1), length(-2)), (6, 32)),
        Rs256 => assert!((256..=1024).contains(&length(-1)) && (3..=4).contains(&length(-2))),
    }
}
