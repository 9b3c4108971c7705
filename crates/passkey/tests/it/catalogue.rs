//! Our verdict on every ceremony of the catalogue: one line for each thing that can be done to a ceremony.

use std::collections::BTreeSet;

use passkey::{Challenge, Fault};
use testkit::catalogue::{self, AUTHENTICATION_CHALLENGE, Ceremony, Half, REGISTRATION_CHALLENGE};

use crate::stage::{authenticate, register, rp, stored};

/// What we say to a ceremony.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It holds.
    Holds,
    /// It holds, and the maker is known.
    HoldsAttested,
    /// It holds, but the counter is suspicious.
    HoldsAtRisk,
    /// It is refused.
    Refused(Fault),
}
use Verdict::{Holds, HoldsAtRisk, HoldsAttested, Refused};

const BOTH: [(&str, Verdict); 18] = [
    ("replayed_challenge", Refused(Fault::Challenge)),
    ("challenge_cut_short", Refused(Fault::Challenge)),
    ("cross_origin", Refused(Fault::CrossOrigin)),
    ("framed_by_another", Refused(Fault::CrossOrigin)),
    ("top_origin_alone", Refused(Fault::TopOrigin)),
    ("without_cross_origin_member", Holds),
    ("client_data_unknown_member", Holds),
    ("client_data_member_twice", Refused(Fault::ClientData)),
    ("client_data_not_utf8", Refused(Fault::ClientData)),
    ("client_data_huge", Refused(Fault::ClientData)),
    ("other_rp_id", Refused(Fault::RpIdHash)),
    ("user_not_present", Refused(Fault::UserNotPresent)),
    ("user_not_verified", Refused(Fault::UserNotVerified)),
    ("backed_up_without_eligible", Refused(Fault::BackedUpButNotEligible)),
    ("extension_outputs", Holds),
    ("extensions_not_a_map", Refused(Fault::AuthenticatorData)),
    ("extensions_key_twice", Refused(Fault::Cbor)),
    ("data_trailing_bytes", Refused(Fault::AuthenticatorData)),
];

const REGISTRATIONS: [(&str, Verdict); 42] = [
    ("wrong_type", Refused(Fault::CeremonyType)),
    ("wrong_origin", Refused(Fault::Origin)),
    ("id_of_another_credential", Refused(Fault::IdMismatch)),
    ("algorithm_not_offered", Refused(Fault::AlgorithmNotOffered)),
    ("algorithm_of_another_kind", Refused(Fault::PublicKey)),
    ("key_member_too_many", Refused(Fault::PublicKey)),
    ("key_member_twice", Refused(Fault::Cbor)),
    ("credential_id_of_1023_bytes", Holds),
    ("credential_id_of_1024_bytes", Refused(Fault::CredentialIdLength)),
    ("credential_id_empty", Refused(Fault::CredentialIdLength)),
    ("object_trailing_bytes", Refused(Fault::Cbor)),
    ("object_key_twice", Refused(Fault::Cbor)),
    ("object_member_too_many", Refused(Fault::AttestationObject)),
    ("object_nested_deeply", Refused(Fault::Cbor)),
    ("object_of_indefinite_length", Refused(Fault::Cbor)),
    ("none_with_statement", Refused(Fault::AttestationStatement)),
    ("format_unknown", Refused(Fault::AttestationFormat)),
    ("format_in_capitals", Refused(Fault::AttestationFormat)),
    ("packed_without_statement", Refused(Fault::AttestationStatement)),
    ("packed_member_too_many", Refused(Fault::AttestationStatement)),
    ("packed_self_other_algorithm", Refused(Fault::AttestationAlgorithm)),
    ("packed_self_unknown_algorithm", Refused(Fault::AttestationAlgorithm)),
    ("packed_self_other_key", Refused(Fault::AttestationSignature)),
    ("certificate_other_key", Refused(Fault::AttestationSignature)),
    ("certificate_other_algorithm", Refused(Fault::AttestationAlgorithm)),
    ("certificate_version_1", Refused(Fault::AttestationCertificate)),
    ("certificate_of_an_authority", Refused(Fault::AttestationCertificate)),
    ("certificate_unit_wrong", Refused(Fault::AttestationCertificate)),
    ("certificate_other_model", Refused(Fault::AttestationCertificate)),
    ("certificate_model_critical", Refused(Fault::AttestationCertificate)),
    ("certificate_extension_twice", Refused(Fault::AttestationCertificate)),
    ("certificate_model_missing", HoldsAttested),
    // The statement is correct in these; only nobody whom we trust stands behind it.
    ("certificate_expired", Holds),
    ("certificate_not_yet_valid", Holds),
    ("certificate_unknown_critical", Holds),
    ("certificate_forged", Holds),
    ("certificate_issuer_renamed", Holds),
    ("chain_key_for_other_uses", Holds),
    ("chain_through_no_authority", Holds),
    ("chain_longer_than_allowed", Holds),
    ("chain_as_long_as_allowed", HoldsAttested),
    ("chain_of_five_certificates", Refused(Fault::AttestationStatement)),
];

