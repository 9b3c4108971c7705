//! Why a token request is refused: all of it for the operator, what helps an honest client for the client.

use model::{Actor, AuditEvent, AuditKind, Detail, FamilyId, PersonId};

use super::TokenFacts;
use crate::{RevocationReason, answer::JsonObject, params::Malformed};

/// The rule that a token request breaks. `Display` is for the operator's log; the client gets [`TokenRefusal::description`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// The form can't be read.
    #[error("the form can not be read: {0}")]
    Malformed(Malformed),
    /// A parameter came more than once.
    #[error("the parameter {0} came more than once")]
    Repeated(&'static str),
    /// No `grant_type`.
    #[error("no grant_type")]
    GrantTypeMissing,
    /// A grant that does not exist here.
    #[error("a grant_type that is not supported")]
    GrantTypeUnsupported,
    /// A secret in the header and in the body.
    #[error("client credentials in the header and in the body")]
    TwoMethods,
    /// Different clients in the header and in the body.
    #[error("one client in the header and another in the body")]
    TwoClients,
    /// An Authorization header that is not readable Basic.
    #[error("an authorization header that is not readable basic credentials")]
    HeaderBroken,
    /// No client named.
    #[error("no client named")]
    ClientMissing,
    /// No such client.
    #[error("a client that is not registered")]
    ClientUnknown,
    /// The client may not be used now.
    #[error("a client that is disabled")]
    ClientDisabled,
    /// A confidential client without its secret.
    #[error("a confidential client without its secret")]
    SecretMissing,
    /// None of the client's secrets.
    #[error("a wrong client secret")]
    SecretWrong,
    /// A secret from a client that has none.
    #[error("a secret from a public client")]
    SecretUnexpected,
    /// The client may not use this grant.
    #[error("a grant that the client is not registered for")]
    GrantNotAllowed,
    /// No `code`.
    #[error("no code")]
    CodeMissing,
    /// No such code, or long expired.
    #[error("an unknown code")]
    CodeUnknown,
    /// Another client's code.
    #[error("a code that was issued to another client")]
    CodeOfOtherClient,
    /// A `redirect_uri` other than the one the code went to.
    #[error("a redirect_uri other than the one that the code was sent to")]
    RedirectMismatch,
    /// No `code_verifier`.
    #[error("no code_verifier")]
    VerifierMissing,
    /// A `code_verifier` outside its grammar.
    #[error("a code_verifier that is not 43 to 128 unreserved characters")]
    VerifierMalformed,
    /// A `code_verifier` that does not answer the challenge.
    #[error("a code_verifier that does not match the code_challenge")]
    VerifierWrong,
    /// A `code_verifier` although the authorization request had no challenge.
    #[error("a code_verifier for a code without a code_challenge")]
    VerifierUnexpected,
    /// The code is too old.
    #[error("an expired code")]
    CodeExpired,
    /// The code was redeemed before, by this client.
    #[error("a code that was redeemed before; what it became is revoked")]
    CodeReplayed,
    /// No `refresh_token`.
    #[error("no refresh_token")]
    TokenMissing,
    /// Not a refresh token of this installation.
    #[error("a refresh token that was not made here")]
    TokenNotOurs,
    /// Its family is not known.
    #[error("a refresh token of an unknown family")]
    FamilyUnknown,
    /// Another client's refresh token.
    #[error("a refresh token that was issued to another client")]
    TokenOfOtherClient,
    /// Its family was ended.
    #[error("a refresh token of a revoked family")]
    FamilyRevoked,
    /// It is not the family's current token.
    #[error("a refresh token that was exchanged before; its family is revoked")]
    TokenReplayed,
    /// It lay unused too long, or the family is at its end.
    #[error("an expired refresh token")]
    TokenExpired,
    /// The person may not sign in any more.
    #[error("a person who may not sign in")]
    PersonRefused,
    /// The session behind it has ended.
    #[error("a session that has ended")]
    SessionEnded,
    /// The `scope` breaks its grammar.
    #[error("a malformed scope")]
    ScopeMalformed,
    /// The `scope` asks for more than was granted.
    #[error("a scope that was not granted")]
    ScopeTooWide,
    /// A check left nothing behind: a fault of ours.
    #[error("the checks left no result")]
    Incomplete,
}

/// An error answer, as data: JSON with [`super::NO_STORE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// HTTP status.
    pub status: u16,
    /// `WWW-Authenticate`, where the status calls for it.
    pub www_authenticate: Option<&'static str>,
    /// The JSON body.
    pub body: String,
}

/// The protocol's own errors (draft-ietf-oauth-v2-1-16 §3.2.4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    ServerError,
}

