//! What a person must show on an access path: the policy's answer in the words of the sign-in room, and the one question about a live
//! grant or session, "does what was proved still serve here?".
//!
//! The policy resolves, [`signin::serves`](mod@signin::serves) compares. This file only translates, and so must stay dull.

use model::{Authentication, Employment, Person, Session, Strength, Tier, Timestamp};
use policy::{Facet, PersonFacts, Resolved};
use signin::{InvitationLimits, Lack, Requirement, SessionLimits, Shown, Workstation};
use store::ReadError;

use crate::state::App;

/// What one request asks for beyond the policy (`acr_values`, `claims`), kept beside its journey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The least strength that the application asks for.
    pub(crate) least: Option<Strength>,
    /// Why, for the page.
    pub(crate) says: Vec<String>,
}

impl Asked {
    /// The requirement with what was asked on top. It can only rise.
    pub(crate) fn on(&self, mut requirement: Requirement) -> Requirement {
        requirement.least = requirement.least.max(self.least.unwrap_or(Strength::Password));
        requirement
    }
}

/// What `person` must show on a path of this tier.
pub(crate) fn of_person(app: &App, person: &Person, tier: Tier, now: Timestamp) -> Requirement {
    translate(&policy::resolve(&app.settings.policy, &PersonFacts::from(person), tier, now))
}

/// What nobody in particular must show: no groups, no privilege, the most common employment. Pages that know no person yet are made by
/// it, so that they tell nothing about a name.
pub(crate) fn of_nobody(app: &App, tier: Tier, now: Timestamp) -> Requirement {
    let nobody = PersonFacts { employment: Employment::Workforce, privileged: false, groups: &[] };
    translate(&policy::resolve(&app.settings.policy, &nobody, tier, now))
}

/// The same requirement for someone who may be known.
pub(crate) fn of(app: &App, person: Option<&Person>, tier: Tier, now: Timestamp) -> Requirement {
    match person {
        Some(person) => of_person(app, person, tier, now),
        None => of_nobody(app, tier, now),
    }
}

fn translate(resolved: &Resolved) -> Requirement {
    let asks = resolved.requirement();
    Requirement {
        tier: resolved.tier(),
        least: asks.least,
        password_and_totp: asks.fallbacks.password_and_totp,
        recovery_codes: asks.fallbacks.recovery_codes,
        synced_passkeys: asks.synced_passkeys,
        device_bound_only: asks.device_bound_only,
        attested_only: asks.attested_only,
        unconfirmed_serves: asks.unconfirmed_binding,
        fresh_seconds: asks.fresh_seconds,
        sessions: SessionLimits {
            absolute_seconds: asks.session.absolute_seconds,
            idle_seconds: asks.session.idle_seconds,
        },
        invitation: InvitationLimits { snooze_days: asks.invitation.snooze_days, skips: asks.invitation.skips },
        says: Vec::new(),
    }
}

/// What a proof is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Something is opened: the proof's age counts.
    Opening,
    /// Something that was opened goes on (refresh, introspection, userinfo): only what was shown counts.
    Keeping,
}

/// Whether a proof serves, and if not, why, in sentences for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Met {
    /// It serves.
    Yes,
    /// It doesn't.
    No {
        /// One sentence for each thing that is missing and that somebody gave a reason for.
        says: Vec<String>,
    },
}

impl Met {
    pub(crate) const fn is_met(&self) -> bool {
        matches!(self, Self::Yes)
    }
}

/// Whether what `person` proved serves a path of this tier now. The passkey that was used is read only where the answer can depend on it.
pub(crate) fn met(
    app: &App,
    person: &Person,
    tier: Tier,
    proof: &Authentication,
    used_for: Use,
    workstation: Workstation,
    now: Timestamp,
) -> Result<Met, ReadError> {
    let resolved = policy::resolve(&app.settings.policy, &PersonFacts::from(person), tier, now);
    let requirement = workstation.asks(&translate(&resolved));
    let passkeys = match proof.passkey {
        Some(_) if depends_on_passkey(&requirement) => app.store.passkeys_of(person.id)?,
        Some(_) | None => Vec::new(),
    };
    let opened_with = proof.passkey.and_then(|id| passkeys.iter().find(|passkey| passkey.id == id));
    // The session's own clock has been asked already: who is here, has just used it.
    let shown = if proof.passkey.is_some() && !depends_on_passkey(&requirement) {
        by_some_passkey(proof, now)
    } else {
        Shown::proof(proof, opened_with, now)
    };
    let Err(lacks) = signin::serves(&requirement, &shown, now) else { return Ok(Met::Yes) };
    let counted: Vec<Lack> = lacks.into_iter().filter(|lack| used_for == Use::Opening || !of_time(*lack)).collect();
    if counted.is_empty() {
        return Ok(Met::Yes);
    }
    Ok(Met::No { says: says(&resolved, &counted) })
}

