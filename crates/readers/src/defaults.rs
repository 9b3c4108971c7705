//! What products do when their configuration is silent: one table, each row with its source. Readers point at rows by name, the
//! report prints them all.

use cutover::DefaultRow;

/// Names each row, and lists them all, so that no row can be missing from the report.
macro_rules! table {
    ($($module:ident of $product:literal { $($name:ident: $versions:literal, $setting:literal => $value:literal, $source:literal;)* })*) => {
        $(
            pub(crate) mod $module {
                use cutover::DefaultRow;
                $(pub(crate) static $name: DefaultRow = DefaultRow {
                    product: $product,
                    versions: $versions,
                    setting: $setting,
                    value: $value,
                    source: $source,
                };)*
            }
        )*
        /// Every row.
        pub static DEFAULTS: &[&DefaultRow] = &[$($(&$module::$name,)*)*];
    };
}

table! {
    keycloak of "Keycloak" {
        ENABLED: "all", "enabled" => "true", "keycloak/keycloak JpaRealmProvider.addClient";
        BEARER_ONLY: "all", "bearerOnly" => "false", "keycloak/keycloak ClientEntity";
        STANDARD_FLOW: "all", "standardFlowEnabled" => "true", "keycloak/keycloak JpaRealmProvider.addClient";
        IMPLICIT_FLOW: "all", "implicitFlowEnabled" => "false", "keycloak/keycloak ClientEntity";
        DIRECT_GRANTS: "all", "directAccessGrantsEnabled" => "false", "keycloak/keycloak ClientEntity";
        SERVICE_ACCOUNTS: "all", "serviceAccountsEnabled" => "false", "keycloak/keycloak ClientEntity";
        DEVICE_GRANT: "13 and later", "attributes.oauth2.device.authorization.grant.enabled" => "false", "Keycloak server administration guide, OIDC clients";
        USE_REFRESH_TOKENS: "all", "attributes.use.refresh.tokens" => "true", "keycloak/keycloak OIDCAdvancedConfigWrapper";
        PKCE: "all", "attributes.pkce.code.challenge.method" => "not required", "Keycloak server administration guide, OIDC clients";
        PUBLIC_CLIENT: "all", "publicClient" => "false", "keycloak/keycloak ClientEntity";
        REDIRECTS: "all", "redirectUris" => "none", "keycloak/keycloak ClientEntity";
        ACCESS_TOKEN: "all", "accessTokenLifespan" => "300 seconds", "keycloak/keycloak RealmManager.setupRealmDefaults";
        SESSION_IDLE: "all", "ssoSessionIdleTimeout" => "1800 seconds", "keycloak/keycloak RealmManager.setupRealmDefaults";
        SESSION_MAX: "all", "ssoSessionMaxLifespan" => "36000 seconds", "keycloak/keycloak RealmManager.setupRealmDefaults";
        REVOKE_REFRESH: "all", "revokeRefreshToken" => "false", "Keycloak server administration guide, timeouts";
    }
    terraform_keycloak of "Terraform provider keycloak" {
        ENABLED: "all", "enabled" => "true", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        STANDARD_FLOW: "all", "standard_flow_enabled" => "false", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        IMPLICIT_FLOW: "all", "implicit_flow_enabled" => "false", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        DIRECT_GRANTS: "all", "direct_access_grants_enabled" => "false", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        SERVICE_ACCOUNTS: "all", "service_accounts_enabled" => "false", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        DEVICE_GRANT: "all", "oauth2_device_authorization_grant_enabled" => "false", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        USE_REFRESH_TOKENS: "all", "use_refresh_tokens" => "true", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        PKCE: "all", "pkce_code_challenge_method" => "not required", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
        REDIRECTS: "all", "valid_redirect_uris" => "none", "keycloak/terraform-provider-keycloak docs/resources/openid_client.md";
    }
    auth0 of "Auth0" {
        CALLBACKS: "all", "callbacks" => "none", "Auth0 Management API, create a client";
        AUTH_METHOD_PUBLIC: "all", "token_endpoint_auth_method (app_type native, spa)" => "none", "Auth0 documentation, confidential and public applications";
        AUTH_METHOD_CONFIDENTIAL: "all", "token_endpoint_auth_method (app_type regular_web, non_interactive, or client_credentials granted)" => "a secret", "Auth0 documentation, confidential and public applications";
        ROTATION: "all", "refresh_token.rotation_type" => "non-rotating", "Auth0 Management API, create a client";
        INFINITE_LIFETIME: "all", "refresh_token.infinite_token_lifetime" => "false", "Auth0 Management API, create a client";
    }
    okta of "Okta" {
        PKCE_WEB: "all", "pkce_required (application_type web, service)" => "false", "Okta Apps API, OAuth 2.0 client settings";
        PKCE_PUBLIC: "all", "pkce_required (application_type browser, native)" => "true", "Okta Apps API, OAuth 2.0 client settings";
        WILDCARD: "all", "wildcard_redirect" => "DISABLED", "Okta Apps API, OAuth 2.0 client settings";
        REDIRECTS: "all", "redirect_uris" => "none", "Okta Apps API, OAuth 2.0 client settings";
        STATUS: "all", "status" => "ACTIVE", "okta/terraform-provider-okta docs/resources/app_oauth.md";
    }
    terraform_okta of "Terraform provider okta" {
        AUTH_METHOD: "all", "token_endpoint_auth_method" => "client_secret_basic", "okta/terraform-provider-okta docs/resources/app_oauth.md";
        GRANTS_BROWSER: "all", "grant_types (type browser)" => "every valid grant, implicit included", "okta/terraform-provider-okta resource_okta_app_oauth.go";
        GRANTS_CODE: "all", "grant_types (type web, native)" => "authorization_code", "okta/terraform-provider-okta resource_okta_app_oauth.go";
        GRANTS_SERVICE: "all", "grant_types (type service)" => "client_credentials", "okta/terraform-provider-okta resource_okta_app_oauth.go";
    }
    entra of "Microsoft Entra ID" {
        IMPLICIT: "all", "oauth2AllowImplicitFlow, web.implicitGrantSettings.enableAccessTokenIssuance" => "false", "Microsoft identity platform, app manifest reference";
        FALLBACK_PUBLIC: "all", "allowPublicClient, isFallbackPublicClient" => "false", "Microsoft identity platform, app manifest reference";
        REDIRECTS: "all", "replyUrlsWithType, web.redirectUris, spa.redirectUris, publicClient.redirectUris" => "none", "Microsoft identity platform, app manifest reference";
        PKCE: "all", "redirect URI of the type Web or InstalledClient" => "PKCE not required", "Microsoft identity platform, authorization code flow";
        ACCESS_TOKEN: "all", "token lifetime policy" => "60 to 90 minutes; 5400 seconds counted", "Microsoft identity platform, configurable token lifetimes";
    }
    cognito of "Amazon Cognito" {
        OAUTH_OFF: "all", "AllowedOAuthFlowsUserPoolClient" => "false: no OAuth flow", "Amazon Cognito API reference, CreateUserPoolClient";
        FLOWS: "all", "AllowedOAuthFlows" => "none", "Amazon Cognito API reference, CreateUserPoolClient";
        EXPLICIT: "all", "ExplicitAuthFlows" => "ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_SRP_AUTH, ALLOW_CUSTOM_AUTH", "Amazon Cognito API reference, CreateUserPoolClient";
        SECRET: "all", "GenerateSecret" => "false", "Amazon Cognito API reference, CreateUserPoolClient";
        CALLBACKS: "all", "CallbackURLs" => "none", "Amazon Cognito API reference, CreateUserPoolClient";
        ACCESS_TOKEN: "all", "AccessTokenValidity" => "3600 seconds", "Amazon Cognito API reference, CreateUserPoolClient";
        REFRESH_TOKEN: "all", "RefreshTokenValidity" => "30 days", "Amazon Cognito API reference, CreateUserPoolClient";
        ROTATION: "2025 and later", "RefreshTokenRotation" => "DISABLED", "Amazon Cognito API reference, CreateUserPoolClient";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_everything_and_none_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in DEFAULTS {
            for text in [row.product, row.versions, row.setting, row.value, row.source] {
                assert!(!text.trim().is_empty(), "{row:?}");
            }
            assert!(seen.insert((row.product, row.setting)), "{row:?}");
        }
    }
}
