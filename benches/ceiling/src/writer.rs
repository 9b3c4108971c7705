//! One thread owns the database and commits whatever has queued: one `fsync` for a group.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use rusqlite::{Connection, params};
use tokio::sync::oneshot;

use crate::state::{Hash, REFRESH_SECONDS, now};

const GROUP_MAX: usize = 256;

/// A refresh token to store, and the one it replaces.
pub(crate) struct Write {
    pub(crate) old: Option<Hash>,
    pub(crate) new: Hash,
    pub(crate) done: oneshot::Sender<()>,
}

/// Starts the writer on a fresh database in `folder`.
pub(crate) fn start(folder: &str) -> Result<Sender<Write>, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let path = format!("{folder}/ceiling.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{suffix}"));
    }
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;
         CREATE TABLE token(hash BLOB PRIMARY KEY, family INTEGER, client INTEGER, person INTEGER, expires INTEGER, used INTEGER) WITHOUT ROWID;",
    )?;
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        if let Err(fault) = write(&connection, &receiver) {
            eprintln!("ceiling: the writer stopped: {fault}");
        }
    });
    Ok(sender)
}

fn write(connection: &Connection, receiver: &Receiver<Write>) -> rusqlite::Result<()> {
    let mut insert = connection.prepare("INSERT INTO token VALUES(?,1,1,1,?,0)")?;
    let mut use_up = connection.prepare("UPDATE token SET used=1 WHERE hash=? AND used=0")?;
    let (mut begin, mut commit) = (connection.prepare("BEGIN IMMEDIATE")?, connection.prepare("COMMIT")?);
    let mut group = Vec::with_capacity(GROUP_MAX);
    while let Ok(first) = receiver.recv() {
        group.push(first);
        group.extend(receiver.try_iter().take(GROUP_MAX - 1));
        begin.execute([])?;
        let expires = i64::try_from(now() + REFRESH_SECONDS).unwrap_or(i64::MAX);
        for one in &group {
            if let Some(old) = &one.old {
                use_up.execute([&old[..]])?;
            }
            insert.execute(params![&one.new[..], expires])?;
        }
        commit.execute([])?;
        for one in group.drain(..) {
            let _ = one.done.send(());
        }
    }
    Ok(())
}
