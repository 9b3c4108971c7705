//! Every bit of what is signed matters: honest answers with one byte bent, for each algorithm and each statement.

use passkey::{Challenge, Fault, Passkey};
use testkit::{
    Algorithm, Attestation, Authenticator, Knobs, Part, UserHandleChoice,
    catalogue::{self, AUTHENTICATION_CHALLENGE, ORIGIN, REGISTRATION_CHALLENGE},
    flip, part,
};

use crate::stage::{authenticate, register, rp, stored};

/// The counter lies behind RP ID hash and flags.
const COUNTER: std::ops::Range<usize> = 33..37;
const FLAGS: usize = 32;

#[test]
fn a_bent_assertion_never_counts() {
    for algorithm in Algorithm::ALL {
        let (mut authenticator, passkey, _) = enrolled(algorithm, Attestation::None);
        let options = catalogue::request_options();
        let honest = authenticator.get(&options, ORIGIN, &UserHandleChoice::Own, &Knobs::default()).unwrap();
        assert!(assert_with(&passkey, &honest).is_ok());
        for which in [Part::ClientData, Part::AuthenticatorData, Part::Signature] {
            for index in 0..part(&honest, which).unwrap().len() {
                for mask in [0x01, 0x80] {
                    let bent = flip(&honest, which, index, mask).unwrap();
                    let verdict = assert_with(&passkey, &bent);
                    let allowed = allowed_assertion_faults(which, index);
                    let fault = verdict.expect_err("a bent answer");
                    assert!(allowed.contains(&fault), "{algorithm:?} {which:?} {index} {mask:#x}: {fault}");
                }
            }
        }
    }
}

/// What may be said to an assertion bent at that place: the step that reads the byte, or the signature behind it.
fn allowed_assertion_faults(which: Part, index: usize) -> &'static [Fault] {
    match which {
        Part::ClientData => &[
            Fault::ClientData,
            Fault::CeremonyType,
            Fault::Challenge,
            Fault::Origin,
            Fault::CrossOrigin,
            Fault::Signature,
        ],
        Part::AuthenticatorData if index < FLAGS => &[Fault::RpIdHash],
        // Bit 0 is UP; bit 7 is ED, which promises a map that does not come.
        Part::AuthenticatorData if index == FLAGS => &[Fault::UserNotPresent, Fault::Cbor],
        Part::AuthenticatorData | Part::Signature => &[Fault::Signature],
    }
}

#[test]
fn a_bent_registration_never_counts_where_it_is_signed() {
    for algorithm in Algorithm::ALL {
        let statements = catalogue::statements(algorithm).into_iter().skip(1);
        for (word, attestation) in statements {
            let (_, _, honest) = enrolled(algorithm, attestation);
            for which in [Part::ClientData, Part::AuthenticatorData, Part::Signature] {
                for index in 0..part(&honest, which).unwrap().len() {
                    let bent = flip(&honest, which, index, 0x01).unwrap();
                    let verdict = register_with(&bent);
                    assert!(verdict.is_err(), "{algorithm:?} {word} {which:?} {index}");
                    if which == Part::Signature || COUNTER.contains(&index) && which == Part::AuthenticatorData {
                        assert_eq!(verdict, Err(Fault::AttestationSignature), "{algorithm:?} {word} {which:?} {index}");
                    }
                }
            }
        }
    }
}

/// Without attestation nothing is signed, so some bits may be turned over: counter, model, key and BS. All others are
/// held by what the relying party compares.
#[test]
fn a_bent_registration_without_attestation_keeps_what_is_compared() {
    let (_, _, honest) = enrolled(Algorithm::Es256, Attestation::None);
    for index in 0..FLAGS {
        let bent = flip(&honest, Part::AuthenticatorData, index, 0x10).unwrap();
        assert_eq!(register_with(&bent), Err(Fault::RpIdHash));
    }
    let id = 55..87;
    for index in id {
        let bent = flip(&honest, Part::AuthenticatorData, index, 0x10).unwrap();
        assert_eq!(register_with(&bent), Err(Fault::IdMismatch));
    }
    let expected = [
        (0x01, Fault::UserNotPresent),
        (0x04, Fault::UserNotVerified),
        (0x08, Fault::BackedUpButNotEligible),
        (0x40, Fault::AuthenticatorData),
        (0x80, Fault::Cbor),
    ];
    for (mask, fault) in expected {
        assert_eq!(
            register_with(&flip(&honest, Part::AuthenticatorData, FLAGS, mask).unwrap()),
            Err(fault),
            "{mask:#x}"
        );
    }
}

/// Whatever is cut off, the answer is a refusal and no panic.
#[test]
fn answers_cut_short_are_refused() {
    let (mut authenticator, passkey, registration) = enrolled(Algorithm::Es256, Attestation::PackedSelf);
    let options = catalogue::request_options();
    let assertion = authenticator.get(&options, ORIGIN, &UserHandleChoice::Own, &Knobs::default()).unwrap();
    for member in ["clientDataJSON", "attestationObject"] {
        for shorter in shortened(&registration, member) {
            assert!(register_with(&shorter).is_err(), "{member}");
        }
    }
    for member in ["clientDataJSON", "authenticatorData", "signature"] {
        for shorter in shortened(&assertion, member) {
            assert!(assert_with(&passkey, &shorter).is_err(), "{member}");
        }
    }
}

/// The answer with one member cut to every length below its own.
fn shortened(response: &str, member: &str) -> Vec<String> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let answer: serde_json::Value = serde_json::from_str(response).unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(answer["response"][member].as_str().unwrap()).unwrap();
    let cut = |length: usize| {
        let mut answer = answer.clone();
        answer["response"][member] = URL_SAFE_NO_PAD.encode(&bytes[..length]).into();
        answer.to_string()
    };
    (0..bytes.len()).map(cut).collect()
}

fn enrolled(algorithm: Algorithm, attestation: Attestation) -> (Authenticator, Passkey, String) {
    let mut authenticator = Authenticator::new(7);
    let knobs = Knobs { algorithm: Some(algorithm), attestation, ..Knobs::default() };
    let json = authenticator.create(&catalogue::creation_options(), ORIGIN, &knobs).unwrap();
    let passkey = stored(register_with(&json).unwrap());
    (authenticator, passkey, json)
}

fn register_with(json: &str) -> Result<passkey::NewCredential, Fault> {
    register(&rp(&[]), &Challenge::from_bytes(REGISTRATION_CHALLENGE), json)
}

fn assert_with(passkey: &Passkey, json: &str) -> Result<passkey::Assertion, Fault> {
    authenticate(&rp(&[]), &Challenge::from_bytes(AUTHENTICATION_CHALLENGE), passkey, json)
}
