//! Creating, opening, locking; and who may read the files.

use store::{OpenError, RootKeyError, Store, create_root_key, read_root_key};

use crate::fixture::*;

#[test]
fn a_store_is_created_once() {
    let (home, store) = Home::create();
    let again = || Store::create(&home.config, &root(), NOW, &mut entropy()).map(drop).unwrap_err();
    assert!(matches!(again(), OpenError::Locked));
    drop(store);
    assert!(matches!(again(), OpenError::Exists));
    drop(home.open());
}

#[test]
fn opening_what_is_not_there_creates_nothing() {
    let home = Home::empty();
    assert!(matches!(Store::open(&home.config, &root(), NOW), Err(OpenError::NotCreated)));
    assert!(!home.config.data_dir.exists());
}

#[test]
fn a_creation_that_was_cut_short_can_be_repeated() {
    let (home, store) = Home::create();
    drop(store);
    // The schema is there, but not the installation.
    home.sql()
        .execute_batch(
            "DELETE FROM installation; DELETE FROM signing_key; DROP TRIGGER audit_never_shrinks; DELETE FROM audit",
        )
        .unwrap();
    assert!(matches!(Store::open(&home.config, &root(), NOW), Err(OpenError::NotCreated)));
    drop(Store::create(&home.config, &root(), NOW, &mut entropy()).unwrap());
    drop(home.open());
}

#[test]
fn one_process_at_a_time() {
    let (home, store) = Home::create();
    let refused = Store::open(&home.config, &root(), NOW).map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::Locked), "{refused:?}");
    assert!(refused.to_string().contains("another process has the store open"));
    store.close(NOW).unwrap();
    drop(home.open());
}

#[test]
fn a_stopped_store_is_one_file() {
    let (home, store) = Home::create();
    store.close(NOW).unwrap();
    let log = home.config.database_path().with_extension("db-wal");
    let log_bytes = std::fs::metadata(&log).map_or(0, |file| file.len());
    assert_eq!(log_bytes, 0, "whoever copies the database of a stopped store has all of it");
}

#[test]
fn another_installations_root_key_is_refused() {
    let (home, store) = Home::create();
    drop(store);
    let other = crypto::RootKey::new(model::Secret::new([8; 32]));
    assert!(matches!(Store::open(&home.config, &other, NOW), Err(OpenError::WrongRootKey)));
    drop(home.open());
}

#[test]
fn a_row_that_was_never_written_is_damage() {
    for sql in [
        "UPDATE client SET kind = 'spaceship'",
        "UPDATE client SET redirect_uris = '[\"javascript:alert(1)\"]'",
        "UPDATE session SET strength = 'very'",
    ] {
        let (home, store) = Home::create();
        some_client(&store, "tides");
        let session = session(someone(&store));
        done(&store, [insert_session(&session)]);
        drop(store);
        home.sql().execute_batch(sql).unwrap();
        let why = Store::open(&home.config, &root(), NOW).map(drop).unwrap_err();
        assert!(matches!(why, OpenError::Damaged(_)), "{sql}: {why:?}");
    }
}

#[test]
fn a_person_whose_row_is_damaged_can_not_be_read() {
    let (home, store) = Home::create();
    let person = someone(&store);
    home.sql().execute_batch("UPDATE person SET status = 'perhaps'").unwrap();
    assert!(store.person(person).is_err());
    assert_eq!(lost(&store, [insert_session(&session(person))]), store::PreconditionFailed::PersonInactive);
}

#[test]
fn the_root_key_file_comes_back_and_is_never_overwritten() {
    let home = Home::empty();
    assert!(matches!(read_root_key(&home.config), Err(RootKeyError::Missing)));
    let made = create_root_key(&home.config, &mut entropy()).unwrap();
    let read = read_root_key(&home.config).unwrap();
    assert_eq!(read.to_file_text().expose(), made.to_file_text().expose());
    assert!(matches!(create_root_key(&home.config, &mut entropy()), Err(RootKeyError::Exists)));
    std::fs::write(home.config.root_key_path(), "lockgate-root-key-1:AAAA").unwrap();
    assert!(matches!(read_root_key(&home.config), Err(RootKeyError::Damaged)));
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::empty();
    create_root_key(&home.config, &mut entropy()).unwrap();
    let store = Store::create(&home.config, &root(), NOW, &mut entropy()).unwrap();
    someone(&store);
    for dir in [&home.config.data_dir, &home.config.keys_dir] {
        assert_eq!(std::fs::metadata(dir).unwrap().permissions().mode() & 0o077, 0, "{dir:?}");
        let mut files = 0;
        for file in std::fs::read_dir(dir).unwrap() {
            let file = file.unwrap();
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", file.path());
            files += 1;
        }
        assert!(files >= 2);
    }
    let path = home.config.root_key_path();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(read_root_key(&home.config), Err(RootKeyError::OpenToOthers)));
}
