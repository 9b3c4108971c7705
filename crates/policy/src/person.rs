//! A person, as far as a policy may look at one.

use model::{Employment, Person};

/// What segments may ask about a person, borrowed. No id and no name: a policy that singles out one person is an exception, and those are dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonFacts<'a> {
    /// How they belong to the organisation.
    pub employment: Employment,
    /// Whether they hold administrative power somewhere.
    pub privileged: bool,
    /// Names of the groups they are in, in any order.
    pub groups: &'a [String],
}

impl<'a> From<&'a Person> for PersonFacts<'a> {
    fn from(person: &'a Person) -> Self {
        Self { employment: person.employment, privileged: person.privileged, groups: &person.groups }
    }
}
