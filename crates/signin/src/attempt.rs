//! Sign-in records: every attempt ends in exactly one, whatever became of it.
//!
//! An attempt begins when the browser shows its passkey prompt for a journey that signs in, and ends with an answer or
//! a cancellation. Adding a passkey in a session is no attempt to sign in and leaves audit only.

use crypto::HashKey;
use model::{Capabilities, ClientId, PersonId, SigninMethod, SigninOutcome, SigninRecord, Strength, Tier, Timestamp};

use crate::{FallbackFault, Journey, Purpose, Refusal};

/// How the browser was asked for the passkey (WebAuthn L3 §5.1.4, `mediation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mediation {
    /// Offered in the field's autofill.
    Conditional,
    /// In a window of its own, after a button was pressed.
    Modal,
}

impl Mediation {
    /// Reads the word that pages send.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "conditional" => Some(Self::Conditional),
            "modal" => Some(Self::Modal),
            _ => None,
        }
    }
}

/// One attempt, as far as it is known before it ends.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The access path: the client that asked, or none for My account.
    pub path: Option<ClientId>,
    /// That path's tier.
    pub tier: Tier,
    /// How they tried.
    pub method: SigninMethod,
    /// From the page's first interaction to the outcome, in milliseconds, as the page says.
    pub elapsed_millis: Option<u32>,
    /// What the browser can do, as the page says.
    pub capabilities: Capabilities,
}

impl Attempt {
    /// The attempt of a journey by passkey; `None` for one that adds a passkey in a session, unless the browser does it by
    /// itself after a password sign-in: that is how people move over, and it is counted.
    #[must_use]
    pub fn of(
        journey: &Journey,
        mediation: Mediation,
        elapsed_millis: Option<u32>,
        capabilities: Capabilities,
    ) -> Option<Self> {
        let method = match (journey.purpose, mediation) {
            (Purpose::SignIn | Purpose::FreshProof(_), Mediation::Conditional) => SigninMethod::PasskeyAutofill,
            (Purpose::SignIn | Purpose::FreshProof(_), Mediation::Modal) => SigninMethod::PasskeyButton,
            (Purpose::Enrol(_), Mediation::Conditional | Mediation::Modal) => SigninMethod::EnrolmentPass,
            (Purpose::AddPasskey(_), Mediation::Conditional) => SigninMethod::ConditionalCreate,
            (Purpose::AddPasskey(_), Mediation::Modal) => return None,
        };
        Some(Self::by(journey, method, elapsed_millis, capabilities))
    }

    /// The attempt of a journey by another method: [`SigninMethod::Password`], [`SigninMethod::PasswordTotp`] or
    /// [`SigninMethod::RecoveryCode`]. A password step that leads to the second factor is no end, and leaves no record.
    #[must_use]
    pub fn by(
        journey: &Journey,
        method: SigninMethod,
        elapsed_millis: Option<u32>,
        capabilities: Capabilities,
    ) -> Self {
        Self { path: journey.path.clone(), tier: journey.tier, method, elapsed_millis, capabilities }
    }

    /// The record of this attempt's end. The method consumes the attempt, so that it ends once.
    #[must_use]
    pub fn ended(self, end: &End<'_>, key: &HashKey, at: Timestamp) -> SigninRecord {
        let (outcome, person, strength) = match *end {
            End::SignedIn { person, strength } => (SigninOutcome::Success, Some(person), Some(strength)),
            End::Cancelled => (SigninOutcome::Cancelled, None, None),
            End::Refused { refusal, person } => {
                (outcome_of(refusal), person.filter(|_| person_was_proved(refusal)), None)
            }
        };
        SigninRecord {
            at,
            path: self.path,
            tier: self.tier,
            pseudonym: person.map(|person| pseudonym(key, person)),
            method: self.method,
            outcome,
            strength,
            elapsed_millis: self.elapsed_millis,
            capabilities: self.capabilities,
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy)]
pub enum End<'a> {
    /// Signed in.
    SignedIn {
        /// Who.
        person: PersonId,
        /// How strongly.
        strength: Strength,
    },
    /// The browser said so.
    Cancelled,
    /// We said no, or could not say yes.
    Refused {
        /// Why.
        refusal: &'a Refusal,
        /// The person whom the named passkey belongs to, if any. Kept only where the refusal means that they proved it.
        person: Option<PersonId>,
    },
}

/// The pseudonym under which records of one person can be joined, by this installation only.
#[must_use]
pub fn pseudonym(key: &HashKey, person: PersonId) -> [u8; 16] {
    let hash = key.hash("sign-in record", &[person.as_bytes()]);
    let mut short = [0; 16];
    short.copy_from_slice(&hash[..16]);
    short
}

