//! The grant exists here.

use super::{Opening, Run};
use crate::{GrantTypes, token::TokenRefusal};

/// The grants that exist here. There is no password grant, and no variant for one (OAuth 2.1 §10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grant {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
    DeviceCode,
    TokenExchange,
}

impl Grant {
    pub(super) const fn needs(self) -> GrantTypes {
        match self {
            Self::AuthorizationCode => GrantTypes::AUTHORIZATION_CODE,
            Self::RefreshToken => GrantTypes::REFRESH_TOKEN,
            Self::ClientCredentials => GrantTypes::CLIENT_CREDENTIALS,
            Self::DeviceCode => GrantTypes::DEVICE_CODE,
            Self::TokenExchange => GrantTypes::TOKEN_EXCHANGE,
        }
    }
}

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    opening.grant = Some(match opening.request.params.value("grant_type") {
        Some("authorization_code") => Grant::AuthorizationCode,
        Some("refresh_token") => Grant::RefreshToken,
        Some("client_credentials") => Grant::ClientCredentials,
        Some("urn:ietf:params:oauth:grant-type:device_code") => Grant::DeviceCode,
        Some("urn:ietf:params:oauth:grant-type:token-exchange") => Grant::TokenExchange,
        Some(_) => return Err(TokenRefusal::GrantTypeUnsupported.into()),
        None => return Err(TokenRefusal::GrantTypeMissing.into()),
    });
    Ok(())
}
