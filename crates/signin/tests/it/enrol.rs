//! Enrolling, by pass and from a session.

use model::{AuditKind, PersonStatus, Strength};
use passkey::{AttestationWanted, Fault};
use signin::{
    Asked, CreationWanted, EnrolBy, EnrolFacts, Holdings, Journey, Mediation, NameTyped, PassIssuer, Purpose, Refusal,
    Requirement, Workstation, limits,
};

use crate::{
    device::{Device, creation_options},
    world::{Browser, Lost, World, granted},
};

/// Ada, signed in on her device.
fn signed_in() -> (World, Device, Browser) {
    let mut world = World::new();
    let mut device = Device::new(1);
    world.enrolled_person(&mut device);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut device).expect("signed in");
    (world, device, browser)
}

fn nothing(requirement: &Requirement) -> EnrolFacts<'_> {
    EnrolFacts {
        person: None,
        pass: None,
        session: None,
        holdings: Holdings::passkeys(&[]),
        requirement,
        workstation: Workstation::Own,
    }
}

/// Asks for options with facts that need not belong together.
fn options_with(world: &World, browser: &Browser, journey: &Journey, facts: &EnrolFacts<'_>) -> Result<Asked, Refusal> {
    let (attestation, mediation) = (AttestationWanted::None, Mediation::Modal);
    let wanted = CreationWanted { user_name: "ada", display_name: "Ada", attestation, mediation };
    let mut entropy = model::Entropy::new([1; 256]);
    signin::enrol_options(journey, &browser.binding, facts, &wanted, &world.setting(), world.now, &mut entropy)
}

#[test]
fn a_pass_enrols_once_and_signs_in() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    let by_pass = Purpose::Enrol(EnrolBy::Pass(pass.id));
    let (enrolled, audit) = world.enrol_for(&browser, by_pass, &mut Device::security_key(1)).expect("enrolled");
    assert_eq!(audit, [AuditKind::PassSpent, AuditKind::PasskeyEnrolled, AuditKind::SignedIn]);
    let passkey = &world.kept.passkeys[0];
    assert_eq!((passkey.person, passkey.binding), (person.id, Strength::Passkey));
    assert_eq!((passkey.created, passkey.last_used), (world.now, None));
    assert_eq!(passkey.label, b"sealed");
    let session = enrolled.opened.expect("a session").session;
    // As strong as the weaker of the key (a claimed device-bound one) and the pass.
    assert_eq!(session.authentication.strength, Strength::Passkey);
    assert_eq!(session.authentication.amr.names().collect::<Vec<_>>(), ["user"]);
    assert_eq!(world.kept.passes[0].spent, Some(world.now));

    let again = world.enrol_by_pass(&browser, &pass, &mut Device::new(2));
    assert_eq!(again.err(), Some(Refusal::PassInvalid));
}

#[test]
fn an_attested_key_claims_what_its_maker_signed() {
    let mut world = World::new();
    let mut device = Device::attested(1);
    world.rp.attestation_roots = vec![device.maker_root()];
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let mut browser = world.browser();
    let enrolled = world.enrol_by_pass(&browser, &pass, &mut device).expect("enrolled");
    let session = enrolled.opened.expect("a session").session;
    assert_eq!(session.authentication.strength, Strength::Passkey, "no more than the pass");
    assert_eq!(session.authentication.amr.names().collect::<Vec<_>>(), ["hwk", "user"]);
    let signed_in = world.sign_in(&mut browser, &mut device).expect("signed in");
    assert_eq!(signed_in.opened.session.authentication.strength, Strength::Attested);
}

#[test]
fn an_administrators_pass_binds_weakly() {
    let mut world = World::new();
    let (admin, person) = (world.person(), world.person());
    let (pass, _) = world.pass(&person, PassIssuer::Administrator(admin.id));
    let mut browser = world.browser();
    let mut device = Device::new(1);
    let enrolled = world.enrol_by_pass(&browser, &pass, &mut device).expect("enrolled");
    assert_eq!(enrolled.passkey.binding, Strength::Password);
    let session = enrolled.opened.expect("a session").session;
    assert_eq!(session.authentication.strength, Strength::Password);
    // What a link opened is not proof enough to bind another passkey; the new passkey is.
    browser.session = Some(session.clone());
    let mut second = Device::new(2);
    assert_eq!(world.add_passkey(&browser, &mut second).err(), Some(Refusal::FreshProofNeeded));
    let proof = Purpose::FreshProof(session.id);
    world.sign_in_for(&mut browser, proof, &mut device, NameTyped::None).expect("proved");
    assert!(world.add_passkey(&browser, &mut second).is_ok());
}

