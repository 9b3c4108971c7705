//! Nothing in here belongs to one machine: no paths of a work place, no hosts of package registries. Who builds behind a mirror, or somewhere else, must not trip over ours.

use crate::{assert_none, house::house};

/// Broken in two, so that this file does not find itself.
const PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/tmp/", "plan"), concat!("/ro", "ot/"), concat!("/home/", "runner")];
const HOSTS: [&str; 8] = [
    concat!("registry.", "npmjs.org"),
    concat!("pypi.", "org"),
    concat!("files.", "pythonhosted.org"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("deb.", "debian.org"),
    concat!("proxy.", "golang.org"),
    concat!("repo.", "maven.apache.org"),
];

#[test]
fn no_file_names_a_machine_or_a_registry() {
    let mut faults = Vec::new();
    for file in house().files("", |path| !path.ends_with("Cargo.lock")) {
        for (index, line) in file.text.lines().enumerate() {
            faults.extend(
                PATHS
                    .iter()
                    .chain(&HOSTS)
                    .filter(|word| line.contains(**word))
                    .map(|word| format!("{}:{} says {word}", file.path, index + 1)),
            );
        }
    }
    assert_none(
        "write paths from the root; for npm, keep hosts out of the lock file with omit-lockfile-registry-resolved=true in .npmrc:",
        &faults,
    );
}
