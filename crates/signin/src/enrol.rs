//! Enrolment: by pass, for someone who has no passkey yet; from a session that holds a fresh proof of the strongest
//! method that the person has; or by the browser itself, just after a sign-in with a password (conditional create).

use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Entropy, NoticeKind, Outcome, PasskeyId, Person, Session,
    Timestamp, decision::NoQuestion,
};
use passkey::{
    AttestationWanted, Challenge, NewCredential, Passkey, RegistrationFacts, RegistrationResponse,
    conditional_creation_options_json, creation_options_json, verify_registration,
};

use crate::{
    Asked, Binding, BrowserBinding, Change, EnrolBy, EnrolmentPass, Holdings, Journey, Mediation, NewSession, Purpose,
    Refusal, Requirement, Setting, Taken, Workstation, fresh_and_strongest, limits,
    notices::passkey_notice,
    proof::Proved,
    session::{self, Opening},
};

/// What is loaded before someone may enrol. Options and result are judged by the same facts, loaded anew.
#[derive(Debug, Clone, Copy)]
pub struct EnrolFacts<'a> {
    /// Who enrols: the pass's person, or the session's.
    pub person: Option<&'a Person>,
    /// The pass that the journey names, if it names one.
    pub pass: Option<&'a EnrolmentPass>,
    /// The live session that this browser holds.
    pub session: Option<&'a Session>,
    /// Everything that the person can sign in with.
    pub holdings: Holdings<'a>,
    /// What the journey's path asks of the person: a pass opens a session that lives as long as it says.
    pub requirement: &'a Requirement,
    /// Whose browser it is.
    pub workstation: Workstation,
}

/// What the browser shows while it creates the passkey, and whether its maker should vouch for it.
#[derive(Debug, Clone, Copy)]
pub struct CreationWanted<'a> {
    /// The sign-in name.
    pub user_name: &'a str,
    /// The display name.
    pub display_name: &'a str,
    /// Whether to ask for an attestation.
    pub attestation: AttestationWanted,
    /// How the browser is asked. [`Mediation::Conditional`]: it makes the passkey by itself, without asking the person.
    pub mediation: Mediation,
}

/// The right to bind a passkey: the value that the checks leave.
struct Permit<'a> {
    person: &'a Person,
    binding: Binding,
    by: By<'a>,
}

enum By<'a> {
    Pass(&'a EnrolmentPass),
    Session(&'a Session),
}

/// Whether this journey may bind a passkey to this person, with a session's proof judged at `proof_at`.
fn permit<'a>(
    journey: &Journey,
    facts: &EnrolFacts<'a>,
    mediation: Mediation,
    proof_at: Timestamp,
    now: Timestamp,
) -> Result<Permit<'a>, Refusal> {
    match facts.workstation {
        Workstation::Own => {}
        // A passkey made here may stay in a machine that others use.
        Workstation::Shared => return Err(Refusal::SharedWorkstation),
    }
    match journey.purpose {
        Purpose::SignIn | Purpose::FreshProof(_) => Err(Refusal::WrongStep),
        Purpose::Enrol(EnrolBy::Pass(id)) => {
            let pass = facts.pass.filter(|pass| pass.id == id && pass.usable(now)).ok_or(Refusal::PassInvalid)?;
            let person = facts.person.filter(|person| person.id == pass.person).ok_or(Refusal::PassInvalid)?;
            if !person.may_sign_in(now) {
                return Err(Refusal::PersonRefused);
            }
            match mediation {
                Mediation::Modal => {}
                Mediation::Conditional => return Err(Refusal::WrongStep),
            }
            // Design §4: whoever holds a stronger method must prove it first. A link must never beat a passkey.
            if !facts.holdings.passkeys.is_empty() {
                return Err(Refusal::ProveExistingFirst);
            }
            Ok(Permit { person, binding: Binding::Pass(pass.binding), by: By::Pass(pass) })
        }
        Purpose::AddPasskey(id) => {
            let live = facts.session.filter(|session| session.id == id && now < session.expires);
            let session = live.ok_or(Refusal::SessionEnded)?;
            let theirs = facts.person.filter(|person| person.id == session.authentication.person);
            let person = theirs.ok_or(Refusal::SessionEnded)?;
            if !person.may_sign_in(now) {
                return Err(Refusal::PersonRefused);
            }
            if facts.holdings.passkeys.len() >= limits::PASSKEYS_PER_PERSON_MAX {
                return Err(Refusal::TooManyPasskeys);
            }
            let strength = fresh_and_strongest(session, &facts.holdings, proof_at)?;
            let binding = match mediation {
                Mediation::Modal => Binding::by_session(session, strength),
                Mediation::Conditional => conditional(session, facts)?,
            };
            Ok(Permit { person, binding, by: By::Session(session) })
        }
    }
}

