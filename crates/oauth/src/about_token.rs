//! A request about one token, from a client: introspection (RFC 7662 §2.1) and revocation (RFC 7009 §2.1) begin alike.

use model::{FamilyId, Timestamp};

use crate::{
    AuthenticatedClient, ErrorAnswer, RawParams, RefreshToken, TokenKeys,
    authentication::{
        AuthenticationFacts, AuthenticationStop, ClientAuthFault, Credentials, ShownCertificate, authenticate,
    },
};

/// Longest token read, in bytes.
const TOKEN_BYTES_MAX: usize = 8 * 1024;
/// The parameters that mean something here.
const KNOWN: [&str; 6] =
    ["token", "token_type_hint", "client_id", "client_secret", "client_assertion", "client_assertion_type"];

/// A request about one token. Nothing in it is believed yet.
#[derive(Debug)]
pub struct AboutToken<'a> {
    params: &'a RawParams<'a>,
    credentials: Credentials<'a>,
}

/// The token that a request is about, so that the shell knows what to load. The hint is not needed: our tokens tell their kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum InHand<'a> {
    /// A refresh token that this installation made: load this family, its client, and what it rests on.
    Refresh(FamilyId),
    /// Something that may be an access token: verify it with `KeySet::verify_jwt`, read it with `AccessTokenFacts::parse`, and
    /// load what that names.
    Access(&'a str),
    /// Nothing of ours.
    Nothing,
}

/// Tokens don't print themselves.
impl std::fmt::Debug for InHand<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refresh(family) => write!(f, "Refresh({family})"),
            Self::Access(_) => f.write_str("Access(…)"),
            Self::Nothing => f.write_str("Nothing"),
        }
    }
}

/// Why a request about a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AboutRefusal {
    /// A parameter came more than once.
    #[error("the parameter {0} came more than once")]
    Repeated(&'static str),
    /// No `token`.
    #[error("no token")]
    TokenMissing,
    /// The client is not who it says it is.
    #[error("{0}")]
    Client(ClientAuthFault),
    /// The token was issued to another client (RFC 7009 §2.1).
    #[error("a token that was issued to another client")]
    OtherClient,
}

impl AboutRefusal {
    /// The only place that turns a reason into a protocol error.
    #[must_use]
    pub fn answer(self) -> ErrorAnswer {
        match self {
            Self::Repeated(_) => ErrorAnswer::new(400, None, "invalid_request", "send each parameter only once"),
            Self::TokenMissing => ErrorAnswer::new(400, None, "invalid_request", "send token"),
            Self::Client(fault) => fault.answer(),
            Self::OtherClient => ErrorAnswer::new(
                400,
                None,
                "invalid_grant",
                "the token was issued to another client, which alone can revoke it",
            ),
        }
    }
}

impl<'a> AboutToken<'a> {
    /// Takes a form ([`crate::token::form`]) with the request's Authorization header and its connection's certificate.
    ///
    /// # Errors
    /// When the client's credentials can't be read, or there are several.
    pub fn read(
        params: &'a RawParams<'a>,
        authorization: Option<&str>,
        certificate: Option<ShownCertificate<'a>>,
    ) -> Result<Self, AboutRefusal> {
        let credentials = Credentials::read(authorization, params, certificate).map_err(AboutRefusal::Client)?;
        Ok(Self { params, credentials })
    }

    /// The client that the request names, for loading it.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.credentials.client_id()
    }

    /// Under which the use of the request's assertion would stand in storage, if it has one.
    #[must_use]
    pub fn assertion_hash(&self, keys: &TokenKeys) -> Option<[u8; 32]> {
        self.credentials.assertion_hash(keys)
    }

    /// The token, for loading what it names.
    #[must_use]
    pub fn in_hand(&self, keys: &TokenKeys) -> InHand<'_> {
        let Some(text) = self.params.value("token").filter(|text| text.len() <= TOKEN_BYTES_MAX) else {
            return InHand::Nothing;
        };
        match RefreshToken::parse(text, keys) {
            Ok(token) => InHand::Refresh(token.family()),
            Err(_) if text.bytes().filter(|b| *b == b'.').count() == 2 => InHand::Access(text),
            Err(_) => InHand::Nothing,
        }
    }

    /// The refresh token, if it is one of ours.
    pub(crate) fn refresh_token(&self, keys: &TokenKeys) -> Option<RefreshToken> {
        self.params.value("token").and_then(|text| RefreshToken::parse(text, keys).ok())
    }

    /// What every request must pass: nothing twice, a client that is who it says it is, and a token.
    pub(crate) fn open<'f>(
        &self,
        facts: &AuthenticationFacts<'f>,
        endpoint: &str,
        now: Timestamp,
    ) -> Result<AuthenticatedClient<'f>, Opened> {
        // OAuth 2.1 §3.2: no parameter twice.
        if let Some(name) = self.params.first_repeated(&KNOWN) {
            return Err(Opened::Refused(AboutRefusal::Repeated(name)));
        }
        let client = authenticate(&self.credentials, facts, endpoint, now).map_err(|stop| match stop {
            AuthenticationStop::Fault(fault) => Opened::Refused(AboutRefusal::Client(fault)),
            AuthenticationStop::NeedKeys { uri } => Opened::NeedKeys { uri },
        })?;
        match self.params.value("token") {
            Some(_) => Ok(client),
            None => Err(Opened::Refused(AboutRefusal::TokenMissing)),
        }
    }
}

/// Why a request goes no further.
#[derive(Debug)]
pub(crate) enum Opened {
    Refused(AboutRefusal),
    NeedKeys { uri: String },
}
