//! Bytes that nobody meant: the readers refuse them and never panic.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use passkey::{AuthenticationResponse, Challenge, RegistrationResponse};
use serde_json::Value;
use testkit::{
    Algorithm, Attestation, Authenticator, CertificateKnobs, Knobs,
    catalogue::{self, ORIGIN, REGISTRATION_CHALLENGE},
};

use crate::stage::{register, rp};

/// Numbers that follow from a seed (xorshift, G. Marsaglia, 2003).
struct Noise(u64);

impl Noise {
    /// A seed from the environment, or a fixed one. It is printed, so that a failure can be repeated.
    #[expect(clippy::print_stdout, reason = "the harness shows it when the test fails")]
    fn seeded() -> Self {
        let seed = std::env::var("NOISE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0x9e37_79b9_7f4a_7c15);
        println!("NOISE_SEED={seed}");
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn registration(attestation: Attestation) -> (Value, Vec<u8>) {
    let knobs = Knobs { algorithm: Some(Algorithm::Es256), attestation, ..Knobs::default() };
    let json = Authenticator::new(2).create(&catalogue::creation_options(), ORIGIN, &knobs).unwrap();
    let answer: Value = serde_json::from_str(&json).unwrap();
    let object = URL_SAFE_NO_PAD.decode(answer["response"]["attestationObject"].as_str().unwrap()).unwrap();
    (answer, object)
}

fn judge(answer: &mut Value, object: &[u8]) -> Result<passkey::NewCredential, passkey::Fault> {
    answer["response"]["attestationObject"] = URL_SAFE_NO_PAD.encode(object).into();
    register(&rp(&[]), &Challenge::from_bytes(REGISTRATION_CHALLENGE), &answer.to_string())
}

/// A self-signed statement leaves no bit of the attestation object free: structure, data and signature are all read.
#[test]
fn every_bit_of_a_self_signed_object_matters() {
    let (mut answer, object) = registration(Attestation::PackedSelf);
    assert!(judge(&mut answer, &object).is_ok());
    for index in 0..object.len() {
        for bit in 0..8 {
            let mut bent = object.clone();
            bent[index] ^= 1 << bit;
            assert!(judge(&mut answer, &bent).is_err(), "byte {index}, bit {bit}");
        }
    }
}

/// Splices, repetitions and random bytes: whatever still holds must be the same credential.
#[test]
fn spliced_objects_never_name_another_credential() {
    let mut noise = Noise::seeded();
    let (mut answer, honest) = registration(Attestation::PackedCertificate(CertificateKnobs::default()));
    let expected = judge(&mut answer, &honest).unwrap();
    for _ in 0..3000 {
        let mut object = honest.clone();
        for _ in 0..=noise.below(4) {
            if object.is_empty() {
                break;
            }
            let at = noise.below(object.len());
            match noise.below(4) {
                0 => object[at] = noise.next() as u8,
                1 => object.truncate(at),
                2 => object.insert(at, noise.next() as u8),
                _ => {
                    let end = (at + noise.below(40)).min(object.len());
                    let piece = object[at..end].to_vec();
                    object.splice(at..at, piece);
                }
            }
        }
        if let Ok(new) = judge(&mut answer, &object) {
            assert!(!new.attested);
            assert_eq!(
                (new.credential_id, new.public_key),
                (expected.credential_id.clone(), expected.public_key.clone())
            );
        }
    }
}

#[test]
fn random_bytes_are_no_answer() {
    let mut noise = Noise::seeded();
    let (mut honest, _) = registration(Attestation::None);
    for _ in 0..2000 {
        let bytes: Vec<u8> = (0..noise.below(200)).map(|_| noise.next() as u8).collect();
        assert!(RegistrationResponse::parse(&bytes).is_err());
        assert!(AuthenticationResponse::parse(&bytes).is_err());
        assert!(judge(&mut honest, &bytes).is_err());
    }
}
