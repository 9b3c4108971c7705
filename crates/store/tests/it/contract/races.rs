use std::{sync::Barrier, thread};

use model::PersonId;
use signin::Change;
use store::{CommitError, PreconditionFailed as Lost, Store};

use super::Engine;
use crate::fixture::*;

/// Commits every change set from a thread of its own at the same moment; how many won, and why the others did not.
fn race(store: &Store, rivals: Vec<Vec<store::Change>>) -> (usize, Vec<Lost>) {
    let start = Barrier::new(rivals.len());
    let results = thread::scope(|scope| {
        let threads: Vec<_> = rivals
            .into_iter()
            .map(|changes| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    store.commit_blocking(set(changes))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let mut losses = Vec::new();
    let mut won = 0;
    for result in results {
        match result {
            Ok(()) => won += 1,
            Err(CommitError::Lost(why)) => losses.push(why),
            Err(CommitError::Failed) => panic!("storage failed"),
        }
    }
    (won, losses)
}

pub(crate) fn one_of_many_rotations_wins<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let family = family(&some_client(store, "tides"), someone(store));
    done(store, [insert_family(&family)]);
    for generation in 0..20 {
        let rivals = (0..4).map(|_| vec![rotate(&family, generation)]).collect();
        assert_eq!(race(store, rivals), (1, vec![Lost::FamilyMoved; 3]));
        assert_eq!(store.family(family.id).unwrap().unwrap().generation, generation + 1);
    }
}

pub(crate) fn one_of_two_passes_binds_a_passkey<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    for _ in 0..10 {
        let person = someone(store);
        let passes = [pass(person), pass(person)];
        done(store, passes.clone().map(Change::InsertPass));
        let rivals = passes
            .iter()
            .map(|pass| vec![Change::SpendPass { id: pass.id, at: NOW }.into(), insert_passkey(&passkey(person))])
            .collect();
        assert_eq!(race(store, rivals), (1, vec![Lost::PasskeyPresent]));
        assert_eq!(store.passkeys_of(person).unwrap().len(), 1);
    }
}

pub(crate) fn one_of_two_people_gets_the_name<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    for _ in 0..10 {
        let (hash, people) = (hash(), [someone(store), someone(store)]);
        let name = |person: &PersonId| Change::InsertSigninName { hash, person: *person, sealed: vec![1] };
        let rivals = people.iter().map(|person| vec![name(person).into()]).collect();
        assert_eq!(race(store, rivals), (1, vec![Lost::NameTaken]));
        assert!(people.contains(&store.person_by_name_hash(&hash).unwrap().unwrap().id));
    }
}

pub(crate) fn one_of_many_uses_of_an_assertion_or_a_code_counts<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (client, person) = (some_client(store, "worker"), someone(store));
    for _ in 0..10 {
        let (jti_hash, until) = (hash(), NOW.plus_seconds(60));
        let spend = || vec![oauth::Change::SpendAssertion { client: client.clone(), jti_hash, until }.into()];
        assert_eq!(race(store, (0..4).map(|_| spend()).collect()), (1, vec![Lost::Spent; 3]));
        let code = hash();
        done(store, [Change::ReplaceRecoveryCodes { person, hashes: vec![code], at: NOW }]);
        let spend = || vec![Change::SpendRecoveryCode { person, hash: code }.into()];
        assert_eq!(race(store, (0..4).map(|_| spend()).collect()), (1, vec![Lost::CodeSpent; 3]));
    }
}
