//! `lockgate audit-log …`: the three exit codes, and what each of them means.

use std::fs;

use crate::command::{Installation, run};

#[test]
fn a_whole_log_verifies_also_against_a_checkpoint_kept_elsewhere() {
    let made = Installation::new();
    let kept = made.run(&["audit-log", "checkpoint"]).ok();
    assert!(kept.starts_with("lockgate-checkpoint-1:"), "{kept}");
    let file = made.dir().join("kept.txt");
    fs::write(&file, kept).unwrap();
    made.run(&["person", "add", "zoe"]).ok();
    assert!(made.run(&["audit-log", "verify"]).ok().contains("is whole"));
    let said = made.run(&["audit-log", "verify", "--against", &file.display().to_string()]).ok();
    assert!(said.contains("contains the checkpoint kept elsewhere"), "{said}");
}

#[test]
fn a_changed_event_is_found() {
    let made = Installation::new();
    made.run(&["person", "add", "zoe"]).ok();
    // Whoever can write the files changes what happened: "person.added" becomes "person.adder" wherever it is stored.
    let mut changed = 0;
    for (name, is_log) in [("lockgate.db", false), ("lockgate.db-wal", true)] {
        let path = made.dir().join("data").join(name);
        let Ok(mut bytes) = fs::read(&path) else { continue };
        let found = |w: &(usize, &[u8])| w.1 == b"person.added";
        let places: Vec<usize> = bytes.windows(12).enumerate().filter(found).map(|(at, _)| at).collect();
        for at in &places {
            bytes[at + 11] = b'r';
        }
        changed += places.len();
        if is_log {
            reseal_log(&mut bytes);
        }
        fs::write(&path, bytes).unwrap();
    }
    assert!(changed > 0, "the test must have something to change");
    made.run(&["audit-log", "verify"]).refused(1, &["BROKEN", "was changed"]);
}

#[test]
fn a_log_whose_end_was_cut_off_is_found_by_an_outside_checkpoint_only() {
    let made = Installation::new();
    let data = made.dir().join("data");
    let copy = made.dir().join("copy");
    copy_folder(&data, &copy);
    made.run(&["person", "add", "zoe"]).ok();
    let kept = made.dir().join("kept.txt");
    fs::write(&kept, made.run(&["audit-log", "checkpoint"]).ok()).unwrap();
    // Someone puts yesterday's database back.
    fs::remove_dir_all(&data).unwrap();
    copy_folder(&copy, &data);
    made.run(&["audit-log", "verify"]).ok();
    made.run(&["audit-log", "verify", "--against", &kept.display().to_string()]).refused(1, &["BROKEN", "cut off"]);
}

#[test]
fn a_checkpoint_of_another_installation_proves_nothing() {
    let (made, other) = (Installation::new(), Installation::new());
    let file = made.dir().join("other.txt");
    fs::write(&file, other.run(&["audit-log", "checkpoint"]).ok()).unwrap();
    made.run(&["audit-log", "verify", "--against", &file.display().to_string()])
        .refused(1, &["not signed by a key of this installation"]);
}

#[test]
fn not_being_able_to_look_is_exit_code_2() {
    let made = Installation::new();
    let nonsense = made.dir().join("nonsense.txt");
    fs::write(&nonsense, "lockgate-checkpoint-1:x").unwrap();
    made.run(&["audit-log", "verify", "--against", &nonsense.display().to_string()]).refused(2, &["nonsense.txt"]);
    fs::remove_dir_all(made.dir().join("data")).unwrap();
    made.run(&["audit-log", "verify"]).refused(2, &["failed to read the audit log"]);
    run(&["audit-log", "verify", "--dir", "/nowhere/at/all"]).refused(2, &["lockgate init"]);
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// Computes the checksums of SQLite's write-ahead log anew, so that the database believes what was changed in it
/// (file format §4.1 and §4.2: a 32-byte header, then frames of 24 bytes and one page, each checksum continuing the last).
fn reseal_log(log: &mut [u8]) {
    if log.len() < 32 {
        return;
    }
    let big_endian = log[3] & 1 == 1;
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    let word = |bytes: &[u8]| {
        let bytes: [u8; 4] = bytes.try_into().unwrap();
        if big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    let sum = |mut s: (u32, u32), bytes: &[u8]| {
        for pair in bytes.chunks_exact(8) {
            s.0 = s.0.wrapping_add(word(&pair[..4])).wrapping_add(s.1);
            s.1 = s.1.wrapping_add(word(&pair[4..])).wrapping_add(s.0);
        }
        s
    };
    let mut running = sum((0, 0), &log[..24]);
    for frame in log[32..].chunks_exact_mut(24 + page) {
        running = sum(running, &frame[..8]);
        running = sum(running, &frame[24..]);
        frame[16..20].copy_from_slice(&running.0.to_be_bytes());
        frame[20..24].copy_from_slice(&running.1.to_be_bytes());
    }
}