/// The same for a live session: also says no when the session belongs to somebody else than `person`.
pub(crate) fn session_serves(
    app: &App,
    person: &Person,
    session: &Session,
    tier: Tier,
    workstation: Workstation,
    now: Timestamp,
) -> Result<Met, ReadError> {
    if session.authentication.person != person.id {
        return Ok(Met::No { says: Vec::new() });
    }
    met(app, person, tier, &session.authentication, Use::Opening, workstation, now)
}

/// Where neither binding nor kind of key matters, strength and verification were proved in the ceremony and are in the proof itself.
const fn depends_on_passkey(requirement: &Requirement) -> bool {
    requirement.device_bound_only
        || requirement.attested_only
        || !requirement.synced_passkeys
        || !requirement.unconfirmed_serves
        || !matches!(requirement.tier, Tier::Standard)
}

/// A proof by a passkey of which no more needs to be known.
fn by_some_passkey(proof: &Authentication, now: Timestamp) -> Shown {
    Shown {
        strength: proof.strength,
        recovery_code: false,
        user_verified: proof.amr.has(model::Amr::USER),
        synced: true,
        attested: false,
        confirmed: false,
        at: proof.at,
        seen: now,
    }
}

const fn of_time(lack: Lack) -> bool {
    match lack {
        Lack::Fresh | Lack::Seen => true,
        Lack::Strength
        | Lack::UserVerified
        | Lack::PasswordAndTotp
        | Lack::RecoveryCodes
        | Lack::Synced
        | Lack::DeviceBound
        | Lack::Attested
        | Lack::Confirmed => false,
    }
}

/// Why each missing thing is asked for, in the policy's own sentences, each once.
fn says(resolved: &Resolved, lacks: &[Lack]) -> Vec<String> {
    let mut says: Vec<String> = Vec::new();
    for lack in lacks {
        for facet in facets(*lack) {
            if let Some(because) = resolved.why(*facet)
                && !says.contains(&because.says)
            {
                says.push(because.says);
            }
        }
    }
    says
}

/// What the policy calls it.
const fn facets(lack: Lack) -> &'static [Facet] {
    match lack {
        Lack::Strength => &[Facet::LeastStrength],
        Lack::UserVerified => &[Facet::UserVerified],
        Lack::PasswordAndTotp => &[Facet::PasswordAndTotp],
        Lack::RecoveryCodes => &[Facet::RecoveryCodes],
        Lack::Synced => &[Facet::SyncedPasskeys],
        Lack::DeviceBound => &[Facet::DeviceBoundOnly],
        Lack::Attested => &[Facet::AttestedOnly],
        Lack::Confirmed => &[Facet::UnconfirmedBinding],
        Lack::Fresh => &[Facet::FreshSeconds, Facet::SessionAbsoluteSeconds],
        Lack::Seen => &[Facet::SessionIdleSeconds],
    }
}

#[cfg(test)]
mod tests {
    use policy::{Base, Fallbacks, Policy};

    use super::*;

    fn translated(change: impl FnOnce(&mut policy::Requirement)) -> Requirement {
        let mut base = Base::DEFAULT;
        change(&mut base.standard);
        let policy = Policy::new(base, Vec::new()).expect("a policy");
        let nobody = PersonFacts { employment: Employment::Workforce, privileged: false, groups: &[] };
        translate(&policy::resolve(&policy, &nobody, Tier::Standard, Timestamp::from_seconds(1_790_000_000)))
    }

    #[test]
    fn nothing_configured_is_what_the_sign_in_room_calls_passkeys_only() {
        let plain = translated(|_| {});
        assert_eq!(
            plain,
            Requirement { fresh_seconds: plain.fresh_seconds, ..Requirement::passkeys_only(Tier::Standard) }
        );
    }

