//! What a person may do with their own password, authenticator app and recovery codes.
//!
//! Everything here needs a fresh proof of the strongest method that they hold, is told to them by notice, and warns
//! before it takes the last way in.

use model::{
    Actor, Amr, AuditEvent, AuditKind, Decision, Detail, Entropy, NoticeKind, Outcome, Secret, Session, Strength,
    Timestamp, decision::NoQuestion,
};

use crypto::{HashKey, password::Password};

use crate::{
    Change, Holdings, Refusal, Requirement, Workstation, fresh_and_strongest,
    notices::notice,
    password::{BreachLookup, BreachVerdict, Context, Factor, judge_new},
    recovery_code::{self, FreshCodes},
    totp::ConfirmedTotp,
};

/// What is loaded before a person changes their fallbacks.
#[derive(Debug, Clone, Copy)]
pub struct OwnFacts<'a> {
    /// The live session of the browser that asks.
    pub session: &'a Session,
    /// Everything that the session's person can sign in with.
    pub holdings: Holdings<'a>,
    /// What the standard tier asks of this person: what it doesn't allow can't be set up.
    pub requirement: &'a Requirement,
    /// Whose browser it is.
    pub workstation: Workstation,
}

/// What the person said about losing the last way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stranding {
    /// Nothing: a last way stays.
    Refused,
    /// They mean it. Afterwards only a pass, or the help desk, lets them in.
    Accepted,
}

/// What came back for a new password, round by round.
#[derive(Debug, Clone, Default)]
pub struct PasswordAnswers {
    /// Whether it is known from breaches.
    pub breach: Option<BreachVerdict>,
    /// Its hash's canonical text.
    pub hashed: Option<Secret<String>>,
}

/// What is asked about a new password. Both are answered outside the engine: one reads a large file, the other costs time
/// and memory on purpose.
#[derive(Debug, Clone)]
pub enum PasswordQuestion {
    /// Is it known from breaches?
    Breach(BreachLookup),
    /// What is its hash, with this salt?
    Hash {
        /// Sixteen fresh bytes.
        salt: [u8; 16],
    },
}