/// The outcome under which a refusal is counted.
#[must_use]
pub const fn outcome_of(refusal: &Refusal) -> SigninOutcome {
    match refusal {
        Refusal::JourneyUnknown
        | Refusal::JourneyExpired
        | Refusal::JourneyFinished
        | Refusal::OtherBrowser
        | Refusal::WrongStep
        | Refusal::ChallengeSpent
        | Refusal::ChallengeExpired
        | Refusal::TooManyTries
        | Refusal::PassInvalid
        | Refusal::SessionEnded
        | Refusal::FreshProofNeeded
        | Refusal::StrongerProofNeeded
        | Refusal::SharedWorkstation
        | Refusal::InvitationUsedUp
        | Refusal::LostRace => SigninOutcome::JourneyInvalid,
        Refusal::UnknownPasskey => SigninOutcome::UnknownPasskey,
        Refusal::ProofFailed(_)
        | Refusal::NameMismatch
        | Refusal::NotYours
        | Refusal::PasskeyKnown
        | Refusal::LabelInvalid
        | Refusal::NameInvalid
        | Refusal::PasswordInvalid
        | Refusal::PasswordWeak(_)
        | Refusal::CodeInvalid
        | Refusal::WouldStrand
        | Refusal::LastPasskey => SigninOutcome::ProofFailed,
        Refusal::SignInFailed(fault) => match fault {
            FallbackFault::UnknownName
            | FallbackFault::NoPassword
            | FallbackFault::WrongPassword
            | FallbackFault::Resting => SigninOutcome::ProofFailed,
            FallbackFault::NoSecondFactor | FallbackFault::WrongCode | FallbackFault::CodeUsed => {
                SigninOutcome::SecondFactorFailed
            }
        },
        Refusal::Throttled { .. } => SigninOutcome::Throttled,
        Refusal::BindingTooWeak | Refusal::RequirementNotMet(_) | Refusal::FallbackNotOffered => {
            SigninOutcome::RequirementNotMet
        }
        Refusal::PersonRefused | Refusal::ProveExistingFirst | Refusal::TooManyPasskeys => SigninOutcome::PersonRefused,
        Refusal::Unavailable => SigninOutcome::Unavailable,
    }
}

/// Whether a refusal comes after a whole proof, so that the record may be joined to the person. Before that, the
/// person is a claim: a stranger who knows a credential id must not be able to write into someone's history.
const fn person_was_proved(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::PersonRefused
        | Refusal::NameMismatch
        | Refusal::NotYours
        | Refusal::BindingTooWeak
        | Refusal::RequirementNotMet(_) => true,
        Refusal::JourneyUnknown
        | Refusal::JourneyExpired
        | Refusal::JourneyFinished
        | Refusal::OtherBrowser
        | Refusal::WrongStep
        | Refusal::ChallengeSpent
        | Refusal::ChallengeExpired
        | Refusal::TooManyTries
        | Refusal::UnknownPasskey
        | Refusal::ProofFailed(_)
        | Refusal::PassInvalid
        | Refusal::ProveExistingFirst
        | Refusal::PasskeyKnown
        | Refusal::TooManyPasskeys
        | Refusal::SessionEnded
        | Refusal::FreshProofNeeded
        | Refusal::StrongerProofNeeded
        | Refusal::SharedWorkstation
        | Refusal::InvitationUsedUp
        | Refusal::FallbackNotOffered
        | Refusal::SignInFailed(_)
        | Refusal::Throttled { .. }
        | Refusal::PasswordInvalid
        | Refusal::PasswordWeak(_)
        | Refusal::CodeInvalid
        | Refusal::WouldStrand
        | Refusal::LastPasskey
        | Refusal::LabelInvalid
        | Refusal::NameInvalid
        // These two may come before as well as after.
        | Refusal::LostRace
        | Refusal::Unavailable => false,
    }
}

#[cfg(test)]
mod tests {
    use model::{JourneyId, SessionId};
    use passkey::Fault;

    use crate::{BrowserBinding, EnrolBy, ReturnTo, Start, begin};

    use super::*;

    fn attempt(purpose: Purpose, mediation: Mediation) -> Option<Attempt> {
        let key = HashKey::new(&[1; 32]);
        let mut entropy = model::Entropy::new([5; 256]);
        let (_, browser) = BrowserBinding::fresh(&key, &mut entropy);
        let path = Some(ClientId::parse("app").expect("valid"));
        let start = Start { purpose, path, tier: Tier::Sensitive, return_to: ReturnTo::Authorize };
        let journey = begin(start, &browser, Timestamp::from_seconds(10), &mut entropy);
        assert_ne!(journey.id, JourneyId::from_bytes([0; 16]));
        Attempt::of(&journey, mediation, Some(1500), Capabilities::from_bits(3))
    }

