//! Failures on demand, for tests only: this module does not exist without the feature `faults`, which no shipped binary enables.

use std::sync::mpsc::Receiver;

use rusqlite::ffi;

use crate::{group::Ledger, queue::Job};

/// What shall go wrong.
#[derive(Debug)]
pub enum Fault {
    /// The disk is full: the database may not grow beyond what it has.
    DiskFull,
    /// The disk has room again.
    DiskRoom,
    /// Every COMMIT fails as it does when fsync fails.
    FsyncFails,
    /// fsync works again.
    FsyncWorks,
    /// The writer stands still until the sender is used or dropped. The fault is answered before it does.
    Pause(Receiver<()>),
    /// The writer dies.
    Panic,
}

/// Carries out the faults in a batch, before the batch is written.
pub(crate) fn inject(ledger: &mut Ledger, jobs: &[Job]) {
    for job in jobs {
        let Job::Fault(fault, _) = job else { continue };
        match fault {
            // SQLite never lowers the limit below the present size.
            Fault::DiskFull => set_max_pages(ledger, 1),
            Fault::DiskRoom => set_max_pages(ledger, 0xffff_fffe),
            Fault::FsyncFails => ledger.commit_fails = true,
            Fault::FsyncWorks => ledger.commit_fails = false,
            Fault::Pause(_) => {}
            Fault::Panic => panic!("the test asked the writer to die"),
        }
    }
}

fn set_max_pages(ledger: &Ledger, pages: i64) {
    let set = ledger.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()));
    set.expect("a limit on pages can always be set");
}

pub(crate) fn fsync_error() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_FSYNC), None)
}
