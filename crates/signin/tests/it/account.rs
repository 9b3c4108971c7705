//! Renaming and removing passkeys, and ending sessions.

use model::{AuditKind, Entropy, PasskeyId, SessionId};
use signin::{AccountFacts, Holdings, LastPasskey, NameTyped, Purpose, Refusal, Removed, Signal, limits};

use crate::{
    device::Device,
    world::{Browser, Decided, Lost, World, granted, kinds},
};

/// Ada with two passkeys, signed in with the first.
fn with_two() -> (World, [Device; 2], Browser) {
    let mut world = World::new();
    let mut devices = [Device::new(1), Device::new(2)];
    world.enrolled_person(&mut devices[0]);
    let mut browser = world.browser();
    world.sign_in(&mut browser, &mut devices[0]).expect("signed in");
    world.add_passkey(&browser, &mut devices[1]).expect("a second passkey");
    (world, devices, browser)
}

fn remove(world: &World, browser: &Browser, passkey: usize, last: LastPasskey) -> Decided<Removed> {
    let session = browser.session.as_ref().expect("a session");
    let passkeys = world.kept.passkeys_of(session.authentication.person);
    let holdings = world.kept.holdings(session.authentication.person, &passkeys);
    let facts = AccountFacts { session, passkey: world.kept.passkeys.get(passkey), holdings };
    signin::remove_passkey(&facts, last, world.now, &mut spare())
}

/// Entropy for what tests don't look at.
fn spare() -> Entropy {
    Entropy::new([9; 256])
}

fn id(world: &World, passkey: usize) -> PasskeyId {
    world.kept.passkeys[passkey].id
}

#[test]
fn removing_another_passkey_ends_its_sessions_only() {
    let (mut world, mut devices, browser) = with_two();
    let mut elsewhere = world.browser();
    world.sign_in(&mut elsewhere, &mut devices[1]).expect("signed in elsewhere");
    let (own, other) = (session_id(&browser), session_id(&elsewhere));
    let removed = id(&world, 1);
    let decided = remove(&world, &browser, 1, LastPasskey::Keep);
    let (reply, audit) = world.settle(decided).expect("removed");
    assert_eq!(reply, Removed { passkey: removed, signed_out: false });
    assert_eq!(audit, [AuditKind::PasskeyRemoved, AuditKind::SessionEnded]);
    let live: Vec<SessionId> = world.kept.sessions.iter().map(|session| session.id).collect();
    assert!(live.contains(&own) && !live.contains(&other));
    // The removed passkey is no longer known.
    let refused = world.sign_in(&mut elsewhere, &mut devices[1]);
    assert_eq!(refused.err(), Some(Refusal::UnknownPasskey));
}

#[test]
fn removing_the_passkey_in_use_signs_out() {
    let (mut world, _, browser) = with_two();
    let decided = remove(&world, &browser, 0, LastPasskey::Keep);
    let (reply, _) = world.settle(decided).expect("removed");
    assert!(reply.signed_out);
    assert!(world.kept.sessions.iter().all(|session| session.id != session_id(&browser)));
}

#[test]
fn the_last_passkey_goes_only_when_meant() {
    let (mut world, _, browser) = with_two();
    let decided = remove(&world, &browser, 1, LastPasskey::Keep);
    world.settle(decided).expect("removed");
    let kept = granted(remove(&world, &browser, 0, LastPasskey::Keep));
    assert_eq!(kept.err(), Some(Refusal::LastPasskey));
    let decided = remove(&world, &browser, 0, LastPasskey::MayGo);
    world.settle(decided).expect("removed");
    assert!(world.kept.passkeys.is_empty() && world.kept.sessions.is_empty());
}

#[test]
fn two_removals_at_once_leave_one_passkey() {
    let (mut world, mut devices, browser) = with_two();
    let mut elsewhere = world.browser();
    world.sign_in(&mut elsewhere, &mut devices[1]).expect("signed in elsewhere");
    // Each removes the passkey that the other browser did not sign in with, so that both sessions live on.
    let first = granted(remove(&world, &browser, 1, LastPasskey::Keep)).expect("by the facts of then");
    let second = granted(remove(&world, &elsewhere, 0, LastPasskey::Keep)).expect("by the facts of then");
    let third = granted(remove(&world, &browser, 0, LastPasskey::Keep)).expect("by the facts of then");
    assert_eq!(world.commit(&first.changes), Ok(()));
    assert_eq!(world.commit(&second.changes), Err(Lost("the session is live")));
    assert_eq!(world.commit(&third.changes), Err(Lost("the person holds another")));
    assert_eq!(world.kept.passkeys.len(), 1);
}

#[test]
fn removal_needs_a_fresh_proof() {
    let (mut world, mut devices, mut browser) = with_two();
    world.wait(limits::FRESH_PROOF_SECONDS + 1);
    let stale = granted(remove(&world, &browser, 1, LastPasskey::MayGo));
    assert_eq!(stale.err(), Some(Refusal::FreshProofNeeded));
    let purpose = Purpose::FreshProof(session_id(&browser));
    world.sign_in_for(&mut browser, purpose, &mut devices[0], NameTyped::None).expect("proved");
    assert!(granted(remove(&world, &browser, 1, LastPasskey::MayGo)).is_ok());
}

