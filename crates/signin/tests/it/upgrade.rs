//! From a password to a passkey: the invitation, the passkey that the browser makes by itself, and how long a weak
//! binding stays weak.

use model::{AuditKind, NoticeKind, Session, Strength, Tier};
use signin::{
    AccountFacts, Enrolled, InvitationLimits, InvitationState, Journey, JourneyState, LastPasskey, Mediation,
    NameTyped, PassIssuer, Purpose, Refusal, Workstation, limits,
};

use crate::{
    device::Device,
    world::{Browser, Lost, World, granted},
};

/// Ada, just signed in by password and code.
fn signed_in_by_password() -> (World, model::Person, Browser, Journey) {
    let mut world = World::new();
    let person = world.person_with_password();
    let mut browser = world.browser();
    let journey = world.sign_in_by_password(&mut browser, &person).journey;
    (world, person, browser, journey)
}

fn session(browser: &Browser) -> &Session {
    browser.session.as_ref().expect("a session")
}

/// A passkey that the browser makes by itself.
fn conditional(world: &mut World, browser: &Browser, device: &mut Device) -> Result<Enrolled, Refusal> {
    let journey = world.begin(browser, Purpose::AddPasskey(session(browser).id));
    let asked = world.enrol_options_by(browser, &journey, Mediation::Conditional)?;
    assert!(asked.options_json.contains(r#""userVerification":"preferred""#));
    let answer = device.create(&asked.options_json);
    let (_, taken) = world.take(browser, &asked.journey)?;
    let decided = world.enrol(browser, &taken, &answer);
    world.settle(decided).map(|(enrolled, _)| enrolled)
}

/// A device on which nobody is there: neither present nor verified.
fn unattended(seed: u64) -> Device {
    let mut device = Device::new(seed);
    device.knobs.user_present = false;
    device.knobs.user_verified = false;
    device
}

#[test]
fn not_now_is_kept_for_the_person_and_runs_out() {
    let (mut world, person, mut browser, mut journey) = signed_in_by_password();
    for count in 1..=3 {
        let state = world.kept.invitations.get(&person.id).copied().unwrap_or_default();
        let decided = signin::not_now(&journey, &browser.binding, browser.session.as_ref(), state, world.now);
        let (finished, audit) = world.settle(decided).expect("left alone");
        assert!(matches!(finished.state, JourneyState::Finished));
        assert_eq!(audit, [AuditKind::InvitationDeclined]);
        let until = world.now.plus_seconds(7 * 24 * 3600);
        assert_eq!(world.kept.invitations[&person.id], InvitationState { count, snoozed_until: Some(until) });
        // Left alone meanwhile, also in another browser.
        world.wait(60);
        let mut elsewhere = world.browser();
        assert!(matches!(world.sign_in_by_password(&mut elsewhere, &person).journey.state, JourneyState::Finished));
        world.wait(7 * 24 * 3600);
        browser.session = None;
        journey = world.sign_in_by_password(&mut browser, &person).journey;
    }
    let JourneyState::Invited { due } = &journey.state else { panic!("not invited") };
    assert_eq!(due.not_now_left, 0);
    let state = world.kept.invitations[&person.id];
    let decided = signin::not_now(&journey, &browser.binding, browser.session.as_ref(), state, world.now);
    assert_eq!(granted(decided).err(), Some(Refusal::InvitationUsedUp));
}

#[test]
fn an_invitation_is_met_by_a_passkey_and_nothing_else() {
    let (mut world, person, browser, journey) = signed_in_by_password();
    let met = |world: &World, browser: &Browser, journey: &Journey| {
        let passkeys = &world.kept.passkeys;
        signin::invitation_met(journey, &browser.binding, browser.session.as_ref(), passkeys, world.now)
    };
    assert_eq!(met(&world, &browser, &journey).err(), Some(Refusal::WrongStep));
    world.enrolled_person(&mut Device::new(9));
    assert_eq!(met(&world, &browser, &journey).err(), Some(Refusal::WrongStep), "somebody else's passkey");
    // An invited journey signs nobody in again.
    assert_eq!(world.options(&browser, &journey).err(), Some(Refusal::WrongStep));

    let enrolled = world.add_passkey(&browser, &mut Device::new(1)).expect("a first passkey");
    assert_eq!(enrolled.passkey.binding, Strength::TwoFactor);
    assert_eq!(world.kept.told(person.id), [NoticeKind::PasskeyAdded]);
    assert_eq!(world.kept.notices.last().expect("a notice").2, Some(enrolled.passkey.id));
    let finished = met(&world, &browser, &journey).expect("met");
    assert!(matches!(finished.state, JourneyState::Finished));
    let stranger = world.browser();
    assert_eq!(met(&world, &stranger, &journey).err(), Some(Refusal::OtherBrowser));
    let without = Browser { session: None, ..browser };
    assert_eq!(met(&world, &without, &journey).err(), Some(Refusal::SessionEnded));
}

#[test]
fn whoever_never_may_be_asked_is_not() {
    let mut world = World::new();
    let person = world.person_with_password();
    world.requirement.invitation = InvitationLimits { snooze_days: 0, skips: 0 };
    let mut browser = world.browser();
    assert!(matches!(world.sign_in_by_password(&mut browser, &person).journey.state, JourneyState::Finished));
}

#[test]
fn a_passkey_made_by_itself_is_bound_like_a_password() {
    let (mut world, person, browser, _) = signed_in_by_password();
    let mut device = unattended(1);
    let enrolled = conditional(&mut world, &browser, &mut device).expect("made by itself");
    assert_eq!((enrolled.passkey.binding, enrolled.passkey.user_verified), (Strength::Password, false));
    assert!(enrolled.opened.is_none());
    assert_eq!(world.kept.told(person.id), [NoticeKind::PasskeyAdded]);
}

#[test]
fn nobody_may_be_away_when_a_passkey_is_asked_for_openly() {
    let (mut world, _, browser, _) = signed_in_by_password();
    let refused = world.add_passkey(&browser, &mut unattended(1));
    assert!(matches!(refused.err(), Some(Refusal::ProofFailed(_))));
    // Nor does asking again openly forgive what was asked for conditionally.
    let journey = world.begin(&browser, Purpose::AddPasskey(session(&browser).id));
    let asked = world.enrol_options_by(&browser, &journey, Mediation::Conditional).expect("options");
    let asked = world.enrol_options(&browser, &asked.journey).expect("options again");
    let answer = unattended(2).create(&asked.options_json);
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    assert!(matches!(granted(world.enrol(&browser, &taken, &answer)).err(), Some(Refusal::ProofFailed(_))));
}

#[test]
fn a_passkey_is_made_by_itself_only_just_after_a_password() {
    // For someone who has one already.
    let (mut world, _, browser, _) = signed_in_by_password();
    conditional(&mut world, &browser, &mut unattended(1)).expect("the first");
    assert_eq!(conditional(&mut world, &browser, &mut unattended(2)).err(), Some(Refusal::WrongStep));
    // In a session that a passkey opened.
    let mut world = World::new();
    let mut device = Device::new(1);
    world.enrolled_person(&mut device);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut device).expect("signed in");
    assert_eq!(conditional(&mut world, &browser, &mut unattended(2)).err(), Some(Refusal::WrongStep));
    // Later.
    let (mut world, _, browser, _) = signed_in_by_password();
    world.wait(limits::FRESH_PROOF_SECONDS + 1);
    assert_eq!(conditional(&mut world, &browser, &mut unattended(1)).err(), Some(Refusal::FreshProofNeeded));
    // Where several people sit.
    let (mut world, _, browser, _) = signed_in_by_password();
    world.workstation = Workstation::Shared;
    assert_eq!(conditional(&mut world, &browser, &mut unattended(1)).err(), Some(Refusal::SharedWorkstation));
    assert_eq!(world.add_passkey(&browser, &mut Device::new(1)).err(), Some(Refusal::SharedWorkstation));
    // By pass.
    let mut world = World::new();
    let person = world.person();
    let (pass, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    let journey = world.begin(&browser, Purpose::Enrol(signin::EnrolBy::Pass(pass.id)));
    let refused = world.enrol_options_by(&browser, &journey, Mediation::Conditional);
    assert_eq!(refused.err(), Some(Refusal::WrongStep));
}

#[test]
fn two_browsers_bind_one_first_passkey() {
    let (mut world, person, browser, _) = signed_in_by_password();
    world.wait(60);
    let mut elsewhere = world.browser();
    world.sign_in_by_password(&mut elsewhere, &person);
    let mut sets = Vec::new();
    for (seed, browser) in [(1, &browser), (2, &elsewhere)] {
        let journey = world.begin(browser, Purpose::AddPasskey(session(browser).id));
        let asked = world.enrol_options(browser, &journey).expect("options");
        let answer = Device::new(seed).create(&asked.options_json);
        let (_, taken) = world.take(browser, &asked.journey).expect("a challenge is out");
        sets.push(granted(world.enrol(browser, &taken, &answer)).expect("by the facts of then").changes);
    }
    assert_eq!(world.commit(&sets[0]), Ok(()));
    assert_eq!(world.commit(&sets[1]), Err(Lost("the person holds no passkey")));
    // Asked again, the engine says what is needed now.
    assert_eq!(world.add_passkey(&elsewhere, &mut Device::new(2)).err(), Some(Refusal::FreshProofNeeded));
}

/// Signs in with `device` to a path of this tier.
fn sign_in_to(world: &mut World, browser: &mut Browser, device: &mut Device, tier: Tier) -> Result<Session, Refusal> {
    let mut journey = world.begin(browser, Purpose::SignIn);
    journey.tier = tier;
    let asked = world.options(browser, &journey)?;
    let answer = device.get(&asked.options_json);
    let (_, taken) = world.take(browser, &asked.journey)?;
    let decided = world.prove(browser, &taken, &answer, NameTyped::None);
    let opened = world.settle(decided)?.0.opened.session;
    browser.session = Some(opened.clone());
    Ok(opened)
}

#[test]
fn a_weak_binding_serves_more_after_notice_time_and_use() {
    let (mut world, _, mut browser, _) = signed_in_by_password();
    let mut device = unattended(1);
    conditional(&mut world, &browser, &mut device).expect("made by itself");
    (device.knobs.user_present, device.knobs.user_verified) = (true, true);

    sign_in_to(&mut world, &mut browser, &mut device, Tier::Standard).expect("serves the standard tier");
    for tier in [Tier::Sensitive, Tier::Critical] {
        let refused = sign_in_to(&mut world, &mut browser, &mut device, tier);
        assert_eq!(refused.err(), Some(Refusal::BindingTooWeak), "nobody was told");
    }
    world.kept.passkeys[0].noticed = Some(world.now);
    world.wait(limits::OBJECTION_SECONDS - 1);
    let refused = sign_in_to(&mut world, &mut browser, &mut device, Tier::Critical);
    assert_eq!(refused.err(), Some(Refusal::BindingTooWeak), "time to object is left");
    world.wait(1);
    device.knobs.user_verified = false;
    let refused = sign_in_to(&mut world, &mut browser, &mut device, Tier::Critical);
    assert!(matches!(refused.err(), Some(Refusal::ProofFailed(_))), "a use without verification confirms nothing");
    assert_eq!(world.kept.passkeys[0].confirmed, None);
    device.knobs.user_verified = true;
    sign_in_to(&mut world, &mut browser, &mut device, Tier::Critical).expect("confirmed by this use");
    assert_eq!(world.kept.passkeys[0].confirmed, Some(world.now));
    // Once for good.
    let confirmed = world.kept.passkeys[0].confirmed;
    world.wait(60);
    sign_in_to(&mut world, &mut browser, &mut device, Tier::Critical).expect("still");
    assert_eq!(world.kept.passkeys[0].confirmed, confirmed);
}

#[test]
fn a_phished_password_mints_no_passkey_that_is_worth_more() {
    // What the phisher's password bound opens a session, but what that session binds is no better.
    let (mut world, _, mut browser, _) = signed_in_by_password();
    let mut first = unattended(1);
    conditional(&mut world, &browser, &mut first).expect("made by itself");
    (first.knobs.user_present, first.knobs.user_verified) = (true, true);
    world.sign_in(&mut browser, &mut first).expect("serves the standard tier");
    let mut second = Device::security_key(2);
    // Its person still has a password and an app, which together count for more.
    assert_eq!(world.add_passkey(&browser, &mut second).err(), Some(Refusal::StrongerProofNeeded));
    world.kept.passwords.clear();
    world.kept.totp.clear();
    let enrolled = world.add_passkey(&browser, &mut second).expect("another of the same worth");
    assert_eq!(enrolled.passkey.binding, Strength::Password);
    let refused = sign_in_to(&mut world, &mut browser, &mut second, Tier::Critical);
    assert_eq!(refused.err(), Some(Refusal::BindingTooWeak));
}

#[test]
fn a_weak_binding_does_not_keep_its_person_from_a_better_one() {
    let (mut world, person, mut browser, _) = signed_in_by_password();
    conditional(&mut world, &browser, &mut unattended(1)).expect("made by itself");
    world.wait(3600);
    world.sign_in_by_password(&mut browser, &person);
    let enrolled = world.add_passkey(&browser, &mut Device::new(2)).expect("one that they made knowingly");
    assert_eq!(enrolled.passkey.binding, Strength::TwoFactor);
}

#[test]
fn what_a_phished_password_bound_neither_adds_to_nor_removes_a_better_passkey() {
    let mut world = World::new();
    let mut own = Device::new(1);
    let person = world.enrolled_person(&mut own);
    let mut thief = Device::new(2);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut own).expect("signed in");
    world.add_passkey(&browser, &mut thief).expect("a second passkey");
    // As if the second had been bound by a password.
    world.kept.passkeys[1].binding = Strength::Password;
    let mut elsewhere = world.browser();
    world.sign_in(&mut elsewhere, &mut thief).expect("serves the standard tier");
    assert_eq!(world.add_passkey(&elsewhere, &mut Device::new(3)).err(), Some(Refusal::StrongerProofNeeded));
    let passkeys = world.kept.passkeys_of(person.id);
    let facts = AccountFacts {
        session: session(&elsewhere),
        passkey: passkeys.first(),
        holdings: world.kept.holdings(person.id, &passkeys),
    };
    let mut entropy = model::Entropy::new([1; 256]);
    let refused = signin::remove_passkey(&facts, LastPasskey::Keep, world.now, &mut entropy);
    assert_eq!(granted(refused).err(), Some(Refusal::StrongerProofNeeded));
    // The person themselves cancels it.
    let facts = AccountFacts { session: session(&browser), passkey: passkeys.get(1), ..facts };
    let decided = signin::remove_passkey(&facts, LastPasskey::Keep, world.now, &mut entropy);
    world.settle(decided).expect("removed");
    assert_eq!(world.kept.told(person.id).last(), Some(&NoticeKind::PasskeyRemoved));
}

#[test]
fn whoever_has_no_other_passkey_can_object_to_one_that_they_never_made() {
    let (mut world, person, mut browser, _) = signed_in_by_password();
    let mut thief = Device::new(1);
    let enrolled = world.add_passkey(&browser, &mut thief).expect("bound");
    let remove = |world: &mut World, browser: &Browser| {
        let passkeys = world.kept.passkeys_of(person.id);
        let facts = AccountFacts {
            session: session(browser),
            passkey: passkeys.iter().find(|passkey| passkey.id == enrolled.passkey.id),
            holdings: world.kept.holdings(person.id, &passkeys),
        };
        let decided = signin::remove_passkey(&facts, LastPasskey::MayGo, world.now, &mut model::Entropy::new([1; 256]));
        world.settle(decided).map(|(removed, _)| removed.signed_out)
    };
    // One that is beyond doubt goes by a passkey only.
    assert_eq!(remove(&mut world, &browser), Err(Refusal::FreshProofNeeded));
    // As if a recovery code, or a password, had bound it: the person was told, and comes with all that they have.
    world.kept.passkeys[0].binding = Strength::Password;
    world.wait(limits::FRESH_PROOF_SECONDS + 30);
    assert_eq!(remove(&mut world, &browser), Err(Refusal::FreshProofNeeded), "a stale proof objects to nothing");
    world.sign_in_by_password(&mut browser, &person);
    let mut weaker = Browser { session: browser.session.clone(), ..world.browser() };
    weaker.session.as_mut().expect("a session").authentication.strength = Strength::Password;
    assert_eq!(remove(&mut world, &weaker), Err(Refusal::StrongerProofNeeded), "nor does a part of what they hold");
    assert_eq!(remove(&mut world, &browser), Ok(false));
    assert!(world.kept.passkeys.is_empty());
    let mut elsewhere = world.browser();
    assert_eq!(world.sign_in(&mut elsewhere, &mut thief).err(), Some(Refusal::UnknownPasskey));
}

#[test]
fn a_stronger_key_is_proved_before_another_is_bound() {
    let mut world = World::new();
    let (mut phone, mut key) = (Device::new(1), Device::security_key(2));
    world.enrolled_person(&mut phone);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut phone).expect("signed in");
    world.add_passkey(&browser, &mut key).expect("a security key");
    let mut third = Device::security_key(3);
    assert_eq!(world.add_passkey(&browser, &mut third).err(), Some(Refusal::StrongerProofNeeded));
    let proof = Purpose::FreshProof(session(&browser).id);
    world.sign_in_for(&mut browser, proof, &mut key, NameTyped::None).expect("proved");
    let enrolled = world.add_passkey(&browser, &mut third).expect("another");
    assert_eq!(enrolled.passkey.binding, Strength::DeviceBoundClaimed);
}

#[test]
fn a_recovery_code_binds_no_more_than_a_password() {
    let mut world = World::new();
    let person = world.person_with_password();
    let codes = world.give_codes(person.id);
    let mut browser = world.browser();
    let (named, code) = (signin::Named::Person(person.id), signin::CodeTyped::Recovery(codes[0].expose()));
    world
        .sign_in_typed(&mut browser, Purpose::SignIn, named, crate::typed::PASSWORD, code)
        .expect("signed in by recovery code");
    let enrolled = world.add_passkey(&browser, &mut Device::new(1)).expect("a first passkey");
    assert_eq!(enrolled.passkey.binding, Strength::Password);
}