/// The browser may make a passkey by itself only where a password was just typed (WebAuthn L3 §5.1.3), for someone who
/// has none.
fn conditional(session: &Session, facts: &EnrolFacts<'_>) -> Result<Binding, Refusal> {
    if session.authentication.passkey.is_some() || !facts.holdings.passkeys.is_empty() {
        return Err(Refusal::WrongStep);
    }
    Ok(Binding::Conditional)
}

/// Asks for a new passkey: a fresh challenge each time. Takes 32 bytes of entropy.
///
/// # Errors
/// [`Refusal`] when the journey can't go on, or when pass or session don't let this person enrol now.
pub fn enrol_options(
    journey: &Journey,
    browser: &BrowserBinding,
    facts: &EnrolFacts<'_>,
    wanted: &CreationWanted<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Asked, Refusal> {
    journey.check(browser, now)?;
    let permit = permit(journey, facts, wanted.mediation, now, now)?;
    let challenge = Challenge::fresh(entropy);
    let held: Vec<&[u8]> = facts.holdings.passkeys.iter().map(|passkey| passkey.credential_id.as_slice()).collect();
    let (user_handle, user_name, display_name) = (&permit.person.user_handle, wanted.user_name, wanted.display_name);
    let options_json = match wanted.mediation {
        Mediation::Modal => creation_options_json(
            setting.rp,
            user_handle,
            user_name,
            display_name,
            &challenge,
            &held,
            wanted.attestation,
        ),
        Mediation::Conditional => {
            conditional_creation_options_json(setting.rp, user_handle, user_name, display_name, &challenge, &held)
        }
    };
    Ok(Asked { journey: journey.awaiting(challenge, now, wanted.mediation), options_json })
}

/// What comes with the answer.
#[derive(Debug, Clone)]
pub struct EnrolRequest {
    /// The label, checked by [`crate::Label`] and sealed by the shell; empty when none was given.
    pub sealed_label: Vec<u8>,
    /// Whether some person already has a passkey with the answer's credential id. The store's precondition closes the
    /// race behind it.
    pub credential_known: bool,
}

/// Enrolled.
#[derive(Debug)]
pub struct Enrolled {
    /// The finished journey, to be stored after the commit whatever became of the stored one: steps taken meanwhile are
    /// void.
    pub journey: Journey,
    /// The new passkey.
    pub passkey: Box<Passkey>,
    /// After enrolling by pass: the person is signed in as well.
    pub opened: Option<NewSession>,
}

/// Judges the answer. The challenge is already spent (see [`crate::take`]). Takes up to 62 bytes of entropy.
///
/// A pass is spent in the set that binds the passkey, so it binds one or none. A session's proof is judged at the time
/// the options were asked for: the ceremony itself may take its time.
pub fn enrol(
    taken: &Taken,
    response: &RegistrationResponse,
    request: EnrolRequest,
    facts: &EnrolFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Enrolled, Refusal, NoQuestion, Change> {
    let checked = permit(&taken.journey, facts, taken.mediation, taken.issued, now)
        .and_then(|permit| Ok((permit, verified(taken, response, &request, facts, setting, now)?)));
    let (permit, credential) = match checked {
        Ok(checked) => checked,
        Err(refusal) => return Decision::Refused(Outcome::plain(refusal)),
    };
    let passkey = Box::new(bound(credential, &permit, request.sealed_label, now, entropy));
    Decision::Done(granted(taken, passkey, &permit, facts, setting, now, entropy))
}

fn verified(
    taken: &Taken,
    response: &RegistrationResponse,
    request: &EnrolRequest,
    facts: &EnrolFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
) -> Result<NewCredential, Refusal> {
    // Presence and verification are required: the lenient form is only for the upgrade that happens by itself after a
    // password sign-in (WebAuthn L3 §7.1 step 15), and it is the journey that remembers how this challenge was asked.
    let allow_unverified_presence = taken.mediation == Mediation::Conditional;
    let rules = RegistrationFacts { rp: setting.rp, challenge: &taken.challenge, allow_unverified_presence, now };
    let credential = verify_registration(response, &rules).map_err(Refusal::ProofFailed)?;
    // WebAuthn L3 §7.1: the credential id must be unknown for any person. Asked after verification, so that it isn't an
    // oracle for ids.
    if request.credential_known
        || facts.holdings.passkeys.iter().any(|held| held.credential_id == credential.credential_id)
    {
        return Err(Refusal::PasskeyKnown);
    }
    Ok(credential)
}

fn bound(
    credential: NewCredential,
    permit: &Permit<'_>,
    label: Vec<u8>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Passkey {
    Passkey {
        id: PasskeyId::fresh(now, entropy),
        person: permit.person.id,
        credential_id: credential.credential_id,
        public_key: credential.public_key,
        algorithm: credential.algorithm,
        sign_count: credential.sign_count,
        backup_eligible: credential.backup_eligible,
        backed_up: credential.backed_up,
        user_verified: credential.user_verified,
        aaguid: credential.aaguid,
        transports: credential.transports,
        attested: credential.attested,
        attestation_object: credential.attestation_object,
        binding: permit.binding.strength(),
        noticed: None,
        confirmed: None,
        created: now,
        last_used: None,
        label,
    }
}

fn granted(
    taken: &Taken,
    passkey: Box<Passkey>,
    permit: &Permit<'_>,
    facts: &EnrolFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<Enrolled, Change> {
    let person = permit.person.id;
    let event = |kind| AuditEvent::new(kind, Actor::Person(person)).person(person);
    let enrolled = event(AuditKind::PasskeyEnrolled)
        .detail("passkey", Detail::Passkey(passkey.id))
        .detail("strength", Detail::Word(passkey.strength().as_str()))
        .detail("binding", Detail::Word(passkey.binding.as_str()))
        .detail("by", Detail::Word(permit.binding.as_word()));
    let told = passkey_notice(person, NoticeKind::PasskeyAdded, passkey.id, now, entropy);
    let insert = Change::InsertPasskey(passkey.clone());
    let journey = taken.finished();
    match permit.by {
        By::Pass(pass) => {
            let limits = facts.requirement.session_limits();
            let opening = Opening { setting, limits, replaced: facts.session, path: taken.journey.path.as_ref() };
            let opened = session::open(Proved::by_enrolment(&passkey, now), &opening, now, entropy);
            let mut changes = vec![Change::SpendPass { id: pass.id, at: now }, insert, told];
            changes.extend(opened.changes);
            let spent = event(AuditKind::PassSpent).detail("pass", Detail::Pass(pass.id));
            let mut audit = vec![spent, enrolled];
            audit.extend(opened.audit);
            Outcome { reply: Enrolled { journey, passkey, opened: Some(opened.reply) }, changes, audit }
        }
        By::Session(session) => {
            let mut changes = vec![Change::RequireSession { id: session.id, at: now }];
            if facts.holdings.passkeys.is_empty() {
                // What was proved is the strongest method only as long as nobody binds a passkey at the same moment.
                changes.push(Change::RequireNoPasskey { person });
            }
            changes.extend([insert, told]);
            Outcome { reply: Enrolled { journey, passkey, opened: None }, changes, audit: vec![enrolled] }
        }
    }
}
