//! Why a token is not exchanged.

use crate::EndedBecause;

/// The rule that an exchange breaks. `Display` is for the operator's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeRefusal {
    /// A parameter came more than once.
    #[error("the parameter {0} came more than once")]
    Repeated(&'static str),
    /// The client is public, or not registered for this.
    #[error("a client that may not exchange tokens")]
    ClientNotAllowed,
    /// No `subject_token`.
    #[error("no subject_token")]
    SubjectMissing,
    /// A type that is not exchanged, or not made, here.
    #[error("a token type other than access_token, in {0}")]
    TypeUnsupported(&'static str),
    /// An actor token without its type, or a type without its token.
    #[error("actor_token and actor_token_type do not come together")]
    ActorIncomplete,
    /// The subject token is not ours, expired or revoked, or belongs to no person.
    #[error("a subject token that is worth nothing")]
    SubjectWorthless,
    /// The grant behind the subject token has ended.
    #[error("a subject token whose grant has ended: {0}")]
    SubjectEnded(EndedBecause),
    /// The person may not use the client that exchanges.
    #[error("a person who may not use the client that exchanges")]
    PersonNotAdmitted,
    /// The token was neither issued to the caller nor meant for it.
    #[error("a subject token that was not meant for the client that brings it")]
    SubjectOfOthers,
    /// No rule of the client is about such tokens.
    #[error("no exchange rule for tokens of that client")]
    NoRule,
    /// The actor token is not the caller's, or worth nothing.
    #[error("an actor token that is worth nothing, or somebody else's")]
    ActorWorthless,
    /// The subject token says who may act, and it is not this actor.
    #[error("a subject token that lets somebody else act")]
    MayNotAct,
    /// There would be more actors than are allowed.
    #[error("more than three actors")]
    TooManyActors,
    /// The `scope` breaks its grammar.
    #[error("a malformed scope")]
    ScopeMalformed,
    /// More scope than the subject token or the rule has.
    #[error("a scope that the subject token or the rule does not have")]
    ScopeTooWide,
    /// A target that no rule names, or none where the rule names several.
    #[error("a target that the exchange rule does not name")]
    Target,
    /// The subject token is bound to a key, and the caller showed none.
    #[error("a bound subject token, and no key to bind the new one to")]
    Unbound,
    /// A check left nothing behind: a fault of ours.
    #[error("the checks left no result")]
    Incomplete,
}

impl ExchangeRefusal {
    /// The error code for the client (RFC 8693 §2.2.2). The only place that knows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            // §2.2.2: a token that is invalid, or unacceptable by policy, is invalid_request.
            Self::Repeated(_)
            | Self::SubjectMissing
            | Self::TypeUnsupported(_)
            | Self::ActorIncomplete
            | Self::SubjectWorthless
            | Self::SubjectEnded(_)
            | Self::PersonNotAdmitted
            | Self::SubjectOfOthers
            | Self::NoRule
            | Self::ActorWorthless
            | Self::MayNotAct
            | Self::TooManyActors
            | Self::Unbound => "invalid_request",
            Self::ClientNotAllowed => "unauthorized_client",
            Self::ScopeMalformed | Self::ScopeTooWide => "invalid_scope",
            Self::Target => "invalid_target",
            Self::Incomplete => "server_error",
        }
    }

    /// What the client is told.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::Repeated(_) => "send each parameter only once, except audience and resource",
            Self::ClientNotAllowed => "this client is not registered for token exchange",
            Self::SubjectMissing => "send subject_token",
            Self::TypeUnsupported(_) => "only access tokens are exchanged, and only into access tokens",
            Self::ActorIncomplete => "send actor_token and actor_token_type together",
            Self::SubjectWorthless
            | Self::SubjectEnded(_)
            | Self::PersonNotAdmitted
            | Self::SubjectOfOthers
            | Self::NoRule => "the subject token can not be exchanged by this client",
            Self::ActorWorthless | Self::MayNotAct | Self::TooManyActors => {
                "this actor can not act with the subject token"
            }
            Self::ScopeMalformed => "scope must be names parted by single spaces",
            Self::ScopeTooWide => "ask for no more than the subject token and the agreed rule hold",
            Self::Target => "name an audience that was agreed for this client",
            Self::Unbound => "the subject token is bound to a key; prove a key of your own",
            Self::Incomplete => "the request could not be decided",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Incomplete => 500,
            Self::Repeated(_)
            | Self::ClientNotAllowed
            | Self::SubjectMissing
            | Self::TypeUnsupported(_)
            | Self::ActorIncomplete
            | Self::SubjectWorthless
            | Self::SubjectEnded(_)
            | Self::PersonNotAdmitted
            | Self::SubjectOfOthers
            | Self::NoRule
            | Self::ActorWorthless
            | Self::MayNotAct
            | Self::TooManyActors
            | Self::ScopeMalformed
            | Self::ScopeTooWide
            | Self::Target
            | Self::Unbound => 400,
        }
    }
}
