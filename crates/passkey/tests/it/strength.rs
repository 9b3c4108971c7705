//! What a proof is worth, and the facts that registration leaves for it.

use model::{Amr, Strength};
use passkey::{
    Challenge, Fault, RegistrationFacts, RegistrationResponse, Transport, request_options_json, verify_registration,
};
use testkit::{
    AAGUID, Attestation, AttestationMaker, Authenticator, Counter, Knobs, Refusal, UserHandleChoice, catalogue::ORIGIN,
};

use crate::stage::{NOW, authenticate, creation_options, register, rp, stored};

#[track_caller]
fn check(knobs: &Knobs, trusted: bool, strength: Strength, amr: Amr) {
    let (ours, other) = (AttestationMaker::new(0), AttestationMaker::new(9));
    let rp = rp(&if trusted { ours.root_der() } else { other.root_der() });
    let (first, second) = (Challenge::from_bytes([1; 32]), Challenge::from_bytes([2; 32]));
    let mut authenticator = Authenticator::new(5);
    let created = authenticator.create(&creation_options(&rp, &first, &[]), ORIGIN, knobs).unwrap();
    let passkey = stored(register(&rp, &first, &created).unwrap());
    assert_eq!(passkey.strength(), strength);
    assert_eq!(passkey.synced(), knobs.backup_eligible.unwrap_or(true));
    let options = request_options_json(&rp, &second);
    let usage = Knobs { counter: knobs.counter, ..Knobs::default() };
    let used = authenticator.get(&options, ORIGIN, &UserHandleChoice::Own, &usage).unwrap();
    let assertion = authenticate(&rp, &second, &passkey, &used).unwrap();
    assert_eq!((assertion.strength, assertion.amr, assertion.counter_risk), (strength, amr, false));
    assert_eq!(assertion.sign_count, if knobs.counter == Counter::Silent { 0 } else { 2 });
    // The same answer for another challenge, and for the first one.
    assert_eq!(authenticate(&rp, &first, &passkey, &used), Err(Fault::Challenge));
}

#[test]
fn strength_and_method_references() {
    let verified = Amr::USER.and(Amr::MFA);
    let bound = |attestation| Knobs { attestation, ..Knobs::device_bound() };
    check(&Knobs::default(), true, Strength::Passkey, Amr::POP.and(verified));
    check(&bound(Attestation::None), true, Strength::DeviceBoundClaimed, Amr::POP.and(verified));
    check(&bound(Attestation::PackedSelf), true, Strength::DeviceBoundClaimed, Amr::POP.and(verified));
    check(&bound(Attestation::AsAsked), false, Strength::DeviceBoundClaimed, Amr::POP.and(verified));
    check(&bound(Attestation::AsAsked), true, Strength::Attested, Amr::HWK.and(verified));
}

#[test]
fn what_a_registration_leaves() {
    let maker = AttestationMaker::new(0);
    let rp = rp(&maker.root_der());
    let challenge = Challenge::from_bytes([1; 32]);
    let mut authenticator = Authenticator::new(5);
    let options = creation_options(&rp, &challenge, &[]);
    let new = register(&rp, &challenge, &authenticator.create(&options, ORIGIN, &Knobs::default()).unwrap()).unwrap();
    assert_eq!(new.credential_id, authenticator.credentials()[0].id);
    assert_eq!((new.aaguid, new.sign_count), (AAGUID, 0));
    assert_eq!(new.transports, [Transport::Internal, Transport::Hybrid]);
    assert!(new.backup_eligible && new.backed_up && new.user_verified && new.attested);
    // The authenticator heeds what we exclude.
    let again = creation_options(&rp, &challenge, &[&new.credential_id]);
    assert_eq!(authenticator.create(&again, ORIGIN, &Knobs::default()), Err(Refusal::Excluded));
}

#[test]
fn only_a_conditional_creation_may_lack_presence() {
    let rp = rp(&[]);
    let challenge = Challenge::from_bytes([1; 32]);
    let knobs = Knobs { user_present: false, user_verified: false, ..Knobs::default() };
    let json = Authenticator::new(5).create(&creation_options(&rp, &challenge, &[]), ORIGIN, &knobs).unwrap();
    assert_eq!(register(&rp, &challenge, &json), Err(Fault::UserNotPresent));
    let response = RegistrationResponse::parse(json.as_bytes()).unwrap();
    let facts = RegistrationFacts { rp: &rp, challenge: &challenge, allow_unverified_presence: true, now: NOW };
    let new = verify_registration(&response, &facts).unwrap();
    assert!(!new.user_verified);
}

/// A counter that went back is told each time: the highest one seen stays the measure.
#[test]
fn a_counter_that_goes_back_does_not_lower_the_stored_one() {
    let rp = rp(&[]);
    let challenge = Challenge::from_bytes([1; 32]);
    let mut authenticator = Authenticator::new(5);
    let options = creation_options(&rp, &challenge, &[]);
    let created = authenticator.create(&options, ORIGIN, &Knobs::device_bound()).unwrap();
    let mut passkey = stored(register(&rp, &challenge, &created).unwrap());
    let mut at_risk = |counter, stored| {
        passkey.sign_count = stored;
        let knobs = Knobs { counter: Counter::Set(counter), ..Knobs::default() };
        let options = request_options_json(&rp, &challenge);
        let used = authenticator.get(&options, ORIGIN, &UserHandleChoice::Own, &knobs).unwrap();
        let assertion = authenticate(&rp, &challenge, &passkey, &used).unwrap();
        (assertion.sign_count, assertion.counter_risk)
    };
    assert_eq!(at_risk(9, 7), (9, false));
    assert_eq!(at_risk(6, 9), (9, true));
    assert_eq!(at_risk(u32::MAX, 9), (u32::MAX, false));
    assert_eq!(at_risk(0, 0), (0, false));
}
