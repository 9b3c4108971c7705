use model::{PasskeyId, PersonId, PersonStatus, Timestamp};
use passkey::Passkey;
use signin::{Change, EnrolmentPass};
use store::PreconditionFailed as Lost;

use super::Engine;
use crate::fixture::*;

fn name(hash: [u8; 32], person: PersonId) -> Change {
    Change::InsertSigninName { hash, person, sealed: vec![1] }
}

pub(crate) fn everything_about_a_person_comes_back_as_it_was<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = person();
    let (passkey, pass, session, hash) = (passkey(person.id), pass(person.id), session(person.id), hash());
    // One change set: each precondition sees what stands before it.
    done(
        store,
        [
            insert_person(&person),
            name(hash, person.id).into(),
            Change::InsertPass(pass.clone()).into(),
            insert_passkey(&passkey),
            insert_session(&session),
        ],
    );
    assert_eq!(store.person(person.id).unwrap().as_ref(), Some(&person));
    assert_eq!(store.person_by_handle(&person.user_handle).unwrap().as_ref(), Some(&person));
    assert_eq!(store.person_by_name_hash(&hash).unwrap().as_ref(), Some(&person));
    assert_eq!(store.passkeys_of(person.id).unwrap(), std::slice::from_ref(&passkey));
    assert_eq!(store.passkey_by_credential(&passkey.credential_id).unwrap(), Some(passkey));
    assert_eq!(store.pass_by_hash(&pass.hash).unwrap(), Some(pass));
    assert_eq!(store.sessions_of(person.id).unwrap(), [session]);

    assert_eq!(store.person(PersonId::from_bytes([0; 16])).unwrap(), None);
    assert_eq!(store.person_by_handle(&[0; 32]).unwrap(), None);
    assert_eq!(store.person_by_name_hash(&[0; 32]).unwrap(), None);
    assert_eq!(store.passkey_by_credential(&[0; 40]).unwrap(), None);
    assert_eq!(store.pass_by_hash(&[0; 32]).unwrap(), None);
}

pub(crate) fn what_a_person_holds_is_theirs_alone<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (one, other) = (person(), someone(store));
    let hash = hash();
    let passkey_of_one = passkey(one.id);
    done(store, [insert_person(&one), name(hash, one.id).into(), insert_passkey(&passkey_of_one)]);

    assert_eq!(lost(store, [insert_person(&one)]), Lost::IdTaken);
    let same_handle = model::Person { user_handle: one.user_handle, ..person() };
    assert_eq!(lost(store, [insert_person(&same_handle)]), Lost::IdTaken);
    assert_eq!(lost(store, [name(hash, other)]), Lost::NameTaken);
    // WebAuthn L3 §7.1: a credential id belongs to one person, whoever brings it a second time.
    let mut stolen = passkey(other);
    stolen.credential_id.clone_from(&passkey_of_one.credential_id);
    assert_eq!(lost(store, [insert_passkey(&stolen)]), Lost::CredentialKnown);
    let nobody = PersonId::from_bytes([1; 16]);
    assert_eq!(lost(store, [insert_passkey(&passkey(nobody))]), Lost::PersonMissing);
    assert_eq!(lost(store, [insert_session(&session(nobody))]), Lost::PersonMissing);
    assert_eq!(lost(store, [name([1; 32], nobody)]), Lost::ReferenceMissing);
    assert_eq!(lost(store, [Change::InsertPass(pass(nobody))]), Lost::ReferenceMissing);
    let first = pass(other);
    done(store, [Change::InsertPass(first.clone())]);
    assert_eq!(
        lost(store, [Change::InsertPass(signin::EnrolmentPass { hash: first.hash, ..pass(other) })]),
        Lost::IdTaken
    );
}

