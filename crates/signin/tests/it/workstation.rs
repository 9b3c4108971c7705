//! Shared workstations, step-up, and what a session is worth where.

use model::{Strength, Tier};
use signin::{
    Lack, NameTyped, ProofFacts, Purpose, Refusal, Requirement, ReturnTo, SessionLimits, StepUp, Wanted, Workstation,
    limits,
};

use crate::{
    device::Device,
    world::{Browser, Decided, World, granted, kinds},
};

/// Taps the key at the workstation, to sign out.
fn tap(world: &mut World, browser: &Browser, device: &mut Device) -> Decided<signin::Journey> {
    let journey = world.begin(browser, Purpose::SignIn);
    let asked = world.options(browser, &journey).expect("options");
    let answer = device.get(&asked.options_json);
    let (_, taken) = world.take(browser, &asked.journey).expect("a challenge is out");
    let response = passkey::AuthenticationResponse::parse(answer.as_bytes()).expect("an answer in form");
    let passkey = world.kept.passkeys.iter().find(|passkey| passkey.credential_id == response.credential_id());
    let person = passkey.and_then(|passkey| world.kept.person(passkey.person));
    let facts = ProofFacts {
        passkey,
        person,
        name: NameTyped::None,
        session: browser.session.as_ref(),
        requirement: &world.requirement,
        workstation: world.workstation,
        streak: None,
    };
    signin::sign_out_by_tap(&taken, &response, &facts, &world.setting(), world.now)
}

#[test]
fn a_shared_workstation_takes_ones_own_key_and_forgets_soon() {
    let mut world = World::new();
    let (mut phone, mut key) = (Device::new(1), Device::security_key(2));
    world.enrolled_person(&mut phone);
    world.enrolled_person(&mut key);
    world.workstation = Workstation::Shared;
    let mut browser = world.browser();
    let refused = world.sign_in(&mut browser, &mut phone);
    let lacks = vec![Lack::Strength, Lack::Synced, Lack::DeviceBound];
    assert_eq!(refused.err(), Some(Refusal::RequirementNotMet(lacks)));
    let session = world.sign_in(&mut browser, &mut key).expect("signed in").opened.session;
    assert_eq!(session.idle_seconds, limits::SHARED_WORKSTATION_SESSIONS.idle_seconds);
}

#[test]
fn a_tap_with_the_same_key_signs_out() {
    let mut world = World::new();
    let (mut adas, mut bobs) = (Device::security_key(1), Device::security_key(2));
    world.enrolled_person(&mut adas);
    world.enrolled_person(&mut bobs);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut adas).expect("signed in");
    // In a browser of one's own, a tap is a sign-in and nothing else.
    let refused = tap(&mut world, &browser, &mut adas);
    assert_eq!(granted(refused).err(), Some(Refusal::WrongStep));
    world.workstation = Workstation::Shared;
    let refused = tap(&mut world, &browser, &mut bobs);
    assert_eq!(granted(refused).err(), Some(Refusal::NotYours));
    let outcome = granted(tap(&mut world, &browser, &mut adas)).expect("signed out");
    assert_eq!(kinds(&outcome.audit), [model::AuditKind::SessionEnded]);
    world.commit(&outcome.changes).expect("all preconditions hold");
    let ended = browser.session.take().expect("a session");
    assert!(world.kept.sessions.iter().all(|session| session.id != ended.id));
    let refused = tap(&mut world, &browser, &mut adas);
    assert_eq!(granted(refused).err(), Some(Refusal::SessionEnded));
}

#[test]
fn a_session_lives_as_long_as_its_requirement_says() {
    let mut world = World::new();
    let mut device = Device::security_key(1);
    world.enrolled_person(&mut device);
    world.requirement.sessions = SessionLimits { absolute_seconds: 1000, idle_seconds: 100 };
    let mut browser = world.browser();
    let session = world.sign_in(&mut browser, &mut device).expect("signed in").opened.session;
    assert_eq!((session.expires, session.idle_seconds), (world.now.plus_seconds(1000), 100));
}

#[test]
fn a_weaker_session_steps_up_in_its_own_place() {
    let mut world = World::new();
    let person = world.person_with_password();
    let mut device = Device::new(1);
    let mut browser = world.browser();
    world.sign_in_by_password(&mut browser, &person);
    world.add_passkey(&browser, &mut device).expect("a first passkey");
    let step_up = |world: &mut World, browser: &Browser, tier, seen| {
        let session = browser.session.as_ref().expect("a session");
        let opened_with = world.kept.passkeys.iter().find(|p| session.authentication.passkey == Some(p.id)).cloned();
        let requirement = world.asks(tier);
        let wanted = Wanted {
            path: None,
            tier,
            return_to: ReturnTo::Authorize,
            requirement: &requirement,
            workstation: Workstation::Own,
        };
        let mut entropy = world.entropy();
        let binding = &browser.binding;
        signin::step_up(session, opened_with.as_ref(), seen, &wanted, binding, world.now, &mut entropy)
    };
    let now = world.now;
    assert!(matches!(step_up(&mut world, &browser, Tier::Standard, now), StepUp::NotNeeded));
    let StepUp::Needed { journey, lacks } = step_up(&mut world, &browser, Tier::Critical, now) else {
        panic!("two factors don't serve the critical tier")
    };
    assert_eq!(lacks, [Lack::Strength, Lack::PasswordAndTotp]);
    let old = browser.session.as_ref().expect("a session").id;
    assert_eq!((journey.purpose, journey.tier), (Purpose::FreshProof(old), Tier::Critical));

    let asked = world.options(&browser, &journey).expect("options");
    let answer = device.get(&asked.options_json);
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    let decided = world.prove(&browser, &taken, &answer, NameTyped::None);
    let (signed_in, _) = world.settle(decided).expect("proved");
    let session = signed_in.opened.session;
    assert_eq!(session.authentication.strength, Strength::Passkey);
    assert!(session.id != old && world.kept.sessions == std::slice::from_ref(&session));
    browser.session = Some(session);
    assert!(matches!(step_up(&mut world, &browser, Tier::Critical, now), StepUp::NotNeeded));

    // Unused for too long, by the requirement of where it is used now.
    world.wait(SessionLimits::DEFAULT.idle_seconds + 1);
    let idle = step_up(&mut world, &browser, Tier::Standard, now);
    assert!(matches!(idle, StepUp::Needed { lacks, .. } if lacks == [Lack::Seen]));
}

#[test]
fn what_a_requirement_asks_is_asked_of_passkeys_too() {
    let mut world = World::new();
    let mut phone = Device::new(1);
    world.enrolled_person(&mut phone);
    world.requirement = Requirement { attested_only: true, ..Requirement::passkeys_only(Tier::Standard) };
    let mut browser = world.browser();
    let refused = world.sign_in(&mut browser, &mut phone);
    assert_eq!(refused.err(), Some(Refusal::RequirementNotMet(vec![Lack::Attested])));
    assert!(world.kept.sessions.iter().all(|session| session.authentication.passkey.is_some()));
}
