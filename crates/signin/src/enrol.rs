//! Enrolment: by pass, for someone who has no passkey yet; or from a session that holds a fresh proof.

use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Entropy, Outcome, PasskeyId, Person, Session, Strength, Timestamp,
    decision::NoQuestion,
};
use passkey::{
    AttestationWanted, Challenge, NewCredential, Passkey, RegistrationFacts, RegistrationResponse,
    creation_options_json, verify_registration,
};

use crate::{
    Asked, BrowserBinding, Change, EnrolBy, EnrolmentPass, Journey, NewSession, Purpose, Refusal, Setting, Taken,
    limits,
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
    /// Credential ids of all passkeys that the person holds.
    pub held: &'a [&'a [u8]],
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
}

/// The right to bind a passkey: the value that the checks leave.
struct Permit<'a> {
    person: &'a Person,
    binding: Strength,
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
    proof_at: Timestamp,
    now: Timestamp,
) -> Result<Permit<'a>, Refusal> {
    match journey.purpose {
        Purpose::SignIn | Purpose::FreshProof(_) => Err(Refusal::WrongStep),
        Purpose::Enrol(EnrolBy::Pass(id)) => {
            let pass = facts.pass.filter(|pass| pass.id == id && pass.usable(now)).ok_or(Refusal::PassInvalid)?;
            let person = facts.person.filter(|person| person.id == pass.person).ok_or(Refusal::PassInvalid)?;
            if !person.may_sign_in(now) {
                return Err(Refusal::PersonRefused);
            }
            // Design §4: whoever holds a stronger method must prove it first. A link must never beat a passkey.
            if !facts.held.is_empty() {
                return Err(Refusal::ProveExistingFirst);
            }
            Ok(Permit { person, binding: pass.binding, by: By::Pass(pass) })
        }
        Purpose::AddPasskey(id) => {
            let live = facts.session.filter(|session| session.id == id && now < session.expires);
            let session = live.ok_or(Refusal::SessionEnded)?;
            let theirs = facts.person.filter(|person| person.id == session.authentication.person);
            let person = theirs.ok_or(Refusal::SessionEnded)?;
            if !person.may_sign_in(now) {
                return Err(Refusal::PersonRefused);
            }
            let session = session::fresh(session, proof_at)?;
            if facts.held.len() >= limits::PASSKEYS_PER_PERSON_MAX {
                return Err(Refusal::TooManyPasskeys);
            }
            Ok(Permit { person, binding: session.authentication.strength, by: By::Session(session) })
        }
    }
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
    let permit = permit(journey, facts, now, now)?;
    let challenge = Challenge::fresh(entropy);
    let options_json = creation_options_json(
        setting.rp,
        &permit.person.user_handle,
        wanted.user_name,
        wanted.display_name,
        &challenge,
        facts.held,
        wanted.attestation,
    );
    Ok(Asked { journey: journey.awaiting(challenge, now), options_json })
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

/// Judges the answer. The challenge is already spent (see [`crate::take`]). Takes up to 52 bytes of entropy.
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
    let checked = permit(&taken.journey, facts, taken.issued, now)
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
    // password sign-in.
    let rules =
        RegistrationFacts { rp: setting.rp, challenge: &taken.challenge, allow_unverified_presence: false, now };
    let credential = verify_registration(response, &rules).map_err(Refusal::ProofFailed)?;
    // WebAuthn L3 §7.1: the credential id must be unknown for any person. Asked after verification, so that it isn't an
    // oracle for ids.
    if request.credential_known || facts.held.contains(&credential.credential_id.as_slice()) {
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
        binding: permit.binding,
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
        .detail("binding", Detail::Word(passkey.binding.as_str()));
    let insert = Change::InsertPasskey(passkey.clone());
    let journey = taken.finished();
    match permit.by {
        By::Pass(pass) => {
            let opening = Opening { setting, replaced: facts.session, path: taken.journey.path.as_ref() };
            let opened = session::open(Proved::by_enrolment(&passkey, now), &opening, now, entropy);
            let mut changes = vec![Change::SpendPass { id: pass.id, at: now }, insert];
            changes.extend(opened.changes);
            let spent = event(AuditKind::PassSpent).detail("pass", Detail::Pass(pass.id));
            let mut audit = vec![spent, enrolled];
            audit.extend(opened.audit);
            Outcome { reply: Enrolled { journey, passkey, opened: Some(opened.reply) }, changes, audit }
        }
        By::Session(session) => Outcome {
            reply: Enrolled { journey, passkey, opened: None },
            changes: vec![Change::RequireSession { id: session.id, at: now }, insert],
            audit: vec![enrolled],
        },
    }
}