    #[test]
    fn the_method_follows_purpose_and_mediation() {
        let session = SessionId::from_bytes([9; 16]);
        let pass = model::PassId::from_bytes([9; 16]);
        let method = |purpose, mediation| attempt(purpose, mediation).map(|attempt| attempt.method);
        for (purpose, autofill, button) in [
            (Purpose::SignIn, Some(SigninMethod::PasskeyAutofill), Some(SigninMethod::PasskeyButton)),
            (Purpose::FreshProof(session), Some(SigninMethod::PasskeyAutofill), Some(SigninMethod::PasskeyButton)),
            (Purpose::Enrol(EnrolBy::Pass(pass)), Some(SigninMethod::EnrolmentPass), Some(SigninMethod::EnrolmentPass)),
            (Purpose::AddPasskey(session), Some(SigninMethod::ConditionalCreate), None),
        ] {
            assert_eq!(method(purpose, Mediation::Conditional), autofill, "{purpose:?}");
            assert_eq!(method(purpose, Mediation::Modal), button, "{purpose:?}");
        }
        assert_eq!(Mediation::from_word("conditional"), Some(Mediation::Conditional));
        assert_eq!(Mediation::from_word("modal"), Some(Mediation::Modal));
        assert_eq!(Mediation::from_word("silent"), None);
    }

    #[test]
    fn a_record_names_a_person_only_after_proof() {
        let key = HashKey::new(&[1; 32]);
        let person = PersonId::from_bytes([4; 16]);
        let at = Timestamp::from_seconds(20);
        let ended = |end: End<'_>| {
            attempt(Purpose::SignIn, Mediation::Modal).expect("an attempt to sign in").ended(&end, &key, at)
        };
        let success = ended(End::SignedIn { person, strength: Strength::Passkey });
        assert_eq!(success.pseudonym, Some(pseudonym(&key, person)));
        assert_eq!((success.outcome, success.strength), (SigninOutcome::Success, Some(Strength::Passkey)));
        assert_eq!((success.at, success.tier, success.elapsed_millis), (at, Tier::Sensitive, Some(1500)));
        assert_eq!(success.path, Some(ClientId::parse("app").expect("valid")));

        let proved = Refusal::PersonRefused;
        let refused = ended(End::Refused { refusal: &proved, person: Some(person) });
        assert_eq!(refused.pseudonym, success.pseudonym);
        assert_eq!((refused.outcome, refused.strength), (SigninOutcome::PersonRefused, None));

        // A stranger who knows a credential id names a person without proving anything.
        let claimed = Refusal::ProofFailed(Fault::Signature);
        let failed = ended(End::Refused { refusal: &claimed, person: Some(person) });
        assert_eq!((failed.outcome, failed.pseudonym), (SigninOutcome::ProofFailed, None));

        let cancelled = ended(End::Cancelled);
        assert_eq!((cancelled.outcome, cancelled.pseudonym), (SigninOutcome::Cancelled, None));
    }

    #[test]
    fn a_pseudonym_belongs_to_one_person_and_one_installation() {
        let of = |key: u8, person: u8| pseudonym(&HashKey::new(&[key; 32]), PersonId::from_bytes([person; 16]));
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(1, 2));
        assert_ne!(of(1, 1), of(2, 1));
    }

    #[test]
    fn every_way_to_fail_without_a_passkey_is_counted_apart_and_names_nobody() {
        let key = HashKey::new(&[1; 32]);
        let person = PersonId::from_bytes([4; 16]);
        let cases = [
            (Refusal::SignInFailed(FallbackFault::UnknownName), SigninOutcome::ProofFailed),
            (Refusal::SignInFailed(FallbackFault::WrongPassword), SigninOutcome::ProofFailed),
            (Refusal::SignInFailed(FallbackFault::Resting), SigninOutcome::ProofFailed),
            (Refusal::SignInFailed(FallbackFault::WrongCode), SigninOutcome::SecondFactorFailed),
            (Refusal::SignInFailed(FallbackFault::CodeUsed), SigninOutcome::SecondFactorFailed),
            (Refusal::Throttled { seconds: 9 }, SigninOutcome::Throttled),
            (Refusal::FallbackNotOffered, SigninOutcome::RequirementNotMet),
        ];
        for (refusal, outcome) in cases {
            let attempt = attempt(Purpose::SignIn, Mediation::Modal).expect("an attempt to sign in");
            let attempt = Attempt { method: SigninMethod::PasswordTotp, ..attempt };
            let end = End::Refused { refusal: &refusal, person: Some(person) };
            let record = attempt.ended(&end, &key, Timestamp::from_seconds(20));
            assert_eq!((record.outcome, record.pseudonym), (outcome, None), "{refusal}");
            assert_eq!(record.method, SigninMethod::PasswordTotp);
        }
    }
}