impl TokenRefusal {
    /// The only place that turns a reason into a protocol error.
    const fn protocol(self) -> Code {
        match self {
            Self::Malformed(_)
            | Self::Repeated(_)
            | Self::GrantTypeMissing
            | Self::TwoMethods
            | Self::TwoClients
            | Self::CodeMissing
            | Self::VerifierMissing
            | Self::VerifierMalformed
            | Self::TokenMissing => Code::InvalidRequest,
            Self::HeaderBroken
            | Self::ClientMissing
            | Self::ClientUnknown
            | Self::ClientDisabled
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::SecretUnexpected => Code::InvalidClient,
            Self::CodeUnknown
            | Self::CodeOfOtherClient
            | Self::RedirectMismatch
            | Self::VerifierWrong
            | Self::VerifierUnexpected
            | Self::CodeExpired
            | Self::CodeReplayed
            | Self::TokenNotOurs
            | Self::FamilyUnknown
            | Self::TokenOfOtherClient
            | Self::FamilyRevoked
            | Self::TokenReplayed
            | Self::TokenExpired
            | Self::PersonRefused
            | Self::SessionEnded => Code::InvalidGrant,
            Self::GrantNotAllowed => Code::UnauthorizedClient,
            Self::GrantTypeUnsupported => Code::UnsupportedGrantType,
            Self::ScopeMalformed | Self::ScopeTooWide => Code::InvalidScope,
            Self::Incomplete => Code::ServerError,
        }
    }

    /// The error code for the client.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.protocol() {
            Code::InvalidRequest => "invalid_request",
            Code::InvalidClient => "invalid_client",
            Code::InvalidGrant => "invalid_grant",
            Code::UnauthorizedClient => "unauthorized_client",
            Code::UnsupportedGrantType => "unsupported_grant_type",
            Code::InvalidScope => "invalid_scope",
            Code::ServerError => "server_error",
        }
    }

    /// What the client is told. Says what to do, and never which of several secrets was nearly right.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Malformed(_) => {
                "the form can not be read; send application/x-www-form-urlencoded in UTF-8, at most 8 KiB"
            }
            Self::Repeated(_) => "send each parameter only once",
            Self::GrantTypeMissing => "send grant_type",
            Self::GrantTypeUnsupported => "supported are authorization_code and refresh_token",
            Self::TwoMethods => "send the client secret in the Authorization header or in the body, not in both",
            Self::TwoClients => {
                "send the same client_id in the Authorization header and in the body, or leave it out of the body"
            }
            Self::CodeMissing => "send code",
            Self::VerifierMissing => "send code_verifier",
            Self::VerifierMalformed => {
                "code_verifier must be 43 to 128 letters, digits, hyphens, periods, underscores and tildes"
            }
            Self::TokenMissing => "send refresh_token",
            Self::HeaderBroken
            | Self::ClientMissing
            | Self::ClientUnknown
            | Self::ClientDisabled
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::SecretUnexpected => "the client could not be authenticated; check client_id and secret",
            Self::GrantNotAllowed => "this client is not registered for this grant",
            Self::CodeUnknown
            | Self::CodeOfOtherClient
            | Self::RedirectMismatch
            | Self::VerifierWrong
            | Self::VerifierUnexpected
            | Self::CodeExpired
            | Self::CodeReplayed => {
                "the code can not be redeemed; it may be expired, used, or bound to other values; ask for a new one"
            }
            Self::TokenNotOurs
            | Self::FamilyUnknown
            | Self::TokenOfOtherClient
            | Self::FamilyRevoked
            | Self::TokenReplayed
            | Self::TokenExpired
            | Self::PersonRefused
            | Self::SessionEnded => "the grant has ended; send the person to the authorization endpoint again",
            Self::ScopeMalformed => "scope must be names parted by single spaces",
            Self::ScopeTooWide => "ask for no more than was granted at first",
            Self::Incomplete => "the request could not be decided",
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(self) -> ErrorAnswer {
        let (status, www_authenticate) = match self.protocol() {
            // draft-ietf-oauth-v2-1-16 §3.2.4: 401 names the scheme that the client used, and HTTP wants a challenge on every 401.
            Code::InvalidClient => (401, Some("Basic realm=\"token endpoint\", charset=\"UTF-8\"")),
            Code::ServerError => (500, None),
            Code::InvalidRequest
            | Code::InvalidGrant
            | Code::UnauthorizedClient
            | Code::UnsupportedGrantType
            | Code::InvalidScope => (400, None),
        };
        let mut body = JsonObject::with_capacity(192);
        body.string("error", self.code());
        body.string("error_description", self.description());
        ErrorAnswer { status, www_authenticate, body: body.finish() }
    }
}

/// The record of a refusal that ends a family, or would have.
pub(super) fn audit(
    kind: AuditKind,
    family: Option<FamilyId>,
    reason: RevocationReason,
    person: PersonId,
    facts: &TokenFacts<'_>,
) -> AuditEvent {
    let actor = facts.client.map_or(Actor::System, |client| Actor::Client(client.id.clone()));
    let mut event = AuditEvent::new(kind, actor).person(person);
    if let Some(client) = facts.client {
        event = event.client(client.id.clone());
    }
    if let Some(family) = family {
        event = event.detail("family", Detail::Family(family));
    }
    event.detail("reason", Detail::Word(reason.as_str()))
}
