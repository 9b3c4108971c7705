//! Changes as SQL, written out where it runs. Every precondition is part of the statement or of one just before it in the
//! same transaction, and is judged by the number of rows that the statement touched.

mod keys;
mod oauth;
mod passkeys;
mod signin;
mod sweep;

use rusqlite::{Connection, ErrorCode, ffi};

use crate::{Change, PreconditionFailed, memory::Effect};

pub(crate) use sweep::sweep;

/// Why a change was not applied.
#[derive(Debug)]
pub(crate) enum ApplyError {
    /// Its precondition does not hold: only its change set is undone.
    Lost(PreconditionFailed),
    /// Storage failed: the whole group is undone.
    Storage(rusqlite::Error),
}

impl From<PreconditionFailed> for ApplyError {
    fn from(lost: PreconditionFailed) -> Self {
        Self::Lost(lost)
    }
}

impl From<rusqlite::Error> for ApplyError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(cause) if cause.code == ErrorCode::ConstraintViolation => Self::Lost(match cause.extended_code {
                ffi::SQLITE_CONSTRAINT_FOREIGNKEY => PreconditionFailed::ReferenceMissing,
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => PreconditionFailed::IdTaken,
                _ => PreconditionFailed::ValueRefused,
            }),
            _ => Self::Storage(error),
        }
    }
}

/// Applies one change in the transaction that `conn` is in, and notes what it means for memory.
pub(crate) fn apply(conn: &Connection, change: &Change, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    match change {
        Change::Signin(change) => signin::apply(conn, change, effects),
        Change::Oauth(change) => oauth::apply(conn, change, effects),
        Change::InsertKey { key, sealed } => keys::insert(conn, key, sealed, effects),
        Change::ActivateKey { id, at } => keys::activate(conn, *id, *at, effects),
        Change::RetireKey { id, at } => keys::retire(conn, *id, *at, effects),
    }
}

/// One row touched, or the precondition did not hold.
fn one(touched: usize, otherwise: PreconditionFailed) -> Result<(), ApplyError> {
    if touched == 1 { Ok(()) } else { Err(otherwise.into()) }
}