#[test]
fn a_pass_may_be_opened_often_but_binds_one_passkey() {
    let mut world = World::new();
    let person = world.person();
    let (first, _) = world.pass(&person, PassIssuer::Operator);
    let (second, _) = world.pass(&person, PassIssuer::Operator);
    // The same pass in two browsers, and another pass of the same person, all judged before any is committed.
    let mut sets = Vec::new();
    for (seed, pass) in [(1, &first), (2, &first), (3, &second)] {
        let browser = world.browser();
        let journey = world.begin(&browser, Purpose::Enrol(EnrolBy::Pass(pass.id)));
        let asked = world.enrol_options(&browser, &journey).expect("options");
        let answer = Device::new(seed).create(&asked.options_json);
        let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
        sets.push(granted(world.enrol(&browser, &taken, &answer)).expect("by the facts of then").changes);
    }
    assert_eq!(world.commit(&sets[0]), Ok(()));
    assert_eq!(world.commit(&sets[1]), Err(Lost("the pass is usable")));
    assert_eq!(world.commit(&sets[2]), Err(Lost("its person holds no passkey")));
    assert_eq!((world.kept.passkeys.len(), world.kept.sessions.len()), (1, 1));
}

#[test]
fn an_expired_pass_is_refused_at_both_steps() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    world.wait(limits::PASS_SECONDS_DEFAULT - 1);
    let journey = world.begin(&browser, Purpose::Enrol(EnrolBy::Pass(pass.id)));
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let answer = Device::new(1).create(&asked.options_json);
    world.wait(1);
    assert_eq!(world.enrol_options(&browser, &journey).err(), Some(Refusal::PassInvalid));
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    assert_eq!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::PassInvalid));
}

#[test]
fn a_pass_never_beats_a_passkey() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let (other, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    world.enrol_by_pass(&browser, &pass, &mut Device::new(1)).expect("enrolled");
    let thief = world.browser();
    let stolen = world.enrol_by_pass(&thief, &other, &mut Device::new(2));
    assert_eq!(stolen.err(), Some(Refusal::ProveExistingFirst));
}

#[test]
fn a_pass_is_for_its_own_person_and_journey() {
    let mut world = World::new();
    let (ada, bob) = (world.person(), world.person());
    let (adas, _) = world.pass(&ada, PassIssuer::Operator);
    let (bobs, _) = world.pass(&bob, PassIssuer::Operator);
    let browser = world.browser();
    let journey = world.begin(&browser, Purpose::Enrol(EnrolBy::Pass(adas.id)));
    let requirement = world.requirement.clone();
    for (person, pass, expected) in [
        (Some(&ada), Some(&adas), None),
        (Some(&bob), Some(&adas), Some(Refusal::PassInvalid)),
        (Some(&bob), Some(&bobs), Some(Refusal::PassInvalid)),
        (Some(&ada), None, Some(Refusal::PassInvalid)),
        (None, Some(&adas), Some(Refusal::PassInvalid)),
    ] {
        let facts = EnrolFacts { person, pass, ..nothing(&requirement) };
        assert_eq!(options_with(&world, &browser, &journey, &facts).err(), expected);
    }
}

#[test]
fn a_disabled_person_enrols_nothing() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    world.kept.people[0].status = PersonStatus::Disabled;
    let browser = world.browser();
    let refused = world.enrol_by_pass(&browser, &pass, &mut Device::new(1));
    assert_eq!(refused.err(), Some(Refusal::PersonRefused));
}

#[test]
fn an_unverified_registration_is_refused_and_spends_no_pass() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    let mut device = Device::new(1);
    device.knobs.user_verified = false;
    let refused = world.enrol_by_pass(&browser, &pass, &mut device);
    assert_eq!(refused.err(), Some(Refusal::ProofFailed(Fault::UserNotVerified)));
    assert_eq!(world.kept.passes[0].spent, None);
    device.knobs.user_verified = true;
    assert!(world.enrol_by_pass(&browser, &pass, &mut device).is_ok());
}

