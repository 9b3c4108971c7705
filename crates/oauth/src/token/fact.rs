//! What the token endpoint must know.

use model::{Person, decision::NoQuestion};

use crate::{Client, CodeFact, Issuer, RefreshFamily, TokenKeys};

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
}

/// Nothing is ever missing in mid-course.
pub type TokenNeed = NoQuestion;
