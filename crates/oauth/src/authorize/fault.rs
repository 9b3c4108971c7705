//! Why an authorization request is refused, and what the client is told.

use crate::{
    authorization_details::DetailsFault, claims_request::BadClaimsRequest, params::Malformed,
    request_object::RequestObjectFault,
};

/// The rule that an authorization request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeFault {
    /// The request can't be read.
    #[error("the request can not be read: {0}")]
    Malformed(Malformed),
    /// No `client_id`, or more than one.
    #[error("send client_id exactly once")]
    ClientIdMissing,
    /// No such client.
    #[error("this client_id is not registered here")]
    ClientUnknown,
    /// The client may not be used now.
    #[error("this client is disabled")]
    ClientDisabled,
    /// `redirect_uri` came more than once.
    #[error("send redirect_uri exactly once")]
    RedirectRepeated,
    /// No `redirect_uri`, and the client has several.
    #[error("send redirect_uri, because this client has more than one registered")]
    RedirectMissing,
    /// The `redirect_uri` is not one of the client's.
    #[error("this redirect_uri is not registered for this client; it must match character by character")]
    RedirectUnregistered,
    /// A parameter came more than once.
    #[error("send {0} only once")]
    ParameterRepeated(&'static str),
    /// `request` was sent by a client that has no keys here.
    #[error("this client has no keys registered to verify a request object with; send the parameters themselves")]
    RequestObjectUnsupported,
    /// A `request_uri` that is none of ours.
    #[error("only request_uri values from the pushed authorization request endpoint are supported")]
    RequestUriUnsupported,
    /// `request` and `request_uri` together.
    #[error("send request or request_uri, not both")]
    RequestAndRequestUri,
    /// The request object is refused.
    #[error("{0}")]
    RequestObject(RequestObjectFault),
    /// The client's published keys could not be fetched. For the shell, which knows.
    #[error("the keys of this client could not be read from its jwks_uri")]
    KeysUnavailable,
    /// No such pushed request for this client.
    #[error("this request_uri is unknown, expired, or another client's")]
    RequestUriUnknown,
    /// A code was issued for the pushed request already.
    #[error("this request_uri was used already")]
    RequestUriSpent,
    /// The request had to be pushed.
    #[error("this request must be pushed to the pushed authorization request endpoint first")]
    PushRequired,
    /// The request had to be signed.
    #[error("this client must send its requests in signed request objects")]
    SignatureRequired,
    /// `registration` was sent.
    #[error("the registration parameter is not supported; ask the operator to register the client")]
    RegistrationParameter,
    /// No `response_type`.
    #[error("send response_type=code")]
    ResponseTypeMissing,
    /// A `response_type` other than `code`.
    #[error("only response_type=code is supported")]
    ResponseTypeUnsupported,
    /// A `response_mode` that does not exist here, or is not one of the client's.
    #[error(
        "response_mode must be query, form_post, jwt, query.jwt or form_post.jwt, as far as registered for this client"
    )]
    ResponseModeUnsupported,
    /// The client may not use the authorization code grant.
    #[error("this client is not registered for the authorization code grant")]
    GrantNotAllowed,
    /// No `code_challenge`.
    #[error("send code_challenge and code_challenge_method=S256")]
    ChallengeMissing,
    /// A `code_challenge_method` other than `S256`, or none (which means `plain`).
    #[error("send code_challenge_method=S256; no other method is supported")]
    ChallengeMethod,
    /// The challenge can't be a SHA-256 hash.
    #[error("code_challenge must be the base64url SHA-256 of the verifier, 43 characters without padding")]
    ChallengeInvalid,
    /// No `scope`.
    #[error("send scope; there is no default")]
    ScopeMissing,
    /// The `scope` breaks its grammar.
    #[error("scope must be names parted by single spaces")]
    ScopeMalformed,
    /// Nothing of the `scope` is allowed to this client.
    #[error("this client may ask for none of these scopes")]
    ScopeNotAllowed,
    /// The `nonce` is too long to keep.
    #[error("nonce may have at most 512 bytes")]
    NonceTooLong,
    /// `dpop_jkt` can't be a thumbprint.
    #[error("dpop_jkt must be the base64url SHA-256 thumbprint of a key, 43 characters without padding")]
    DpopKeyInvalid,
    /// `dpop_jkt` and the DPoP proof of the pushed request name two keys.
    #[error("dpop_jkt must be the thumbprint of the key in the DPoP proof")]
    DpopKeyMismatch,
    /// A `resource` is no absolute URI without fragment, or there are too many.
    #[error("resource must be an absolute URI without fragment, and may come at most 8 times")]
    ResourceInvalid,
    /// A `resource` that the client may not ask for.
    #[error("this client may not ask for one of these resources")]
    ResourceNotAllowed,
    /// `authorization_details` is refused.
    #[error("{0}")]
    Details(DetailsFault),
    /// `claims` is refused.
    #[error("{0}")]
    Claims(BadClaimsRequest),
    /// `acr_values` is too long.
    #[error("acr_values may have at most 512 bytes")]
    AcrValuesTooLong,
    /// A `prompt` value that we don't know.
    #[error("prompt may hold none, login, consent and select_account")]
    PromptUnknown,
    /// `prompt=none` with other values.
    #[error("prompt=none can not be combined with other values")]
    PromptNoneNotAlone,
    /// `max_age` is not a number of seconds.
    #[error("max_age must be a number of seconds")]
    MaxAgeInvalid,
    /// `id_token_hint` is not an ID token of ours.
    #[error("id_token_hint is not an ID token that was issued here")]
    HintInvalid,
    /// Nobody is signed in, or not as the request wants, and we may not ask.
    #[error("the person must sign in, which prompt=none forbids")]
    LoginRequired,
    /// Another person than the client expects signed in.
    #[error("another person than the expected one signed in")]
    OtherPerson,
    /// The person proved less than the client can't do without, and asking again would change nothing.
    #[error("the person can not authenticate with an acr that the request calls essential")]
    AcrUnmet,
    /// The person has not consented, and we may not ask.
    #[error("the person must be asked for consent, which prompt=none forbids")]
    ConsentRequired,
    /// The person said no.
    #[error("the person did not allow it")]
    ConsentDenied,
    /// The person is in none of the groups that may use the client.
    #[error("this person may not use this client")]
    AccessRefused,
    /// The person may not sign in any more.
    #[error("this person may not sign in")]
    PersonRefused,
    /// A check left nothing behind: a fault of ours.
    #[error("the request could not be decided")]
    Incomplete,
}

