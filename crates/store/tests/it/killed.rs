//! A process that is killed in the middle of its work: what it had confirmed is there, and nothing is half-there.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};

use crypto::SigningKey;
use model::{AuditKind, PersonId};
use store::{ChangeSet, Store, StoreConfig, verify_audit};

use crate::fixture::*;

const DIR: &str = "LOCKGATE_STORE_TEST_DIR";
const CONFIRMED: usize = 300;

/// The child's part: commit from four threads for ever, and say the id of each person once it is confirmed.
fn work_until_killed(config: &StoreConfig) -> ! {
    let store = Store::create(config, &root(), NOW, &mut entropy()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4_u8 {
            let store = &store;
            scope.spawn(move || {
                for n in 0_u32.. {
                    let block = crypto::sha256(&[&[thread][..], &n.to_be_bytes()].concat());
                    let mut person = person();
                    person.id = PersonId::from_bytes(*block.first_chunk().unwrap());
                    person.user_handle = block;
                    // Three events with each person, so that half a change set could be told.
                    let events = vec![event(AuditKind::PersonAdded).person(person.id); 3];
                    store.commit_blocking(ChangeSet::new(NOW, [insert_person(&person)], events)).unwrap();
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "confirmed {}", person.id).unwrap();
                    out.flush().unwrap();
                }
            });
        }
    });
    unreachable!("it works until it is killed");
}

#[test]
fn a_killed_process_loses_nothing_that_it_confirmed() {
    if let Some(dir) = std::env::var_os(DIR) {
        let dir = std::path::PathBuf::from(dir);
        work_until_killed(&StoreConfig::new(dir.join("data"), dir.join("keys")));
    }
    let home = Home::empty();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::a_killed_process_loses_nothing_that_it_confirmed", "--nocapture"])
        .env(DIR, home.config.data_dir.parent().unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut confirmed: Vec<PersonId> = Vec::new();
    let mut read = |line: String| {
        if let Some((_, id)) = line.split_once("confirmed ") {
            confirmed.push(id.parse().unwrap());
        }
        confirmed.len()
    };
    while read(lines.next().expect("the child died by itself").unwrap()) < CONFIRMED {}
    child.kill().unwrap();
    child.wait().unwrap();
    // What was in the pipe when it died was confirmed as well; its last line may be cut.
    for line in lines.map_while(Result::ok).filter(|line| line.len() >= "confirmed ".len() + 36) {
        read(line);
    }

    let store = home.open();
    for id in &confirmed {
        assert!(store.person(*id).unwrap().is_some(), "{id} was confirmed and is gone");
    }
    let mut people = 0;
    let mut after = None;
    while let Some(last) = store.persons(after, 1000).unwrap().last() {
        people += store.persons(after, 1000).unwrap().len() as u64;
        after = Some(last.id);
    }
    store.close(NOW).unwrap();
    let report = verify_audit(&home.config.database_path(), &root()).unwrap();
    assert_eq!(report.events, 2 + 3 * people, "a change set and its events are one");
    assert!(people >= confirmed.len() as u64);
}

/// A power cut may leave any part of the log's last pages on the disk.
#[test]
fn a_torn_end_of_the_log_takes_only_what_was_not_confirmed() {
    let (home, store) = Home::create();
    let log = |home: &Home| home.config.data_dir.join("lockgate.db-wal");
    let before: Vec<PersonId> = (0..5).map(|_| someone(&store)).collect();
    let durable_bytes = std::fs::metadata(log(&home)).unwrap().len();
    let late = someone(&store);
    let all_bytes = std::fs::metadata(log(&home)).unwrap().len();
    assert!(all_bytes > durable_bytes, "the log was not moved meanwhile");
    for bytes in (durable_bytes..all_bytes).step_by(1111) {
        let copy = home.snapshot();
        std::fs::OpenOptions::new().write(true).open(log(&copy)).unwrap().set_len(bytes).unwrap();
        let torn = copy.open();
        for id in &before {
            assert!(torn.person(*id).unwrap().is_some());
        }
        assert_eq!(torn.person(late).unwrap(), None, "{bytes} of {all_bytes} bytes");
        torn.close(NOW).unwrap();
        assert_eq!(verify_audit(&copy.config.database_path(), &root()).unwrap().events, 2 + 5);
    }
}

#[test]
fn keys_survive_with_the_store() {
    let (home, store) = Home::create();
    let key = SigningKey::generate(NOW, &mut entropy());
    let signature = key.sign_raw(b"message");
    let id = key.id();
    let add = store.key_change(key, &mut entropy());
    done(&store, [add]);
    let crashed = home.snapshot();
    let keys = crashed.open().signing_keys();
    let key = keys.iter().find(|key| key.id() == id).unwrap();
    key.verify_raw(b"message", &signature).unwrap();
}
