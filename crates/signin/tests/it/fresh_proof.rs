//! Proving again in a live session.

use model::{AuditKind, SessionId};
use signin::{NameTyped, Purpose, Refusal};

use crate::{
    device::Device,
    world::{Browser, Lost, World, granted},
};

fn signed_in() -> (World, Device, Browser, SessionId) {
    let mut world = World::new();
    let mut device = Device::new(1);
    world.enrolled_person(&mut device);
    let mut browser = world.browser();
    let session = world.sign_in(&mut browser, &mut device).expect("signed in").opened.session.id;
    (world, device, browser, session)
}

#[test]
fn a_fresh_proof_rotates_the_session() {
    let (mut world, mut device, mut browser, old) = signed_in();
    world.wait(3600);
    let purpose = Purpose::FreshProof(old);
    let (proved, audit) = world.sign_in_for(&mut browser, purpose, &mut device, NameTyped::None).expect("proved");
    assert_eq!(audit, [AuditKind::SessionEnded, AuditKind::SignedIn]);
    let new = proved.opened.session;
    assert_ne!(new.id, old);
    assert_eq!(new.authentication.at, world.now);
    assert!(world.kept.sessions.iter().all(|session| session.id != old));
}

#[test]
fn another_person_can_not_prove_for_this_session() {
    let (mut world, _, mut browser, session) = signed_in();
    let mut bobs = Device::new(2);
    world.enrolled_person(&mut bobs);
    let proved = world.sign_in_for(&mut browser, Purpose::FreshProof(session), &mut bobs, NameTyped::None);
    assert_eq!(proved.err(), Some(Refusal::NotYours));
}

#[test]
fn the_session_must_be_the_one_that_began() {
    let (mut world, mut device, mut browser, old) = signed_in();
    world.sign_in(&mut browser, &mut device).expect("signed in again");
    let proved = world.sign_in_for(&mut browser, Purpose::FreshProof(old), &mut device, NameTyped::None);
    assert_eq!(proved.err(), Some(Refusal::SessionEnded));
    browser.session = None;
    let proved = world.sign_in_for(&mut browser, Purpose::FreshProof(old), &mut device, NameTyped::None);
    assert_eq!(proved.err(), Some(Refusal::SessionEnded));
}

#[test]
fn a_session_past_its_end_is_not_renewed() {
    let (mut world, mut device, mut browser, session) = signed_in();
    world.wait(12 * 3600);
    let proved = world.sign_in_for(&mut browser, Purpose::FreshProof(session), &mut device, NameTyped::None);
    assert_eq!(proved.err(), Some(Refusal::SessionEnded));
}

#[test]
fn a_session_ended_meanwhile_is_not_revived() {
    let (mut world, mut device, browser, session) = signed_in();
    let journey = world.begin(&browser, Purpose::FreshProof(session));
    let asked = world.options(&browser, &journey).expect("options");
    let answer = device.get(&asked.options_json);
    let (_, taken) = world.take(&browser, &asked.journey).expect("a challenge is out");
    let outcome = granted(world.prove(&browser, &taken, &answer, NameTyped::None)).expect("by the facts of then");
    world.kept.sessions.clear();
    assert_eq!(world.commit(&outcome.changes), Err(Lost("the session is live")));
    assert!(world.kept.sessions.is_empty());
}
