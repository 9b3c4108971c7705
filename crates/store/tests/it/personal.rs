//! Personal values: sealed, bound to person and kind, and gone when the key is gone.

use std::path::Path;

use model::PersonId;
use signin::Change;
use store::{OpenError, PersonalError, PersonalKind, Store};

use crate::fixture::*;

const NAME: &str = "Ada Lovelace-Byron";

fn seal(store: &Store, person: PersonId, kind: PersonalKind, plain: &str) -> Vec<u8> {
    store.seal_for(person, kind, plain.as_bytes(), NOW, &mut entropy()).unwrap()
}

/// A person with a name and a sign-in name.
fn ada(store: &Store) -> PersonId {
    let person = person();
    let id = person.id;
    let sealed_display = seal(store, id, PersonalKind::DisplayName, NAME);
    let sealed = seal(store, id, PersonalKind::SigninName, "ada@tides.example");
    done(
        store,
        [
            Change::InsertPerson { person, sealed_display },
            Change::InsertSigninName { hash: hash(), person: id, sealed },
        ],
    );
    id
}

fn holds(dir: &Path, needle: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(needle.len()).any(|window| window == needle)
    })
}

#[test]
fn names_come_back_and_are_nowhere_in_clear() {
    let (home, store) = Home::create();
    let id = ada(&store);
    let check = |store: &Store| {
        assert_eq!(store.display_name(id).unwrap().as_deref(), Some(NAME));
        assert_eq!(store.signin_names(id).unwrap(), ["ada@tides.example"]);
    };
    check(&store);
    assert_eq!(store.display_name(person().id).unwrap(), None);
    store.close(NOW).unwrap();
    check(&home.open());
    for dir in [&home.config.data_dir, &home.config.keys_dir] {
        assert!(!holds(dir, NAME.as_bytes()) && !holds(dir, b"ada@tides"), "{dir:?}");
    }
}

#[test]
fn a_password_hash_comes_back_and_is_nowhere_in_clear() {
    const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaCBvZiBhIHRpZGU";
    let (home, store) = Home::create();
    let person = ada(&store);
    let phc = model::Secret::new(HASH.to_owned());
    done(&store, [Change::SetPassword { person, phc, imported: true, replaces: None, at: NOW }]);
    let check = |store: &Store| {
        let stored = store.password_of(person).unwrap().expect("a password");
        assert_eq!(stored.text.expose(), HASH);
    };
    check(&store);
    store.close(NOW).unwrap();
    check(&home.open());
    for dir in [&home.config.data_dir, &home.config.keys_dir] {
        assert!(!holds(dir, b"argon2id") && !holds(dir, b"aGFzaCBvZiBhIHRpZGU"), "{dir:?}");
    }
}

#[test]
fn a_seal_opens_for_its_person_and_kind_only() {
    let (_home, store) = Home::create();
    let (one, other) = (ada(&store), ada(&store));
    let sealed = seal(&store, one, PersonalKind::PasskeyLabel, "blue key");
    let open = |person, kind| store.open_for(person, kind, &sealed);
    assert_eq!(open(one, PersonalKind::PasskeyLabel).unwrap().as_deref(), Some("blue key"));
    assert!(matches!(open(one, PersonalKind::DisplayName), Err(PersonalError::ValueDamaged)));
    assert!(matches!(open(other, PersonalKind::PasskeyLabel), Err(PersonalError::ValueDamaged)));
    assert_eq!(open(person().id, PersonalKind::PasskeyLabel).unwrap(), None);
}

#[test]
fn an_erased_key_takes_every_name_with_it() {
    let (home, store) = Home::create();
    let (id, other) = (ada(&store), ada(&store));
    let keys = rusqlite::Connection::open(home.config.person_keys_path()).unwrap();
    let sealed_key: Vec<u8> =
        keys.query_row("SELECT sealed FROM person_key WHERE person = ?1", [id.as_bytes()], |row| row.get(0)).unwrap();
    drop(keys);
    assert!(holds(&home.config.keys_dir, &sealed_key));

    store.erase_person_key(id).unwrap();
    assert!(!holds(&home.config.keys_dir, &sealed_key), "the key is overwritten, in the log too");
    assert_eq!(store.display_name(id).unwrap(), None);
    assert_eq!(store.signin_names(id).unwrap(), Vec::<String>::new());
    assert!(store.person(id).unwrap().is_some());
    assert_eq!(store.display_name(other).unwrap().as_deref(), Some(NAME));
    store.erase_person_key(id).unwrap();
    let again = store.seal_for(id, PersonalKind::PasskeyLabel, b"new key", NOW, &mut entropy());
    assert!(matches!(again, Err(PersonalError::KeyGone)), "an erasure is not undone by halves");
}

#[test]
fn a_key_is_durable_before_what_it_seals() {
    let (home, store) = Home::create();
    let id = person().id;
    let sealed = seal(&store, id, PersonalKind::DisplayName, NAME);
    let copy = home.snapshot();
    let crashed = copy.open();
    assert_eq!(crashed.open_for(id, PersonalKind::DisplayName, &sealed).unwrap().as_deref(), Some(NAME));
}

#[test]
fn a_changed_key_is_an_error_and_a_missing_database_is_refused() {
    let (home, store) = Home::create();
    let id = ada(&store);
    let keys = rusqlite::Connection::open(home.config.person_keys_path()).unwrap();
    keys.execute_batch("UPDATE person_key SET sealed = zeroblob(60)").unwrap();
    drop(keys);
    let label = store.open_for(id, PersonalKind::PasskeyLabel, b"sealed long ago");
    assert!(matches!(label, Err(PersonalError::KeyDamaged)));
    // A name that can't be shown must not keep its person out, or break a list of everyone.
    assert_eq!(store.display_name(id).unwrap(), None);
    assert_eq!(store.signin_names(id).unwrap(), Vec::<String>::new());
    drop(store);
    std::fs::remove_file(home.config.person_keys_path()).unwrap();
    assert!(matches!(Store::open(&home.config, &root(), NOW), Err(OpenError::PersonKeysMissing)));
}