impl AuthorizeFault {
    /// The error code for the client (draft-ietf-oauth-v2-1-16 §4.1.2.1, OpenID Connect Core §3.1.2.6). The only place that knows.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed(_)
            | Self::ClientIdMissing
            | Self::ClientUnknown
            | Self::ClientDisabled
            | Self::RedirectRepeated
            | Self::RedirectMissing
            | Self::RedirectUnregistered
            | Self::ParameterRepeated(_)
            | Self::ResponseTypeMissing
            | Self::ResponseModeUnsupported
            | Self::ChallengeMissing
            | Self::ChallengeMethod
            | Self::ChallengeInvalid
            | Self::NonceTooLong
            | Self::PromptUnknown
            | Self::PromptNoneNotAlone
            | Self::MaxAgeInvalid
            | Self::AcrValuesTooLong
            | Self::Claims(_)
            | Self::DpopKeyInvalid
            | Self::DpopKeyMismatch
            | Self::RequestAndRequestUri
            | Self::PushRequired
            | Self::HintInvalid => "invalid_request",
            Self::RequestObjectUnsupported => "request_not_supported",
            Self::RequestUriUnsupported => "request_uri_not_supported",
            // RFC 9101 §7; RFC 9126 §2.3 takes the same codes.
            Self::RequestObject(_) | Self::SignatureRequired => "invalid_request_object",
            Self::RequestUriUnknown | Self::RequestUriSpent => "invalid_request_uri",
            Self::KeysUnavailable => "temporarily_unavailable",
            // RFC 8707 §2.
            Self::ResourceInvalid | Self::ResourceNotAllowed => "invalid_target",
            // RFC 9396 §5.
            Self::Details(_) => "invalid_authorization_details",
            // OpenID Connect Core Error Code unmet_authentication_requirements §2; RFC 9470 §5.
            Self::AcrUnmet => "unmet_authentication_requirements",
            Self::RegistrationParameter => "registration_not_supported",
            Self::ResponseTypeUnsupported => "unsupported_response_type",
            Self::GrantNotAllowed => "unauthorized_client",
            Self::ScopeMissing | Self::ScopeMalformed | Self::ScopeNotAllowed => "invalid_scope",
            Self::LoginRequired | Self::OtherPerson => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::ConsentDenied | Self::PersonRefused | Self::AccessRefused => "access_denied",
            Self::Incomplete => "server_error",
        }
    }
}
