//! The standard's own test vectors (WebAuthn L3 §16), when they are at hand.
//!
//! They stand in `vectors/webauthn-l3.json` in the folder that `LOCKGATE_SHARED` names, else in `../shared` beside this
//! workspace. Half of them come without UV, which our public functions refuse; those are checked to fail for that
//! reason alone.

use std::{fs, io::Write as _, path::PathBuf};

use model::{PasskeyId, PersonId, Strength, Timestamp};
use serde_json::{Value, json};

use crate::{
    Algorithm, AuthenticationFacts, AuthenticationResponse, Challenge, Fault, NewCredential, Passkey,
    RegistrationFacts, RegistrationResponse, RelyingParty,
    authentication::{Verification, verify},
    verify_authentication, verify_registration,
};

/// What becomes of one vector's registration.
enum Expected {
    /// It holds, with this algorithm, attested or not.
    Holds(Algorithm, Attested),
    /// It is refused.
    Refused(Fault),
}
use Expected::{Holds, Refused};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attested {
    Yes,
    No,
}

const EXPECTED: [(&str, Expected); 15] = [
    ("none-es256", Holds(Algorithm::Es256, Attested::No)),
    ("packed-self-es256", Holds(Algorithm::Es256, Attested::No)),
    ("none-es256-crossOrigin", Holds(Algorithm::Es256, Attested::No)),
    ("none-es256-topOrigin", Holds(Algorithm::Es256, Attested::No)),
    ("none-es256-long-credential-id", Holds(Algorithm::Es256, Attested::No)),
    ("packed-es256", Holds(Algorithm::Es256, Attested::Yes)),
    ("packed-es384", Holds(Algorithm::Es384, Attested::Yes)),
    ("packed-es512", Holds(Algorithm::Es512, Attested::Yes)),
    ("packed-rs256", Holds(Algorithm::Rs256, Attested::Yes)),
    ("packed-eddsa", Holds(Algorithm::EdDsa, Attested::Yes)),
    ("packed-ed448", Refused(Fault::AlgorithmNotOffered)),
    ("tpm-es256", Refused(Fault::AttestationFormat)),
    ("android-key-es256", Refused(Fault::AttestationFormat)),
    ("apple-es256", Refused(Fault::AttestationFormat)),
    ("fido-u2f-es256", Refused(Fault::AttestationFormat)),
];

const USER_HANDLE: [u8; 32] = [7; 32];
const USER_VERIFIED: u8 = 0x04;
/// 2026-07-01T00:00:00Z, within the validity of the vectors' certificates.
const NOW: Timestamp = Timestamp::from_seconds(1_782_864_000);

#[test]
fn the_standards_vectors() {
    let Some(file) = read_file() else { return };
    let root = bytes(&file["attestation_root"]["attestation_ca_cert"]);
    let vectors = file["vectors"].as_array().expect("a list of vectors");
    assert_eq!(vectors.len(), EXPECTED.len(), "a vector without an expectation, or the other way round");
    for (name, expected) in EXPECTED {
        let vector = vectors.iter().find(|vector| vector["name"] == name).unwrap_or_else(|| panic!("no vector {name}"));
        match expected {
            Refused(fault) => assert_eq!(register(vector, &rp(name, &root)), Err(fault), "{name}"),
            Holds(algorithm, attested) => {
                let rp = rp(name, &root);
                let credential = register(vector, &rp).unwrap_or_else(|fault| panic!("{name}: {fault}"));
                assert_eq!(credential.algorithm, algorithm, "{name}");
                assert_eq!(credential.attested, attested == Attested::Yes, "{name}");
                authenticate(vector, &rp, &passkey(credential));
                framed_only_where_expected(vector, name, &rp);
                attested_only_by_our_root(vector, &rp);
            }
        }
    }
}

/// The vectors, or none when they are not on this machine. Where CI runs they must be.
fn read_file() -> Option<Value> {
    let workspace = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("LOCKGATE_SHARED").map_or_else(|| workspace.join("../shared"), PathBuf::from);
    if let Ok(text) = fs::read(shared.join("vectors/webauthn-l3.json")) {
        return Some(serde_json::from_slice(&text).expect("vectors are JSON"));
    }
    assert!(std::env::var_os("CI").is_none(), "the WebAuthn vectors are missing: set LOCKGATE_SHARED to their folder");
    // Written past the test harness, which would keep a passing test's words to itself.
    let _ = writeln!(
        std::io::stderr(),
        "NOT RUN: the WebAuthn vectors are missing; set LOCKGATE_SHARED to the folder that holds vectors/webauthn-l3.json"
    );
    None
}

fn rp(name: &str, root: &[u8]) -> RelyingParty {
    let framed = name.ends_with("crossOrigin") || name.ends_with("topOrigin");
    RelyingParty {
        id: "example.org".into(),
        name: "Example".into(),
        origins: vec!["https://example.org".into()],
        top_origins: if framed { vec!["https://example.com".into()] } else { Vec::new() },
        attestation_roots: vec![root.to_vec()],
    }
}

