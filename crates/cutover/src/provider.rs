//! The products whose clients are known here.

/// An identity provider's product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Provider {
    /// Keycloak.
    Keycloak,
    /// Auth0.
    Auth0,
    /// Okta.
    Okta,
    /// Microsoft Entra ID.
    Entra,
    /// Amazon Cognito.
    Cognito,
    /// IdentityServer and Duende IdentityServer.
    IdentityServer,
    /// Cloud Foundry UAA.
    Uaa,
    /// Authelia.
    Authelia,
    /// Casdoor.
    Casdoor,
    /// Spring Authorization Server.
    SpringAuthorizationServer,
    /// Zitadel.
    Zitadel,
    /// authentik.
    Authentik,
}

impl Provider {
    /// The word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Keycloak => "keycloak",
            Self::Auth0 => "auth0",
            Self::Okta => "okta",
            Self::Entra => "entra",
            Self::Cognito => "cognito",
            Self::IdentityServer => "identityserver",
            Self::Uaa => "uaa",
            Self::Authelia => "authelia",
            Self::Casdoor => "casdoor",
            Self::SpringAuthorizationServer => "spring_authorization_server",
            Self::Zitadel => "zitadel",
            Self::Authentik => "authentik",
        }
    }

    /// The product's name, for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keycloak => "Keycloak",
            Self::Auth0 => "Auth0",
            Self::Okta => "Okta",
            Self::Entra => "Microsoft Entra ID",
            Self::Cognito => "Amazon Cognito",
            Self::IdentityServer => "IdentityServer",
            Self::Uaa => "Cloud Foundry UAA",
            Self::Authelia => "Authelia",
            Self::Casdoor => "Casdoor",
            Self::SpringAuthorizationServer => "Spring Authorization Server",
            Self::Zitadel => "Zitadel",
            Self::Authentik => "authentik",
        }
    }
}
