//! The policy room from outside: what serves whom where, what a configuration may say, and what holds for any policy at all.

mod any;
mod configuration;
mod exceptions;
mod laws;
mod matrix;
mod proofs;
mod snapshot;

use model::{Employment, Timestamp};
use policy::{PersonFacts, Policy, file::PolicyFile};

/// The moment at which every test takes place.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// The policy of a `[policy]` table, given without its head.
#[track_caller]
pub(crate) fn policy(table: &str) -> Policy {
    let file: PolicyFile = toml::from_str(table).expect("the table has the shape of a policy");
    file.check().unwrap_or_else(|problems| panic!("failed to check: {problems:?}"))
}

/// A member of staff who is in no group and holds no power.
pub(crate) const STAFF: PersonFacts<'static> =
    PersonFacts { employment: Employment::Workforce, privileged: false, groups: &[] };
/// The same with administrative power.
pub(crate) const ADMINISTRATOR: PersonFacts<'static> = PersonFacts { privileged: true, ..STAFF };

pub(crate) fn words(groups: &[&str]) -> Vec<String> {
    groups.iter().map(|group| (*group).to_owned()).collect()
}
