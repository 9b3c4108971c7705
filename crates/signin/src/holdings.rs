//! What a person has to sign in with. Whoever holds a stronger method must prove it before enrolling another (design
//! §4), so everything that adds or removes one asks here first.

use model::{Session, Strength, Timestamp};
use passkey::Passkey;

use crate::{Refusal, Requirement, binding::counts_for, limits};

/// Everything that one person can sign in with, loaded at once.
#[derive(Debug, Clone, Copy)]
pub struct Holdings<'a> {
    /// All their passkeys.
    pub passkeys: &'a [Passkey],
    /// They have a password.
    pub password: bool,
    /// They have an authenticator app.
    pub totp: bool,
    /// How many recovery codes are left.
    pub recovery_codes: usize,
}

impl<'a> Holdings<'a> {
    /// Passkeys only.
    #[must_use]
    pub const fn passkeys(passkeys: &'a [Passkey]) -> Self {
        Self { passkeys, password: false, totp: false, recovery_codes: 0 }
    }

    /// The strongest method that they hold; `None` for someone who holds nothing.
    #[must_use]
    pub fn strongest(&self) -> Option<Strength> {
        let passkey = self.passkeys.iter().map(counts_for).max();
        let fallback = match (self.password, self.totp || self.recovery_codes > 0) {
            (true, true) => Some(Strength::TwoFactor),
            (true, false) => Some(Strength::Password),
            (false, _) => None,
        };
        passkey.max(fallback)
    }

    /// What a session's proof counts for: no more than the passkey that opened it. A session that names a passkey which
    /// is gone counts for nothing.
    #[must_use]
    pub fn counts_for(&self, session: &Session) -> Option<Strength> {
        let proof = &session.authentication;
        match proof.passkey {
            Some(id) => {
                let own = self.passkeys.iter().find(|passkey| passkey.id == id)?;
                Some(proof.strength.min(counts_for(own)))
            }
            None => Some(proof.strength.min(Strength::TwoFactor)),
        }
    }

    /// Whether anything here lets them sign in to a path with this requirement's switches.
    #[must_use]
    pub fn way_in(&self, requirement: &Requirement) -> bool {
        let second_factor = self.totp || self.recovery_codes > 0;
        !self.passkeys.is_empty() || (self.password && (second_factor || requirement.password_alone()))
    }
}

/// The strength that a session's proof counts for, once it is known to be fresh and to be of the strongest method that
/// the person holds.
///
/// # Errors
/// [`Refusal::SessionEnded`] past its end; [`Refusal::FreshProofNeeded`] when the proof is older than
/// [`limits::FRESH_PROOF_SECONDS`] at `at`, or made without a passkey by someone who holds one beyond doubt;
/// [`Refusal::StrongerProofNeeded`] when it was made with a weaker passkey, or a weaker method, than they hold.
pub fn fresh_and_strongest(session: &Session, holdings: &Holdings<'_>, at: Timestamp) -> Result<Strength, Refusal> {
    if at >= session.expires {
        return Err(Refusal::SessionEnded);
    }
    let proof = &session.authentication;
    let strength = holdings.counts_for(session).ok_or(Refusal::SessionEnded)?;
    // A session that enrolment opened has shown a pass and not yet its passkey. One without a passkey will do as long as
    // no passkey of theirs is beyond doubt, or a weak binding would keep the person from mending it.
    let passkey_due = match proof.passkey {
        Some(_) => proof.strength < Strength::Passkey,
        None => holdings.passkeys.iter().any(|passkey| counts_for(passkey) >= Strength::Passkey),
    };
    if passkey_due || !limits::within_seconds(at, proof.at, limits::FRESH_PROOF_SECONDS) {
        return Err(Refusal::FreshProofNeeded);
    }
    if holdings.strongest().is_some_and(|strongest| strength < strongest) {
        return Err(Refusal::StrongerProofNeeded);
    }
    Ok(strength)
}

