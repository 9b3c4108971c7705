//! A person's own password, authenticator app and recovery codes.

use crypto::password::Password;
use model::{AuditKind, Decision, Entropy, NoticeKind, Person, PersonId, Secret, Strength};
use signin::{
    Change, OwnFacts, PasswordAnswers, PasswordQuestion, Purpose, Refusal, Stranding, Workstation, limits,
    password::BreachVerdict,
    totp::{Enrolling, TotpSecret},
};

use crate::{
    device::Device,
    typed::{PASSWORD, SECRET, code},
    world::{Browser, Decided, Lost, World, granted},
};

const NEW: &str = "violet otter beside the quiet canal";

/// Ada, signed in with her only passkey, where fallbacks may serve the standard tier.
fn with_passkey() -> (World, Person, Device, Browser) {
    let mut world = World::new();
    let mut device = Device::new(1);
    let person = world.enrolled_person(&mut device);
    world.requirement.least = Strength::TwoFactor;
    world.requirement.password_and_totp = true;
    world.requirement.recovery_codes = true;
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut device).expect("signed in");
    (world, person, device, browser)
}

fn with_facts<R>(world: &World, browser: &Browser, ask: impl FnOnce(&OwnFacts<'_>) -> R) -> R {
    let session = browser.session.as_ref().expect("a session");
    let person = session.authentication.person;
    let passkeys = world.kept.passkeys_of(person);
    let holdings = world.kept.holdings(person, &passkeys);
    ask(&OwnFacts { session, holdings, requirement: &world.requirement, workstation: world.workstation })
}

fn spare() -> Entropy {
    Entropy::new([9; 256])
}

fn password(text: &str) -> Password {
    Password::parse(Secret::new(text.to_owned())).expect("of a length that is looked at")
}

/// Sets a password: the shell's part, round by round.
fn set(world: &mut World, browser: &Browser, text: &str, breach: BreachVerdict) -> Result<Vec<AuditKind>, Refusal> {
    let new = password(text);
    let mut answers = PasswordAnswers::default();
    for _ in 0..3 {
        let decided = with_facts(world, browser, |facts| {
            signin::set_password(facts, &new, &["ada@example.org"], &["Example"], &answers, world.now, &mut spare())
        });
        match decided {
            Decision::Need(PasswordQuestion::Breach(_)) => answers.breach = Some(breach),
            Decision::Need(PasswordQuestion::Hash { .. }) => answers.hashed = Some(Secret::new(format!("kept:{text}"))),
            Decision::Refused(outcome) => {
                assert!(outcome.changes.is_empty());
                return Err(outcome.reply);
            }
            Decision::Done(outcome) => {
                world.commit(&outcome.changes).map_err(|_| Refusal::LostRace)?;
                return Ok(crate::world::kinds(&outcome.audit));
            }
        }
    }
    panic!("asked more than it needs");
}

fn add_totp(world: &mut World, browser: &Browser) -> Result<(), Refusal> {
    let secret = [7; 20];
    let typed = code(&secret, world.now);
    let confirmed = Enrolling::new(TotpSecret::from_bytes(secret)).confirm(&typed, world.now).expect("the right code");
    let sealed = confirmed.secret.expose().to_vec();
    let decided =
        with_facts(world, browser, |facts| signin::add_totp(facts, &confirmed, sealed, world.now, &mut spare()));
    world.settle(decided).map(|_| ())
}

#[test]
fn a_password_is_judged_then_hashed_then_kept() {
    let (mut world, person, _, browser) = with_passkey();
    let audit = set(&mut world, &browser, NEW, BreachVerdict::Absent).expect("a good password");
    assert_eq!(audit, [AuditKind::PasswordSet, AuditKind::SessionEnded]);
    assert_eq!(world.kept.passwords[&person.id], (format!("kept:{NEW}"), false));
    assert_eq!(world.kept.told(person.id).last(), Some(&NoticeKind::PasswordChanged));
    for (weak, breach) in [
        ("short", BreachVerdict::Absent),
        ("ada@example.org ada@example.org", BreachVerdict::Absent),
        (NEW, BreachVerdict::Found { times: 3 }),
    ] {
        let refused = set(&mut world, &browser, weak, breach);
        assert!(matches!(refused, Err(Refusal::PasswordWeak(ref weak)) if !weak.is_empty()), "{weak}: {refused:?}");
    }
}

#[test]
fn a_new_password_ends_sessions_that_the_old_one_opened() {
    let mut world = World::new();
    let person = world.person_with_password();
    let (mut browser, mut thief) = (world.browser(), world.browser());
    world.sign_in_by_password(&mut thief, &person);
    world.wait(60);
    world.sign_in_by_password(&mut browser, &person);
    set(&mut world, &browser, NEW, BreachVerdict::NoList).expect("a good password");
    let live: Vec<_> = world.kept.sessions.iter().map(|session| session.id).collect();
    assert_eq!(live, [browser.session.as_ref().expect("a session").id]);
}

#[test]
fn an_app_is_kept_once_it_showed_a_code() {
    let (mut world, person, _, browser) = with_passkey();
    add_totp(&mut world, &browser).expect("added");
    let (_, last_step) = world.kept.totp[&person.id];
    assert_eq!(last_step, u64::try_from(world.now.seconds() / 30).ok(), "the confirming code is used");
    assert_eq!(world.kept.told(person.id).last(), Some(&NoticeKind::AuthenticatorAppAdded));
}

/// Makes recovery codes with the session that `browser` holds.
fn make_codes(world: &mut World, browser: &Browser) -> Result<(), Refusal> {
    let decided =
        with_facts(world, browser, |facts| signin::make_recovery_codes(facts, &world.key, world.now, &mut spare()));
    world.settle(decided).map(|_| ())
}

#[test]
fn a_phished_password_makes_itself_no_second_factor() {
    let mut world = World::new();
    let person = world.person_with_password();
    world.kept.totp.clear();
    world.requirement.least = Strength::Password;
    world.requirement.recovery_codes = true;
    let mut thief = world.browser();
    let named = signin::Named::Person(person.id);
    let journey = world.named(&thief, Purpose::SignIn, named).expect("offered");
    let reply = world.password_step(&thief, &journey, PASSWORD).expect("a password alone will do here");
    let signin::PasswordReply::SignedIn(signed_in) = reply else { panic!("a second factor was asked for") };
    thief.session = Some(signed_in.signed_in.opened.session);
    // With an app of their own they would show two factors next time: enough for the sensitive tier, and for a passkey whose binding
    // nobody doubts.
    assert_eq!(add_totp(&mut world, &thief).err(), Some(Refusal::StrongerProofNeeded));
    assert_eq!(make_codes(&mut world, &thief).err(), Some(Refusal::StrongerProofNeeded));
    // Nor does the way over a passkey lead there, before its time to object has passed.
    let mut device = Device::new(1);
    world.add_passkey(&thief, &mut device).expect("a passkey that is worth no more than the password");
    world.sign_in(&mut thief, &mut device).expect("signed in");
    assert_eq!(add_totp(&mut world, &thief).err(), Some(Refusal::StrongerProofNeeded));
    assert_eq!(make_codes(&mut world, &thief).err(), Some(Refusal::StrongerProofNeeded));
    assert!(world.kept.totp.is_empty() && world.kept.recovery_codes.is_empty());
}

#[test]
fn a_recovery_code_binds_no_authenticator_app() {
    let mut world = World::new();
    let person = world.person_with_password();
    let codes = world.give_codes(person.id);
    let mut browser = world.browser();
    let named = signin::Named::Person(person.id);
    let code = signin::CodeTyped::Recovery(codes[0].expose());
    world.sign_in_typed(&mut browser, Purpose::SignIn, named, PASSWORD, code).expect("signed in");
    // The app would count for two factors in every tier; what is bound by recovery carries no more than recovery proved.
    assert_eq!(add_totp(&mut world, &browser).err(), Some(Refusal::StrongerProofNeeded));
    // Codes open no more than the one that was used.
    make_codes(&mut world, &browser).expect("made");
    // Whoever shows the app itself may put another in its place.
    world.wait(60);
    world.sign_in_by_password(&mut browser, &person);
    add_totp(&mut world, &browser).expect("replaced");
}

#[test]
fn another_authenticator_app_ends_the_sessions_of_the_one_before() {
    let mut world = World::new();
    let person = world.person_with_password();
    let (mut browser, mut thief) = (world.browser(), world.browser());
    for act in [add_totp as fn(&mut World, &Browser) -> Result<(), Refusal>, |world, browser| {
        let decided = with_facts(world, browser, |facts| {
            signin::remove_totp(facts, Stranding::Accepted, world.now, &mut spare())
        });
        world.settle(decided).map(|_| ())
    }] {
        world.kept.totp.insert(person.id, (SECRET, None));
        thief.session = None;
        world.sign_in_by_password(&mut thief, &person);
        world.wait(60);
        world.sign_in_by_password(&mut browser, &person);
        act(&mut world, &browser).expect("done");
        let live: Vec<_> = world.kept.sessions.iter().map(|session| session.id).collect();
        assert_eq!(live, [browser.session.as_ref().expect("a session").id]);
        world.wait(60);
    }
}

#[test]
fn recovery_codes_are_replaced_as_a_set() {
    let (mut world, person, _, browser) = with_passkey();
    let make = |world: &mut World, draw: u8| {
        let decided = with_facts(world, &browser, |facts| {
            signin::make_recovery_codes(facts, &world.key, world.now, &mut Entropy::new([draw; 256]))
        });
        world.settle(decided).expect("made").0
    };
    let first = make(&mut world, 1);
    let second = make(&mut world, 2);
    assert_eq!((first.shown.len(), second.shown.len()), (10, 10));
    assert_eq!(world.kept.recovery_codes[&person.id], second.hashes);
    assert_ne!(first.hashes, second.hashes);
    assert_eq!(world.kept.told(person.id)[1..], [NoticeKind::RecoveryCodesMade; 2]);
}

#[test]
fn nothing_is_set_up_that_could_not_be_used() {
    let (mut world, _, _, browser) = with_passkey();
    world.requirement.recovery_codes = false;
    world.requirement.password_and_totp = false;
    let refused = set(&mut world, &browser, NEW, BreachVerdict::Absent);
    assert_eq!(refused.err(), Some(Refusal::FallbackNotOffered));
    assert_eq!(add_totp(&mut world, &browser).err(), Some(Refusal::FallbackNotOffered));
}

/// Everything that changes one's fallbacks, with spare arguments.
fn every_act(facts: &OwnFacts<'_>, world: &World) -> Vec<(&'static str, Decided<()>)> {
    let (now, key) = (world.now, &world.key);
    let secret = [7; 20];
    let app = Enrolling::new(TotpSecret::from_bytes(secret)).confirm(&code(&secret, now), now).expect("right");
    let answers =
        PasswordAnswers { breach: Some(BreachVerdict::Absent), hashed: Some(Secret::new("kept:x".to_owned())) };
    let set = match signin::set_password(facts, &password(NEW), &[], &[], &answers, now, &mut spare()) {
        Decision::Done(outcome) => Decision::Done(outcome),
        Decision::Refused(outcome) => Decision::Refused(outcome),
        Decision::Need(_) => panic!("everything was answered"),
    };
    let made = match signin::make_recovery_codes(facts, key, now, &mut spare()) {
        Decision::Done(outcome) => {
            Decision::Done(model::Outcome { reply: (), changes: outcome.changes, audit: outcome.audit })
        }
        Decision::Refused(outcome) => Decision::Refused(outcome),
        Decision::Need(question) => match question {},
    };
    let meant = Stranding::Accepted;
    vec![
        ("set_password", set),
        ("make_recovery_codes", made),
        ("add_totp", signin::add_totp(facts, &app, Vec::new(), now, &mut spare())),
        ("remove_password", signin::remove_password(facts, meant, now, &mut spare())),
        ("remove_totp", signin::remove_totp(facts, meant, now, &mut spare())),
        ("remove_recovery_codes", signin::remove_recovery_codes(facts, meant, now)),
        ("remove_fallbacks", signin::remove_fallbacks(facts, meant, now, &mut spare())),
    ]
}

#[test]
fn every_act_needs_a_fresh_proof_of_the_strongest_method_and_a_live_session() {
    let (mut world, _, _, browser) = with_passkey();
    let acts = with_facts(&world, &browser, |facts| every_act(facts, &world));
    for (act, decided) in acts {
        let outcome = granted(decided).unwrap_or_else(|refusal| panic!("{act}: {refusal}"));
        assert!(matches!(outcome.changes.first(), Some(Change::RequireSession { .. })), "{act}");
        assert!(!outcome.audit.is_empty(), "{act}");
        let mut elsewhere = World::new();
        assert_eq!(elsewhere.commit(&outcome.changes), Err(Lost("the session is live")), "{act}");
    }
    let refused = |world: &World, browser: &Browser, expected: &Refusal| {
        for (act, decided) in with_facts(world, browser, |facts| every_act(facts, world)) {
            assert_eq!(granted(decided).err().as_ref(), Some(expected), "{act}");
        }
    };
    world.workstation = Workstation::Shared;
    refused(&world, &browser, &Refusal::SharedWorkstation);
    world.workstation = Workstation::Own;
    world.wait(limits::FRESH_PROOF_SECONDS + 1);
    refused(&world, &browser, &Refusal::FreshProofNeeded);
    world.kept.passkeys[0].backup_eligible = false;
    let mut by_password = browser;
    let session = by_password.session.as_mut().expect("a session");
    session.authentication.at = world.now;
    refused(&world, &by_password, &Refusal::StrongerProofNeeded);
    let session = by_password.session.as_mut().expect("a session");
    (session.authentication.passkey, session.authentication.strength) = (None, Strength::TwoFactor);
    refused(&world, &by_password, &Refusal::FreshProofNeeded);
}

#[test]
fn nobody_loses_the_last_way_in_unawares() {
    let mut world = World::new();
    let person = world.person_with_password();
    let mut browser = world.browser();
    world.sign_in_by_password(&mut browser, &person);
    type Act = fn(&OwnFacts<'_>, Stranding, model::Timestamp) -> Decided<()>;
    let acts: [Act; 3] = [
        |facts, stranding, now| signin::remove_password(facts, stranding, now, &mut spare()),
        |facts, stranding, now| signin::remove_totp(facts, stranding, now, &mut spare()),
        |facts, stranding, now| signin::remove_fallbacks(facts, stranding, now, &mut spare()),
    ];
    for act in acts {
        let refused = with_facts(&world, &browser, |facts| act(facts, Stranding::Refused, world.now));
        assert_eq!(granted(refused).err(), Some(Refusal::WouldStrand));
    }
    // With recovery codes beside it, the app may go without a word.
    world.give_codes(person.id);
    let decided =
        with_facts(&world, &browser, |facts| signin::remove_totp(facts, Stranding::Refused, world.now, &mut spare()));
    world.settle(decided).expect("a second factor is left");
    let decided = with_facts(&world, &browser, |facts| {
        signin::remove_fallbacks(facts, Stranding::Accepted, world.now, &mut spare())
    });
    let (_, audit) = world.settle(decided).expect("meant");
    assert_eq!(
        audit,
        [AuditKind::SessionEnded, AuditKind::PasswordRemoved, AuditKind::RecoveryCodesRemoved],
        "and nothing that was not there"
    );
    assert!(world.kept.passwords.is_empty() && world.kept.recovery_codes[&person.id].is_empty());
}

#[test]
fn passkeys_only_is_one_step_for_who_has_one() {
    let (mut world, person, mut device, mut browser) = with_passkey();
    set(&mut world, &browser, NEW, BreachVerdict::Absent).expect("a good password");
    add_totp(&mut world, &browser).expect("added");
    let decided = with_facts(&world, &browser, |facts| {
        signin::remove_fallbacks(facts, Stranding::Refused, world.now, &mut spare())
    });
    world.settle(decided).expect("a passkey is left");
    assert!(!holds_fallbacks(&world, person.id));
    let told = world.kept.told(person.id);
    assert_eq!(told[told.len() - 2..], [NoticeKind::PasswordChanged, NoticeKind::AuthenticatorAppRemoved]);
    let proof = Purpose::FreshProof(browser.session.as_ref().expect("a session").id);
    assert!(world.sign_in_for(&mut browser, proof, &mut device, signin::NameTyped::None).is_ok());
}

fn holds_fallbacks(world: &World, person: PersonId) -> bool {
    let holdings = world.kept.holdings(person, &[]);
    holdings.password || holdings.totp || holdings.recovery_codes > 0
}
