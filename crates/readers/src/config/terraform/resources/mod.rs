//! Resources that are OAuth clients, one file for each provider.

mod auth0;
mod azuread;
mod cognito;
mod keycloak;
mod okta;

use cutover::{Cause, Client, DefaultRow};

use super::Resource;
use crate::config::facts::{Settings, Silence};

/// Every type that is read.
pub(super) const TYPES: [&str; 7] = [
    "keycloak_openid_client",
    "auth0_client",
    "okta_app_oauth",
    "azuread_application",
    "azuread_application_registration",
    "aws_cognito_user_pool_client",
    "aws_cognito_managed_user_pool_client",
];

/// The client that a resource describes.
pub(super) fn client(resource: &Resource) -> Option<Client> {
    Some(match resource.kind.as_str() {
        "keycloak_openid_client" => keycloak::client(resource),
        "auth0_client" => auth0::client(resource),
        "okta_app_oauth" => okta::client(resource),
        "azuread_application" | "azuread_application_registration" => azuread::client(resource),
        "aws_cognito_user_pool_client" | "aws_cognito_managed_user_pool_client" => cognito::client(resource),
        _ => return None,
    })
}

impl Resource {
    fn settings(&self) -> Settings<'_> {
        Settings { node: &self.arguments, source: &self.source, marks: &[] }
    }

    /// The provider's default, where silence means one.
    fn default<T>(&self, value: T, row: &'static DefaultRow) -> Silence<T> {
        if self.silence_speaks { Silence::Means(value, row) } else { Silence::Unknown(Cause::NotSaid) }
    }
}