#[test]
fn the_browsers_other_session_ends_when_a_pass_signs_in() {
    let (mut world, _, browser) = signed_in();
    let before = browser.session.as_ref().expect("a session").id;
    let bob = world.person();
    let (pass, _) = world.pass(&bob, PassIssuer::Operator);
    let enrolled = world.enrol_by_pass(&browser, &pass, &mut Device::new(2)).expect("enrolled");
    assert_eq!(enrolled.opened.expect("a session").session.authentication.person, bob.id);
    assert!(world.kept.sessions.iter().all(|session| session.id != before));
}

#[test]
fn a_session_adds_a_passkey_and_excludes_those_held() {
    let (mut world, device, browser) = signed_in();
    let session = browser.session.as_ref().expect("a session").id;
    let journey = world.begin(&browser, Purpose::AddPasskey(session));
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let options: serde_json::Value = serde_json::from_str(&asked.options_json).expect("JSON");
    assert_eq!(options["excludeCredentials"].as_array().map(Vec::len), Some(1));
    assert_eq!(options["excludeCredentials"][0]["id"], crypto::b64u(&device.credential_id()));

    let adds = Purpose::AddPasskey(session);
    let (enrolled, audit) = world.enrol_for(&browser, adds, &mut Device::security_key(2)).expect("enrolled");
    assert_eq!(audit, [AuditKind::PasskeyEnrolled]);
    assert!(enrolled.opened.is_none());
    assert_eq!(enrolled.passkey.binding, Strength::Passkey);
    assert_eq!(world.kept.passkeys.len(), 2);
    // Binding is what the session proved, whatever the new key is.
    assert_eq!(enrolled.passkey.strength(), Strength::DeviceBoundClaimed);
}

#[test]
fn a_stale_proof_adds_nothing() {
    let (mut world, mut device, mut browser) = signed_in();
    world.wait(limits::FRESH_PROOF_SECONDS + 1);
    let mut second = Device::new(2);
    assert_eq!(world.add_passkey(&browser, &mut second).err(), Some(Refusal::FreshProofNeeded));
    let session = browser.session.as_ref().expect("a session").id;
    world.sign_in_for(&mut browser, Purpose::FreshProof(session), &mut device, NameTyped::None).expect("proved again");
    assert!(world.add_passkey(&browser, &mut second).is_ok());
}

#[test]
fn a_proof_is_judged_when_the_options_are_asked_for() {
    let (mut world, _, browser) = signed_in();
    let session = browser.session.as_ref().expect("a session").id;
    world.wait(limits::FRESH_PROOF_SECONDS);
    let journey = world.begin(&browser, Purpose::AddPasskey(session));
    let asked = world.enrol_options(&browser, &journey).expect("still fresh");
    let answer = Device::new(2).create(&asked.options_json);
    world.wait(60);
    assert_eq!(world.enrol_options(&browser, &journey).err(), Some(Refusal::FreshProofNeeded));
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    assert!(granted(world.enrol(&browser, &taken, &answer)).is_ok());
}

#[test]
fn another_session_can_not_finish_the_journey() {
    let (mut world, mut device, mut browser) = signed_in();
    let session = browser.session.as_ref().expect("a session").id;
    let journey = world.begin(&browser, Purpose::AddPasskey(session));
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let answer = Device::new(2).create(&asked.options_json);
    world.sign_in(&mut browser, &mut device).expect("another session in the same browser");
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    assert_eq!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::SessionEnded));
    browser.session = None;
    assert_eq!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::SessionEnded));
}

#[test]
fn a_session_that_runs_out_during_the_ceremony_adds_nothing() {
    let (mut world, _, mut browser) = signed_in();
    let soon = world.now.plus_seconds(30);
    let session = browser.session.as_mut().expect("a session");
    session.expires = soon;
    let adds = Purpose::AddPasskey(session.id);
    let journey = world.begin(&browser, adds);
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let answer = Device::new(2).create(&asked.options_json);
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    world.wait(30);
    assert_eq!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::SessionEnded));
}

