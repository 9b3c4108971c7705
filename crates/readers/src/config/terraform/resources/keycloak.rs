//! `keycloak_openid_client`. Its defaults are not the server's: every flow is off until somebody turns it on.

use cutover::{Authentication, Cause, Client, ClientKind, Fact, Flows, Pkce, Provider, Redirect};

use super::Resource;
use crate::config::facts::{Settings, Silence, template, why};
use crate::config::keycloak;
use crate::defaults::terraform_keycloak as row;

/// The client.
pub(super) fn client(resource: &Resource) -> Client {
    let settings = resource.settings();
    let mut client = Client::new(Provider::Keycloak, resource.address.clone(), resource.source.clone());
    client.environment = settings.plain(&["realm_id"]);
    client.id = settings.text(&["client_id"], Silence::Unknown(Cause::NotSaid));
    client.names = settings.plain(&["name"]).into_iter().collect();
    client.enabled = settings.switch(&["enabled"], resource.default(true, &row::ENABLED));

    let access = settings.fact(&["access_type"], Silence::Unknown(Cause::NotSaid), |node| match node.as_text() {
        Some(word) if word.eq_ignore_ascii_case("PUBLIC") => Ok(Access::Public),
        Some(word) if word.eq_ignore_ascii_case("CONFIDENTIAL") => Ok(Access::Confidential),
        Some(word) if word.eq_ignore_ascii_case("BEARER-ONLY") => Ok(Access::BearerOnly),
        _ => Err(why(node, &[])),
    });
    client.flows = flows(resource, &settings, &access);
    client.pkce =
        settings.fact(&["pkce_code_challenge_method"], resource.default(Pkce::NotRequired, &row::PKCE), |node| {
            match node.as_text() {
                Some("S256") => Ok(Pkce::RequiredS256),
                Some("plain") => Ok(Pkce::RequiredPlainAllowed),
                Some("") => Ok(Pkce::NotRequired),
                _ => Err(why(node, &[])),
            }
        });
    let confidential = match settings.plain(&["client_authenticator_type"]).as_deref() {
        Some("client-secret-jwt") => Authentication::SecretJwt,
        Some("client-jwt") => Authentication::PrivateKeyJwt,
        Some("client-x509") => Authentication::MutualTls,
        _ => Authentication::Secret,
    };
    client.kind = kind(&client, &access, resource);
    client.has_secret = access.clone().map(|access| {
        access == Access::Confidential && matches!(confidential, Authentication::Secret | Authentication::SecretJwt)
    });
    client.authentication = access.map(|access| match access {
        Access::Public => Authentication::None,
        Access::Confidential | Access::BearerOnly => confidential,
    });
    client.redirects = settings.items(&["valid_redirect_uris"], resource.default((), &row::REDIRECTS), |node| {
        let text = template(node, &[])?;
        let matching = keycloak::matching(&text);
        Ok(Redirect { text, matching })
    });
    client.origins = settings.list(&["web_origins"], resource.default((), &row::REDIRECTS));
    if settings.plain(&["access_token_lifespan"]).is_some() {
        client.lifetimes.access_token =
            settings.lifetime(&["access_token_lifespan"], 1, Silence::Unknown(Cause::NotSaid));
    }
    client
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Public,
    Confidential,
    BearerOnly,
}

fn flows(resource: &Resource, settings: &Settings<'_>, access: &Fact<Access>) -> Flows {
    if access.known() == Some(&Access::BearerOnly) {
        return Flows::none(&access.source);
    }
    let flow = |name: &str, value, row| settings.switch(&[name], resource.default(value, row));
    Flows {
        code: flow("standard_flow_enabled", false, &row::STANDARD_FLOW),
        implicit: flow("implicit_flow_enabled", false, &row::IMPLICIT_FLOW),
        password: flow("direct_access_grants_enabled", false, &row::DIRECT_GRANTS),
        client_credentials: flow("service_accounts_enabled", false, &row::SERVICE_ACCOUNTS),
        refresh_token: flow("use_refresh_tokens", true, &row::USE_REFRESH_TOKENS),
        device_code: flow("oauth2_device_authorization_grant_enabled", false, &row::DEVICE_GRANT),
    }
}

fn kind(client: &Client, access: &Fact<Access>, resource: &Resource) -> Fact<ClientKind> {
    let flows = &client.flows;
    let off = |flow: &Fact<bool>| flow.known() == Some(&false);
    if off(&flows.code) && off(&flows.implicit) && flows.client_credentials.known() == Some(&true) {
        return Fact::certain(ClientKind::Service, resource.source.clone());
    }
    match access.known() {
        Some(Access::Confidential) => Fact::certain(ClientKind::Web, access.source.clone()),
        Some(Access::Public | Access::BearerOnly) | None => Fact::unknown(Cause::NotSaid, resource.source.clone()),
    }
}
