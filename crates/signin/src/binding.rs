//! Binding strength: how strong the proof was that let a passkey be enrolled, and what follows from it.
//!
//! | how it was enrolled | binding |
//! |---|---|
//! | pass issued at this machine's command line | `passkey`: whoever sits there can already write the store and its keys, and vouches for the person |
//! | pass issued by an administrator, sent to the person | `password`: a link is one factor that can be read, forwarded and phished |
//! | from a session | the strength of that session's proof |
//!
//! The strength of a sign-in and the binding of the passkey are kept apart: a passkey is as strong as it is whoever
//! bound it, but a weak binding means that it may be the wrong person's. So it opens the standard tier only, until a
//! user-verified use and a notice to the person's known addresses have both passed without protest (design §4).

use model::{Session, Strength, Tier};
use passkey::Passkey;

/// Whether the person was told of the passkey and had time to object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Not sent, or its time to object has not passed.
    Outstanding,
    /// Sent, and nobody objected in time.
    Passed,
}

/// Whether a passkey may be used for access paths of this tier.
#[must_use]
pub fn serves_tier(passkey: &Passkey, tier: Tier, notice: Notice) -> bool {
    match tier {
        Tier::Standard => true,
        Tier::Sensitive | Tier::Critical => {
            let well_bound = passkey.binding > Strength::Password && passkey.user_verified;
            // Every accepted assertion is user-verified, so a use is a user-verified use.
            let proved_since = passkey.last_used.is_some() && notice == Notice::Passed;
            well_bound || proved_since
        }
    }
}

/// Whether a live session may be used for access paths of this tier: by the passkey that opened it, and by what it proved then.
#[must_use]
pub fn session_serves(session: &Session, opened_with: Option<&Passkey>, tier: Tier) -> bool {
    match tier {
        Tier::Standard => true,
        Tier::Sensitive | Tier::Critical => {
            let own = opened_with.filter(|passkey| session.authentication.passkey == Some(passkey.id));
            session.authentication.strength >= Strength::Passkey
                && own.is_some_and(|passkey| serves_tier(passkey, tier, Notice::Outstanding))
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
                amr: model::Amr::POP,
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
}
