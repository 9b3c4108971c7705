//! Adding and disabling people.

use model::{Actor, AuditKind, Employment, PersonStatus};
use signin::{NewPerson, SealedName, SigninName};

use crate::{
    device::Device,
    world::{Lost, World, kinds},
};

#[test]
fn a_name_is_held_by_one_person() {
    let mut world = World::new();
    let mut add = |typed: &str| {
        let new = NewPerson { employment: Employment::Contractor, privileged: true, groups: Vec::new(), ends: None };
        let mut entropy = world.entropy();
        let person = signin::draft(new, world.now, &mut entropy);
        let hash = SigninName::parse(typed).expect(typed).hash(&world.key);
        let names = vec![SealedName { hash, sealed: Vec::new() }];
        let outcome = signin::add_person(Actor::Operator, person, Vec::new(), names);
        assert_eq!(kinds(&outcome.audit), [AuditKind::PersonAdded]);
        world.commit(&outcome.changes)
    };
    assert_eq!(add("ada@example.org"), Ok(()));
    assert_eq!(add(" ADA@example.org "), Err(Lost("nobody holds the name")));
    assert_eq!(add("bob@example.org"), Ok(()));
    // A set that failed left nothing of itself.
    assert_eq!((world.kept.people.len(), world.kept.names.len()), (2, 2));
}

#[test]
fn user_handles_are_random() {
    let mut world = World::new();
    let (ada, bob) = (world.person(), world.person());
    assert_ne!(ada.user_handle, bob.user_handle);
    assert!(!ada.user_handle.windows(16).any(|window| window == ada.id.as_bytes()));
}

#[test]
fn disabling_ends_every_session() {
    let mut world = World::new();
    let mut device = Device::new(1);
    let person = world.enrolled_person(&mut device);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut device).expect("signed in");
    let disabled = signin::set_person_status(Actor::Operator, person.id, PersonStatus::Disabled, world.now);
    assert_eq!(kinds(&disabled.audit), [AuditKind::PersonStatusChanged]);
    world.commit(&disabled.changes).expect("disabled");
    assert!(world.kept.sessions.is_empty());
    assert_eq!(world.sign_in(&mut browser, &mut device).err(), Some(signin::Refusal::PersonRefused));
    let enabled = signin::set_person_status(Actor::Operator, person.id, PersonStatus::Active, world.now);
    world.commit(&enabled.changes).expect("enabled");
    assert!(world.sign_in(&mut browser, &mut device).is_ok());
}

#[test]
fn someone_who_lost_everything_starts_anew() {
    let mut world = World::new();
    let mut lost = Device::new(1);
    let person = world.enrolled_person(&mut lost);
    let other = world.enrolled_person(&mut Device::new(3));
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut lost).expect("signed in");

    let reset = signin::reset_passkeys(
        &Actor::Operator,
        person.id,
        &world.kept.passkeys.clone(),
        world.now,
        &mut model::Entropy::new([9; 256]),
    );
    assert_eq!(kinds(&reset.audit), [AuditKind::PasskeyRemoved, AuditKind::SessionEnded]);
    world.commit(&reset.changes).expect("reset");
    assert!(world.kept.sessions.iter().all(|session| session.authentication.person == other.id));
    assert!(world.kept.passkeys.iter().all(|passkey| passkey.person == other.id), "nobody else's passkey goes");
    assert_eq!(world.sign_in(&mut browser, &mut lost).err(), Some(signin::Refusal::UnknownPasskey));
}

#[test]
fn leaving_a_group_ends_sessions_and_joining_one_does_not() {
    let mut world = World::new();
    let mut device = Device::new(1);
    let person = world.enrolled_person(&mut device);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut device).expect("signed in");
    // (groups before, groups after, sessions left)
    let cases: [(&[&str], &[&str], bool); 3] = [
        (&[], &["staff", "finance"], true),
        (&["staff"], &["staff"], true),
        (&["staff", "finance"], &["staff"], false),
    ];
    for (before, after, lives) in cases {
        let owned = |groups: &[&str]| groups.iter().map(|group| (*group).to_owned()).collect::<Vec<_>>();
        let before = model::Person { groups: owned(before), ..person.clone() };
        let set = signin::set_person_groups(Actor::Operator, &before, owned(after), world.now);
        world.commit(&set.changes).expect("the person exists");
        assert_eq!(world.kept.people[0].groups, owned(after));
        assert_eq!(world.kept.sessions.iter().any(|s| Some(s) == browser.session.as_ref()), lives, "{after:?}");
    }
}

#[test]
fn a_revoked_passkey_takes_its_sessions_along_and_is_told() {
    let mut world = World::new();
    let (mut lost, mut kept) = (Device::new(1), Device::new(2));
    let person = world.enrolled_person(&mut lost);
    let (mut first, mut second) = (world.browser(), world.browser());
    world.sign_in(&mut first, &mut lost).expect("signed in");
    world.add_passkey(&first, &mut kept).expect("a second passkey");
    world.sign_in(&mut second, &mut kept).expect("signed in");
    let passkey = world.kept.passkeys[0].clone();
    let mut entropy = model::Entropy::new([1; 256]);
    let revoked = signin::revoke_credential(&Actor::Operator, &passkey, "lost", world.now, &mut entropy);
    world.commit(&revoked.changes).expect("it is theirs");
    assert_eq!(world.kept.passkeys.len(), 1);
    assert_eq!(world.kept.sessions, [second.session.expect("a session")]);
    assert_eq!(world.kept.told(person.id).last(), Some(&model::NoticeKind::PasskeyRemoved));
}

#[test]
fn reset_fallbacks_leave_the_passkey_and_end_a_rest() {
    let mut world = World::new();
    let person = world.person_with_password();
    world.give_codes(person.id);
    let mut browser = world.browser();
    world.sign_in_by_password(&mut browser, &person);
    let mut device = Device::new(1);
    world.add_passkey(&browser, &mut device).expect("a passkey");
    let mut other = world.browser();
    world.sign_in(&mut other, &mut device).expect("signed in");
    let streak = signin::throttle::Keys::streak_of(person.id, &world.key);
    world.kept.counters.insert(streak, signin::throttle::Counter { failures: 100, ..signin::throttle::Counter::NONE });
    let mut entropy = model::Entropy::new([1; 256]);
    let reset = signin::reset_fallbacks(&Actor::Operator, person.id, &world.key, world.now, &mut entropy);
    world.commit(&reset.changes).expect("the person exists");
    assert!(world.kept.passwords.is_empty() && world.kept.totp.is_empty());
    assert!(world.kept.recovery_codes[&person.id].is_empty() && !world.kept.counters.contains_key(&streak));
    assert_eq!(world.kept.sessions, [other.session.expect("a session")]);
}

#[test]
fn an_imported_password_waits_for_its_first_sign_in() {
    let mut world = World::new();
    let person = world.person_with_password();
    let imported = model::Secret::new("old:brought along".to_owned());
    let set = signin::import_password(Actor::Operator, person.id, imported, world.now);
    world.commit(&set.changes).expect("the person exists");
    assert_eq!(world.kept.passwords[&person.id], ("old:brought along".to_owned(), true));
}
