//! What the authorization endpoint must know, and what it may ask for.

use model::{ClientId, Person, PersonId, Secret, Session, Timestamp};

use crate::{Client, Consent, Issuer, ScopeSet, TokenKeys};

/// Facts that the shell loaded for one authorization request.
#[derive(Debug, Clone)]
pub struct AuthorizeFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that [`super::client_id`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// The live session of this browser, if there is one.
    pub session: Option<&'a Session>,
    /// The person of that session.
    pub person: Option<&'a Person>,
    /// What that person allowed that client before.
    pub consent: Option<&'a Consent>,
    /// For a resumed request, when it was parked: a sign-in since then satisfies `prompt=login`, `select_account` and `max_age`.
    pub reauthenticated_after: Option<Timestamp>,
    /// What the person answered on the consent page, when this request comes from there.
    pub consent_answer: ConsentAnswer,
    /// The verified `id_token_hint`, when the request has one.
    pub id_token_hint: IdTokenHint<'a>,
}

/// What the person answered on the consent page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// Nothing; the page was not shown.
    NotAsked,
    /// Yes.
    Allowed {
        /// Who answered.
        person: PersonId,
        /// What the page showed: `new` of [`AuthorizeNeed::Consent`].
        scope: ScopeSet,
    },
    /// No.
    Denied,
}

/// `id_token_hint` (OpenID Connect Core §3.1.2.1), after the shell checked its signature with our own keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdTokenHint<'a> {
    /// The request has none.
    NotSent,
    /// It has one that we did not sign. Also the honest value when the shell did not look.
    Unverifiable,
    /// It has one that we signed, maybe long ago: these are its claims.
    Claims(&'a [u8]),
}

/// What must happen before the request can be decided.
#[derive(Debug, Clone)]
pub enum AuthorizeNeed {
    /// Someone must sign in.
    SignIn {
        /// Which client asks, for the sign-in record and the page.
        client: ClientId,
        /// Its name, for the page.
        client_name: String,
        /// Where the answer will go, for the page: a host or a private scheme.
        host: String,
        /// The sign-in name that the client suggests. Personal: never log it.
        login_hint: Option<Secret<String>>,
        /// Why a session that may exist is not enough.
        reason: SigninReason,
    },
    /// The person must be asked.
    Consent {
        /// Which client asks.
        client: ClientId,
        /// Its name, for the page.
        client_name: String,
        /// Where the answer will go, for the page: a host or a private scheme.
        host: String,
        /// Whom to ask.
        person: PersonId,
        /// Everything the client would get.
        scope: ScopeSet,
        /// What of it this person has not allowed before; to be handed back in [`ConsentAnswer::Allowed`].
        new: ScopeSet,
        /// Whether a yes will be remembered.
        remembered: bool,
    },
}

/// Why someone must sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigninReason {
    /// Nobody is signed in here.
    NoSession,
    /// The client asks for a fresh proof (`prompt=login`).
    FreshProof,
    /// The last proof is older than the client accepts (`max_age`).
    TooOld,
    /// The client asks that the person choose who to be (`prompt=select_account`).
    ChooseAccount,
    /// The client expects someone else than the person who is signed in (`id_token_hint`).
    OtherPerson,
}
