//! Named ceremonies, honest and not, for every verifier that wants to be judged.
//!
//! The catalogue knows what was done to a ceremony; what a verifier ought to say to it is the verifier's tests' business.

use serde_json::json;

use crate::{
    AaguidExtension, Algorithm, Attestation, Authenticator, CertificateKnobs, Counter, Knobs, ObjectFlaw, Signer,
    UserHandleChoice, Validity, cbor, client::b64u,
};

/// The RP ID of every ceremony.
pub const RP_ID: &str = "id.example.org";
/// The origin of every honest ceremony.
pub const ORIGIN: &str = "https://id.example.org";
/// The user handle of every ceremony.
pub const USER_HANDLE: [u8; 32] = [0x11; 32];
/// The challenge of every registration.
pub const REGISTRATION_CHALLENGE: [u8; 32] = [0x22; 32];
/// The challenge of every authentication.
pub const AUTHENTICATION_CHALLENGE: [u8; 32] = [0x33; 32];
/// When every ceremony takes place, in seconds since 1970: within the makers' certificates' validity.
pub const NOW_SECONDS: i64 = 1_793_000_000;
/// A page that frames ours, where a ceremony has one.
const TOP_ORIGIN: &str = "https://portal.example.com";

/// One ceremony.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// A unique name of `[a-z0-9_]`.
    pub name: String,
    /// What was done to it; none when honest.
    pub mutation: Option<&'static str>,
    /// Which half is judged.
    pub half: Half,
    /// The maker's root that the relying party trusts, DER.
    pub root: Vec<u8>,
    /// RegistrationResponseJSON; honest where the other half is judged.
    pub registration: String,
    /// AuthenticationResponseJSON, where that half is judged.
    pub authentication: Option<String>,
    /// The counter stored before the authentication.
    pub stored_sign_count: u32,
}

/// A half of a passkey's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Registration.
    Registration,
    /// Authentication.
    Authentication,
}

impl Half {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Authentication => "authentication",
        }
    }
}

/// Every ceremony: the honest ones for each algorithm and statement, then each mutation once for ES256 (and where the
/// algorithm matters, for each).
#[must_use]
pub fn all() -> Vec<Ceremony> {
    let mut out = Vec::new();
    for algorithm in Algorithm::ALL {
        for (word, attestation) in statements(algorithm) {
            let knobs = Knobs { algorithm: Some(algorithm), attestation, ..Knobs::default() };
            let name = format!("{}_{word}", algorithm.as_word());
            out.push(registration(&format!("{name}_registration"), None, &knobs));
            out.push(authentication(&format!("{name}_authentication"), None, &knobs, &Use::default()));
        }
        let es = Knobs { algorithm: Some(algorithm), ..Knobs::default() };
        let signed_by_another = Use { knobs: Knobs { signer: Signer::Another, ..Knobs::default() }, ..Use::default() };
        let name = format!("{}_signed_by_another_key", algorithm.as_word());
        out.push(authentication(&name, Some("signed_by_another_key"), &es, &signed_by_another));
    }
    for (mutation, knobs) in registration_mutations() {
        out.push(registration(&format!("registration_{mutation}"), Some(mutation), &knobs));
    }
    for (mutation, creation, usage) in authentication_mutations() {
        out.push(authentication(&format!("authentication_{mutation}"), Some(mutation), &creation, &usage));
    }
    out
}

