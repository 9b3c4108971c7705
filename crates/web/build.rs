//! Computes one content hash over every asset, so that an address names exactly one content and may be cached for ever.
//!
//! One hash for the whole set, not one per file: modules import each other by relative address (`./ceremony.js`), which then stays
//! inside the same hash and can never mix two releases.

use std::{fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=assets");
    let mut names: Vec<_> = fs::read_dir(Path::new("assets"))
        .expect("the crate ships its assets folder")
        .map(|entry| entry.expect("the assets folder is readable").path())
        .collect();
    names.sort();
    let mut hash = FNV_OFFSET;
    for name in names {
        let body = fs::read(&name).expect("an asset is a readable file");
        let file = name.file_name().expect("a listed file has a name").to_string_lossy().into_owned();
        for part in [file.as_bytes(), &body] {
            // The length goes first, so that moving a byte from one part to the next changes the hash.
            hash = fnv1a(hash, &(part.len() as u64).to_le_bytes());
            hash = fnv1a(hash, part);
        }
    }
    println!("cargo::rustc-env=LOCKGATE_ASSETS_HASH={:016x}", (hash >> 64) as u64 ^ hash as u64);
}

// FNV-1a with 128 bits. It tells releases apart; it defends nothing, for the assets come out of our own binary.
const FNV_OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const FNV_PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

fn fnv1a(hash: u128, bytes: &[u8]) -> u128 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u128::from(*byte)).wrapping_mul(FNV_PRIME))
}
