//! Forgetting what time has ended, so that storage and memory hold what is live and little else.

use model::{SessionId, Timestamp};
use rusqlite::{Connection, params};
use signin::throttle::Scope;

use crate::memory::Effect;

/// Rows of one kind forgotten in one sweep: a sweep must not hold up the change sets that queue behind it.
const ROWS_MAX: i64 = 1000;
/// How long an ended family is kept, in milliseconds. Its tombstone must outlive every redemption that may still be on its way.
const FAMILY_KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Sign-in records kept at the most, the newest.
const RECORDS_MAX: i64 = 5_000_000;
/// How long sign-in records are kept: a year and a month, so that a baseline can be compared with the same season.
const RECORDS_KEPT_MILLIS: i64 = 396 * 24 * 60 * 60 * 1000;
/// How long enrolment passes are kept after they expired, so that an old link can still be told apart from a mistyped one.
const PASSES_KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How long a device's grant is kept after its end, in milliseconds, so that a late poll hears why.
const DEVICES_KEPT_MILLIS: i64 = 60 * 60 * 1000;

/// Deletes sessions past their absolute end, families whose end lies a day back, and records and passes that outlived their use.
pub(crate) fn sweep(conn: &Connection, now: Timestamp, effects: &mut Vec<Effect>) -> rusqlite::Result<()> {
    let mut statement = conn.prepare_cached(
        "DELETE FROM session WHERE id IN (SELECT id FROM session WHERE expires <= ?1 LIMIT ?2) RETURNING id, cookie_hash",
    )?;
    let mut rows = statement.query(params![now.millis(), ROWS_MAX])?;
    while let Some(row) = rows.next()? {
        effects.push(Effect::SessionEnded { id: SessionId::from_bytes(row.get(0)?), cookie_hash: row.get(1)? });
    }
    let families_before = now.millis().saturating_sub(FAMILY_KEPT_MILLIS);
    conn.prepare_cached(
        "DELETE FROM refresh_family WHERE id IN (SELECT id FROM refresh_family WHERE ends <= ?1 LIMIT ?2)",
    )?
    .execute(params![families_before, ROWS_MAX])?;
    // By number, because strangers can make attempts; by age, because nobody needs them for longer.
    conn.prepare_cached(
        // Only the oldest rows are looked at, so that a sweep costs the same however many there are.
        "DELETE FROM signin_record WHERE seq < (SELECT MIN(seq) FROM signin_record) + ?3 \
         AND (seq <= (SELECT MAX(seq) FROM signin_record) - ?1 OR at <= ?2)",
    )?
    .execute(params![RECORDS_MAX, now.millis().saturating_sub(RECORDS_KEPT_MILLIS), ROWS_MAX])?;
    conn.prepare_cached(
        "DELETE FROM enrolment_pass WHERE id IN (SELECT id FROM enrolment_pass WHERE expires <= ?1 LIMIT ?2)",
    )?
    .execute(params![now.millis().saturating_sub(PASSES_KEPT_MILLIS), ROWS_MAX])?;
    effects.push(Effect::Swept(now));
    sweep_once(conn, now)
}

/// What counts once, waits for an answer, or tells of something long ago.
fn sweep_once(conn: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    for (sql, before) in [
        ("DELETE FROM spent WHERE hash IN (SELECT hash FROM spent WHERE until <= ?1 LIMIT ?2)", now.millis()),
        (
            "DELETE FROM revoked_token WHERE jti IN (SELECT jti FROM revoked_token WHERE until <= ?1 LIMIT ?2)",
            now.millis(),
        ),
        (
            "DELETE FROM device_grant WHERE id IN (SELECT id FROM device_grant WHERE expires <= ?1 LIMIT ?2)",
            now.millis().saturating_sub(DEVICES_KEPT_MILLIS),
        ),
        (
            "DELETE FROM initial_access WHERE hash IN (SELECT hash FROM initial_access WHERE expires <= ?1 LIMIT ?2)",
            now.millis(),
        ),
        (
            "DELETE FROM receipt WHERE id IN (SELECT id FROM receipt WHERE last <= ?1 LIMIT ?2)",
            now.millis().saturating_sub(context::receipt::RECEIPT_DAYS * 24 * 60 * 60 * 1000),
        ),
        (
            "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE sent IS NOT NULL AND sent <= ?1 LIMIT ?2)",
            now.millis().saturating_sub(RECORDS_KEPT_MILLIS),
        ),
    ] {
        conn.prepare_cached(sql)?.execute(params![before, ROWS_MAX])?;
    }
    for scope in Scope::ALL {
        if let Some(before) = signin::throttle::stale_before(scope, now) {
            conn.prepare_cached(
                "DELETE FROM throttle_counter WHERE key IN (
                    SELECT key FROM throttle_counter WHERE scope = ?1 AND last < ?2 LIMIT ?3)",
            )?
            .execute(params![scope.as_str(), before.millis(), ROWS_MAX])?;
        }
    }
    Ok(())
}
