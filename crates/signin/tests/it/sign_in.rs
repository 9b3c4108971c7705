//! Signing in.

use model::{AuditKind, PersonStatus, Strength};
use passkey::{AuthenticationResponse, Fault};
use signin::{
    Asked, Change, EnrolBy, JourneyState, NameTyped, PassIssuer, ProofFacts, Purpose, Refusal, SessionLimits, Taken,
    Workstation, session_cookie_hash,
};
use testkit::{Counter, UserHandleChoice};

use crate::{
    device::Device,
    world::{Browser, Lost, World, granted, kinds},
};

/// Ada's world: she has a passkey on her device, and a browser with a challenge out.
fn asked() -> (World, Device, Browser, Asked) {
    let mut world = World::new();
    let mut device = Device::new(1);
    world.enrolled_person(&mut device);
    let browser = world.browser();
    let journey = world.begin(&browser, Purpose::SignIn);
    let asked = world.options(&browser, &journey).expect("options");
    (world, device, browser, asked)
}

fn taken(world: &World, browser: &Browser, asked: &Asked) -> Taken {
    world.take(browser, &asked.journey).expect("a challenge is out").1
}

#[test]
fn a_passkey_opens_a_session() {
    let (mut world, mut device, browser, asked) = asked();
    world.wait(7);
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    let outcome = granted(world.prove(&browser, &taken, &answer, NameTyped::None)).expect("signed in");
    assert_eq!(kinds(&outcome.audit), [AuditKind::SignedIn]);
    world.commit(&outcome.changes).expect("all preconditions hold");

    let signed_in = outcome.reply;
    let session = &signed_in.opened.session;
    assert_eq!(world.kept.sessions.last(), Some(session));
    assert_eq!(session_cookie_hash(&world.key, signed_in.opened.cookie.expose()), Some(session.cookie_hash));
    assert_eq!(session.created, world.now);
    assert_eq!(session.expires, world.now.plus_seconds(SessionLimits::DEFAULT.absolute_seconds));
    assert_eq!(session.idle_seconds, SessionLimits::DEFAULT.idle_seconds);
    let proof = &session.authentication;
    assert_eq!((proof.person, proof.at, proof.strength), (signed_in.person, world.now, Strength::Passkey));
    assert_eq!(proof.passkey, Some(world.kept.passkeys[0].id));
    assert_eq!(world.kept.passkeys[0].last_used, Some(world.now));
    assert!(matches!(signed_in.journey.state, JourneyState::Finished));
    assert_eq!(world.options(&browser, &signed_in.journey).err(), Some(Refusal::JourneyFinished));
}

#[test]
fn a_device_bound_passkey_counts_as_claimed() {
    let mut world = World::new();
    let mut device = Device::security_key(1);
    world.enrolled_person(&mut device);
    let mut browser = world.browser();
    let signed_in = world.sign_in(&mut browser, &mut device).expect("signed in");
    assert_eq!(signed_in.opened.session.authentication.strength, Strength::DeviceBoundClaimed);
}

#[test]
fn an_answer_counts_once() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let (stored, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    let decided = world.prove(&browser, &taken, &answer, NameTyped::None);
    world.settle(decided).expect("signed in");
    // The same answer again finds no challenge; with new options it is the answer to an old one.
    assert_eq!(world.take(&browser, &stored).err(), Some(Refusal::ChallengeSpent));
    let again = world.options(&browser, &stored).expect("options");
    let (_, taken) = world.take(&browser, &again.journey).expect("a challenge is out");
    let replayed = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(replayed.err(), Some(Refusal::ProofFailed(Fault::Challenge)));
}

#[test]
fn a_failed_answer_spends_the_challenge() {
    let (mut world, mut device, browser, asked) = asked();
    device.origin = "https://id.example.com";
    let wrong = device.get(&asked.options_json);
    let (stored, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    let refused = granted(world.prove(&browser, &taken, &wrong, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::ProofFailed(Fault::Origin)));
    assert_eq!(world.take(&browser, &stored).err(), Some(Refusal::ChallengeSpent));
    // With new options the journey goes on.
    device.origin = crate::world::ORIGIN;
    let again = world.options(&browser, &stored).expect("options");
    let answer = device.get(&again.options_json);
    let (_, taken) = world.take(&browser, &again.journey).expect("a challenge is out");
    assert!(granted(world.prove(&browser, &taken, &answer, NameTyped::None)).is_ok());
}

#[test]
fn an_answer_to_replaced_options_is_refused() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let newer = world.options(&browser, &asked.journey).expect("options");
    let taken = taken(&world, &browser, &newer);
    let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::ProofFailed(Fault::Challenge)));
}

