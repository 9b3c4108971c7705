//! Why a client is not authenticated: all of it for the operator, one text for the client.

/// The rule that a client's authentication breaks. `Display` is for the operator's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientAuthFault {
    /// More than one method.
    #[error("client credentials of more than one kind")]
    TwoMethods,
    /// Different clients in different places.
    #[error("one client in the credentials and another in the body")]
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
    /// Credentials from a client that has none.
    #[error("credentials from a public client")]
    SecretUnexpected,
    /// Another method than the one that the client is registered for.
    #[error("a method of authentication that the client is not registered for")]
    OtherMethod,
    /// The client has neither keys nor a certificate name registered that could be compared.
    #[error("a client without usable keys")]
    KeysMissing,
    /// No assertion.
    #[error("a client that must sign, without an assertion")]
    AssertionMissing,
    /// An assertion that does not do.
    #[error("an assertion that does not do: {0}")]
    Assertion(BadAssertion),
    /// No certificate on the connection.
    #[error("a client that must show a certificate, without one")]
    CertificateMissing,
    /// A certificate for which nobody vouches.
    #[error("a certificate that no trusted authority vouches for")]
    CertificateNotTrusted,
    /// A certificate outside its time.
    #[error("a certificate that is not valid now")]
    CertificateExpired,
    /// A certificate with another name or key.
    #[error("a certificate other than the registered one")]
    CertificateWrong,
    /// A public client at an endpoint for clients that prove themselves.
    #[error("a public client where a client must prove itself")]
    PublicClient,
}

/// What is wrong with a client assertion (RFC 7521 §4.2, RFC 7523 §3, RFC 10070).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAssertion {
    /// `client_assertion_type` is missing or names another format.
    #[error("client_assertion_type is not that of a JWT")]
    Kind,
    /// It is not a readable signed JWT.
    #[error("it is not a signed JWT")]
    Malformed,
    /// `typ` names another kind of token.
    #[error("its typ is that of another kind of token")]
    Typ,
    /// `iss` and `sub` are not both the client.
    #[error("iss and sub are not both the client")]
    Identity,
    /// The algorithm is not the one that is registered.
    #[error("its algorithm is not the registered one")]
    Algorithm,
    /// `aud` is not this server, alone.
    #[error("its audience is not this issuer alone")]
    Audience,
    /// No `exp`, or one that has passed.
    #[error("it is expired")]
    Expired,
    /// `exp` lies too far ahead.
    #[error("it lives longer than five minutes")]
    TooLong,
    /// `iat` or `nbf` lies ahead.
    #[error("it is from the future")]
    Future,
    /// None of the client's keys made the signature.
    #[error("none of the client's keys signed it")]
    Signature,
    /// No `jti`, or one that is too long.
    #[error("it has no usable jti")]
    Jti,
    /// It was used before.
    #[error("it was used before")]
    Replayed,
}

impl From<BadAssertion> for ClientAuthFault {
    fn from(fault: BadAssertion) -> Self {
        Self::Assertion(fault)
    }
}

impl ClientAuthFault {
    /// Whether the request contradicts itself, so that it fails before anybody is authenticated.
    #[must_use]
    pub const fn is_malformed(self) -> bool {
        match self {
            Self::TwoMethods | Self::TwoClients => true,
            Self::HeaderBroken
            | Self::ClientMissing
            | Self::ClientUnknown
            | Self::ClientDisabled
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::SecretUnexpected
            | Self::OtherMethod
            | Self::KeysMissing
            | Self::AssertionMissing
            | Self::Assertion(_)
            | Self::CertificateMissing
            | Self::CertificateNotTrusted
            | Self::CertificateExpired
            | Self::CertificateWrong
            | Self::PublicClient => false,
        }
    }

    /// The error code for the client (draft-ietf-oauth-v2-1-16 §3.2.4).
    #[must_use]
    pub const fn code(self) -> &'static str {
        if self.is_malformed() { "invalid_request" } else { "invalid_client" }
    }

    /// What the client is told: never which part was nearly right.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::TwoMethods => {
                "authenticate in one way: in the Authorization header, by client_secret, or by an assertion"
            }
            Self::TwoClients => "send the same client_id everywhere, or leave it out of the body",
            Self::HeaderBroken
            | Self::ClientMissing
            | Self::ClientUnknown
            | Self::ClientDisabled
            | Self::SecretMissing
            | Self::SecretWrong
            | Self::SecretUnexpected
            | Self::OtherMethod
            | Self::KeysMissing
            | Self::AssertionMissing
            | Self::Assertion(_)
            | Self::CertificateMissing
            | Self::CertificateNotTrusted
            | Self::CertificateExpired
            | Self::CertificateWrong
            | Self::PublicClient => {
                "the client could not be authenticated; check client_id and the way in which the client proves itself"
            }
        }
    }

    /// `WWW-Authenticate`, where the status calls for it. draft-ietf-oauth-v2-1-16 §3.2.4: 401 names the scheme that the client
    /// used, and HTTP wants a challenge on every 401.
    #[must_use]
    pub const fn www_authenticate(self) -> Option<&'static str> {
        if self.is_malformed() { None } else { Some("Basic realm=\"clients\", charset=\"UTF-8\"") }
    }

    /// The whole answer of an endpoint that has no errors of its own for this.
    #[must_use]
    pub fn answer(self) -> crate::ErrorAnswer {
        let status = if self.is_malformed() { 400 } else { 401 };
        crate::ErrorAnswer::new(status, self.www_authenticate(), self.code(), self.description())
    }
}
