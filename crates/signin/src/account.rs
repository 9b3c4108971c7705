//! What a person may do with their own passkeys.

use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Entropy, NoticeKind, Outcome, PasskeyId, Session, Strength,
    Timestamp, decision::NoQuestion,
};
use passkey::Passkey;

use crate::{
    Change, Holdings, Refusal,
    binding::{confirmed, counts_for},
    holdings::fresh_and_strongest,
    limits,
    notices::passkey_notice,
};

/// What is loaded before a passkey is renamed or removed.
#[derive(Debug, Clone, Copy)]
pub struct AccountFacts<'a> {
    /// The live session of the browser that asks.
    pub session: &'a Session,
    /// The passkey that was named, if there is one.
    pub passkey: Option<&'a Passkey>,
    /// Everything that the session's person can sign in with.
    pub holdings: Holdings<'a>,
}

impl<'a> AccountFacts<'a> {
    /// The passkey, if it is the session's person's. Somebody else's and none at all look alike.
    fn own_passkey(&self, now: Timestamp) -> Result<&'a Passkey, Refusal> {
        if now >= self.session.expires {
            return Err(Refusal::SessionEnded);
        }
        let own = |passkey: &&Passkey| passkey.person == self.session.authentication.person;
        self.passkey.filter(own).ok_or(Refusal::NotYours)
    }

    fn event(&self, kind: AuditKind, passkey: PasskeyId) -> AuditEvent {
        let person = self.session.authentication.person;
        AuditEvent::new(kind, Actor::Person(person)).person(person).detail("passkey", Detail::Passkey(passkey))
    }
}

/// Renames a passkey. `sealed_label` is a [`crate::Label`], sealed by the shell.
pub fn rename_passkey(
    facts: &AccountFacts<'_>,
    sealed_label: Vec<u8>,
    now: Timestamp,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let passkey = match facts.own_passkey(now) {
        Ok(passkey) => passkey,
        Err(refusal) => return Decision::Refused(Outcome::plain(refusal)),
    };
    Decision::Done(Outcome {
        reply: (),
        changes: vec![
            Change::RequireSession { id: facts.session.id, at: now },
            Change::RenamePasskey { id: passkey.id, person: passkey.person, label: sealed_label },
        ],
        audit: vec![facts.event(AuditKind::PasskeyRenamed, passkey.id)],
    })
}

/// What the person said about losing the last passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastPasskey {
    /// Nothing: the last one stays.
    Keep,
    /// They mean it. Afterwards only a new pass lets them in.
    MayGo,
}

/// A passkey was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// Which.
    pub passkey: PasskeyId,
    /// This very session was opened with it and has ended too: the person must sign in again.
    pub signed_out: bool,
}

/// Removes a passkey, and ends every session that was opened with it: a stolen key must not live on in a session.
///
/// Needs a fresh proof by a passkey whose own binding is beyond doubt, or that is worth no less than the one that goes: a
/// lost security key must be removable with the telephone, but what a phished password bound must not remove the rest. A
/// passkey that is still in doubt may also be removed without one, by whoever freshly proves the strongest method that they
/// hold: that is how a person who has no other passkey objects to one that they never made.
/// The session that asks ends only if it was opened with the removed passkey. Takes 10 bytes of entropy.
pub fn remove_passkey(
    facts: &AccountFacts<'_>,
    last: LastPasskey,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Removed, Refusal, NoQuestion, Change> {
    let passkey = match removable(facts, last, now) {
        Ok(passkey) => passkey,
        Err(refusal) => return Decision::Refused(Outcome::plain(refusal)),
    };
    let removed = Removed { passkey: passkey.id, signed_out: facts.session.authentication.passkey == Some(passkey.id) };
    Decision::Done(Outcome {
        reply: removed,
        changes: vec![
            Change::RequireSession { id: facts.session.id, at: now },
            Change::RemovePasskey { id: passkey.id, person: passkey.person, keep_one: last == LastPasskey::Keep },
            Change::EndSessionsOfPasskey { passkey: passkey.id, at: now },
            passkey_notice(passkey.person, NoticeKind::PasskeyRemoved, passkey.id, now, entropy),
        ],
        audit: vec![
            facts.event(AuditKind::PasskeyRemoved, passkey.id),
            facts.event(AuditKind::SessionEnded, passkey.id).detail("reason", Detail::Word("passkey_removed")),
        ],
    })
}

fn removable<'a>(facts: &AccountFacts<'a>, last: LastPasskey, now: Timestamp) -> Result<&'a Passkey, Refusal> {
    let passkey = facts.own_passkey(now)?;
    let proof = &facts.session.authentication;
    if proof.passkey.is_none() && !confirmed(passkey) {
        // It counts for no more than a password, and so does whatever proves less than a passkey.
        fresh_and_strongest(facts.session, &facts.holdings, now)?;
        return keeps_one(facts, last).map(|()| passkey);
    }
    if proof.strength < Strength::Passkey || !limits::within_seconds(now, proof.at, limits::FRESH_PROOF_SECONDS) {
        return Err(Refusal::FreshProofNeeded);
    }
    let strength = facts.holdings.counts_for(facts.session).ok_or(Refusal::SessionEnded)?;
    if strength < Strength::Passkey.min(counts_for(passkey)) {
        return Err(Refusal::StrongerProofNeeded);
    }
    keeps_one(facts, last).map(|()| passkey)
}

fn keeps_one(facts: &AccountFacts<'_>, last: LastPasskey) -> Result<(), Refusal> {
    match last {
        LastPasskey::Keep if facts.holdings.passkeys.len() <= 1 => Err(Refusal::LastPasskey),
        LastPasskey::Keep | LastPasskey::MayGo => Ok(()),
    }
}