pub(crate) fn a_disabled_person_starts_nothing<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let id = someone(store);
    done(store, [Change::SetPersonStatus { id, status: PersonStatus::Disabled }]);
    assert_eq!(store.person(id).unwrap().map(|person| person.status), Some(PersonStatus::Disabled));
    assert_eq!(lost(store, [insert_session(&session(id))]), Lost::PersonInactive);
    assert_eq!(lost(store, [insert_passkey(&passkey(id))]), Lost::PersonInactive);
    done(store, [Change::SetPersonStatus { id, status: PersonStatus::Active }]);
    done(store, [insert_session(&session(id)), insert_passkey(&passkey(id))]);
    let nobody = Change::SetPersonStatus { id: PersonId::from_bytes([1; 16]), status: PersonStatus::Active };
    assert_eq!(lost(store, [nobody]), Lost::PersonMissing);
}

pub(crate) fn a_person_holds_only_so_many_passkeys<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let id = someone(store);
    for _ in 0..signin::limits::PASSKEYS_PER_PERSON_MAX {
        done(store, [insert_passkey(&passkey(id))]);
    }
    assert_eq!(lost(store, [insert_passkey(&passkey(id))]), Lost::TooManyPasskeys);
    assert_eq!(store.passkeys_of(id).unwrap().len(), signin::limits::PASSKEYS_PER_PERSON_MAX);
    done(store, [insert_passkey(&passkey(someone(store)))]);
}

pub(crate) fn the_last_passkey_goes_only_when_that_was_said<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let (one, two) = (passkey(person), passkey(person));
    done(store, [insert_passkey(&one), insert_passkey(&two)]);
    let remove = |id: PasskeyId, keep_one| [Change::RemovePasskey { id, person, keep_one }];
    done(store, remove(one.id, true));
    assert_eq!(lost(store, remove(two.id, true)), Lost::LastPasskey);
    assert_eq!(store.passkeys_of(person).unwrap(), std::slice::from_ref(&two));
    done(store, remove(two.id, false));
    assert_eq!(store.passkeys_of(person).unwrap(), []);
    assert_eq!(lost(store, remove(two.id, false)), Lost::PasskeyMissing);
}

pub(crate) fn links_from_before_do_not_come_back_with_the_last_passkeys_end<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let (used, forgotten, others) = (pass(person), pass(person), pass(someone(store)));
    let (first, second) = (passkey(person), passkey(person));
    let spend = |pass: &EnrolmentPass| Change::SpendPass { id: pass.id, at: NOW };
    done(store, [&used, &forgotten, &others].map(|pass| Change::InsertPass(pass.clone())));
    done(store, [spend(&used), Change::InsertPasskey(Box::new(first.clone()))]);
    done(store, [insert_passkey(&second)]);
    let remove = |passkey: &Passkey| Change::RemovePasskey { id: passkey.id, person, keep_one: false };
    done(store, [remove(&first)]);
    assert_eq!(lost(store, [spend(&forgotten)]), Lost::PasskeyPresent);
    done(store, [remove(&second)]);
    assert_eq!(lost(store, [spend(&forgotten)]), Lost::PassSpent, "a link that somebody kept");
    let kept = store.pass_by_hash(&forgotten.hash).unwrap().unwrap();
    assert!(!kept.usable(NOW) && kept.spent.is_none());
    // One that is issued now lets them start again, and nobody else's is touched.
    let fresh = pass(person);
    done(store, [Change::InsertPass(fresh.clone())]);
    done(store, [spend(&fresh)]);
    done(store, [spend(&others)]);
}

pub(crate) fn another_persons_passkey_is_out_of_reach<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (owner, other) = (someone(store), someone(store));
    let passkey = passkey(owner);
    done(store, [insert_passkey(&passkey)]);
    let rename = |person| [Change::RenamePasskey { id: passkey.id, person, label: vec![8; 30] }];
    assert_eq!(lost(store, rename(other)), Lost::PasskeyMissing);
    let remove = [Change::RemovePasskey { id: passkey.id, person: other, keep_one: false }];
    assert_eq!(lost(store, remove), Lost::PasskeyMissing);
    assert_eq!(store.passkeys_of(owner).unwrap(), std::slice::from_ref(&passkey));
    done(store, rename(owner));
    assert_eq!(store.passkeys_of(owner).unwrap()[0].label, [8; 30]);
}

