//! Signing in and proving again: the options, and the answer to them.

use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Entropy, Outcome, Person, PersonId, Session, Timestamp,
    decision::NoQuestion,
};
use passkey::{
    Assertion, AuthenticationFacts, AuthenticationResponse, Challenge, Passkey, request_options_json,
    verify_authentication,
};

use crate::{
    BrowserBinding, Change, Journey, Lack, Mediation, NewSession, Purpose, Refusal, Requirement, Setting, Shown, Taken,
    Workstation, binding,
    proof::Proved,
    serves,
    session::{self, Opening},
};

/// A journey with a fresh challenge, and the options that carry it to the browser.
#[derive(Debug)]
#[must_use = "the challenge counts only once the journey is stored"]
pub struct Asked {
    /// To be stored in place of the journey that was read, if its version is unchanged.
    pub journey: Journey,
    /// PublicKeyCredentialRequestOptionsJSON or PublicKeyCredentialCreationOptionsJSON (WebAuthn L3 §5.1.8, §5.1.9).
    pub options_json: String,
}

/// Asks for a passkey: a fresh challenge each time; the one before it is gone. Takes 32 bytes of entropy.
///
/// The list of allowed credentials is always empty, so the options say nothing about who has an account (WebAuthn L3
/// §14.6.2).
///
/// # Errors
/// [`Refusal`] of [`Journey::check`], or [`Refusal::WrongStep`] when the journey is there to enrol, or has signed in.
pub fn options(
    journey: &Journey,
    browser: &BrowserBinding,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Asked, Refusal> {
    journey.check(browser, now)?;
    journey.awaits_proof()?;
    match journey.purpose {
        Purpose::SignIn | Purpose::FreshProof(_) => {}
        Purpose::Enrol(_) | Purpose::AddPasskey(_) => return Err(Refusal::WrongStep),
    }
    let challenge = Challenge::fresh(entropy);
    let options_json = request_options_json(setting.rp, &challenge);
    // The mediation matters to creations only.
    Ok(Asked { journey: journey.awaiting(challenge, now, Mediation::Modal), options_json })
}

/// What the person typed as sign-in name, once looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameTyped {
    /// Nothing: the passkey alone says who they are.
    None,
    /// A name that this person holds.
    Known(PersonId),
    /// Something that nobody holds, or that can't be a name.
    Unknown,
}

/// What is loaded before an answer is judged.
#[derive(Debug, Clone, Copy)]
pub struct ProofFacts<'a> {
    /// The passkey stored under the answer's credential id.
    pub passkey: Option<&'a Passkey>,
    /// The person whom that passkey belongs to.
    pub person: Option<&'a Person>,
    /// The typed name.
    pub name: NameTyped,
    /// The live session that this browser holds, whoever's it is.
    pub session: Option<&'a Session>,
    /// What this path asks of that person. For a passkey that nobody has, what it asks of nobody in particular.
    pub requirement: &'a Requirement,
    /// Whose browser it is.
    pub workstation: Workstation,
    /// The key of the person's row of failures in a row, where one is kept ([`crate::throttle`]): proof by passkey ends
    /// a password's rest.
    pub streak: Option<[u8; 32]>,
}

/// Signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// The finished journey, to be stored after the commit whatever became of the stored one: steps taken meanwhile are
    /// void.
    pub journey: Journey,
    /// Who.
    pub person: PersonId,
    /// The new session with its cookie.
    pub opened: NewSession,
}

