//! The kit checks its own honesty with the library's verifiers, not with the product's.

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{
        ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256,
        UnparsedPublicKey, VerificationAlgorithm,
    },
};
use serde_json::Value;

use crate::{
    Algorithm, Attestation, Authenticator, Counter, Knobs, Part, Refusal, UserHandleChoice,
    catalogue::{self, ORIGIN},
    client::from_b64u,
    flip, part,
};

fn create(authenticator: &mut Authenticator, knobs: &Knobs) -> String {
    authenticator.create(&catalogue::creation_options(), ORIGIN, knobs).unwrap()
}

fn get(authenticator: &mut Authenticator, knobs: &Knobs) -> String {
    authenticator.get(&catalogue::request_options(), ORIGIN, &UserHandleChoice::Own, knobs).unwrap()
}

#[test]
fn assertions_verify_under_the_public_key_that_was_given_out() {
    for algorithm in Algorithm::ALL {
        let verifier: &dyn VerificationAlgorithm = match algorithm {
            Algorithm::EdDsa => &ED25519,
            Algorithm::Es256 => &ECDSA_P256_SHA256_ASN1,
            Algorithm::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Algorithm::Es384 => &ECDSA_P384_SHA384_ASN1,
            Algorithm::Es512 => &ECDSA_P521_SHA512_ASN1,
        };
        let mut authenticator = Authenticator::new(1);
        let created = create(&mut authenticator, &Knobs { algorithm: Some(algorithm), ..Knobs::default() });
        let created: Value = serde_json::from_str(&created).unwrap();
        assert_eq!(created["response"]["publicKeyAlgorithm"], algorithm.cose_id());
        let spki = from_b64u(created["response"]["publicKey"].as_str().unwrap()).unwrap();
        let used = get(&mut authenticator, &Knobs::default());
        let client_data = part(&used, Part::ClientData).unwrap();
        let signed =
            [part(&used, Part::AuthenticatorData).unwrap(), digest(&SHA256, &client_data).as_ref().to_vec()].concat();
        let key = UnparsedPublicKey::new(verifier, &spki);
        assert!(key.verify(&signed, &part(&used, Part::Signature).unwrap()).is_ok(), "{algorithm:?}");
        let bent = flip(&used, Part::Signature, 10, 1).unwrap();
        assert!(key.verify(&signed, &part(&bent, Part::Signature).unwrap()).is_err(), "{algorithm:?}");
    }
}

#[test]
fn the_same_seed_makes_the_same_passkey() {
    let knobs = Knobs { attestation: Attestation::None, ..Knobs::default() };
    let once = create(&mut Authenticator::new(4), &knobs);
    assert_eq!(once, create(&mut Authenticator::new(4), &knobs));
    assert_ne!(once, create(&mut Authenticator::new(5), &knobs));
}

#[test]
fn counters_count_only_where_asked() {
    let mut authenticator = Authenticator::new(1);
    create(&mut authenticator, &Knobs::device_bound());
    let mut count = |counter| {
        let used = get(&mut authenticator, &Knobs { counter, ..Knobs::default() });
        u32::from_be_bytes(part(&used, Part::AuthenticatorData).unwrap()[33..37].try_into().unwrap())
    };
    assert_eq!(count(Counter::Rising), 2);
    assert_eq!(count(Counter::Rising), 3);
    assert_eq!(count(Counter::Set(9)), 9);
    assert_eq!(count(Counter::Silent), 9);
}

#[test]
fn parts_of_a_registration() {
    let mut authenticator = Authenticator::new(1);
    let knobs = Knobs { attestation: Attestation::PackedSelf, ..Knobs::default() };
    let created = create(&mut authenticator, &knobs);
    let answer: Value = serde_json::from_str(&created).unwrap();
    let data = from_b64u(answer["response"]["authenticatorData"].as_str().unwrap()).unwrap();
    assert_eq!(part(&created, Part::AuthenticatorData).unwrap(), data);
    // EdDSA is offered first, so the statement's signature has its 64 bytes.
    assert_eq!(part(&created, Part::Signature).unwrap().len(), 64);
    let bent = flip(&created, Part::AuthenticatorData, 32, 0x04).unwrap();
    assert_eq!(part(&bent, Part::AuthenticatorData).unwrap()[32], data[32] ^ 0x04);
    assert_eq!(flip(&created, Part::Signature, 64, 1), None);
    let bare = create(&mut Authenticator::new(1), &Knobs { attestation: Attestation::None, ..Knobs::default() });
    assert_eq!(part(&bare, Part::Signature), None);
}

#[test]
fn refusals() {
    let mut authenticator = Authenticator::new(1);
    let get = |authenticator: &mut Authenticator, options: &str| {
        authenticator.get(options, ORIGIN, &UserHandleChoice::Own, &Knobs::default()).map(|_| ())
    };
    let options = catalogue::request_options();
    assert_eq!(get(&mut authenticator, &options), Err(Refusal::NoCredential));
    assert_eq!(get(&mut authenticator, "{}"), Err(Refusal::Options));
    let foreign = catalogue::creation_options().replace("-8", "-65535").replace("-7", "-65534");
    let eddsa = Knobs { algorithm: Some(Algorithm::EdDsa), ..Knobs::default() };
    assert_eq!(authenticator.create(&foreign, ORIGIN, &eddsa), Err(Refusal::Algorithm));
    create(&mut authenticator, &Knobs::default());
    assert_eq!(get(&mut authenticator, &options), Ok(()));
    assert_eq!(get(&mut authenticator, &format!(r#"{{"publicKey":{options}}}"#)), Ok(()));
    let elsewhere = options.replace(catalogue::RP_ID, "example.org");
    assert_eq!(get(&mut authenticator, &elsewhere), Err(Refusal::NoCredential));
}