const AUTHENTICATIONS: [(&str, Verdict); 15] = [
    ("signed_by_another_key", Refused(Fault::Signature)),
    ("wrong_type", Refused(Fault::CeremonyType)),
    ("wrong_origin", Refused(Fault::Origin)),
    ("id_of_another_credential", Refused(Fault::OtherCredential)),
    ("user_handle_of_another", Refused(Fault::UserHandleMismatch)),
    ("user_handle_cut_short", Refused(Fault::UserHandleMismatch)),
    ("user_handle_missing", Refused(Fault::UserHandleMissing)),
    ("credential_in_assertion", Refused(Fault::AuthenticatorData)),
    ("became_eligible", Refused(Fault::BackupEligibilityChanged)),
    // BS without BE is the nearer lie when both change; here BS goes with BE.
    ("no_longer_eligible", Refused(Fault::BackupEligibilityChanged)),
    ("no_longer_backed_up", Holds),
    ("counter_rises", Holds),
    ("counter_stands_still", HoldsAtRisk),
    ("counter_goes_back", HoldsAtRisk),
    ("counter_goes_silent", HoldsAtRisk),
];

#[test]
fn every_ceremony_of_the_catalogue() {
    let mut judged = BTreeSet::new();
    for ceremony in catalogue::all() {
        let verdict = judge(&ceremony);
        let expected = expected(&ceremony);
        assert_eq!(verdict, expected, "{}", ceremony.name);
        judged.extend(ceremony.mutation.map(|mutation| (ceremony.half.as_str(), mutation)));
    }
    let tables = [("registration", REGISTRATIONS.as_slice()), ("authentication", AUTHENTICATIONS.as_slice())];
    for (half, table) in tables {
        for (mutation, _) in table.iter().chain(&BOTH) {
            assert!(judged.contains(&(half, *mutation)), "no {half} in the catalogue is mutated as {mutation}");
        }
    }
}

fn expected(ceremony: &Ceremony) -> Verdict {
    let Some(mutation) = ceremony.mutation else {
        let certified = ceremony.name.contains("packed_certificate") || ceremony.name.contains("packed_chain");
        return if certified && ceremony.half == Half::Registration { HoldsAttested } else { Holds };
    };
    let table = match ceremony.half {
        Half::Registration => REGISTRATIONS.as_slice(),
        Half::Authentication => AUTHENTICATIONS.as_slice(),
    };
    let found = table.iter().chain(&BOTH).find(|(known, _)| *known == mutation);
    found.unwrap_or_else(|| panic!("{} has no expected verdict", ceremony.name)).1
}

fn judge(ceremony: &Ceremony) -> Verdict {
    let rp = rp(&ceremony.root);
    let registered = register(&rp, &Challenge::from_bytes(REGISTRATION_CHALLENGE), &ceremony.registration);
    let Some(response) = &ceremony.authentication else {
        return match registered {
            Ok(new) if new.attested => HoldsAttested,
            Ok(_) => Holds,
            Err(fault) => Refused(fault),
        };
    };
    let mut passkey = stored(registered.expect("the registration before an authentication is honest"));
    passkey.sign_count = ceremony.stored_sign_count;
    match authenticate(&rp, &Challenge::from_bytes(AUTHENTICATION_CHALLENGE), &passkey, response) {
        Ok(assertion) if assertion.counter_risk => HoldsAtRisk,
        Ok(_) => Holds,
        Err(fault) => Refused(fault),
    }
}