#[test]
fn other_peoples_passkeys_and_none_at_all_look_alike() {
    let (mut world, _, browser) = with_two();
    world.enrolled_person(&mut Device::new(3));
    let session = browser.session.as_ref().expect("a session");
    for passkey in [world.kept.passkeys.get(2), None] {
        let facts = AccountFacts { session, passkey, holdings: Holdings::passkeys(&world.kept.passkeys[..2]) };
        let removed = granted(signin::remove_passkey(&facts, LastPasskey::MayGo, world.now, &mut spare()));
        assert_eq!(removed.err(), Some(Refusal::NotYours));
        let renamed = granted(signin::rename_passkey(&facts, b"mine".to_vec(), world.now));
        assert_eq!(renamed.err(), Some(Refusal::NotYours));
    }
}

#[test]
fn a_label_changes_without_a_fresh_proof() {
    let (mut world, _, browser) = with_two();
    world.wait(3600);
    let session = browser.session.as_ref().expect("a session");
    let facts = AccountFacts {
        session,
        passkey: world.kept.passkeys.get(1),
        holdings: Holdings::passkeys(&world.kept.passkeys[..2]),
    };
    let decided = signin::rename_passkey(&facts, b"blue key".to_vec(), world.now);
    let ((), audit) = world.settle(decided).expect("renamed");
    assert_eq!(audit, [AuditKind::PasskeyRenamed]);
    assert_eq!(
        (&world.kept.passkeys[0].label[..], &world.kept.passkeys[1].label[..]),
        (&b"sealed"[..], &b"blue key"[..])
    );
}

#[test]
fn a_dead_session_changes_nothing() {
    let (mut world, _, browser) = with_two();
    let session = browser.session.as_ref().expect("a session");
    let facts = AccountFacts {
        session,
        passkey: world.kept.passkeys.get(1),
        holdings: Holdings::passkeys(&world.kept.passkeys[..2]),
    };
    let late = session.expires;
    assert_eq!(granted(signin::rename_passkey(&facts, Vec::new(), late)).err(), Some(Refusal::SessionEnded));
    let removed = granted(signin::remove_passkey(&facts, LastPasskey::MayGo, late, &mut spare()));
    assert_eq!(removed.err(), Some(Refusal::SessionEnded));

    let sets = [
        granted(signin::rename_passkey(&facts, b"x".to_vec(), world.now)).expect("by the facts of then").changes,
        granted(signin::remove_passkey(&facts, LastPasskey::Keep, world.now, &mut spare()))
            .expect("by the facts of then")
            .changes,
    ];
    world.kept.sessions.clear();
    for set in sets {
        assert_eq!(world.commit(&set), Err(Lost("the session is live")));
    }
    assert_eq!(world.kept.passkeys.len(), 2);
}

#[test]
fn sessions_end_for_their_own_person() {
    let (mut world, mut devices, browser) = with_two();
    let mut elsewhere = world.browser();
    world.sign_in(&mut elsewhere, &mut devices[0]).expect("signed in elsewhere");
    let mut bobs = Device::new(3);
    world.enrolled_person(&mut bobs);
    let mut bob = world.browser();
    world.sign_in(&mut bob, &mut bobs).expect("Bob signed in");

    let own = browser.session.as_ref().expect("a session");
    for target in [bob.session.as_ref(), None] {
        let refused = granted(signin::end_session(own, target, world.now));
        assert_eq!(refused.err(), Some(Refusal::NotYours));
    }
    let decided = signin::end_session(own, elsewhere.session.as_ref(), world.now);
    let ((), audit) = world.settle(decided).expect("ended");
    assert_eq!(audit, [AuditKind::SessionEnded]);
    assert!(world.kept.sessions.iter().all(|session| session.id != session_id(&elsewhere)));

    let outcome = signin::sign_out(own, world.now);
    assert_eq!(kinds(&outcome.audit), [AuditKind::SessionEnded]);
    assert_eq!(world.commit(&outcome.changes), Ok(()));
    // Signing out twice is no error.
    assert_eq!(world.commit(&outcome.changes), Ok(()));

    let bobs_session = bob.session.as_ref().expect("a session");
    let all = signin::end_all_sessions(bobs_session, world.now, &mut spare());
    assert_eq!(world.commit(&all.changes), Ok(()));
    assert!(world.kept.sessions.iter().all(|s| s.authentication.person != bobs_session.authentication.person));
    assert_eq!(world.commit(&all.changes), Err(Lost("the session is live")));
}

#[test]
fn the_other_sessions_end_and_this_one_stays() {
    let (mut world, mut devices, browser) = with_two();
    let mut elsewhere = world.browser();
    world.sign_in(&mut elsewhere, &mut devices[1]).expect("signed in elsewhere");
    let own = browser.session.as_ref().expect("a session");
    let others = signin::end_other_sessions(own, world.now, &mut spare());
    assert_eq!(kinds(&others.audit), [AuditKind::SessionEnded]);
    assert_eq!(world.commit(&others.changes), Ok(()));
    assert_eq!(world.kept.sessions, std::slice::from_ref(own));
    assert_eq!(world.kept.told(own.authentication.person).last(), Some(&model::NoticeKind::SessionsEnded));
    world.kept.sessions.clear();
    assert_eq!(world.commit(&others.changes), Err(Lost("the session is live")));
}

#[test]
fn a_signal_lists_every_passkey_of_one_person() {
    let (mut world, devices, browser) = with_two();
    world.enrolled_person(&mut Device::new(3));
    let person = browser.session.as_ref().expect("a session").authentication.person;
    let person = world.kept.person(person).expect("Ada").clone();
    let signal = Signal::new(&world.rp, &person, &world.kept.passkeys);
    assert_eq!(signal.rp_id, "id.example.org");
    assert_eq!(signal.user_handle, person.user_handle);
    assert_eq!(signal.accepted, devices.map(|device| device.credential_id()));
}

fn session_id(browser: &Browser) -> SessionId {
    browser.session.as_ref().expect("a session").id
}