/// Sets or changes the password. Asks twice before it decides. Takes up to 26 bytes of entropy.
///
/// `names` are the person's own names, `words` those of the organisation: a password may contain neither. Every other
/// session that was opened without a passkey ends.
pub fn set_password(
    facts: &OwnFacts<'_>,
    new: &Password,
    names: &[&str],
    words: &[&str],
    answers: &PasswordAnswers,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<(), Refusal, PasswordQuestion, Change> {
    if let Err(refusal) = facts.allowed(Setting::Password, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let Some(breach) = answers.breach else { return Decision::Need(PasswordQuestion::Breach(BreachLookup::of(new))) };
    let factor = if facts.requirement.password_alone() { Factor::Only } else { Factor::OneOfTwo };
    if let Err(weak) = judge_new(new, &Context { names, words, factor }, breach) {
        return Decision::Refused(Outcome::plain(Refusal::PasswordWeak(weak)));
    }
    let Some(phc) = &answers.hashed else {
        return Decision::Need(PasswordQuestion::Hash { salt: entropy.take::<16>() });
    };
    let person = facts.session.authentication.person;
    let set = Change::SetPassword { person, phc: phc.clone(), imported: false, replaces: None, at: now };
    let others = Change::EndFallbackSessions { person, keep: Some(facts.session.id), at: now };
    let told = notice(person, NoticeKind::PasswordChanged, now, entropy);
    let ended = facts.event(AuditKind::SessionEnded).detail("reason", Detail::Word("password_changed"));
    Decision::Done(facts.outcome((), vec![set, others, told], vec![facts.event(AuditKind::PasswordSet), ended], now))
}

/// Removes the password, and ends every session that was opened without a passkey, but this one. Takes 10 bytes of
/// entropy.
pub fn remove_password(
    facts: &OwnFacts<'_>,
    stranding: Stranding,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let after = Holdings { password: false, ..facts.holdings };
    if let Err(refusal) = facts.may_remove(&after, stranding, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let changes = vec![
        Change::RemovePassword { person },
        Change::EndFallbackSessions { person, keep: Some(facts.session.id), at: now },
        notice(person, NoticeKind::PasswordChanged, now, entropy),
    ];
    let ended = facts.event(AuditKind::SessionEnded).detail("reason", Detail::Word("password_removed"));
    Decision::Done(facts.outcome((), changes, vec![facts.event(AuditKind::PasswordRemoved), ended], now))
}

/// Adds an authenticator app, in place of one that was there. Only a confirmed one: the person has shown that it gives
/// the right codes. `sealed` is its secret, sealed by the shell. Every other session that was opened without a passkey ends: the
/// app that is gone may be in other hands. Takes 10 bytes of entropy.
pub fn add_totp(
    facts: &OwnFacts<'_>,
    confirmed: &ConfirmedTotp,
    sealed: Vec<u8>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<(), Refusal, NoQuestion, Change> {
    if let Err(refusal) = facts.allowed(Setting::Totp, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let changes = vec![
        Change::SetTotp { person, sealed, last_step: confirmed.used.step, at: now },
        Change::EndFallbackSessions { person, keep: Some(facts.session.id), at: now },
        notice(person, NoticeKind::AuthenticatorAppAdded, now, entropy),
    ];
    let ended = facts.event(AuditKind::SessionEnded).detail("reason", Detail::Word("authenticator_app_changed"));
    Decision::Done(facts.outcome((), changes, vec![facts.event(AuditKind::TotpAdded), ended], now))
}

/// Removes the authenticator app, and ends every session that was opened without a passkey, but this one. Takes 10 bytes of
/// entropy.
pub fn remove_totp(
    facts: &OwnFacts<'_>,
    stranding: Stranding,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let after = Holdings { totp: false, ..facts.holdings };
    if let Err(refusal) = facts.may_remove(&after, stranding, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let changes = vec![
        Change::RemoveTotp { person },
        Change::EndFallbackSessions { person, keep: Some(facts.session.id), at: now },
        notice(person, NoticeKind::AuthenticatorAppRemoved, now, entropy),
    ];
    let ended = facts.event(AuditKind::SessionEnded).detail("reason", Detail::Word("authenticator_app_removed"));
    Decision::Done(facts.outcome((), changes, vec![facts.event(AuditKind::TotpRemoved), ended], now))
}

/// Makes a new set of recovery codes; older ones are void. The reply is the only copy that can be read. Takes 110 bytes
/// of entropy.
pub fn make_recovery_codes(
    facts: &OwnFacts<'_>,
    key: &HashKey,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<FreshCodes, Refusal, NoQuestion, Change> {
    if let Err(refusal) = facts.allowed(Setting::RecoveryCodes, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let codes = recovery_code::fresh_codes(person, key, entropy);
    let changes = vec![
        Change::ReplaceRecoveryCodes { person, hashes: codes.hashes.clone(), at: now },
        notice(person, NoticeKind::RecoveryCodesMade, now, entropy),
    ];
    Decision::Done(facts.outcome(codes, changes, vec![facts.event(AuditKind::RecoveryCodesMade)], now))
}

/// Removes all recovery codes.
pub fn remove_recovery_codes(
    facts: &OwnFacts<'_>,
    stranding: Stranding,
    now: Timestamp,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let after = Holdings { recovery_codes: 0, ..facts.holdings };
    if let Err(refusal) = facts.may_remove(&after, stranding, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let changes = vec![Change::ReplaceRecoveryCodes { person, hashes: Vec::new(), at: now }];
    Decision::Done(facts.outcome((), changes, vec![facts.event(AuditKind::RecoveryCodesRemoved)], now))
}

/// Removes password, authenticator app and recovery codes at once: from now on passkeys only. Takes 20 bytes of entropy.
pub fn remove_fallbacks(
    facts: &OwnFacts<'_>,
    stranding: Stranding,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<(), Refusal, NoQuestion, Change> {
    let after = Holdings::passkeys(facts.holdings.passkeys);
    if let Err(refusal) = facts.may_remove(&after, stranding, now) {
        return Decision::Refused(Outcome::plain(refusal));
    }
    let person = facts.session.authentication.person;
    let mut changes = vec![
        Change::RemovePassword { person },
        Change::RemoveTotp { person },
        Change::ReplaceRecoveryCodes { person, hashes: Vec::new(), at: now },
        Change::EndFallbackSessions { person, keep: Some(facts.session.id), at: now },
    ];
    let ended = facts.event(AuditKind::SessionEnded).detail("reason", Detail::Word("fallbacks_removed"));
    let mut audit = vec![ended];
    if facts.holdings.password {
        changes.push(notice(person, NoticeKind::PasswordChanged, now, entropy));
        audit.push(facts.event(AuditKind::PasswordRemoved));
    }
    if facts.holdings.totp {
        changes.push(notice(person, NoticeKind::AuthenticatorAppRemoved, now, entropy));
        audit.push(facts.event(AuditKind::TotpRemoved));
    }
    if facts.holdings.recovery_codes > 0 {
        audit.push(facts.event(AuditKind::RecoveryCodesRemoved));
    }
    Decision::Done(facts.outcome((), changes, audit, now))
}

/// What is to be set up.
#[derive(Clone, Copy)]
enum Setting {
    Password,
    Totp,
    RecoveryCodes,
}

impl Setting {
    /// Whether a proof that counts for `strength` may set this up. What is bound carries no more than what was proved (design §4),
    /// and the proof does not stick to a second factor as it does to a passkey: whoever signs in with it later shows two factors. So
    /// a password by itself binds none, or one that was phished would make its own way into the sensitive tier; and a recovery code
    /// binds no authenticator app, which opens more than the code did.
    fn may_be_bound_by(self, strength: Strength, recovered: bool) -> bool {
        match self {
            Self::Password => true,
            Self::RecoveryCodes => strength > Strength::Password,
            Self::Totp => strength > Strength::Password && !recovered,
        }
    }
}

impl OwnFacts<'_> {
    /// A fresh proof of the strongest method, in a browser of the person's own. Gives what it counts for.
    fn proved(&self, now: Timestamp) -> Result<Strength, Refusal> {
        match self.workstation {
            Workstation::Own => {}
            Workstation::Shared => return Err(Refusal::SharedWorkstation),
        }
        fresh_and_strongest(self.session, &self.holdings, now)
    }

    /// The same, for something that the requirement would let them use.
    fn allowed(&self, setting: Setting, now: Timestamp) -> Result<(), Refusal> {
        let requirement = self.requirement;
        let serves = match setting {
            Setting::Password => requirement.offers_password(),
            Setting::Totp => requirement.offers_password() && requirement.password_and_totp,
            Setting::RecoveryCodes => requirement.offers_password() && requirement.recovery_codes,
        };
        if !serves {
            return Err(Refusal::FallbackNotOffered);
        }
        let strength = self.proved(now)?;
        if setting.may_be_bound_by(strength, self.session.authentication.amr.has(Amr::RECOVERY)) {
            Ok(())
        } else {
            Err(Refusal::StrongerProofNeeded)
        }
    }

    /// Removing is allowed whatever the requirement says, but never strands anybody unawares.
    fn may_remove(&self, after: &Holdings<'_>, stranding: Stranding, now: Timestamp) -> Result<(), Refusal> {
        self.proved(now)?;
        let strands = self.holdings.way_in(self.requirement) && !after.way_in(self.requirement);
        match stranding {
            Stranding::Refused if strands => Err(Refusal::WouldStrand),
            Stranding::Refused | Stranding::Accepted => Ok(()),
        }
    }

    fn event(&self, kind: AuditKind) -> AuditEvent {
        let person = self.session.authentication.person;
        AuditEvent::new(kind, Actor::Person(person)).person(person)
    }

    fn outcome<R>(&self, reply: R, own: Vec<Change>, audit: Vec<AuditEvent>, now: Timestamp) -> Outcome<R, Change> {
        let mut changes = vec![Change::RequireSession { id: self.session.id, at: now }];
        changes.extend(own);
        Outcome { reply, changes, audit }
    }
}