/// Verifies the registration; where it comes without UV, checks that our own rule refuses it for that alone.
fn register(vector: &Value, rp: &RelyingParty) -> Result<NewCredential, Fault> {
    let (response, challenge) = registration(vector);
    let facts = |allow_unverified_presence| RegistrationFacts {
        rp,
        challenge: &challenge,
        allow_unverified_presence,
        now: NOW,
    };
    let strict = verify_registration(&response, &facts(false));
    let flags =
        response.attestation_object[position(&response.attestation_object, &crypto::sha256(b"example.org")) + 32];
    if flags & USER_VERIFIED != 0 {
        return strict;
    }
    assert_eq!(strict, Err(Fault::UserNotVerified), "{}", vector["name"]);
    verify_registration(&response, &facts(true))
}

fn authenticate(vector: &Value, rp: &RelyingParty, passkey: &Passkey) {
    let name = &vector["name"];
    let (response, challenge) = authentication(vector, passkey);
    let facts = AuthenticationFacts { rp, challenge: &challenge, passkey, user_handle: &USER_HANDLE };
    let strict = verify_authentication(&response, &facts);
    if response.authenticator_data[32] & USER_VERIFIED == 0 {
        assert_eq!(strict, Err(Fault::UserNotVerified), "{name}");
    } else {
        assert!(strict.is_ok(), "{name}: {strict:?}");
    }
    let assertion = verify(&response, &facts, Verification::Ignored).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    assert_eq!((assertion.sign_count, assertion.counter_risk), (0, false), "{name}");
    assert_eq!(assertion.strength, passkey.strength(), "{name}");
    let mut bent = response.clone();
    *bent.signature.last_mut().expect("a signature") ^= 1;
    assert_eq!(verify(&bent, &facts, Verification::Ignored), Err(Fault::Signature), "{name}");
}

/// The vectors made in frames fail where no frame is expected.
fn framed_only_where_expected(vector: &Value, name: &str, rp: &RelyingParty) {
    if rp.top_origins.is_empty() {
        return;
    }
    let unframed = RelyingParty { top_origins: Vec::new(), ..rp.clone() };
    let (response, challenge) = registration(vector);
    let facts = RegistrationFacts { rp: &unframed, challenge: &challenge, allow_unverified_presence: true, now: NOW };
    assert_eq!(verify_registration(&response, &facts), Err(Fault::CrossOrigin), "{name}");
    let elsewhere = RelyingParty { top_origins: vec!["https://example.net".into()], ..rp.clone() };
    let verdict = verify_registration(&response, &RegistrationFacts { rp: &elsewhere, ..facts });
    let expected = if name.ends_with("topOrigin") { Err(Fault::TopOrigin) } else { Ok(()) };
    assert_eq!(verdict.map(|_| ()), expected, "{name}");
}

/// Without the root, or outside the certificates' time, the same statement proves nothing about the maker.
fn attested_only_by_our_root(vector: &Value, rp: &RelyingParty) {
    let (response, challenge) = registration(vector);
    let attested = |rp: &RelyingParty, now| {
        let facts = RegistrationFacts { rp, challenge: &challenge, allow_unverified_presence: true, now };
        verify_registration(&response, &facts).expect("the statement is correct").attested
    };
    let rootless = RelyingParty { attestation_roots: Vec::new(), ..rp.clone() };
    assert!(!attested(&rootless, NOW), "{}", vector["name"]);
    assert!(!attested(rp, Timestamp::from_seconds(0)), "{}", vector["name"]);
}

fn registration(vector: &Value) -> (RegistrationResponse, Challenge) {
    let part = &vector["registration"];
    let id = crypto::b64u(&bytes(&part["credential_id"]));
    let body = json!({
        "id": id, "rawId": id, "type": "public-key",
        "response": {
            "clientDataJSON": crypto::b64u(&bytes(&part["clientDataJSON"])),
            "attestationObject": crypto::b64u(&bytes(&part["attestationObject"])),
        },
    });
    let response = RegistrationResponse::parse(body.to_string().as_bytes()).expect("a registration response");
    (response, Challenge::from_slice(&bytes(&part["challenge"])).expect("a challenge"))
}

fn authentication(vector: &Value, passkey: &Passkey) -> (AuthenticationResponse, Challenge) {
    let part = &vector["authentication"];
    let id = crypto::b64u(&passkey.credential_id);
    let body = json!({
        "id": id, "rawId": id, "type": "public-key",
        "response": {
            "clientDataJSON": crypto::b64u(&bytes(&part["clientDataJSON"])),
            "authenticatorData": crypto::b64u(&bytes(&part["authenticatorData"])),
            "signature": crypto::b64u(&bytes(&part["signature"])),
            "userHandle": crypto::b64u(&USER_HANDLE),
        },
    });
    let response = AuthenticationResponse::parse(body.to_string().as_bytes()).expect("an authentication response");
    (response, Challenge::from_slice(&bytes(&part["challenge"])).expect("a challenge"))
}

fn passkey(new: NewCredential) -> Passkey {
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

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().expect("hexadecimal text");
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hexadecimal digits")).collect()
}

fn position(haystack: &[u8], needle: &[u8]) -> usize {
    haystack.windows(needle.len()).position(|window| window == needle).expect("the RP ID hash")
}
