//! Passwords, authenticator apps, recovery codes, the invitation, throttling counters, notices.

use model::{NoticeId, NoticeKind, PersonId, Secret};
use signin::{
    Change,
    throttle::{Counter, Scope},
};
use store::{Change as StoreChange, PersonalKind, PreconditionFailed as Lost, Store};

use super::Engine;
use crate::fixture::*;

fn text(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn set_password(person: PersonId, phc: &str, replaces: Option<&str>) -> Change {
    Change::SetPassword { person, phc: text(phc), imported: false, replaces: replaces.map(text), at: NOW }
}

fn stored(store: &Store, person: PersonId) -> Option<String> {
    store.password_of(person).unwrap().map(|password| password.text.expose().clone())
}

pub(crate) fn a_password_is_replaced_only_as_it_was_read<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    assert_eq!(stored(store, person), None);
    done(store, [set_password(person, "$first", None)]);
    assert_eq!(lost(store, [set_password(person, "$rehashed", Some("$other"))]), Lost::PasswordChanged);
    done(store, [set_password(person, "$second", Some("$first"))]);
    assert_eq!(lost(store, [Change::RequirePassword { person, phc: text("$first") }]), Lost::PasswordChanged);
    done(store, [Change::RequirePassword { person, phc: text("$second") }]);

    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(stored(store, person).as_deref(), Some("$second"));
    done(store, [Change::RemovePassword { person }]);
    assert_eq!(stored(store, person), None);
    assert_eq!(lost(store, [Change::RequirePassword { person, phc: text("$second") }]), Lost::PasswordChanged);
    let nobody = PersonId::from_bytes([0; 16]);
    assert_eq!(lost(store, [set_password(nobody, "$x", None)]), Lost::PersonMissing);
}

pub(crate) fn a_one_time_code_counts_once<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let secret = store.seal_for(person, PersonalKind::TotpSecret, &[8; 20], NOW, &mut entropy());
    // The fixture's people have no key until something is sealed for them, and then they are known already.
    let sealed = secret.unwrap_or_else(|_| vec![1; 50]);
    assert!(store.totp_of(person).unwrap().is_none());
    done(store, [Change::SetTotp { person, sealed, last_step: 100, at: NOW }]);
    assert_eq!(lost(store, [Change::UseTotp { person, before: None, step: 101 }]), Lost::CodeSpent);
    done(store, [Change::UseTotp { person, before: Some(100), step: 101 }]);
    assert_eq!(lost(store, [Change::UseTotp { person, before: Some(100), step: 101 }]), Lost::CodeSpent);
    done(store, [Change::RemoveTotp { person }]);
    assert_eq!(lost(store, [Change::UseTotp { person, before: Some(101), step: 102 }]), Lost::CodeSpent);
}

pub(crate) fn a_recovery_code_is_spent_once_and_a_new_set_replaces_the_old<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (person, other) = (someone(store), someone(store));
    let hashes: Vec<[u8; 32]> = (0..10).map(|_| hash()).collect();
    done(store, [Change::ReplaceRecoveryCodes { person, hashes: hashes.clone(), at: NOW }]);
    let spend = |person, hash| Change::SpendRecoveryCode { person, hash };
    assert_eq!(lost(store, [spend(other, hashes[0])]), Lost::CodeSpent, "somebody else's");
    done(store, [spend(person, hashes[0])]);
    assert_eq!(lost(store, [spend(person, hashes[0])]), Lost::CodeSpent);
    assert_eq!(store.recovery_codes_of(person).unwrap().len(), 9);
    let fresh = vec![hash()];
    done(store, [Change::ReplaceRecoveryCodes { person, hashes: fresh.clone(), at: NOW }]);
    assert_eq!(lost(store, [spend(person, hashes[1])]), Lost::CodeSpent, "of the old set");
    assert_eq!(store.recovery_codes_of(person).unwrap(), fresh);
    done(store, [Change::ReplaceRecoveryCodes { person, hashes: Vec::new(), at: NOW }]);
    assert!(store.recovery_codes_of(person).unwrap().is_empty());
}

pub(crate) fn an_answer_to_the_invitation_counts_once<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let answer =
        |count, days: i64| Change::RecordInvitation { person, count, snoozed_until: NOW.plus_seconds(days * 86_400) };
    assert_eq!(store.invitation_of(person).unwrap(), signin::InvitationState::default());
    done(store, [answer(1, 7)]);
    assert_eq!(lost(store, [answer(1, 9)]), Lost::CounterMoved);
    done(store, [answer(2, 14)]);
    let state = engine.restart(NOW).store().invitation_of(person).unwrap();
    assert_eq!((state.count, state.snoozed_until), (2, Some(NOW.plus_seconds(14 * 86_400))));
}

