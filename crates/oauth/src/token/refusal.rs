//! Why a token request is refused: all of it for the operator, what helps an honest client for the client.

use model::{Actor, AuditEvent, AuditKind, Detail, FamilyId, PersonId};

use super::TokenFacts;
use crate::{
    EndedBecause, RevocationReason, answer::JsonObject, authentication::ClientAuthFault, confirmation::BindingFault,
    device::redeem::DeviceRefusal, exchange::ExchangeRefusal, params::Malformed,
};

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
    /// The client is not who it says it is.
    #[error("{0}")]
    Client(ClientAuthFault),
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
    /// What was granted may no longer be used.
    #[error("{0}")]
    Ended(EndedBecause),
    /// The key that is needed is not shown.
    #[error("{0}")]
    Binding(BindingFault),
    /// A device that gets nothing, or nothing yet.
    #[error("{0}")]
    Device(DeviceRefusal),
    /// A token that is not exchanged.
    #[error("{0}")]
    Exchange(ExchangeRefusal),
    /// A `resource` that was not granted.
    #[error("a resource that was not granted")]
    TargetInvalid,
    /// `authorization_details` where they can't be changed any more.
    #[error("authorization_details in a token request")]
    DetailsUnchangeable,
    /// A public client asks for a token of its own.
    #[error("a public client that asks for a token of its own")]
    NotConfidential,
    /// A client whose id could be a person's subject asks for a token of its own.
    #[error("a client id that could be taken for a person's subject")]
    SubjectLikePerson,
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

impl ErrorAnswer {
    /// The answer of an endpoint that clients call by themselves (RFC 6749 §5.2).
    pub(crate) fn new(status: u16, www_authenticate: Option<&'static str>, error: &str, description: &str) -> Self {
        let mut body = JsonObject::with_capacity(192);
        body.string("error", error);
        body.string("error_description", description);
        Self { status, www_authenticate, body: body.finish() }
    }
}

/// The protocol's own errors (draft-ietf-oauth-v2-1-16 §3.2.4, and those of its neighbours).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    /// RFC 8707 §2
    InvalidTarget,
    /// RFC 9396 §5
    InvalidAuthorizationDetails,
    /// RFC 9449 §5
    InvalidDpopProof,
    ServerError,
    /// What a neighbour says.
    Other {
        code: &'static str,
        status: u16,
    },
}

impl Code {
    const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::ServerError => "server_error",
            Self::Other { code, .. } => code,
        }
    }
}

impl TokenRefusal {
    /// The only place that turns a reason into a protocol error.
    const fn protocol(self) -> Code {
        match self {
            Self::Malformed(_)
            | Self::Repeated(_)
            | Self::GrantTypeMissing
            | Self::CodeMissing
            | Self::VerifierMissing
            | Self::VerifierMalformed
            | Self::TokenMissing
            | Self::Binding(BindingFault::CertificateMissing | BindingFault::KeyMissing) => Code::InvalidRequest,
            Self::Client(fault) => {
                if fault.is_malformed() {
                    Code::InvalidRequest
                } else {
                    Code::InvalidClient
                }
            }
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
            | Self::Ended(_)
            | Self::Binding(BindingFault::OtherKey) => Code::InvalidGrant,
            Self::Binding(BindingFault::ProofMissing) => Code::InvalidDpopProof,
            Self::GrantNotAllowed | Self::NotConfidential | Self::SubjectLikePerson => Code::UnauthorizedClient,
            Self::GrantTypeUnsupported => Code::UnsupportedGrantType,
            Self::ScopeMalformed | Self::ScopeTooWide => Code::InvalidScope,
            Self::TargetInvalid => Code::InvalidTarget,
            Self::DetailsUnchangeable => Code::InvalidAuthorizationDetails,
            Self::Device(refusal) => Code::Other { code: refusal.code(), status: refusal.status() },
            Self::Exchange(refusal) => Code::Other { code: refusal.code(), status: refusal.status() },
            Self::Incomplete => Code::ServerError,
        }
    }

    /// The error code for the client.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.protocol().as_str()
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
            Self::GrantTypeUnsupported => "supported are the grant_types_supported of this server's metadata",
            Self::Client(fault) => fault.description(),
            Self::CodeMissing => "send code",
            Self::VerifierMissing => "send code_verifier",
            Self::VerifierMalformed => {
                "code_verifier must be 43 to 128 letters, digits, hyphens, periods, underscores and tildes"
            }
            Self::TokenMissing => "send refresh_token",
            Self::GrantNotAllowed | Self::NotConfidential | Self::SubjectLikePerson => {
                "this client is not registered for this grant"
            }
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
            | Self::Ended(_) => "the grant has ended; send the person to the authorization endpoint again",
            Self::Binding(BindingFault::ProofMissing) => "send a DPoP proof",
            Self::Binding(BindingFault::CertificateMissing) => "use a TLS client certificate",
            Self::Binding(BindingFault::KeyMissing) => "send a DPoP proof, or use a TLS client certificate",
            Self::Binding(BindingFault::OtherKey) => "use the key with which this grant began",
            Self::TargetInvalid => "ask for a resource that was granted",
            Self::DetailsUnchangeable => {
                "leave out authorization_details; they were settled at the authorization endpoint"
            }
            Self::ScopeMalformed => "scope must be names parted by single spaces",
            Self::ScopeTooWide => "ask for no more than was granted or registered",
            Self::Device(refusal) => refusal.description(),
            Self::Exchange(refusal) => refusal.description(),
            Self::Incomplete => "the request could not be decided",
        }
    }

    /// The whole answer.
    #[must_use]
    pub fn answer(self) -> ErrorAnswer {
        let (status, www_authenticate) = match (self, self.protocol()) {
            (Self::Client(fault), Code::InvalidClient) => (401, fault.www_authenticate()),
            (_, Code::ServerError) => (500, None),
            (_, Code::Other { status, .. }) => (status, None),
            (
                _,
                Code::InvalidClient
                | Code::InvalidRequest
                | Code::InvalidGrant
                | Code::UnauthorizedClient
                | Code::UnsupportedGrantType
                | Code::InvalidScope
                | Code::InvalidTarget
                | Code::InvalidAuthorizationDetails
                | Code::InvalidDpopProof,
            ) => (400, None),
        };
        ErrorAnswer::new(status, www_authenticate, self.code(), self.description())
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
