//! Changes as SQL, written out where it runs. Every precondition is part of the statement or of one just before it in the
//! same transaction, and is judged by the number of rows that the statement touched.

mod clients;
pub(crate) mod context;
mod counters;
mod device;
mod fallbacks;
mod ground;
mod keys;
mod notices;
mod oauth;
mod once;
mod passkeys;
mod signin;
pub(crate) mod subjects;
mod sweep;

use rusqlite::{Connection, ErrorCode, ffi};

use crate::{Change, PreconditionFailed, memory::Effect, seals::Seals};

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
pub(crate) fn apply(
    conn: &Connection,
    seals: &Seals,
    change: &Change,
    effects: &mut Vec<Effect>,
) -> Result<(), ApplyError> {
    apply_alone(conn, seals, change, effects)?;
    // After what memory follows of the change itself: whoever sees the new number sees the change.
    if ground::moves(change) {
        effects.push(Effect::GroundMoved);
    }
    Ok(())
}

fn apply_alone(conn: &Connection, seals: &Seals, change: &Change, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    match change {
        Change::Signin(change) => signin::apply(conn, seals, change, effects),
        Change::Oauth(change) => oauth::apply(conn, change, effects),
        Change::Context(change) => context::apply(conn, change),
        Change::SetAttributes { person, sealed, at } => context::set_attributes(conn, *person, sealed, *at),
        Change::AddNoticeAddress { person, hash, sealed, at } => notices::add_address(conn, *person, hash, sealed, *at),
        Change::RemoveNoticeAddress { person, hash } => notices::remove_address(conn, *person, hash),
        Change::NoticeSent { id, at } => notices::sent(conn, *id, *at),
        Change::PostponeNotice { id, next_try } => notices::postpone(conn, *id, *next_try),
        Change::GiveUpNotice { id, at } => notices::give_up(conn, *id, *at),
        Change::InsertKey { key, sealed } => keys::insert(conn, key, sealed, effects),
        Change::ActivateKey { id, at } => keys::activate(conn, *id, *at, effects),
        Change::RetireKey { id, at } => keys::retire(conn, *id, *at, effects),
        Change::RemoveKey { id, at } => keys::remove(conn, *id, *at, effects),
        Change::WithdrawKey { id, at } => keys::withdraw(conn, *id, *at, effects),
    }
}

/// One row touched, or the precondition did not hold.
fn one(touched: usize, otherwise: PreconditionFailed) -> Result<(), ApplyError> {
    if touched == 1 { Ok(()) } else { Err(otherwise.into()) }
}
