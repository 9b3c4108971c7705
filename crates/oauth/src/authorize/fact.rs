//! What the authorization endpoint must know, and what it may ask for.

use model::{ClientId, Person, PersonId, Secret, Session, Strength, Timestamp};

use crate::{
    Client, Consent, Issuer, ScopeSet, TokenKeys,
    authorization_details::{DetailType, ShownDetail},
    par::PushedRequest,
};

/// Facts that the shell loaded for one authorization request.
#[derive(Clone)]
pub struct AuthorizeFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that the request names, if it is registered.
    pub client: Option<&'a Client>,
    /// The live session of this browser, if there is one.
    pub session: Option<&'a Session>,
    /// The person of that session.
    pub person: Option<&'a Person>,
    /// The imported subject of that person at this client, where the client came with its accounts.
    pub mapped_subject: Option<&'a str>,
    /// What that person allowed that client before.
    pub consent: Option<&'a Consent>,
    /// For a resumed request, when it was parked: a sign-in since then satisfies `prompt=login`, `select_account` and `max_age`.
    pub reauthenticated_after: Option<Timestamp>,
    /// What the person answered on the consent page, when this request comes from there.
    pub consent_answer: ConsentAnswer,
    /// The verified `id_token_hint`, when the request has one.
    pub id_token_hint: IdTokenHint<'a>,
    /// What is kept under [`super::AuthorizeRequest::pushed`], when the request was pushed.
    pub pushed: PushedFact<'a>,
    /// Whether this installation takes pushed requests only (RFC 9126 §5).
    pub par_required: bool,
    /// The types of authorization details that are known here.
    pub detail_types: &'a [DetailType],
    /// Whether the session's proof meets what the organisation requires of this person at this client. Without a session: anything.
    pub requirement_met: bool,
    /// The requirement in words for the person, when it is not met.
    pub requirement_says: &'a [String],
}

/// What the shell found under the key of a pushed request.
#[derive(Debug, Clone, Copy)]
pub enum PushedFact<'a> {
    /// The request names no pushed one.
    NotNamed,
    /// Kept, and no code was issued for it yet. Kept past `expires` for requests that are under way:
    /// see [`PushedRequest::forget_at`].
    Live {
        /// Under which it is kept.
        key: [u8; 32],
        /// What is kept.
        record: &'a PushedRequest,
    },
    /// A code was issued for it.
    Spent,
    /// Never pushed, forgotten, or lost with a restart.
    Unknown,
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
        shown: Shown,
    },
    /// No.
    Denied,
}

/// What a consent page shows, and a yes allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Scopes.
    pub scope: ScopeSet,
    /// Single claims, by name (OpenID Connect Core §5.5), beside those that scopes stand for.
    pub claims: Vec<String>,
    /// Authorization details, in words (RFC 9396).
    pub details: Vec<ShownDetail>,
}

impl Shown {
    /// Scopes alone.
    #[must_use]
    pub const fn scope(scope: ScopeSet) -> Self {
        Self { scope, claims: Vec::new(), details: Vec::new() }
    }

    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scope.is_empty() && self.claims.is_empty() && self.details.is_empty()
    }

    /// Whether a yes to this is a yes to `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.scope.is_subset(&self.scope)
            && other.claims.iter().all(|claim| self.claims.contains(claim))
            && other.details.iter().all(|detail| self.details.contains(detail))
    }
}

/// `id_token_hint` (OpenID Connect Core §3.1.2.1), after the shell checked its signature with our own keys.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum IdTokenHint<'a> {
    /// The request has none.
    NotSent,
    /// It has one that we did not sign. Also the honest value when the shell did not look.
    Unverifiable,
    /// It has one that we signed, maybe long ago: these are its claims.
    Claims(&'a [u8]),
}

crate::quiet::quiet! { AuthorizeFacts<'_>, IdTokenHint<'_> }

/// How good and how fresh a proof the client wishes for. What the organisation requires comes on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WantedProof {
    /// The least strength that one of the wished `acr` values stands for.
    pub strength: Option<Strength>,
    /// Greatest age, in seconds.
    pub max_age_seconds: Option<i64>,
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
        /// What the client wishes for.
        wanted: WantedProof,
    },
    /// The person who is signed in must prove more than they did.
    StepUp {
        /// Which client asks, for the sign-in record and the page.
        client: ClientId,
        /// Its name, for the page.
        client_name: String,
        /// Where the answer will go, for the page: a host or a private scheme.
        host: String,
        /// Who must prove more. A proof by anybody else does not serve.
        person: PersonId,
        /// Who wants it.
        reason: StepUpReason,
        /// What the client wishes for.
        wanted: WantedProof,
        /// What the organisation requires, in its words.
        says: Vec<String>,
    },
    /// The person must be asked.
    Consent {
        /// Which client asks.
        client: ClientId,
        /// Its name, for the page.
        client_name: String,
        /// Where the answer will go, for the page: a host or a private scheme.
        host: String,
        /// Where the answer will go, whole, for the page's `form-action`.
        redirect_uri: String,
        /// Whom to ask.
        person: PersonId,
        /// Every scope that the client would get.
        scope: ScopeSet,
        /// What this person has not allowed before; to be handed back in [`ConsentAnswer::Allowed`].
        new: Shown,
        /// Whether a yes will be remembered; for authorization details it never is.
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
    /// The client expects someone else than the person who is signed in (`id_token_hint`, or `sub` in `claims`).
    OtherPerson,
}

/// Who wants a stronger proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepUpReason {
    /// The organisation, for this person at this client.
    Requirement,
    /// The client (`acr_values`, or `acr` in `claims`).
    Acr,
}
