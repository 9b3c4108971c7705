//! Subjects that clients brought along.

use oauth::subject_map::{MappedAt, SubjectMapping};
use rusqlite::{Connection, params};

use super::{ApplyError, one, signin::require_person};
use crate::{PreconditionFailed, memory::Effect};

/// A place, as storage names it.
pub(crate) fn place(place: &MappedAt) -> String {
    match place {
        MappedAt::Client(id) => format!("client:{id}"),
        MappedAt::Sector(sector) => format!("sector:{sector}"),
    }
}

pub(super) fn insert(conn: &Connection, mapping: &SubjectMapping, effects: &mut Vec<Effect>) -> Result<(), ApplyError> {
    require_person(conn, mapping.person)?;
    let place = place(&mapping.place);
    let touched = conn
        .prepare_cached(
            "INSERT INTO subject_mapping (place, person, subject) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![place, mapping.person.as_bytes(), mapping.subject.as_str()])?;
    one(touched, PreconditionFailed::SubjectTaken)?;
    effects.push(Effect::PlaceMapped(place));
    Ok(())
}
