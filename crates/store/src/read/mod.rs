//! Reading rows: what callers ask for by name, one statement each. All of these read committed state, where they stand.

mod context;
mod log;
mod neighbours;
mod oauth;
mod people;
mod ways;

pub use log::AuditRow;
pub use oauth::ApplicationUse;
pub use ways::WaitingNotice;

/// Rows returned by one call, at most.
const ROWS_MAX: usize = 1000;

/// A row count as SQL takes it.
fn limit(rows: usize) -> i64 {
    i64::try_from(rows.min(ROWS_MAX)).unwrap_or(i64::MAX)
}
