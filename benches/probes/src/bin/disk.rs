//! How fast the disk under a folder takes durable writes: raw, and through SQLite with groups of several sizes.

use std::{
    error::Error,
    fs::{self, File},
    io::Write,
    os::unix::fs::FileExt,
};

use probes::{repeat, report};
use rusqlite::{Connection, params};

const SECONDS: u64 = 2;
const BLOCK: [u8; 4096] = [1; 4096];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("disk FOLDER")?;
    fs::create_dir_all(&folder)?;
    let raw = format!("{folder}/raw");
    let done = raw_writes(&raw).and_then(|()| {
        [1, 8, 16, 64, 256].into_iter().try_for_each(|group| grouped(&format!("{folder}/probe-{group}.db"), group))
    });
    let _ = fs::remove_file(raw);
    done
}

fn raw_writes(path: &str) -> Result<(), Box<dyn Error>> {
    let mut file = File::create(path)?;
    let mut fault = Ok(());
    let mut keep = |result: std::io::Result<()>| {
        if let Err(error) = result {
            fault = Err(error)
        }
    };
    report(
        "append 4 KiB, fdatasync",
        &repeat(SECONDS, || keep(file.write_all(&BLOCK).and_then(|()| file.sync_data()))),
        1,
    );

    let blocks = 4096;
    file.write_all(&vec![0; BLOCK.len() * blocks])?;
    file.sync_all()?;
    let mut at = 0;
    let overwrite = repeat(SECONDS, || {
        at = (at + 1) % blocks as u64;
        keep(file.write_all_at(&BLOCK, at * BLOCK.len() as u64).and_then(|()| file.sync_data()));
    });
    report("overwrite 4 KiB in place, fdatasync", &overwrite, 1);
    Ok(fault?)
}

/// Rows with random-looking keys, as hashes are: `group` of them in one durable commit.
fn grouped(path: &str, group: u32) -> Result<(), Box<dyn Error>> {
    let remove = || ["", "-wal", "-shm"].iter().for_each(|suffix| drop(fs::remove_file(format!("{path}{suffix}"))));
    remove();
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;
         CREATE TABLE token(hash BLOB PRIMARY KEY, family INTEGER, expires INTEGER) WITHOUT ROWID;",
    )?;
    let mut insert = connection.prepare("INSERT INTO token VALUES(?,?,?)")?;
    let (mut row, mut fault) = (0_u64, Ok(()));
    let times = repeat(SECONDS, || {
        let mut commit = || -> rusqlite::Result<()> {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for _ in 0..group {
                row += 1;
                let mixed = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
                let key = [mixed, mixed.rotate_left(17), row, 0].map(u64::to_le_bytes).concat();
                insert.execute(params![key, 1, 1_800_000_000_i64])?;
            }
            connection.execute_batch("COMMIT")
        };
        if let Err(error) = commit() {
            fault = Err(error);
        }
    });
    report(&format!("SQLite WAL, synchronous=FULL, group of {group}"), &times, group);
    remove();
    Ok(fault?)
}