/// Judges an answer. The challenge is already spent (see [`crate::take`]). Takes 42 bytes of entropy.
///
/// The order is part of the rule: nothing about the person is said or changed before their passkey's signature has been
/// verified.
pub fn prove(
    taken: &Taken,
    response: &AuthenticationResponse,
    facts: &ProofFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<SignedIn, Refusal, NoQuestion, Change> {
    let requirement = facts.workstation.asks(facts.requirement);
    let checked = verified(taken, response, facts, setting, now).and_then(|verified| {
        enough(&verified, &requirement, now)?;
        Ok(verified)
    });
    match checked {
        Ok(verified) => {
            let limits = requirement.session_limits();
            let opening = Opening { setting, limits, replaced: facts.session, path: taken.journey.path.as_ref() };
            Decision::Done(granted(taken, verified, facts, &opening, now, entropy))
        }
        Err(refusal) => Decision::Refused(Outcome::plain(refusal)),
    }
}

/// Signs out by tap: on a shared workstation, the key that opened this browser's session ends it again.
///
/// Anything that [`prove`] would refuse before it looks at the requirement is refused here as well, and so is another
/// person's key: they sign in with [`prove`] instead, which ends this session too.
pub fn sign_out_by_tap(
    taken: &Taken,
    response: &AuthenticationResponse,
    facts: &ProofFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Decision<Journey, Refusal, NoQuestion, Change> {
    let tapped = verified(taken, response, facts, setting, now).and_then(|verified| {
        let session = facts.session.filter(|session| now < session.expires).ok_or(Refusal::SessionEnded)?;
        match facts.workstation {
            Workstation::Own => Err(Refusal::WrongStep),
            Workstation::Shared if session.authentication.passkey == Some(verified.passkey.id) => {
                Ok((verified, session))
            }
            Workstation::Shared => Err(Refusal::NotYours),
        }
    });
    let (verified, session) = match tapped {
        Ok(tapped) => tapped,
        Err(refusal) => return Decision::Refused(Outcome::plain(refusal)),
    };
    let mut outcome = session::sign_out(session, now);
    outcome.changes.push(verified.used(now));
    outcome.audit.extend(signs(&verified.assertion, verified.passkey, verified.person));
    let Outcome { reply: (), changes, audit } = outcome;
    Decision::Done(Outcome { reply: taken.finished(), changes, audit })
}

struct Verified<'a> {
    passkey: &'a Passkey,
    person: &'a Person,
    assertion: Assertion,
    /// This use confirms a weak binding.
    confirms: bool,
}

fn verified<'a>(
    taken: &Taken,
    response: &AuthenticationResponse,
    facts: &ProofFacts<'a>,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<Verified<'a>, Refusal> {
    // 1. The journey is one that asks for a proof; one for a fresh proof still has its session.
    let prior = match taken.journey.purpose {
        Purpose::SignIn => None,
        Purpose::FreshProof(id) => {
            let live = facts.session.filter(|session| session.id == id && now < session.expires);
            Some(live.ok_or(Refusal::SessionEnded)?)
        }
        Purpose::Enrol(_) | Purpose::AddPasskey(_) => return Err(Refusal::WrongStep),
    };
    // 2. The passkey is known, and so is its person. A passkey without a person is a fault of ours, and opens nothing.
    let passkey = facts.passkey.ok_or(Refusal::UnknownPasskey)?;
    let person = facts.person.filter(|person| person.id == passkey.person).ok_or(Refusal::UnknownPasskey)?;
    // 3. WebAuthn L3 §7.2: first of all `userHandle` is there and is this person's (step 6), in the end the signature
    // (step 21).
    let proof =
        AuthenticationFacts { rp: setting.rp, challenge: &taken.challenge, passkey, user_handle: &person.user_handle };
    let assertion = verify_authentication(response, &proof).map_err(Refusal::ProofFailed)?;
    // 4. Only now may the answer depend on the person.
    if !person.may_sign_in(now) {
        return Err(Refusal::PersonRefused);
    }
    if prior.is_some_and(|session| session.authentication.person != person.id) {
        return Err(Refusal::NotYours);
    }
    // 5. The typed name must be theirs. An unknown name is no different from somebody else's.
    match facts.name {
        NameTyped::None => {}
        NameTyped::Known(named) if named == person.id => {}
        NameTyped::Known(_) | NameTyped::Unknown => return Err(Refusal::NameMismatch),
    }
    // 6. The person was told of a weakly bound passkey, and had time to object: this use confirms it.
    let confirms = binding::confirms(passkey, now);
    Ok(Verified { passkey, person, assertion, confirms })
}

/// 7. What was proved is enough for this access path. Asked last: whoever hears it has proved who they are.
fn enough(verified: &Verified<'_>, requirement: &Requirement, now: Timestamp) -> Result<(), Refusal> {
    let Verified { passkey, assertion, confirms, .. } = verified;
    let shown = Shown::assertion(assertion, passkey, *confirms || binding::confirmed(passkey), now);
    serves(requirement, &shown, now).map_err(|lacks| match lacks.as_slice() {
        // A passkey that may be somebody else's doing has a text of its own.
        [Lack::Confirmed] => Refusal::BindingTooWeak,
        _ => Refusal::RequirementNotMet(lacks),
    })
}

impl Verified<'_> {
    const fn used(&self, now: Timestamp) -> Change {
        Change::UsePasskey {
            id: self.passkey.id,
            sign_count: self.assertion.sign_count,
            backed_up: self.assertion.backed_up,
            used: now,
        }
    }
}

fn granted(
    taken: &Taken,
    verified: Verified<'_>,
    facts: &ProofFacts<'_>,
    opening: &Opening<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<SignedIn, Change> {
    let used = verified.used(now);
    let Verified { passkey, person, assertion, confirms } = verified;
    let mut changes = Vec::with_capacity(6);
    if let Purpose::FreshProof(id) = taken.journey.purpose {
        // A proof renews a session that lives; it must not revive one that was ended meanwhile.
        changes.push(Change::RequireSession { id, at: now });
    }
    changes.push(used);
    let mut audit = signs(&assertion, passkey, person);
    if confirms {
        changes.push(Change::ConfirmPasskey { id: passkey.id, at: now });
        audit.push(about(passkey, person, AuditKind::PasskeyConfirmed));
    }
    if let Some(key) = facts.streak {
        changes.push(Change::ClearCounter { key });
    }
    let proved = Proved::by_assertion(&assertion, passkey, person, now);
    let opened = session::open(proved, opening, now, entropy);
    changes.extend(opened.changes);
    audit.extend(opened.audit);
    let reply = SignedIn { journey: taken.finished(), person: person.id, opened: opened.reply };
    Outcome { reply, changes, audit }
}

fn about(passkey: &Passkey, person: &Person, kind: AuditKind) -> AuditEvent {
    AuditEvent::new(kind, Actor::Person(person.id)).person(person.id).detail("passkey", Detail::Passkey(passkey.id))
}

/// What the assertion says about the passkey besides that it is genuine.
fn signs(assertion: &Assertion, passkey: &Passkey, person: &Person) -> Vec<AuditEvent> {
    let event = |kind| about(passkey, person, kind);
    let mut audit = Vec::new();
    if assertion.counter_risk {
        // WebAuthn L3 §6.1.1: perhaps a copy of the key. A sign for the operator, not a refusal: some authenticators
        // count badly.
        let counts =
            event(AuditKind::PasskeyCounterRisk).detail("stored", Detail::Number(i64::from(passkey.sign_count)));
        audit.push(counts);
    }
    if assertion.backed_up != passkey.backed_up {
        let state = if assertion.backed_up { "backed_up" } else { "not_backed_up" };
        audit.push(event(AuditKind::PasskeyBackupChanged).detail("state", Detail::Word(state)));
    }
    audit
}