#[test]
fn another_browser_can_not_go_on() {
    let (mut world, _, _, asked) = asked();
    let thief = world.browser();
    assert_eq!(world.take(&thief, &asked.journey).err(), Some(Refusal::OtherBrowser));
    assert_eq!(world.options(&thief, &asked.journey).err(), Some(Refusal::OtherBrowser));
}

#[test]
fn a_late_answer_is_refused() {
    let (mut world, _, browser, asked) = asked();
    world.wait(301);
    assert_eq!(world.take(&browser, &asked.journey).err(), Some(Refusal::ChallengeExpired));
    world.wait(300);
    assert_eq!(world.take(&browser, &asked.journey).err(), Some(Refusal::JourneyExpired));
}

#[test]
fn an_unknown_passkey_is_refused() {
    let (mut world, _, browser, asked) = asked();
    let answer = Device::with_unknown_passkey(9).get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::UnknownPasskey));
}

#[test]
fn one_person_can_not_answer_as_another() {
    let (mut world, mut ada, browser, asked) = asked();
    let mut bobs = Device::new(2);
    let bob = world.enrolled_person(&mut bobs);

    // Ada's passkey with Bob's user handle, or with none.
    let taken = taken(&world, &browser, &asked);
    for (choice, fault) in [
        (UserHandleChoice::Other(bobs.own_user_handle()), Fault::UserHandleMismatch),
        (UserHandleChoice::Missing, Fault::UserHandleMissing),
    ] {
        ada.user_handle = choice;
        let answer = ada.get(&asked.options_json);
        let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
        assert_eq!(refused.err(), Some(Refusal::ProofFailed(fault)));
    }

    // Ada's key behind Bob's credential id and user handle.
    ada.user_handle = UserHandleChoice::Other(bobs.own_user_handle());
    let mut answer: serde_json::Value = serde_json::from_str(&ada.get(&asked.options_json)).expect("JSON");
    let bobs_id = crypto::b64u(&bobs.credential_id());
    answer["id"] = bobs_id.clone().into();
    answer["rawId"] = bobs_id.into();
    let refused = granted(world.prove(&browser, &taken, &answer.to_string(), NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::ProofFailed(Fault::Signature)));

    // Facts that don't belong together open nothing, however genuine the answer.
    let answer = bobs.get(&asked.options_json);
    let response = AuthenticationResponse::parse(answer.as_bytes()).expect("in form");
    let passkey = world.kept.passkeys.iter().find(|passkey| passkey.person == bob.id);
    for person in [world.kept.people.iter().find(|person| person.id != bob.id), None] {
        let facts = ProofFacts {
            passkey,
            person,
            name: NameTyped::None,
            session: None,
            requirement: &world.requirement,
            workstation: Workstation::Own,
            streak: None,
        };
        let decided =
            signin::prove(&taken, &response, &facts, &world.setting(), world.now, &mut model::Entropy::new([1; 256]));
        assert_eq!(granted(decided).err(), Some(Refusal::UnknownPasskey));
    }
}

#[test]
fn the_typed_name_must_be_theirs() {
    let (mut world, mut device, browser, asked) = asked();
    let ada = world.kept.people[0].id;
    let bob = world.person().id;
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    for (name, expected) in [
        (NameTyped::None, None),
        (NameTyped::Known(ada), None),
        (NameTyped::Known(bob), Some(Refusal::NameMismatch)),
        (NameTyped::Unknown, Some(Refusal::NameMismatch)),
    ] {
        assert_eq!(granted(world.prove(&browser, &taken, &answer, name)).err(), expected, "{name:?}");
    }
}

#[test]
fn nothing_is_said_about_a_person_before_the_signature() {
    let (mut world, mut device, browser, asked) = asked();
    world.kept.people[0].status = PersonStatus::Disabled;
    let taken = taken(&world, &browser, &asked);
    let genuine = device.get(&asked.options_json);
    let refused = granted(world.prove(&browser, &taken, &genuine, NameTyped::Unknown));
    assert_eq!(refused.err(), Some(Refusal::PersonRefused));
    device.knobs.user_verified = false;
    let unverified = device.get(&asked.options_json);
    let refused = granted(world.prove(&browser, &taken, &unverified, NameTyped::Unknown));
    assert_eq!(refused.err(), Some(Refusal::ProofFailed(Fault::UserNotVerified)));
}

#[test]
fn a_person_whose_access_ended_is_refused() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    world.kept.people[0].ends = Some(world.now.plus_seconds(1));
    assert!(granted(world.prove(&browser, &taken, &answer, NameTyped::None)).is_ok());
    world.kept.people[0].ends = Some(world.now);
    let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::PersonRefused));
}

