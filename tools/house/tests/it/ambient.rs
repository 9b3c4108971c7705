//! Who may call what `clippy.toml` bans (the clock, the source of randomness): a short list of files, and each silence says why.

use crate::{
    assert_none,
    house::house,
    rust_source::{layers, lines_with},
};

/// Files and folders that may silence the ban.
const AMBIENT: [&str; 6] = [
    // The product's only clock and only source of randomness.
    "crates/server/src/ambient.rs",
    // ECDSA draws its own nonce inside the crypto library; there is no way to hand it one.
    "crates/crypto/src/signing.rs",
    // Somebody else's software, by design.
    "crates/testkit/",
    "crates/demoapp/src/ambient.rs",
    // Instruments: they measure time for a living, and are no part of what ships.
    "crates/store/examples/",
    "benches/",
];

#[test]
fn only_ambient_files_read_the_clock_and_draw_randomness() {
    let mut faults = Vec::new();
    for file in sources() {
        let code = layers(&file.text).code;
        for lint in ["disallowed_methods", "disallowed_types"] {
            if !AMBIENT.iter().any(|ambient| file.path.starts_with(ambient)) {
                faults.extend(
                    lines_with(&code, lint).into_iter().map(|line| format!("{}:{line} silences {lint}", file.path)),
                );
            }
        }
    }
    assert_none("take time and entropy as arguments; only these files may not: see AMBIENT in tools/house.", &faults);
}

#[test]
fn every_silenced_lint_says_why() {
    let mut faults = Vec::new();
    for file in sources() {
        let code = layers(&file.text).code;
        for attribute in ["[allow(", "[expect("] {
            for (at, _) in code.match_indices(attribute) {
                let body = code[at..].split(']').next().unwrap_or_default();
                if !body.contains("reason") {
                    faults.push(format!("{}:{}", file.path, code[..at].lines().count()));
                }
            }
        }
    }
    assert_none("#[expect(lint, reason = \"…\")] at the smallest spot:", &faults);
}

fn sources() -> Vec<crate::house::File> {
    ["crates", "tools", "benches"].into_iter().flat_map(|folder| house().rust_files(folder)).collect()
}
