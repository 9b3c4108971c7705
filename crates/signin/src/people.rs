//! Adding people, and disabling them.
//!
//! Their names are sealed under a key of their own, which the shell makes once it knows their id: first [`draft`], then
//! seal, then [`add_person`].

use model::{
    Actor, AuditEvent, AuditKind, Detail, Employment, Entropy, Outcome, Person, PersonId, PersonStatus, Timestamp,
};

use passkey::Passkey;

use crate::Change;

/// How someone belongs here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// How they belong to the organisation.
    pub employment: Employment,
    /// Whether they hold administrative power somewhere.
    pub privileged: bool,
    /// Names of the groups they are in.
    pub groups: Vec<String>,
    /// When access ends by itself, where it does.
    pub ends: Option<Timestamp>,
}

/// A person with an id and a user handle, not yet stored. Takes 42 bytes of entropy.
///
/// The user handle is random and says nothing about them (WebAuthn L3 §14.6.1).
#[must_use]
pub fn draft(new: NewPerson, now: Timestamp, entropy: &mut Entropy) -> Person {
    Person {
        id: PersonId::fresh(now, entropy),
        status: PersonStatus::Active,
        employment: new.employment,
        privileged: new.privileged,
        groups: new.groups,
        user_handle: entropy.take::<32>(),
        ends: new.ends,
        created: now,
    }
}

/// A sign-in name on its way into the store.
#[derive(Debug, Clone)]
pub struct SealedName {
    /// Its keyed hash: [`crate::SigninName::hash`].
    pub hash: [u8; 32],
    /// The name, sealed under the person's key.
    pub sealed: Vec<u8>,
}

/// Adds a person with their names. Names that someone else holds make the whole set fail.
pub fn add_person(
    actor: Actor,
    person: Person,
    sealed_display: Vec<u8>,
    names: Vec<SealedName>,
) -> Outcome<PersonId, Change> {
    let id = person.id;
    let event = AuditEvent::new(AuditKind::PersonAdded, actor)
        .person(id)
        .detail("employment", Detail::Word(person.employment.as_str()))
        .detail("privileged", Detail::Word(if person.privileged { "yes" } else { "no" }));
    let mut changes = vec![Change::InsertPerson { person, sealed_display }];
    for name in names {
        changes.push(Change::InsertSigninName { hash: name.hash, person: id, sealed: name.sealed });
    }
    Outcome { reply: id, changes, audit: vec![event] }
}

/// Takes every passkey from a person who can't use any of them, and ends their sessions. Whoever does this vouches for the person; a new
/// pass lets them start again.
pub fn reset_passkeys(actor: &Actor, person: PersonId, passkeys: &[Passkey], now: Timestamp) -> Outcome<(), Change> {
    let mut changes: Vec<Change> = passkeys
        .iter()
        .filter(|passkey| passkey.person == person)
        .map(|passkey| Change::RemovePasskey { id: passkey.id, person, keep_one: false })
        .collect();
    changes.push(Change::EndSessionsOfPerson { person, at: now });
    let removed = passkeys.iter().filter(|passkey| passkey.person == person).map(|passkey| {
        AuditEvent::new(AuditKind::PasskeyRemoved, actor.clone())
            .person(person)
            .detail("passkey", Detail::Passkey(passkey.id))
            .detail("reason", Detail::Word("reset"))
    });
    let ended = AuditEvent::new(AuditKind::SessionEnded, actor.clone())
        .person(person)
        .detail("reason", Detail::Word("passkeys_reset"));
    Outcome { reply: (), changes, audit: removed.chain([ended]).collect() }
}

/// Enables or disables a person. Disabling ends all their sessions in the same commit.
pub fn set_person_status(actor: Actor, person: PersonId, status: PersonStatus, now: Timestamp) -> Outcome<(), Change> {
    let event = AuditEvent::new(AuditKind::PersonStatusChanged, actor)
        .person(person)
        .detail("status", Detail::Word(status.as_str()));
    let mut changes = vec![Change::SetPersonStatus { id: person, status }];
    match status {
        PersonStatus::Active => {}
        PersonStatus::Disabled => changes.push(Change::EndSessionsOfPerson { person, at: now }),
    }
    Outcome { reply: (), changes, audit: vec![event] }
}
