//! Packs the assets (comments and indentation stay at home) and computes one content hash over all of them, so that an address names
//! exactly one content and may be cached for ever.
//!
//! One hash for the whole set, not one per file: modules import each other by relative address (`./ceremony.js`), which then stays
//! inside the same hash and can never mix two releases.

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=assets");
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo names the folder for output")).join("assets");
    fs::create_dir_all(&out).expect("the folder for output is writable");
    let mut sources: Vec<_> = fs::read_dir("assets")
        .expect("the crate ships its assets folder")
        .map(|entry| entry.expect("the assets folder is readable").path())
        .collect();
    sources.sort();
    let mut hash = FNV_OFFSET;
    for source in sources {
        let text = fs::read_to_string(&source).expect("an asset is a readable text");
        let name = source.file_name().expect("a listed file has a name").to_string_lossy().into_owned();
        let packed = match source.extension().and_then(|extension| extension.to_str()) {
            Some("js") => without_comments(&text),
            Some("css") => without_spaces(&without_comments(&text)),
            _ => text,
        };
        for part in [name.as_bytes(), packed.as_bytes()] {
            // The length goes first, so that moving a byte from one part to the next changes the hash.
            hash = fnv1a(hash, &(part.len() as u64).to_le_bytes());
            hash = fnv1a(hash, part);
        }
        fs::write(out.join(name), packed).expect("the folder for output is writable");
    }
    println!("cargo::rustc-env=LOCKGATE_ASSETS_HASH={:016x}", (hash >> 64) as u64 ^ hash as u64);
}

/// Leaves out lines that are comment or blank, and every line's indentation. Comments stand on lines of their own and no string spans
/// lines in our sources; a test of the crate holds them to that.
fn without_comments(text: &str) -> String {
    let mut packed = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        inside |= line.starts_with("/*");
        if !inside && !line.is_empty() && !line.starts_with("//") {
            packed.push_str(line);
            packed.push('\n');
        }
        inside &= !line.ends_with("*/");
    }
    packed
}

/// Leaves out the spaces that a stylesheet only has for its readers.
fn without_spaces(css: &str) -> String {
    let pairs = [
        (" { ", "{"),
        (" {\n", "{"),
        ("; }", "}"),
        (";\n}", "}"),
        (";\n", ";"),
        ("}\n", "}"),
        ("; ", ";"),
        (": ", ":"),
        (", ", ","),
    ];
    pairs.iter().fold(css.to_owned(), |css, (long, short)| css.replace(long, short))
}

// FNV-1a with 128 bits. It tells releases apart; it defends nothing, for the assets come out of our own binary.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn fnv1a(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(FNV_PRIME))
}