    #[test]
    fn a_password_alone_needs_both_switches() {
        let both = translated(|standard| {
            standard.least = Strength::Password;
            standard.fallbacks = Fallbacks { password_and_totp: true, recovery_codes: false };
        });
        assert!(both.password_alone());
        let one = translated(|standard| {
            standard.least = Strength::Password;
            standard.fallbacks = Fallbacks { password_and_totp: false, recovery_codes: true };
        });
        assert!(!one.password_alone() && one.offers_password());
    }

    #[test]
    fn what_an_application_asks_can_only_raise() {
        let plain = Requirement::passkeys_only(Tier::Standard);
        let least = |asked| Asked { least: asked, says: Vec::new() }.on(plain.clone()).least;
        assert_eq!(least(None), Strength::Passkey);
        assert_eq!(least(Some(Strength::Password)), Strength::Passkey);
        assert_eq!(least(Some(Strength::Attested)), Strength::Attested);
    }

    /// The policy's predicate and the sign-in room's are written twice, because neither room may know the other: here they are held to
    /// each other, over every kind of proof, tier and a range of requirements.
    #[test]
    fn both_rooms_say_the_same_of_every_proof() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let nobody = PersonFacts { employment: Employment::Workforce, privileged: false, groups: &[] };
        let mut compared = 0;
        for policy in policies() {
            for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
                let resolved = policy::resolve(&policy, &nobody, tier, now);
                let requirement = translate(&resolved);
                for (shown, proof) in proofs(now) {
                    let (ours, theirs) = (
                        signin::serves(&requirement, &shown, now).is_ok(),
                        policy::serves(&resolved, &proof, now).is_enough(),
                    );
                    assert_eq!(ours, theirs, "{tier:?} {:?} {shown:?}", resolved.requirement());
                    compared += 1;
                }
            }
        }
        assert!(compared > 1_000, "{compared} comparisons");
    }

    fn policies() -> Vec<Policy> {
        let mut policies = vec![Policy::default()];
        for least in [Strength::Password, Strength::TwoFactor, Strength::Passkey, Strength::DeviceBoundClaimed] {
            for (switch, flag) in (0..5).flat_map(|switch| [(switch, false), (switch, true)]) {
                let mut base = Base::DEFAULT;
                for requirement in [&mut base.standard, &mut base.sensitive, &mut base.critical] {
                    requirement.least = requirement.least.max(least);
                }
                base.standard.least = least;
                let standard = &mut base.standard;
                match switch {
                    0 => standard.fallbacks = Fallbacks { password_and_totp: true, recovery_codes: flag },
                    1 => standard.fallbacks = Fallbacks { password_and_totp: false, recovery_codes: flag },
                    2 => standard.unconfirmed_binding = flag,
                    3 => standard.synced_passkeys = flag,
                    _ => standard.device_bound_only = flag,
                }
                for requirement in [&mut base.sensitive, &mut base.critical] {
                    *requirement = requirement
                        .strictest(policy::Requirement { fallbacks: base.standard.fallbacks, ..base.standard });
                }
                policies.extend(Policy::new(base, Vec::new()));
            }
        }
        policies
    }

    fn proofs(now: Timestamp) -> Vec<(Shown, policy::ProofFacts)> {
        let mut proofs = vec![
            (Shown::password(now), policy::ProofFacts::password(now)),
            (Shown::password_and_totp(now), policy::ProofFacts::password_and_totp(now)),
            (Shown::recovery_code(now), policy::ProofFacts::recovery_code(now)),
        ];
        for (strength, synced, attested) in [
            (Strength::Passkey, true, false),
            (Strength::DeviceBoundClaimed, false, false),
            (Strength::Attested, false, true),
        ] {
            for (confirmed, user_verified, age) in
                [(true, true, 0), (false, true, 0), (true, false, 0), (true, true, 90_000)]
            {
                let at = now.plus_seconds(-age);
                let shown =
                    Shown { strength, recovery_code: false, user_verified, synced, attested, confirmed, at, seen: now };
                let proof = policy::ProofFacts {
                    strength,
                    device_bound: !synced,
                    attested,
                    user_verified,
                    binding_confirmed: confirmed,
                    synced,
                    recovery_code: false,
                    at,
                };
                proofs.push((shown, proof));
            }
        }
        proofs
    }
}
