//! What the token endpoint must know.

use model::{Person, decision::NoQuestion};

use crate::{Client, CodeFact, ConsentFact, CredentialFact, Issuer, RefreshFamily, TokenKeys};

/// Facts that the shell loaded for one token request.
#[derive(Debug, Clone, Copy)]
pub struct TokenFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that [`super::TokenRequest::client_id`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// What stands under the hash of the presented code; `Unknown` when none was presented.
    pub code: CodeFact<'a>,
    /// The family of the presented refresh token, or the one that the presented code became.
    pub family: Option<&'a RefreshFamily>,
    /// The person of that code or family.
    pub person: Option<&'a Person>,
    /// Whether the session of that code or family is live.
    pub session_live: bool,
    /// The person's remembered consent, where the details of that code or family say that one stands behind it.
    pub consent: ConsentFact<'a>,
    /// The passkey of the ceremony behind that code or family.
    pub credential: CredentialFact,
    /// Whether that ceremony satisfies what is demanded of this person at this client now.
    pub requirement_met: bool,
}

/// Nothing is ever missing in mid-course.
pub type TokenNeed = NoQuestion;
