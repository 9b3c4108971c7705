//! What is known about one person, for the length of one decision.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::{Claim, Value};

/// Longest stored form, in bytes.
pub const ATTRIBUTES_BYTES_MAX: usize = 64 * 1024;

/// The attributes of one person. Personal: sealed at rest, opened for one decision, and never printed.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Attributes(BTreeMap<Claim, Value>);

impl std::fmt::Debug for Attributes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Why attributes can't be read. Names the member and never its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAttributes {
    /// More than [`ATTRIBUTES_BYTES_MAX`] bytes.
    #[error("attributes may have at most 64 KiB")]
    TooLong,
    /// Not one JSON object.
    #[error("expected one JSON object with claims as members")]
    NotAnObject,
    /// A member that is no claim here.
    #[error("no claim is called {0:?} here; the claims are {list}", list = names())]
    Unknown(String),
    /// A member that is not kept as an attribute, because it follows from something else.
    #[error("{0} can't be set: it follows from the person's own record")]
    Derived(&'static str),
    /// A member of the wrong kind.
    #[error("{claim} must be {wanted}")]
    Value {
        /// Which.
        claim: &'static str,
        /// What it should have been.
        wanted: &'static str,
    },
}

fn names() -> String {
    Claim::ALL.iter().filter(|claim| !derived(**claim)).map(|claim| claim.name()).collect::<Vec<_>>().join(", ")
}

/// Groups stand in the person's record, and the time of the last change is the store's.
const fn derived(claim: Claim) -> bool {
    matches!(claim, Claim::Groups | Claim::UpdatedAt)
}

impl Attributes {
    /// Reads what somebody wrote: one JSON object with claims as members. Unknown members are refused, not dropped.
    ///
    /// # Errors
    /// The first member that can't be kept.
    pub fn parse(text: &str) -> Result<Self, BadAttributes> {
        if text.len() > ATTRIBUTES_BYTES_MAX {
            return Err(BadAttributes::TooLong);
        }
        let Ok(Json::Object(members)) = serde_json::from_str(text) else { return Err(BadAttributes::NotAnObject) };
        let mut attributes = Self::default();
        for (name, json) in &members {
            let claim =
                Claim::from_name(name).ok_or_else(|| BadAttributes::Unknown(name.chars().take(64).collect()))?;
            if derived(claim) {
                return Err(BadAttributes::Derived(claim.name()));
            }
            let value = Value::from_json(claim.kind(), json)
                .map_err(|wanted| BadAttributes::Value { claim: claim.name(), wanted })?;
            attributes.0.insert(claim, value);
        }
        Ok(attributes)
    }

    /// The stored form: what [`Self::parse`] reads. Derived claims are left out.
    #[must_use]
    pub fn to_json(&self) -> String {
        let kept = self.0.iter().filter(|(claim, _)| !derived(**claim));
        let members: Map<String, Json> =
            kept.map(|(claim, value)| (claim.name().to_owned(), value.to_json())).collect();
        Json::Object(members).to_string()
    }

    /// Adds the person's groups, from their record. An empty list adds nothing.
    #[must_use]
    pub fn with_groups(mut self, groups: &[String]) -> Self {
        if !groups.is_empty() {
            self.0.insert(Claim::Groups, Value::List(groups.to_vec()));
        }
        self
    }

    /// Adds the time of the last change, in seconds since 1970, where anything that it speaks of is known.
    #[must_use]
    pub fn with_updated_at(mut self, seconds: i64) -> Self {
        if !self.0.is_empty() {
            self.0.insert(Claim::UpdatedAt, Value::Number(seconds));
        }
        self
    }

    /// One value.
    #[must_use]
    pub fn get(&self, claim: Claim) -> Option<&Value> {
        self.0.get(&claim)
    }

    /// Which claims are known.
    pub fn known(&self) -> impl Iterator<Item = Claim> {
        self.0.keys().copied()
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
