//! What an import would do: nothing is written by looking.

use std::collections::HashMap;

use crypto::equal;
use model::{Actor, AuditEvent, AuditKind, Detail, Outcome, PersonId};

use super::{MappedAt, SubjectMapping, csv::Row};
use crate::Change;

/// What the shell knows about the names and identifiers of a list.
pub trait Known {
    /// The person of that sign-in name.
    fn person(&self, name: &str) -> Option<PersonId>;
    /// The identifier that the person is mapped to at this place already.
    fn mapped_to(&self, person: PersonId) -> Option<String>;
    /// The person who is mapped to that identifier at this place already, or at a place that overlaps it: the sector of this client,
    /// or any client of this sector.
    fn mapped_by(&self, subject: &str) -> Option<PersonId>;
    /// The person for whom that identifier is computed at this place, if it is anybody's ([`crate::subject::computed`]).
    fn computed_for(&self, subject: &str) -> Option<PersonId>;
    /// Whether that is the id of a client.
    fn is_client(&self, subject: &str) -> bool;
}

/// What is wrong with a row, or worth knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remark {
    /// The row's line.
    pub line: usize,
    /// What.
    pub kind: RemarkKind,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RemarkKind {
    /// Nobody has that sign-in name.
    #[error("nobody has this sign-in name")]
    UnknownName,
    /// An earlier line is about the same person.
    #[error("line {first} is about the same person")]
    PersonAgain {
        /// That line.
        first: usize,
    },
    /// An earlier line gives the same identifier to somebody else.
    #[error("line {first} gives the same subject to somebody else")]
    SubjectAgain {
        /// That line.
        first: usize,
    },
    /// The person has another identifier here already, and tokens with it may be in use.
    #[error("this person has another subject here already")]
    MappedOtherwise,
    /// Somebody else has that identifier here already.
    #[error("somebody else has this subject here already")]
    SubjectTaken,
    /// It is the computed identifier of somebody else, who would be taken for this person.
    #[error("this is the computed subject of somebody else")]
    ComputedForOther,
    /// It is a client's id, and a client's token would be taken for this person's (draft-ietf-oauth-v2-1-16 §7.4).
    #[error("this is the id of a client")]
    IsClient,
}

/// What an import would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportPlan {
    /// New mappings.
    pub mappings: Vec<SubjectMapping>,
    /// Rows that are in force already.
    pub unchanged: usize,
    /// Rows that can't be imported.
    pub remarks: Vec<Remark>,
}

/// Judges each row of a list for `place`.
#[must_use]
pub fn plan(place: &MappedAt, rows: &[Row], known: &impl Known) -> ImportPlan {
    let mut plan = ImportPlan { mappings: Vec::with_capacity(rows.len()), unchanged: 0, remarks: Vec::new() };
    let mut seen = Seen::default();
    for row in rows {
        match judge(row, known, &mut seen) {
            Ok(Judged::New(person)) => {
                plan.mappings.push(SubjectMapping { place: place.clone(), person, subject: row.subject.clone() })
            }
            Ok(Judged::InForce) => plan.unchanged += 1,
            Err(kind) => plan.remarks.push(Remark { line: row.line, kind }),
        }
    }
    plan
}

impl ImportPlan {
    /// Whether all of it can be imported.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.remarks.is_empty()
    }

    /// The import itself: all rows or none.
    ///
    /// # Errors
    /// The plan, when a row can't be imported. Half an import would show some people their accounts and make others strangers.
    pub fn commit(self) -> Result<Outcome<usize, Change>, Self> {
        if !self.is_clean() {
            return Err(self);
        }
        let count = self.mappings.len();
        let mut event = AuditEvent::new(AuditKind::SubjectsImported, Actor::Operator)
            .detail("count", Detail::Number(i64::try_from(count).unwrap_or(i64::MAX)));
        match self.mappings.first().map(|mapping| &mapping.place) {
            None => return Ok(Outcome::plain(0)),
            Some(MappedAt::Client(client)) => event = event.client(client.clone()),
            Some(MappedAt::Sector(_)) => event = event.detail("place", Detail::Word("sector")),
        }
        let changes =
            self.mappings.into_iter().map(|mapping| Change::InsertSubjectMapping(Box::new(mapping))).collect();
        Ok(Outcome { reply: count, changes, audit: vec![event] })
    }
}

enum Judged {
    New(PersonId),
    InForce,
}

/// What earlier lines of the list said.
#[derive(Default)]
struct Seen {
    persons: HashMap<PersonId, usize>,
    subjects: HashMap<String, usize>,
}

fn judge(row: &Row, known: &impl Known, seen: &mut Seen) -> Result<Judged, RemarkKind> {
    let subject = row.subject.as_str();
    let person = known.person(row.name.expose()).ok_or(RemarkKind::UnknownName)?;
    // 1. The list against itself. Both are noted before anything else can be wrong with the row.
    let (same_person, same_subject) = (seen.persons.get(&person).copied(), seen.subjects.get(subject).copied());
    seen.persons.entry(person).or_insert(row.line);
    seen.subjects.entry(subject.to_owned()).or_insert(row.line);
    if let Some(first) = same_person {
        return Err(RemarkKind::PersonAgain { first });
    }
    if let Some(first) = same_subject {
        return Err(RemarkKind::SubjectAgain { first });
    }
    // 2. Against what is in force.
    match known.mapped_to(person) {
        Some(mapped) if equal(mapped.as_bytes(), subject.as_bytes()) => return Ok(Judged::InForce),
        Some(_) => return Err(RemarkKind::MappedOtherwise),
        None => {}
    }
    if known.mapped_by(subject).is_some_and(|other| other != person) {
        return Err(RemarkKind::SubjectTaken);
    }
    // 3. Against what would be computed, and against clients.
    if known.computed_for(subject).is_some_and(|other| other != person) {
        return Err(RemarkKind::ComputedForOther);
    }
    if known.is_client(subject) {
        return Err(RemarkKind::IsClient);
    }
    Ok(Judged::New(person))
}
