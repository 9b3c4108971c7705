//! Files that people read and the tests hold the code to.

use std::{env, fs, path::Path};

/// Compares with the committed file. `LOCKGATE_BLESS=1 cargo test -p policy` writes it anew: review it as you would code.
#[track_caller]
pub(crate) fn check(name: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it").join(name);
    if env::var_os("LOCKGATE_BLESS").is_some() {
        fs::write(&path, now).expect("a writable snapshot");
    }
    let before = fs::read_to_string(&path).expect("a committed snapshot");
    for (number, (before, now)) in before.lines().zip(now.lines()).enumerate() {
        assert_eq!(before, now, "{name}:{}", number + 1);
    }
    assert_eq!(before.lines().count(), now.lines().count(), "{name} has another length");
}
