//! Who may use a client.

use model::Person;
use serde::{Deserialize, Serialize};

/// Who may use a client.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessRule {
    /// Being in any of these groups is enough. Empty: everybody.
    pub groups: Vec<String>,
}

impl AccessRule {
    /// Whether `person` may use the client, by the groups they are in now.
    #[must_use]
    pub fn admits(&self, person: &Person) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|group| person.groups.contains(group))
    }
}
