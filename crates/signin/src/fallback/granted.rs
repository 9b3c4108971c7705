//! Where a fallback opens a session: after everything was shown, and not before.

use model::{
    Actor, AuditEvent, AuditKind, Detail, Entropy, NoticeKind, Outcome, Person, Secret, SigninMethod, Timestamp,
};

use super::{FallbackFacts, Named, PasswordSoFar};
use crate::{
    Change, InvitationDue, Journey, JourneyState, Purpose, Refusal, Setting, Shown, SignedIn, invitation,
    notices::notice,
    proof::Proved,
    recovery_code::SpentCode,
    refusal::FallbackFault,
    serves,
    session::{self, Opening},
    totp::StepUsed,
};

/// Signed in without a passkey.
#[derive(Debug)]
pub struct FallbackSignedIn {
    /// The session, and the journey: finished, or awaiting the answer to an invitation.
    pub signed_in: SignedIn,
    /// The invitation to show, if one is due.
    pub invitation: Option<InvitationDue>,
    /// For the sign-in record.
    pub method: SigninMethod,
}

/// The second factor that was shown.
pub(super) enum SecondFactor {
    None,
    Totp(StepUsed),
    Recovery(SpentCode),
}

/// Everything that was asked for was shown. Made only here, after all of it was looked at.
pub(super) struct Proven<'a> {
    person: &'a Person,
    stored: &'a Secret<String>,
    rehashed: Option<&'a Secret<String>>,
    second: SecondFactor,
}

impl<'a> Proven<'a> {
    /// Both factors are right, by the facts of now. What was checked must still be what is stored.
    pub(super) fn new(
        named: Named,
        password: &'a PasswordSoFar,
        second: SecondFactor,
        facts: &FallbackFacts<'a>,
    ) -> Result<Self, Refusal> {
        let fault = |fault| Err(Refusal::SignInFailed(fault));
        let (stored, rehashed) = match password {
            PasswordSoFar::Wrong(wrong) => return fault(*wrong),
            PasswordSoFar::Right { stored, rehashed } => (stored, rehashed.as_ref()),
        };
        let Some(person) = facts.person.filter(|person| named.person() == Some(person.id)) else {
            return fault(FallbackFault::UnknownName);
        };
        // Two stored hashes, no secrets that a stranger guesses at: a plain comparison will do.
        match facts.password {
            Some(now) if now.text.expose() == stored.expose() => Ok(Self { person, stored, rehashed, second }),
            Some(_) => fault(FallbackFault::WrongPassword),
            None => fault(FallbackFault::NoPassword),
        }
    }

    const fn shown(&self, now: Timestamp) -> Shown {
        match self.second {
            SecondFactor::None => Shown::password(now),
            SecondFactor::Totp(_) => Shown::password_and_totp(now),
            SecondFactor::Recovery(_) => Shown::recovery_code(now),
        }
    }

    const fn method(&self) -> SigninMethod {
        match self.second {
            SecondFactor::None => SigninMethod::Password,
            SecondFactor::Totp(_) => SigninMethod::PasswordTotp,
            SecondFactor::Recovery(_) => SigninMethod::RecoveryCode,
        }
    }

    fn event(&self, kind: AuditKind) -> AuditEvent {
        AuditEvent::new(kind, Actor::Person(self.person.id)).person(self.person.id)
    }
}

/// Opens the session, when this person may have one by these means. Takes up to 62 bytes of entropy.
pub(super) fn granted(
    journey: &Journey,
    proven: Proven<'_>,
    facts: &FallbackFacts<'_>,
    setting: &Setting<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<FallbackSignedIn, Change>, Refusal> {
    // Only now may the answer depend on the person.
    let person = proven.person;
    if !person.may_sign_in(now) {
        return Err(Refusal::PersonRefused);
    }
    let mut changes = Vec::with_capacity(6);
    match journey.purpose {
        Purpose::SignIn => {}
        Purpose::FreshProof(id) => {
            let live = facts.session.filter(|session| session.id == id && now < session.expires);
            let session = live.ok_or(Refusal::SessionEnded)?;
            if session.authentication.person != person.id {
                return Err(Refusal::NotYours);
            }
            changes.push(Change::RequireSession { id, at: now });
        }
        Purpose::Enrol(_) | Purpose::AddPasskey(_) => return Err(Refusal::WrongStep),
    }
    let requirement = facts.workstation.asks(facts.requirement);
    serves(&requirement, &proven.shown(now), now).map_err(Refusal::RequirementNotMet)?;

    let mut audit = Vec::new();
    changes.push(match proven.rehashed {
        Some(rehashed) => {
            audit.push(proven.event(AuditKind::PasswordRehashed));
            Change::SetPassword {
                person: person.id,
                phc: rehashed.clone(),
                imported: false,
                replaces: Some(proven.stored.clone()),
                at: now,
            }
        }
        None => Change::RequirePassword { person: person.id, phc: proven.stored.clone() },
    });
    match &proven.second {
        SecondFactor::None => {}
        SecondFactor::Totp(used) => {
            changes.push(Change::UseTotp { person: person.id, before: used.before, step: used.step });
        }
        SecondFactor::Recovery(spent) => {
            changes.push(Change::SpendRecoveryCode { person: person.id, hash: spent.hash });
            let left = i64::try_from(spent.left).unwrap_or(i64::MAX);
            audit.push(proven.event(AuditKind::RecoveryCodeUsed).detail("left", Detail::Number(left)));
            changes.push(notice(person.id, NoticeKind::RecoveryCodeUsed, now, entropy));
        }
    }
    let opening =
        Opening { setting, limits: requirement.session_limits(), replaced: facts.session, path: journey.path.as_ref() };
    let proved = Proved::by_fallback(person, &proven.shown(now), now);
    let opened = session::open(proved, &opening, now, entropy);
    changes.extend(opened.changes);
    audit.extend(opened.audit);

    let due = invitation::due(person.id, facts.passkeys, facts.invitation, &requirement, now);
    let state = match due {
        Some(due) => JourneyState::Invited { due },
        None => JourneyState::Finished,
    };
    let reply = FallbackSignedIn {
        signed_in: SignedIn { journey: journey.next(state), person: person.id, opened: opened.reply },
        invitation: due,
        method: proven.method(),
    };
    Ok(Outcome { reply, changes, audit })
}
