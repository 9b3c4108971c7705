//! Adding people, and disabling them.
//!
//! Their names are sealed under a key of their own, which the shell makes once it knows their id: first [`draft`], then
//! seal, then [`add_person`].

use crypto::HashKey;
use model::{
    Actor, AuditEvent, AuditKind, Detail, Employment, Entropy, NoticeKind, Outcome, Person, PersonId, PersonStatus,
    Secret, Timestamp,
};
use passkey::Passkey;

use crate::{
    Change,
    notices::{notice, passkey_notice},
    throttle::Keys,
};

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

/// Takes every passkey from a person who can't use any of them, and ends their sessions. Whoever does this vouches for
/// the person; a new pass lets them start again. Takes 10 bytes of entropy.
pub fn reset_passkeys(
    actor: &Actor,
    person: PersonId,
    passkeys: &[Passkey],
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<(), Change> {
    let mut changes: Vec<Change> = passkeys
        .iter()
        .filter(|passkey| passkey.person == person)
        .map(|passkey| Change::RemovePasskey { id: passkey.id, person, keep_one: false })
        .collect();
    changes.push(Change::EndSessionsOfPerson { person, at: now });
    changes.push(notice(person, NoticeKind::PasskeyRemoved, now, entropy));
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

/// Puts a person into exactly these groups. Leaving one ends their sessions, since what it let them do must end with it;
/// joining one doesn't, since whatever it asks for is asked again where it counts.
pub fn set_person_groups(actor: Actor, person: &Person, groups: Vec<String>, now: Timestamp) -> Outcome<(), Change> {
    let left = person.groups.iter().filter(|group| !groups.contains(group)).count();
    let joined = groups.iter().filter(|group| !person.groups.contains(group)).count();
    let number = |count: usize| Detail::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let mut changes = vec![Change::SetPersonGroups { id: person.id, groups }];
    let mut audit = vec![
        AuditEvent::new(AuditKind::PersonGroupsChanged, actor.clone())
            .person(person.id)
            .detail("joined", number(joined))
            .detail("left", number(left)),
    ];
    if left > 0 {
        changes.push(Change::EndSessionsOfPerson { person: person.id, at: now });
        audit.push(sessions_ended(actor, person.id, "group_left"));
    }
    Outcome { reply: (), changes, audit }
}

/// Takes one passkey from a person, whoever asks for it: lost, stolen, or of a model that is no longer trusted. Every
/// session that was opened with it ends. Takes 10 bytes of entropy.
pub fn revoke_credential(
    actor: &Actor,
    passkey: &Passkey,
    reason: &'static str,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<(), Change> {
    let removed = AuditEvent::new(AuditKind::PasskeyRemoved, actor.clone())
        .person(passkey.person)
        .detail("passkey", Detail::Passkey(passkey.id))
        .detail("reason", Detail::Word(reason));
    Outcome {
        reply: (),
        changes: vec![
            Change::RemovePasskey { id: passkey.id, person: passkey.person, keep_one: false },
            Change::EndSessionsOfPasskey { passkey: passkey.id, at: now },
            passkey_notice(passkey.person, NoticeKind::PasskeyRemoved, passkey.id, now, entropy),
        ],
        audit: vec![removed, sessions_ended(actor.clone(), passkey.person, "passkey_removed")],
    }
}

/// Keeps a password hash that another system made. `phc` is its canonical text; it was read, and its cost bounded, by
/// `crypto::password`. Its plaintext was never judged, so it is kept apart until the person changes it or signs in.
pub fn import_password(actor: Actor, person: PersonId, phc: Secret<String>, now: Timestamp) -> Outcome<(), Change> {
    Outcome {
        reply: (),
        changes: vec![Change::SetPassword { person, phc, imported: true, replaces: None, at: now }],
        audit: vec![AuditEvent::new(AuditKind::PasswordImported, actor).person(person)],
    }
}

/// Takes password, authenticator app and recovery codes from a person, and ends the sessions that they opened: for the
/// help desk, and for when a population stops having passwords. Takes 20 bytes of entropy.
pub fn reset_fallbacks(
    actor: &Actor,
    person: PersonId,
    key: &HashKey,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<(), Change> {
    let event = |kind| AuditEvent::new(kind, actor.clone()).person(person).detail("reason", Detail::Word("reset"));
    Outcome {
        reply: (),
        changes: vec![
            Change::RemovePassword { person },
            Change::RemoveTotp { person },
            Change::ReplaceRecoveryCodes { person, hashes: Vec::new(), at: now },
            Change::ClearCounter { key: Keys::streak_of(person, key) },
            Change::EndFallbackSessions { person, keep: None, at: now },
            notice(person, NoticeKind::PasswordChanged, now, entropy),
            notice(person, NoticeKind::AuthenticatorAppRemoved, now, entropy),
        ],
        audit: vec![
            event(AuditKind::PasswordRemoved),
            event(AuditKind::TotpRemoved),
            event(AuditKind::RecoveryCodesRemoved),
            sessions_ended(actor.clone(), person, "fallbacks_reset"),
        ],
    }
}

fn sessions_ended(actor: Actor, person: PersonId, reason: &'static str) -> AuditEvent {
    AuditEvent::new(AuditKind::SessionEnded, actor).person(person).detail("reason", Detail::Word(reason))
}
