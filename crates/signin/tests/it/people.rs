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
