//! The identifier of a person that a client sees (OpenID Connect Core §8).

use crypto::b64u;
use model::PersonId;

use crate::{Client, SubjectKind, TokenKeys};

/// `sub` of `person` at `client`: the identifier that was imported for them there ([`crate::subject_map`]), or else the computed one.
#[must_use]
pub fn subject(client: &Client, person: PersonId, mapped: Option<&str>, keys: &TokenKeys) -> String {
    match mapped {
        Some(mapped) => mapped.to_owned(),
        None => computed(&client.subject, person, keys),
    }
}

/// The computed identifier: 43 characters. A keyed hash in both kinds: our own id never leaves (§8.1 asks that nobody but us can turn it back).
#[must_use]
pub fn computed(kind: &SubjectKind, person: PersonId, keys: &TokenKeys) -> String {
    b64u(&match kind {
        SubjectKind::Public => keys.public_subject(person.as_bytes()),
        SubjectKind::Pairwise { sector } => keys.pairwise_subject(sector, person.as_bytes()),
    })
}