/// The statements that an honest authenticator may make about a key, each with a word for it.
#[must_use]
pub fn statements(algorithm: Algorithm) -> [(&'static str, Attestation); 4] {
    let certificate = |intermediates| CertificateKnobs { algorithm, intermediates, ..CertificateKnobs::default() };
    [
        ("none", Attestation::None),
        ("packed_self", Attestation::PackedSelf),
        ("packed_certificate", Attestation::PackedCertificate(certificate(0))),
        ("packed_chain", Attestation::PackedCertificate(certificate(2))),
    ]
}

/// How a passkey is used in one ceremony.
struct Use {
    knobs: Knobs,
    origin: &'static str,
    user_handle: UserHandleChoice,
    stored_sign_count: u32,
}

impl Default for Use {
    fn default() -> Self {
        Self { knobs: Knobs::default(), origin: ORIGIN, user_handle: UserHandleChoice::Own, stored_sign_count: 0 }
    }
}

/// PublicKeyCredentialCreationOptionsJSON of every registration.
#[must_use]
pub fn creation_options() -> String {
    let offered: Vec<_> =
        Algorithm::ALL.iter().map(|known| json!({"type": "public-key", "alg": known.cose_id()})).collect();
    json!({
        "rp": {"id": RP_ID, "name": "Example"},
        "user": {"id": b64u(&USER_HANDLE), "name": "ada", "displayName": "Ada"},
        "challenge": b64u(&REGISTRATION_CHALLENGE),
        "pubKeyCredParams": offered,
        "attestation": "direct",
    })
    .to_string()
}

/// PublicKeyCredentialRequestOptionsJSON of every authentication.
#[must_use]
pub fn request_options() -> String {
    json!({"challenge": b64u(&AUTHENTICATION_CHALLENGE), "rpId": RP_ID, "allowCredentials": []}).to_string()
}

fn registration(name: &str, mutation: Option<&'static str>, knobs: &Knobs) -> Ceremony {
    let mut authenticator = Authenticator::new(1);
    let origin = if mutation == Some("wrong_origin") { "https://id.example.org.evil.example" } else { ORIGIN };
    let response = authenticator.create(&creation_options(), origin, knobs).expect("the options are sound");
    let response = match mutation {
        Some("id_of_another_credential") => rename(&response),
        Some(_) | None => response,
    };
    Ceremony {
        name: name.into(),
        mutation,
        half: Half::Registration,
        root: authenticator.maker().root_with_path_length(path_length(&knobs.attestation)),
        registration: response,
        authentication: None,
        stored_sign_count: 0,
    }
}

fn authentication(name: &str, mutation: Option<&'static str>, creation: &Knobs, usage: &Use) -> Ceremony {
    let mut authenticator = Authenticator::new(1);
    let registration = authenticator.create(&creation_options(), ORIGIN, creation).expect("the options are sound");
    let response = authenticator
        .get(&request_options(), usage.origin, &usage.user_handle, &usage.knobs)
        .expect("the passkey was just made");
    let response = match mutation {
        Some("id_of_another_credential") => rename(&response),
        Some(_) | None => response,
    };
    Ceremony {
        name: name.into(),
        mutation,
        half: Half::Authentication,
        root: authenticator.maker().root_with_path_length(path_length(&creation.attestation)),
        registration,
        authentication: Some(response),
        stored_sign_count: usage.stored_sign_count,
    }
}

fn path_length(attestation: &Attestation) -> Option<u8> {
    match attestation {
        Attestation::PackedCertificate(certificate) => certificate.root_path_length,
        Attestation::None | Attestation::AsAsked | Attestation::PackedSelf => None,
    }
}

/// Gives the answer the id of a credential that never existed.
fn rename(response: &str) -> String {
    let mut answer: serde_json::Value = serde_json::from_str(response).expect("our own JSON");
    let id = b64u(&[0x44; 32]);
    answer["id"] = id.as_str().into();
    answer["rawId"] = id.as_str().into();
    answer.to_string()
}

fn registration_mutations() -> Vec<(&'static str, Knobs)> {
    let mut all = ceremony_mutations();
    let es256 = || Knobs { algorithm: Some(Algorithm::Es256), attestation: Attestation::None, ..Knobs::default() };
    let packed = || Knobs { attestation: Attestation::PackedSelf, ..es256() };
    let certificate = |change: fn(&mut CertificateKnobs)| {
        let mut certificate = CertificateKnobs::default();
        change(&mut certificate);
        Knobs { attestation: Attestation::PackedCertificate(certificate), ..es256() }
    };
    all.extend([
        ("wrong_type", Knobs { client_data_type: Some("webauthn.get"), ..es256() }),
        ("wrong_origin", es256()),
        ("id_of_another_credential", es256()),
        ("algorithm_not_offered", Knobs { key_algorithm: Some(-9), ..es256() }),
        ("algorithm_of_another_kind", Knobs { key_algorithm: Some(-8), ..es256() }),
        ("key_member_too_many", Knobs { key_extra: Some((cbor::int(2), cbor::bytes(b"kid"))), ..es256() }),
        ("key_member_twice", Knobs { key_extra: Some((cbor::int(-2), cbor::bytes(&[1; 32]))), ..es256() }),
        ("credential_id_of_1023_bytes", Knobs { credential_id_bytes: 1023, ..es256() }),
        ("credential_id_of_1024_bytes", Knobs { credential_id_bytes: 1024, ..es256() }),
        ("credential_id_empty", Knobs { credential_id_bytes: 0, ..es256() }),
        ("object_trailing_bytes", Knobs { object: ObjectFlaw::Trailing, ..es256() }),
        ("object_key_twice", Knobs { object: ObjectFlaw::KeyTwice, ..es256() }),
        ("object_member_too_many", Knobs { object: ObjectFlaw::ExtraMember, ..es256() }),
        ("object_nested_deeply", Knobs { object: ObjectFlaw::DeepNesting, ..es256() }),
        ("object_of_indefinite_length", Knobs { object: ObjectFlaw::IndefiniteLength, ..es256() }),
        ("none_with_statement", Knobs { object: ObjectFlaw::Format("none"), ..packed() }),
        ("format_unknown", Knobs { object: ObjectFlaw::Format("fido-u2f"), ..packed() }),
        ("format_in_capitals", Knobs { object: ObjectFlaw::Format("None"), ..es256() }),
        ("packed_without_statement", Knobs { object: ObjectFlaw::Format("packed"), ..es256() }),
        ("packed_member_too_many", Knobs { object: ObjectFlaw::StatementExtra, ..packed() }),
        ("packed_self_other_algorithm", Knobs { statement_algorithm: Some(-8), ..packed() }),
        ("packed_self_unknown_algorithm", Knobs { statement_algorithm: Some(-65535), ..packed() }),
        ("packed_self_other_key", Knobs { signer: Signer::Another, ..packed() }),
        ("certificate_other_key", Knobs { signer: Signer::Another, ..certificate(|_| {}) }),
        ("certificate_other_algorithm", Knobs { statement_algorithm: Some(-8), ..certificate(|_| {}) }),
        ("certificate_version_1", certificate(|c| c.version_3 = false)),
        ("certificate_of_an_authority", certificate(|c| c.authority = true)),
        ("certificate_unit_wrong", certificate(|c| c.unit = "Authenticators")),
        ("certificate_other_model", certificate(|c| c.aaguid = AaguidExtension::Other)),
        ("certificate_model_critical", certificate(|c| c.aaguid = AaguidExtension::Critical)),
        ("certificate_model_missing", certificate(|c| c.aaguid = AaguidExtension::Missing)),
        ("certificate_expired", certificate(|c| c.validity = Validity::Past)),
        ("certificate_not_yet_valid", certificate(|c| c.validity = Validity::Future)),
        ("certificate_unknown_critical", certificate(|c| c.unknown_critical = true)),
        ("certificate_forged", certificate(|c| c.forged = true)),
        ("certificate_issuer_renamed", certificate(|c| c.issuer_renamed = true)),
        ("certificate_extension_twice", certificate(|c| c.extension_twice = true)),
        (
            "chain_key_for_other_uses",
            certificate(|c| (c.intermediates, c.intermediates_sign_certificates) = (1, false)),
        ),
        ("chain_through_no_authority", certificate(|c| (c.intermediates, c.intermediates_may_issue) = (1, false))),
        ("chain_longer_than_allowed", certificate(|c| (c.intermediates, c.root_path_length) = (2, Some(1)))),
        ("chain_as_long_as_allowed", certificate(|c| (c.intermediates, c.root_path_length) = (1, Some(1)))),
        ("chain_of_five_certificates", certificate(|c| c.intermediates = 4)),
    ]);
    all
}

fn authentication_mutations() -> Vec<(&'static str, Knobs, Use)> {
    let synced = || Knobs { algorithm: Some(Algorithm::Es256), ..Knobs::default() };
    let bound = || Knobs { algorithm: Some(Algorithm::Es256), ..Knobs::device_bound() };
    let using = |knobs| Use { knobs, ..Use::default() };
    let counting =
        |counter, stored_sign_count| Use { stored_sign_count, ..using(Knobs { counter, ..Knobs::default() }) };
    let handled = |user_handle| Use { user_handle, ..Use::default() };
    let mut all: Vec<(&'static str, Knobs, Use)> =
        ceremony_mutations().into_iter().map(|(mutation, knobs)| (mutation, synced(), using(knobs))).collect();
    all.extend([
        ("wrong_type", synced(), using(Knobs { client_data_type: Some("webauthn.create"), ..Knobs::default() })),
        ("wrong_origin", synced(), Use { origin: "http://id.example.org", ..Use::default() }),
        ("id_of_another_credential", synced(), Use::default()),
        ("user_handle_of_another", synced(), handled(UserHandleChoice::Other(vec![0x55; 32]))),
        ("user_handle_cut_short", synced(), handled(UserHandleChoice::Other(vec![0x11; 31]))),
        ("user_handle_missing", synced(), handled(UserHandleChoice::Missing)),
        ("credential_in_assertion", synced(), using(Knobs { credential_in_assertion: true, ..Knobs::default() })),
        ("became_eligible", bound(), using(Knobs { backup_eligible: Some(true), ..Knobs::default() })),
        ("no_longer_eligible", synced(), using(Knobs { backup_eligible: Some(false), ..Knobs::default() })),
        ("no_longer_backed_up", synced(), using(Knobs { backed_up: Some(false), ..Knobs::default() })),
        ("counter_rises", bound(), counting(Counter::Set(8), 7)),
        ("counter_stands_still", bound(), counting(Counter::Set(7), 7)),
        ("counter_goes_back", bound(), counting(Counter::Set(6), 7)),
        ("counter_goes_silent", bound(), counting(Counter::Set(0), 7)),
    ]);
    all
}

/// What can be done to both kinds of ceremony.
fn ceremony_mutations() -> Vec<(&'static str, Knobs)> {
    let honest = || Knobs { algorithm: Some(Algorithm::Es256), attestation: Attestation::None, ..Knobs::default() };
    let extra = |bytes: &[u8]| Knobs { client_data_extra: bytes.to_vec(), ..honest() };
    vec![
        ("replayed_challenge", Knobs { challenge: Some(vec![0x66; 32]), ..honest() }),
        ("challenge_cut_short", Knobs { challenge: Some(vec![0x22; 16]), ..honest() }),
        ("cross_origin", Knobs { cross_origin: Some(true), ..honest() }),
        ("framed_by_another", Knobs { cross_origin: Some(true), top_origin: Some(TOP_ORIGIN.into()), ..honest() }),
        ("top_origin_alone", Knobs { top_origin: Some(TOP_ORIGIN.into()), ..honest() }),
        ("without_cross_origin_member", Knobs { cross_origin: None, ..honest() }),
        ("client_data_unknown_member", extra(br#","future":{"type":"webauthn.none"}"#)),
        ("client_data_member_twice", extra(br#","origin":"https://id.example.org""#)),
        ("client_data_not_utf8", extra(b",\"x\":\"\xff\xfe\"")),
        ("client_data_huge", extra(format!(r#","x":"{}""#, "x".repeat(9000)).as_bytes())),
        ("other_rp_id", Knobs { rp_id: Some("example.org".into()), ..honest() }),
        ("user_not_present", Knobs { user_present: false, ..honest() }),
        ("user_not_verified", Knobs { user_verified: false, ..honest() }),
        ("backed_up_without_eligible", Knobs { backup_eligible: Some(false), backed_up: Some(true), ..honest() }),
        (
            "extension_outputs",
            Knobs { extensions: Some(cbor::map(&[(cbor::text("credProtect"), cbor::int(3))])), ..honest() },
        ),
        ("extensions_not_a_map", Knobs { extensions: Some(cbor::int(0)), ..honest() }),
        (
            "extensions_key_twice",
            Knobs {
                extensions: Some(cbor::map(&[(cbor::int(1), cbor::int(1)), (cbor::int(1), cbor::int(1))])),
                ..honest()
            },
        ),
        ("data_trailing_bytes", Knobs { authenticator_data_trailing: vec![0], ..honest() }),
    ]
}