#[test]
fn the_previous_session_of_the_browser_ends() {
    let (mut world, mut adas, mut browser, _) = asked();
    let mut bobs = Device::new(2);
    let bob = world.enrolled_person(&mut bobs);
    let first = world.sign_in(&mut browser, &mut adas).expect("signed in").opened.session;
    let (second, audit) =
        world.sign_in_for(&mut browser, Purpose::SignIn, &mut bobs, NameTyped::None).expect("signed in");
    let second = second.opened.session;
    assert_eq!(audit, [AuditKind::SessionEnded, AuditKind::SignedIn]);
    assert_ne!(first.cookie_hash, second.cookie_hash);
    assert_eq!(second.authentication.person, bob.id);
    assert!(!world.kept.sessions.iter().any(|session| session.id == first.id));
}

#[test]
fn a_passkey_removed_meanwhile_opens_nothing() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    let outcome = granted(world.prove(&browser, &taken, &answer, NameTyped::None)).expect("by the facts of then");
    world.kept.passkeys.clear();
    let before = world.kept.sessions.len();
    assert_eq!(world.commit(&outcome.changes), Err(Lost("the passkey exists")));
    assert_eq!(world.kept.sessions.len(), before);
    // Asked again with the facts of now, the engine says what happened.
    let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::UnknownPasskey));
}

#[test]
fn a_person_disabled_meanwhile_gets_no_session() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    let outcome = granted(world.prove(&browser, &taken, &answer, NameTyped::None)).expect("by the facts of then");
    world.kept.people[0].status = PersonStatus::Disabled;
    assert_eq!(world.commit(&outcome.changes), Err(Lost("the person is active")));
}

#[test]
fn a_counter_that_went_back_is_recorded() {
    let mut world = World::new();
    let mut device = Device::security_key(1);
    world.enrolled_person(&mut device);
    let mut browser = world.browser();
    let mut audit_of = |world: &mut World, device: &mut Device| {
        world.sign_in_for(&mut browser, Purpose::SignIn, device, NameTyped::None).expect("signed in").1
    };
    assert_eq!(audit_of(&mut world, &mut device), [AuditKind::SignedIn]);
    device.knobs.counter = Counter::Set(1);
    let audit = audit_of(&mut world, &mut device);
    assert_eq!(audit, [AuditKind::PasskeyCounterRisk, AuditKind::SessionEnded, AuditKind::SignedIn]);
    // The stored counter doesn't follow it down: each later use of the copy that lags is a sign again.
    assert_eq!(world.kept.passkeys[0].sign_count, 2);
}

#[test]
fn a_changed_backup_state_is_recorded_and_kept() {
    let (mut world, mut device, mut browser, _) = asked();
    device.knobs.backed_up = Some(false);
    let (_, audit) = world.sign_in_for(&mut browser, Purpose::SignIn, &mut device, NameTyped::None).expect("signed in");
    assert_eq!(audit, [AuditKind::PasskeyBackupChanged, AuditKind::SignedIn]);
    assert!(!world.kept.passkeys[0].backed_up);
    let (_, audit) = world.sign_in_for(&mut browser, Purpose::SignIn, &mut device, NameTyped::None).expect("signed in");
    assert_eq!(audit, [AuditKind::SessionEnded, AuditKind::SignedIn]);
}

#[test]
fn a_journey_that_enrols_can_not_sign_in() {
    let (mut world, mut device, browser, _) = asked();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let journey = world.begin(&browser, Purpose::Enrol(EnrolBy::Pass(pass.id)));
    assert_eq!(world.options(&browser, &journey).err(), Some(Refusal::WrongStep));

    // Even with its challenge signed by a known passkey.
    let asked = world.enrol_options(&browser, &journey).expect("options");
    let challenge: serde_json::Value = serde_json::from_str(&asked.options_json).expect("JSON");
    let as_request = serde_json::json!({
        "challenge": challenge["challenge"], "rpId": "id.example.org", "allowCredentials": [],
    });
    let answer = device.get(&as_request.to_string());
    let taken = taken(&world, &browser, &asked);
    let refused = granted(world.prove(&browser, &taken, &answer, NameTyped::None));
    assert_eq!(refused.err(), Some(Refusal::WrongStep));
}

#[test]
fn the_writes_of_a_sign_in_stand_in_one_set() {
    let (mut world, mut device, browser, asked) = asked();
    let answer = device.get(&asked.options_json);
    let taken = taken(&world, &browser, &asked);
    let outcome = granted(world.prove(&browser, &taken, &answer, NameTyped::None)).expect("signed in");
    assert!(matches!(outcome.changes.as_slice(), [Change::UsePasskey { .. }, Change::InsertSession(_)]));
    // Secrets stay out of what is printed.
    let printed = format!("{:?}", outcome.reply);
    assert!(!printed.contains(outcome.reply.opened.cookie.expose().as_str()));
}
