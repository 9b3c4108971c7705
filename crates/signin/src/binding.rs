//! Binding strength: how strong the proof was that let a passkey be enrolled, and what follows from it.
//!
//! | how it was enrolled | binding |
//! |---|---|
//! | pass issued at this machine's command line | `passkey`: whoever sits there can already write the store and its keys, and vouches for the person |
//! | pass issued by an administrator, sent to the person | `password`: a link is one factor that can be read, forwarded and phished |
//! | from a session | the strength of that session's proof; never more than the binding of the passkey that opened it |
//! | from a session that a recovery code opened | `password`: whoever recovers proves less than whoever signs in |
//! | by the browser itself, after a password sign-in | `password`: nobody had to be there |
//!
//! The strength of a sign-in and the binding of the passkey are kept apart: a passkey is as strong as it is whoever
//! bound it, but a weak binding means that it may be the wrong person's. So it opens the standard tier only, until a
//! notice has gone out to the person's known addresses, [`limits::OBJECTION_SECONDS`] have passed without protest, and
//! the passkey is used, user-verified (design §4). That use confirms it for good.

use model::{Amr, Session, Strength, Tier, Timestamp};
use passkey::Passkey;

use crate::{Requirement, Shown, limits, serves};

/// What let a passkey be bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Binding {
    /// An enrolment pass that carries this strength.
    Pass(Strength),
    /// A session whose proof counts for this much.
    Session(Strength),
    /// A session that a recovery code opened.
    Recovery,
    /// The browser did it by itself after a password sign-in.
    Conditional,
}

impl Binding {
    /// What a session of this kind binds, when its proof counts for `strength`.
    pub(crate) fn by_session(session: &Session, strength: Strength) -> Self {
        if session.authentication.amr.has(Amr::RECOVERY) { Self::Recovery } else { Self::Session(strength) }
    }

    /// The binding strength that the passkey gets.
    #[must_use]
    pub const fn strength(self) -> Strength {
        match self {
            Self::Pass(strength) | Self::Session(strength) => strength,
            Self::Recovery | Self::Conditional => Strength::Password,
        }
    }

    /// A stable word for the audit.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Session(_) => "session",
            Self::Recovery => "recovery",
            Self::Conditional => "conditional",
        }
    }
}

/// Whether a passkey's binding is beyond doubt: it was bound by more than a password, by a verified person; or it was
/// confirmed since.
#[must_use]
pub fn confirmed(passkey: &Passkey) -> bool {
    let well_bound = passkey.binding > Strength::Password && passkey.user_verified;
    well_bound || passkey.confirmed.is_some()
}

/// Whether a user-verified use at `now` confirms a passkey that was bound weakly: the person was told, and had time to
/// object.
#[must_use]
pub fn confirms(passkey: &Passkey, now: Timestamp) -> bool {
    let objection_over = |noticed: Timestamp| now >= noticed.plus_seconds(limits::OBJECTION_SECONDS);
    !confirmed(passkey) && passkey.noticed.is_some_and(objection_over)
}

/// What a passkey counts for when it is asked who may bind another: as long as it may be the wrong person's, no more
/// than the password that bound it.
#[must_use]
pub fn counts_for(passkey: &Passkey) -> Strength {
    if confirmed(passkey) { passkey.strength() } else { Strength::Password }
}

/// Whether the person was told of the passkey and had time to object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Not sent, or its time to object has not passed.
    Outstanding,
    /// Sent, and nobody objected in time.
    Passed,
}

/// Whether a passkey may be used for access paths of this tier, when nothing else is asked. [`serves`] asks the rest.
#[must_use]
pub fn serves_tier(passkey: &Passkey, tier: Tier, notice: Notice) -> bool {
    match tier {
        Tier::Standard => true,
        // Every accepted assertion is user-verified, so a use is a user-verified use.
        Tier::Sensitive | Tier::Critical => {
            confirmed(passkey) || (passkey.last_used.is_some() && notice == Notice::Passed)
        }
    }
}