pub(crate) fn a_counter_is_written_over_what_was_read<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let key = hash();
    let counter = |failures| Counter { failures, last: NOW, until: NOW.plus_seconds(5) };
    let write = |before, after| Change::SetCounter { key, scope: Scope::Account, before, after };
    assert_eq!(store.counter(&key).unwrap(), Counter::NONE);
    done(store, [write(Counter::NONE, counter(1))]);
    assert_eq!(lost(store, [write(Counter::NONE, counter(1))]), Lost::CounterMoved);
    done(store, [write(counter(1), counter(2))]);
    assert_eq!(lost(store, [write(counter(1), counter(2))]), Lost::CounterMoved);
    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(store.counter(&key).unwrap(), counter(2));
    // What has become nothing may be counted from anew.
    done(store, [write(counter(2), Counter::NONE)]);
    done(store, [write(Counter::NONE, counter(1))]);
    done(store, [Change::SweepCounters { scope: Scope::Address, before: NOW.plus_seconds(9) }]);
    assert_eq!(store.counter(&key).unwrap(), counter(1), "of another scope");
    done(store, [Change::SweepCounters { scope: Scope::Account, before: NOW.plus_seconds(9) }]);
    assert_eq!(store.counter(&key).unwrap(), Counter::NONE);
    done(store, [write(Counter::NONE, counter(1)), Change::ClearCounter { key }]);
    assert_eq!(store.counter(&key).unwrap(), Counter::NONE);
}

pub(crate) fn a_notice_goes_out_once_and_marks_its_passkey<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let passkey = passkey(person);
    let id = NoticeId::fresh(NOW, &mut entropy());
    let queue =
        || Change::QueueNotice { id, person, kind: NoticeKind::PasskeyAdded, at: NOW, passkey: Some(passkey.id) };
    done(store, [insert_passkey(&passkey), queue().into()]);
    assert_eq!(lost(store, [queue()]), Lost::IdTaken);
    let due = store.notices_due(NOW, 10).unwrap();
    assert_eq!((due.len(), due[0].id, due[0].kind, due[0].tries), (1, id, NoticeKind::PasskeyAdded, 0));

    let later = NOW.plus_seconds(60);
    done(store, [StoreChange::PostponeNotice { id, next_try: later }]);
    assert!(store.notices_due(NOW, 10).unwrap().is_empty());
    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(store.notices_due(later, 10).unwrap()[0].tries, 1);
    assert_eq!(store.passkeys_of(person).unwrap()[0].noticed, None);
    done(store, [StoreChange::NoticeSent { id, at: later }]);
    assert_eq!(store.passkeys_of(person).unwrap()[0].noticed, Some(later));
    assert_eq!(lost(store, [StoreChange::NoticeSent { id, at: later }]), Lost::NoticeDone);
    assert_eq!(lost(store, [StoreChange::GiveUpNotice { id, at: later }]), Lost::NoticeDone);
    assert!(store.notices_due(later, 10).unwrap().is_empty());
    let confirm = |at| Change::ConfirmPasskey { id: passkey.id, at };
    done(store, [confirm(later), confirm(later.plus_seconds(9))]);
    assert_eq!(store.passkeys_of(person).unwrap()[0].confirmed, Some(later), "the first confirmation stays");
}

pub(crate) fn a_given_up_notice_marks_nothing<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let passkey = passkey(person);
    let id = NoticeId::fresh(NOW, &mut entropy());
    let queue = Change::QueueNotice { id, person, kind: NoticeKind::PasskeyAdded, at: NOW, passkey: Some(passkey.id) };
    done(store, [insert_passkey(&passkey), queue.into()]);
    done(store, [StoreChange::GiveUpNotice { id, at: NOW }]);
    assert_eq!(store.passkeys_of(person).unwrap()[0].noticed, None);
    assert!(store.notices_due(NOW.plus_seconds(1_000_000), 10).unwrap().is_empty());
}

pub(crate) fn groups_change_and_weak_sessions_end<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    done(store, [Change::SetPersonGroups { id: person, groups: vec!["crew".into()] }]);
    assert_eq!(store.person(person).unwrap().unwrap().groups, ["crew"]);

    let strong = session(person);
    let mut weak = session(person);
    weak.authentication.passkey = None;
    let mut kept = session(person);
    kept.authentication.passkey = None;
    done(store, [&strong, &weak, &kept].map(insert_session));
    let client = some_client(store, "tides");
    let granted =
        [(&strong, true), (&weak, true), (&kept, true), (&weak, false), (&strong, false)].map(|(session, tied)| {
            let mut granted = family(&client, person);
            granted.authentication = session.authentication.clone();
            granted.session = tied.then_some(session.id);
            done(store, [insert_family(&granted)]);
            granted.id
        });
    done(store, [Change::EndFallbackSessions { person, keep: Some(kept.id), at: NOW }]);
    let families = granted.map(|id| store.family(id).unwrap().unwrap().state == oauth::FamilyState::Live);
    assert_eq!(
        families,
        [true, false, true, false, true],
        "what a password obtained goes with it, also what outlives sessions"
    );
    let live = |id| store.session_by_id(id).is_some();
    assert_eq!((live(strong.id), live(weak.id), live(kept.id)), (true, false, true));
    done(store, [Change::EndOtherSessions { person, keep: strong.id, at: NOW }]);
    assert_eq!((live(strong.id), live(kept.id)), (true, false));
    done(store, [Change::RequireNoPasskey { person }]);
    done(store, [insert_passkey(&passkey(person))]);
    assert_eq!(lost(store, [Change::RequireNoPasskey { person }]), Lost::PasskeyPresent);
}
