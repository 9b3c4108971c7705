//! Sessions: how one begins (from a proof, never otherwise) and how one ends.

use crypto::{HashKey, b64u, from_b64u_exact};
use model::{
    Actor, AuditEvent, AuditKind, ClientId, Decision, Detail, Entropy, NoticeKind, Outcome, Secret, Session, SessionId,
    Timestamp, decision::NoQuestion,
};

use crate::{Change, Refusal, SessionLimits, Setting, notices::notice, proof::Proved};

/// A session that was just opened, with the only copy of its cookie's value.
#[derive(Debug)]
pub struct NewSession {
    /// The session as stored.
    pub session: Session,
    /// The cookie's value: 32 random bytes in base64url. Only its keyed hash is stored.
    pub cookie: Secret<String>,
}

/// The stored hash of a session cookie's value; `None` when it is not one of ours in form.
#[must_use]
pub fn session_cookie_hash(key: &HashKey, value: &str) -> Option<[u8; 32]> {
    from_b64u_exact::<32>(value).ok().map(|bytes| hash_of(key, &bytes))
}

fn hash_of(key: &HashKey, bytes: &[u8; 32]) -> [u8; 32] {
    key.hash("session", &[bytes])
}

/// What surrounds a session that opens.
pub(crate) struct Opening<'a> {
    pub(crate) setting: &'a Setting<'a>,
    /// How long it lives.
    pub(crate) limits: SessionLimits,
    /// The session that this browser held until now, whoever's it was.
    pub(crate) replaced: Option<&'a Session>,
    /// The client that asked.
    pub(crate) path: Option<&'a ClientId>,
}

/// Opens a session for what was proved. Takes 42 bytes of entropy.
///
/// The cookie is always new and the browser's previous session ends in the same commit, so that nobody can plant a
/// session before a sign-in and share it afterwards.
pub(crate) fn open(
    proved: Proved,
    opening: &Opening<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<NewSession, Change> {
    let authentication = proved.into_authentication();
    let person = authentication.person;
    let mut changes = Vec::with_capacity(2);
    let mut audit = Vec::with_capacity(2);
    if let Some(old) = opening.replaced {
        changes.push(Change::EndSession { id: old.id, at: now });
        audit.push(ended(Actor::Person(person), old, "replaced"));
    }
    let mut event = AuditEvent::new(AuditKind::SignedIn, Actor::Person(person)).person(person);
    if let Some(client) = opening.path {
        event = event.client(client.clone());
    }
    let id = SessionId::fresh(now, entropy);
    event = event.detail("session", Detail::Session(id));
    event = event.detail("strength", Detail::Word(authentication.strength.as_str()));
    if let Some(passkey) = authentication.passkey {
        event = event.detail("passkey", Detail::Passkey(passkey));
    }
    audit.push(event);
    let secret = entropy.take::<32>();
    let limits = opening.limits;
    let session = Session {
        id,
        cookie_hash: hash_of(opening.setting.key, &secret),
        authentication,
        created: now,
        expires: now.plus_seconds(limits.absolute_seconds),
        idle_seconds: limits.idle_seconds,
    };
    changes.push(Change::InsertSession(session.clone()));
    Outcome { reply: NewSession { session, cookie: Secret::new(b64u(&secret)) }, changes, audit }
}

/// Signs this browser out.
pub fn sign_out(session: &Session, now: Timestamp) -> Outcome<(), Change> {
    let actor = Actor::Person(session.authentication.person);
    Outcome {
        reply: (),
        changes: vec![Change::EndSession { id: session.id, at: now }],
        audit: vec![ended(actor, session, "sign_out")],
    }
}

/// Ends another session of the same person, seen from `own`. `target` is the session that was named, if there is one.
pub fn end_session(
    own: &Session,
    target: Option<&Session>,
    now: Timestamp,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let person = own.authentication.person;
    match target {
        Some(session) if session.authentication.person == person => Decision::Done(Outcome {
            reply: (),
            changes: vec![
                Change::RequireSession { id: own.id, at: now },
                Change::EndSession { id: session.id, at: now },
            ],
            audit: vec![ended(Actor::Person(person), session, "ended_by_person")],
        }),
        // Somebody else's session and no session at all look alike.
        Some(_) | None => Decision::Refused(Outcome::plain(Refusal::NotYours)),
    }
}

/// Ends every session of the person, this one too. Takes 10 bytes of entropy.
pub fn end_all_sessions(own: &Session, now: Timestamp, entropy: &mut Entropy) -> Outcome<(), Change> {
    let person = own.authentication.person;
    let end = Change::EndSessionsOfPerson { person, at: now };
    ending_many(own, end, "all_ended_by_person", now, entropy)
}

/// Ends every session of the person but this one. Takes 10 bytes of entropy.
pub fn end_other_sessions(own: &Session, now: Timestamp, entropy: &mut Entropy) -> Outcome<(), Change> {
    let person = own.authentication.person;
    let end = Change::EndOtherSessions { person, keep: own.id, at: now };
    ending_many(own, end, "others_ended_by_person", now, entropy)
}

fn ending_many(
    own: &Session,
    end: Change,
    reason: &'static str,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<(), Change> {
    let person = own.authentication.person;
    let event = AuditEvent::new(AuditKind::SessionEnded, Actor::Person(person))
        .person(person)
        .detail("reason", Detail::Word(reason));
    let told = notice(person, NoticeKind::SessionsEnded, now, entropy);
    Outcome { reply: (), changes: vec![Change::RequireSession { id: own.id, at: now }, end, told], audit: vec![event] }
}

fn ended(actor: Actor, session: &Session, reason: &'static str) -> AuditEvent {
    AuditEvent::new(AuditKind::SessionEnded, actor)
        .person(session.authentication.person)
        .detail("session", Detail::Session(session.id))
        .detail("reason", Detail::Word(reason))
}