pub(crate) fn a_use_is_noted<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let passkey = passkey(someone(store));
    done(store, [insert_passkey(&passkey)]);
    let used = NOW.plus_seconds(60);
    let note = |id| [Change::UsePasskey { id, sign_count: u32::MAX, backed_up: true, used }];
    done(store, note(passkey.id));
    let after = store.passkey_by_credential(&passkey.credential_id).unwrap().unwrap();
    assert_eq!((after.sign_count, after.backed_up, after.last_used), (u32::MAX, true, Some(used)));
    // One that was judged earlier and comes later takes nothing back: a falling counter would hide a copy of the key.
    let earlier = Change::UsePasskey { id: passkey.id, sign_count: 7, backed_up: false, used: NOW };
    done(store, [earlier]);
    let after = store.passkey_by_credential(&passkey.credential_id).unwrap().unwrap();
    assert_eq!((after.sign_count, after.last_used), (u32::MAX, Some(used)));
    assert_eq!(lost(store, note(PasskeyId::from_bytes([1; 16]))), Lost::PasskeyMissing);
}

pub(crate) fn a_pass_is_spent_once_and_in_time<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let pass = pass(someone(store));
    done(store, [Change::InsertPass(pass.clone())]);
    let spend = |at: Timestamp| [Change::SpendPass { id: pass.id, at }];
    assert_eq!(lost(store, spend(pass.expires)), Lost::PassSpent);
    let last_moment = Timestamp::from_millis(pass.expires.millis() - 1);
    done(store, spend(last_moment));
    assert_eq!(store.pass_by_hash(&pass.hash).unwrap().unwrap().spent, Some(last_moment));
    assert_eq!(lost(store, spend(NOW)), Lost::PassSpent);
    let unknown = Change::SpendPass { id: model::PassId::from_bytes([1; 16]), at: NOW };
    assert_eq!(lost(store, [unknown]), Lost::PassSpent);
}

pub(crate) fn a_pass_is_no_way_past_a_passkey<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let pass = pass(person);
    done(store, [Change::InsertPass(pass.clone()).into(), insert_passkey(&passkey(person))]);
    assert_eq!(lost(store, [Change::SpendPass { id: pass.id, at: NOW }]), Lost::PasskeyPresent);
    assert_eq!(store.pass_by_hash(&pass.hash).unwrap().unwrap().spent, None);
}

pub(crate) fn a_lost_change_set_writes_nothing<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let one = someone(store);
    let (session, before) = (session(one), store.audit_tail(1).unwrap());
    let unknown = Change::SpendPass { id: model::PassId::from_bytes([1; 16]), at: NOW };
    let passkey = passkey(one);
    let changes = [insert_session(&session), insert_passkey(&passkey), unknown.into()];
    assert_eq!(lost(store, changes), Lost::PassSpent);
    assert_eq!(store.session(&session.cookie_hash), None);
    assert_eq!(store.sessions_of(one).unwrap(), []);
    assert_eq!(store.passkeys_of(one).unwrap(), []);
    assert_eq!(store.audit_tail(1).unwrap(), before);
    // The chain goes on where it was.
    done(store, [insert_session(&session)]);
    assert_eq!(store.audit_tail(1).unwrap()[0].seq, before[0].seq + 1);
}

pub(crate) fn pages_of_persons_follow_each_other<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let mut all: Vec<PersonId> = (0..5).map(|_| someone(store)).collect();
    all.sort_unstable();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = store.persons(after, 2).unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        seen.extend(page.iter().map(|person| person.id));
    }
    assert_eq!(seen, all);
}
