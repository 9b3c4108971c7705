//! What is loaded before a fallback is judged. The same is loaded for a name that nobody holds, and finds nothing.

use model::{Person, Secret, Session, Timestamp};
use passkey::Passkey;

use crate::{InvitationState, Requirement, Workstation, totp::TotpSecret};

/// A person's password, as stored.
#[derive(Debug, Clone)]
pub struct PersonPassword {
    /// The hash's canonical text.
    pub text: Secret<String>,
    /// It was made by another system, and its plaintext was never judged here.
    pub imported: bool,
    /// When it was last set.
    pub changed: Timestamp,
}

/// A person's authenticator app, as stored, its secret opened by the shell.
#[derive(Debug)]
pub struct PersonTotp {
    /// The secret.
    pub secret: TotpSecret,
    /// The last time step whose code was used.
    pub last_step: Option<u64>,
    /// When it was added.
    pub added: Timestamp,
}

/// The facts of one fallback step.
#[derive(Debug, Clone, Copy)]
pub struct FallbackFacts<'a> {
    /// The person whose name was typed.
    pub person: Option<&'a Person>,
    /// Their password.
    pub password: Option<&'a PersonPassword>,
    /// Their authenticator app.
    pub totp: Option<&'a PersonTotp>,
    /// Keyed hashes of the recovery codes that they have left.
    pub recovery_codes: &'a [[u8; 32]],
    /// All their passkeys.
    pub passkeys: &'a [Passkey],
    /// What this path asks of them; for a name that nobody holds, what it asks of nobody in particular.
    pub requirement: &'a Requirement,
    /// What they answered to invitations so far.
    pub invitation: InvitationState,
    /// The live session that this browser holds, whoever's it is.
    pub session: Option<&'a Session>,
    /// Whose browser it is.
    pub workstation: Workstation,
}

/// The question: is the typed password this one? The shell answers it outside the engine, in its bounded pool, since
/// checking costs time and memory on purpose.
#[derive(Debug, Clone)]
pub struct CheckPassword {
    /// What to check it against.
    pub against: PasswordToCheck,
    /// The salt for hashing anew, where the stored hash is right but cheaper than the present cost.
    pub salt: [u8; 16],
}

/// What a typed password is checked against.
#[derive(Debug, Clone)]
pub enum PasswordToCheck {
    /// The stored text.
    Stored(Secret<String>),
    /// Nothing: a hash that never matches and costs the same.
    Dummy,
}

/// The answer to [`CheckPassword`].
#[derive(Debug, Clone)]
pub struct PasswordChecked {
    /// It is the password.
    pub right: bool,
    /// The stored hash was cheaper than the present cost, and this is the new one's text.
    pub rehashed: Option<Secret<String>>,
}
