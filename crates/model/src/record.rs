//! Sign-in records: one per attempt, pseudonymous. Baselines can't be made up later, so every attempt leaves one.

use crate::{ClientId, Strength, Timestamp};

/// How much is at stake on an access path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Ordinary applications.
    Standard,
    /// Applications with personal or business-critical data.
    Sensitive,
    /// Applications that can change everything else.
    Critical,
}

impl Tier {
    /// The word used in storage, configuration and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Sensitive => "sensitive",
            Self::Critical => "critical",
        }
    }
    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Standard, Self::Sensitive, Self::Critical].into_iter().find(|t| t.as_str() == word)
    }
}

/// How a person tried to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigninMethod {
    /// A passkey offered by the browser's autofill (conditional mediation).
    PasskeyAutofill,
    /// A passkey after pressing the button (modal).
    PasskeyButton,
    /// A live session was reused; nothing was asked.
    Session,
    /// An enrolment pass, used to create a passkey.
    EnrolmentPass,
    /// A password alone.
    Password,
    /// A password and a code from an authenticator app.
    PasswordTotp,
    /// A password and a recovery code.
    RecoveryCode,
    /// A passkey that the browser made by itself after a password sign-in (conditional create).
    ConditionalCreate,
}

impl SigninMethod {
    /// Every method, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::PasskeyAutofill,
        Self::PasskeyButton,
        Self::Session,
        Self::EnrolmentPass,
        Self::Password,
        Self::PasswordTotp,
        Self::RecoveryCode,
        Self::ConditionalCreate,
    ];

    /// The word used in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasskeyAutofill => "passkey_autofill",
            Self::PasskeyButton => "passkey_button",
            Self::Session => "session",
            Self::EnrolmentPass => "enrolment_pass",
            Self::Password => "password",
            Self::PasswordTotp => "password_totp",
            Self::RecoveryCode => "recovery_code",
            Self::ConditionalCreate => "conditional_create",
        }
    }
    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == word)
    }
}

/// How the attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigninOutcome {
    /// Signed in.
    Success,
    /// The browser said that the person cancelled, waited too long or had no passkey (`NotAllowedError` and its kin).
    Cancelled,
    /// The passkey is not known here.
    UnknownPasskey,
    /// The proof did not verify.
    ProofFailed,
    /// The person may not sign in.
    PersonRefused,
    /// The proof holds, but is not enough for this access path.
    RequirementNotMet,
    /// Journey or challenge expired, replayed or from another browser.
    JourneyInvalid,
    /// Lockgate itself could not finish it: storage was not available.
    Unavailable,
    /// Too many failures lately: nothing was looked at.
    Throttled,
    /// The password was right, the second factor was not.
    SecondFactorFailed,
}

impl SigninOutcome {
    /// The word used in storage.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Cancelled => "cancelled",
            Self::UnknownPasskey => "unknown_passkey",
            Self::ProofFailed => "proof_failed",
            Self::PersonRefused => "person_refused",
            Self::RequirementNotMet => "requirement_not_met",
            Self::JourneyInvalid => "journey_invalid",
            Self::Unavailable => "unavailable",
            Self::Throttled => "throttled",
            Self::SecondFactorFailed => "second_factor_failed",
        }
    }
    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Success,
            Self::Cancelled,
            Self::UnknownPasskey,
            Self::ProofFailed,
            Self::PersonRefused,
            Self::RequirementNotMet,
            Self::JourneyInvalid,
            Self::Unavailable,
            Self::Throttled,
            Self::SecondFactorFailed,
        ]
        .into_iter()
        .find(|o| o.as_str() == word)
    }
}

/// What the browser said it can do (WebAuthn L3 §5.8.7), one bit per standard capability. Unknown names are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities(u16);

/// The standard capability names, in bit order.
pub const CAPABILITY_NAMES: [&str; 9] = [
    "conditionalCreate",
    "conditionalGet",
    "hybridTransport",
    "passkeyPlatformAuthenticator",
    "userVerifyingPlatformAuthenticator",
    "relatedOrigins",
    "signalAllAcceptedCredentials",
    "signalCurrentUserDetails",
    "signalUnknownCredential",
];

impl Capabilities {
    /// From the names that the browser reported as true.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut bits = 0;
        for name in names {
            if let Some(i) = CAPABILITY_NAMES.iter().position(|known| *known == name) {
                bits |= 1 << i;
            }
        }
        Self(bits)
    }
    /// The bits, for storage.
    #[must_use]
    pub const fn bits(self) -> u16 {
        self.0
    }
    /// From stored bits.
    #[must_use]
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits & 0x1ff)
    }
}

/// One attempt to sign in. Holds no name and no address; `pseudonym` is a keyed hash that only this installation can link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigninRecord {
    /// When the attempt ended.
    pub at: Timestamp,
    /// The access path: the client that asked, or none for My account.
    pub path: Option<ClientId>,
    /// That path's tier at the time.
    pub tier: Tier,
    /// Keyed hash of the person's id, when the person became known.
    pub pseudonym: Option<[u8; 16]>,
    /// How they tried.
    pub method: SigninMethod,
    /// How it ended.
    pub outcome: SigninOutcome,
    /// Strength proved, on success.
    pub strength: Option<Strength>,
    /// From the page's first interaction to the outcome, in milliseconds, where known.
    pub elapsed_millis: Option<u32>,
    /// What the browser can do.
    pub capabilities: Capabilities,
}