/// Whether a live session may be used for access paths of this tier, when nothing is configured. [`serves`] with the
/// path's own requirement is the whole question.
#[must_use]
pub fn session_serves(session: &Session, opened_with: Option<&Passkey>, tier: Tier) -> bool {
    match tier {
        Tier::Standard => true,
        Tier::Sensitive | Tier::Critical => {
            let at = session.authentication.at;
            serves(&Requirement::passkeys_only(tier), &Shown::session(session, opened_with, at), at).is_ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use model::{PasskeyId, PersonId, Timestamp};
    use passkey::Algorithm;

    use super::*;

    fn passkey(binding: Strength, user_verified: bool, used: bool) -> Passkey {
        Passkey {
            id: PasskeyId::from_bytes([1; 16]),
            person: PersonId::from_bytes([2; 16]),
            credential_id: vec![3],
            public_key: Vec::new(),
            algorithm: Algorithm::Es256,
            sign_count: 0,
            backup_eligible: true,
            backed_up: true,
            user_verified,
            aaguid: [0; 16],
            transports: Vec::new(),
            attested: false,
            attestation_object: Vec::new(),
            binding,
            noticed: None,
            confirmed: None,
            created: Timestamp::from_seconds(1),
            last_used: used.then_some(Timestamp::from_seconds(2)),
            label: Vec::new(),
        }
    }

    #[test]
    fn a_session_serves_no_more_than_the_passkey_that_opened_it() {
        let session = |passkey: Option<PasskeyId>, strength| Session {
            id: model::SessionId::from_bytes([4; 16]),
            cookie_hash: [0; 32],
            authentication: model::Authentication {
                person: PersonId::from_bytes([2; 16]),
                at: Timestamp::from_seconds(1),
                strength,
                amr: model::Amr::POP.and(model::Amr::USER),
                passkey,
            },
            created: Timestamp::from_seconds(1),
            expires: Timestamp::from_seconds(2),
            idle_seconds: 1,
        };
        let (strong, weak) = (passkey(Strength::Passkey, true, true), passkey(Strength::Password, true, true));
        let own = Some(strong.id);
        // (session, its passkey as stored, serves the critical tier?)
        let cases = [
            (session(own, Strength::Passkey), Some(&strong), true),
            (session(own, Strength::Passkey), Some(&weak), false),
            (session(own, Strength::Password), Some(&strong), false),
            (session(own, Strength::Passkey), None, false),
            (session(None, Strength::Passkey), Some(&strong), false),
        ];
        for (session, stored, expected) in cases {
            assert!(session_serves(&session, stored, Tier::Standard));
            assert_eq!(session_serves(&session, stored, Tier::Critical), expected, "{session:?}");
        }
    }

    #[test]
    fn a_weakly_bound_passkey_serves_more_only_after_use_and_notice() {
        // (binding, user-verified at enrolment, used since, notice) → beyond the standard tier?
        let cases = [
            (Strength::Passkey, true, false, Notice::Outstanding, true),
            (Strength::TwoFactor, true, false, Notice::Outstanding, true),
            (Strength::Password, true, false, Notice::Outstanding, false),
            (Strength::Password, true, true, Notice::Outstanding, false),
            (Strength::Password, true, false, Notice::Passed, false),
            (Strength::Password, true, true, Notice::Passed, true),
            (Strength::Passkey, false, false, Notice::Outstanding, false),
            (Strength::Passkey, false, true, Notice::Outstanding, false),
            (Strength::Passkey, false, true, Notice::Passed, true),
        ];
        for (binding, verified, used, notice, expected) in cases {
            let passkey = passkey(binding, verified, used);
            assert!(serves_tier(&passkey, Tier::Standard, notice));
            for tier in [Tier::Sensitive, Tier::Critical] {
                let serves = serves_tier(&passkey, tier, notice);
                assert_eq!(serves, expected, "{binding:?} {verified} {used} {notice:?} {tier:?}");
            }
        }
    }

    #[test]
    fn a_weak_binding_is_confirmed_by_a_use_after_notice_and_time() {
        let weak = passkey(Strength::Password, true, true);
        let told = |seconds| Passkey { noticed: Some(Timestamp::from_seconds(seconds)), ..weak.clone() };
        let over = Timestamp::from_seconds(1000 + limits::OBJECTION_SECONDS);
        // (passkey, when it is used, confirmed by that?)
        let cases = [
            (weak.clone(), over, false),
            (told(1000), over, true),
            (told(1001), over, false),
            (Passkey { confirmed: Some(over), ..told(1000) }, over, false),
            (Passkey { binding: Strength::TwoFactor, ..told(1000) }, over, false),
            (Passkey { binding: Strength::TwoFactor, user_verified: false, ..told(1000) }, over, true),
        ];
        for (passkey, used, expected) in cases {
            assert_eq!(confirms(&passkey, used), expected, "{passkey:?}");
        }
        assert!(!confirmed(&weak));
        assert_eq!(counts_for(&weak), Strength::Password);
        let kept = Passkey { confirmed: Some(over), ..weak };
        assert!(confirmed(&kept) && serves_tier(&kept, Tier::Critical, Notice::Outstanding));
        assert_eq!(counts_for(&kept), Strength::Passkey);
    }

    #[test]
    fn what_bound_it_decides_how_much_it_is_worth() {
        assert_eq!(Binding::Pass(Strength::Passkey).strength(), Strength::Passkey);
        assert_eq!(Binding::Session(Strength::TwoFactor).strength(), Strength::TwoFactor);
        assert_eq!(Binding::Recovery.strength(), Strength::Password);
        assert_eq!(Binding::Conditional.strength(), Strength::Password);
    }
}