#[cfg(test)]
mod tests {
    use model::{Amr, Authentication, PasskeyId, PersonId, SessionId, Tier};
    use passkey::Algorithm;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    fn passkey(id: u8, synced: bool, binding: Strength) -> Passkey {
        Passkey {
            id: PasskeyId::from_bytes([id; 16]),
            person: PersonId::from_bytes([2; 16]),
            credential_id: vec![id],
            public_key: Vec::new(),
            algorithm: Algorithm::Es256,
            sign_count: 0,
            backup_eligible: synced,
            backed_up: synced,
            user_verified: true,
            aaguid: [0; 16],
            transports: Vec::new(),
            attested: false,
            attestation_object: Vec::new(),
            binding,
            noticed: None,
            confirmed: None,
            created: NOW,
            last_used: None,
            label: Vec::new(),
        }
    }

    fn session(strength: Strength, opened_with: Option<&Passkey>, age_seconds: i64) -> Session {
        Session {
            id: SessionId::from_bytes([4; 16]),
            cookie_hash: [0; 32],
            authentication: Authentication {
                person: PersonId::from_bytes([2; 16]),
                at: NOW.plus_seconds(-age_seconds),
                strength,
                amr: Amr::USER,
                passkey: opened_with.map(|passkey| passkey.id),
            },
            created: NOW.plus_seconds(-age_seconds),
            expires: NOW.plus_seconds(3600),
            idle_seconds: 3600,
        }
    }

    #[test]
    fn the_strongest_method_must_be_proved() {
        let synced = passkey(1, true, Strength::Passkey);
        let key = passkey(2, false, Strength::Passkey);
        let phished = passkey(3, true, Strength::Password);
        let with = |passkeys| Holdings { password: true, totp: true, ..Holdings::passkeys(passkeys) };
        let (one, both, doubtful) =
            ([synced.clone()], [synced.clone(), key.clone()], [synced.clone(), phished.clone()]);
        let only_doubtful = [phished.clone()];
        let two_factor = session(Strength::TwoFactor, None, 0);
        // (session, what the person holds, what it counts for)
        let cases = [
            (session(Strength::Passkey, Some(&synced), 0), with(&one), Ok(Strength::Passkey)),
            (session(Strength::Passkey, Some(&synced), 301), with(&one), Err(Refusal::FreshProofNeeded)),
            (session(Strength::Passkey, Some(&synced), 0), with(&both), Err(Refusal::StrongerProofNeeded)),
            (session(Strength::DeviceBoundClaimed, Some(&key), 0), with(&both), Ok(Strength::DeviceBoundClaimed)),
            (session(Strength::Passkey, Some(&phished), 0), with(&doubtful), Err(Refusal::StrongerProofNeeded)),
            (session(Strength::Passkey, Some(&phished), 0), Holdings::passkeys(&only_doubtful), Ok(Strength::Password)),
            (two_factor.clone(), with(&one), Err(Refusal::FreshProofNeeded)),
            (two_factor.clone(), with(&only_doubtful), Ok(Strength::TwoFactor)),
            (session(Strength::Password, Some(&phished), 0), with(&only_doubtful), Err(Refusal::FreshProofNeeded)),
            (two_factor, with(&[]), Ok(Strength::TwoFactor)),
            (session(Strength::Password, None, 0), with(&[]), Err(Refusal::StrongerProofNeeded)),
            (session(Strength::Passkey, Some(&key), 0), with(&one), Err(Refusal::SessionEnded)),
        ];
        for (session, holdings, expected) in cases {
            assert_eq!(fresh_and_strongest(&session, &holdings, NOW), expected, "{session:?} {holdings:?}");
        }
    }

    #[test]
    fn a_way_in_needs_a_passkey_or_a_password_with_its_second_factor() {
        let requirement = Requirement::passkeys_only(Tier::Standard);
        let nothing = Holdings::passkeys(&[]);
        let one = [passkey(1, true, Strength::Passkey)];
        assert!(!nothing.way_in(&requirement) && nothing.strongest().is_none());
        assert!(Holdings::passkeys(&one).way_in(&requirement));
        let password = Holdings { password: true, ..nothing };
        assert!(!password.way_in(&requirement));
        let lax = Requirement { least: Strength::Password, password_and_totp: true, ..requirement.clone() };
        assert!(password.way_in(&lax));
        assert!(Holdings { totp: true, ..password }.way_in(&requirement));
        assert!(Holdings { recovery_codes: 1, ..password }.way_in(&requirement));
        assert!(!Holdings { totp: true, recovery_codes: 9, ..nothing }.way_in(&requirement));
    }
}