#[test]
fn a_session_adds_nothing_for_someone_else() {
    let (mut world, _, browser) = signed_in();
    let session = browser.session.as_ref().expect("a session");
    let journey = world.begin(&browser, Purpose::AddPasskey(session.id));
    let bob = world.person();
    let requirement = world.requirement.clone();
    for person in [Some(&bob), None] {
        let facts = EnrolFacts { person, session: Some(session), ..nothing(&requirement) };
        assert_eq!(options_with(&world, &browser, &journey, &facts).err(), Some(Refusal::SessionEnded));
    }
}

#[test]
fn a_session_ended_meanwhile_adds_nothing() {
    let (mut world, _, browser) = signed_in();
    let session = browser.session.as_ref().expect("a session").id;
    let journey = world.begin(&browser, Purpose::AddPasskey(session));
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let answer = Device::new(2).create(&asked.options_json);
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    let outcome = granted(world.enrol(&browser, &taken, &answer)).expect("by the facts of then");
    world.kept.sessions.clear();
    assert_eq!(world.commit(&outcome.changes), Err(Lost("the session is live")));
    assert_eq!(world.kept.passkeys.len(), 1);
}

#[test]
fn a_known_credential_is_refused() {
    let (mut world, _, browser) = signed_in();
    // A device that heeds no list of excluded passkeys makes the first one again.
    assert_eq!(world.add_passkey(&browser, &mut Device::new(1)).err(), Some(Refusal::PasskeyKnown));
    // For another person just the same; and when it became known only meanwhile, the store says no.
    let bob = world.person();
    let (pass, _) = world.pass(&bob, PassIssuer::Operator);
    let stranger = world.browser();
    let journey = world.begin(&stranger, Purpose::Enrol(EnrolBy::Pass(pass.id)));
    let asked = world.enrol_options(&stranger, &journey).expect("options");
    let answer = Device::new(2).create(&asked.options_json);
    let (_, taken) = world.take(&stranger, &asked.journey).expect("a challenge is out");
    let outcome = granted(world.enrol(&stranger, &taken, &answer)).expect("by the facts of then");
    world.add_passkey(&browser, &mut Device::new(2)).expect("enrolled meanwhile by Ada");
    assert_eq!(world.commit(&outcome.changes), Err(Lost("the credential id is unknown")));
    assert_eq!(granted(world.enrol(&stranger, &taken, &answer)).err(), Some(Refusal::PasskeyKnown));
    assert_eq!(world.kept.passes.last().expect("Bob's pass").spent, None);
}

#[test]
fn there_is_an_end_to_passkeys() {
    let (mut world, _, browser) = signed_in();
    for seed in 2..=20 {
        world.add_passkey(&browser, &mut Device::new(seed)).expect("room for it");
    }
    assert_eq!(world.kept.passkeys.len(), limits::PASSKEYS_PER_PERSON_MAX);
    assert_eq!(world.add_passkey(&browser, &mut Device::new(21)).err(), Some(Refusal::TooManyPasskeys));
}

#[test]
fn a_registration_counts_once() {
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    let journey = world.begin(&browser, Purpose::Enrol(EnrolBy::Pass(pass.id)));
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let answer = Device::new(1).create(&asked.options_json);
    let (stored, _) = world.take(&browser, &asked.journey).expect("a challenge is out");
    assert_eq!(world.take(&browser, &stored).err(), Some(Refusal::ChallengeSpent));
    let again = world.enrol_options(&browser, &stored).expect("options");
    let (_, taken) = world.take(&browser, &again.journey).expect("a challenge is out");
    let replayed = granted(world.enrol(&browser, &taken, &answer));
    assert_eq!(replayed.err(), Some(Refusal::ProofFailed(Fault::Challenge)));
}

#[test]
fn a_journey_that_signs_in_can_not_enrol() {
    let (mut world, _, browser) = signed_in();
    let session = browser.session.as_ref().expect("a session").id;
    for purpose in [Purpose::SignIn, Purpose::FreshProof(session)] {
        let journey = world.begin(&browser, purpose);
        assert_eq!(world.enrol_options(&browser, &journey).err(), Some(Refusal::WrongStep));
        let asked = world.options(&browser, &journey).expect("options");
        let request: serde_json::Value = serde_json::from_str(&asked.options_json).expect("JSON");
        let as_creation = creation_options(request["challenge"].clone());
        let answer = Device::new(2).create(&as_creation.to_string());
        let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
        assert_eq!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::WrongStep));
    }
}
