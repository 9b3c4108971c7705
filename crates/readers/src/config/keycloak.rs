//! Keycloak: realm exports (whole, partial, several realms), and single client representations.
//!
//! Field names and what their absence means: `ClientRepresentation` of the admin REST API, and `JpaRealmProvider.addClient` with
//! `RepresentationToModel`, which apply an import.

use cutover::{
    Authentication, Cause, Client, ClientKind, Fact, Flows, Lifetime, Matching, OwnerHint, Piece, Pkce, Provider,
    Redirect, RefreshRotation, Source, Template,
};

use super::facts::{Settings, Silence, why};
use super::placeholder::Marks;
use super::{Confidence, Parsed, ReadOutcome, Reader};
use crate::defaults::keycloak as row;
use crate::tree::{Node, Value};

/// Environment variables that an import fills in, and the server's own addresses.
const MARKS: Marks = &[("${", "}")];

/// Clients that every realm has.
const BUILTIN: [&str; 7] =
    ["account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console", "master-realm"];

/// The reader.
pub(crate) struct Keycloak;

impl Reader for Keycloak {
    fn name(&self) -> &'static str {
        "keycloak"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[&["\"clientId\""]]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        let all: Vec<_> = parsed.roots.iter().flat_map(places).collect();
        if all.is_empty() {
            return Confidence::No;
        }
        if parsed.roots.iter().flat_map(realms).any(|realm| realm.get("realm").is_some()) {
            return Confidence::Sure;
        }
        let own = [
            "publicClient",
            "bearerOnly",
            "standardFlowEnabled",
            "directAccessGrantsEnabled",
            "clientAuthenticatorType",
        ];
        if all.iter().any(|(_, _, client)| own.iter().any(|key| client.get(key).is_some())) {
            Confidence::Sure
        } else {
            Confidence::No
        }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        for root in &parsed.roots {
            for (pointer, realm, node) in places(root) {
                let is_saml =
                    node.get("protocol").and_then(Node::as_text).is_some_and(|protocol| protocol != "openid-connect");
                if is_saml {
                    continue;
                }
                let source = parsed.document.source.at_line(node.line).at_pointer(&pointer);
                outcome.clients.push(client(node, realm, &source));
            }
        }
        outcome
    }
}

/// A file holds one realm, a list of them, or something else.
fn realms(root: &Node) -> Vec<&Node> {
    match &root.value {
        Value::Map(_) => vec![root],
        Value::List(items) => items.iter().collect(),
        _ => Vec::new(),
    }
}

/// Every client with its pointer and its realm.
fn places(root: &Node) -> Vec<(String, Option<&Node>, &Node)> {
    let is_client = |node: &Node| node.get("clientId").is_some();
    let mut found = Vec::new();
    for (index, realm) in realms(root).into_iter().enumerate() {
        let base = if matches!(root.value, Value::List(_)) { format!("/{index}") } else { String::new() };
        if is_client(realm) {
            found.push((base, None, realm));
        } else if let Some(clients) = realm.get("clients").and_then(Node::as_list) {
            for (index, node) in clients.iter().enumerate().filter(|(_, node)| is_client(node)) {
                found.push((format!("{base}/clients/{index}"), Some(realm), node));
            }
        }
    }
    found
}

fn client(node: &Node, realm: Option<&Node>, source: &Source) -> Client {
    let settings = Settings { node, source, marks: MARKS };
    let resource = settings.shown(&["clientId"]).unwrap_or_else(|| "client".to_owned());
    let mut client = Client::new(Provider::Keycloak, resource.clone(), source.clone());
    client.environment = realm.and_then(|realm| realm.get("realm")).and_then(Node::as_text).map(str::to_owned);
    client.id = settings.text(&["clientId"], Silence::Unknown(Cause::NotSaid));
    // `${client_account}` is a key of the product's translations, not a name.
    client.names = settings.plain(&["name"]).into_iter().collect();
    client.builtin = BUILTIN.contains(&resource.as_str());
    client.enabled = settings.switch(&["enabled"], Silence::Means(true, &row::ENABLED));
    client.owners = owners(&settings);

    let bearer_only = settings.switch(&["bearerOnly"], Silence::Means(false, &row::BEARER_ONLY));
    client.flows = flows(&settings, &bearer_only);
    client.pkce = pkce(&settings);
    client.authentication = authentication(&settings, &bearer_only);
    client.has_secret = has_secret(&settings, &client.authentication);
    client.kind = kind(&settings, &client);
    client.redirects =
        settings.items(&["redirectUris"], Silence::Means((), &row::REDIRECTS), |node| redirect(&settings, node));
    client.origins = settings.list(&["webOrigins"], Silence::Unknown(Cause::NotSaid));
    lifetimes(&mut client, &settings, realm);
    client
}

fn flows(settings: &Settings<'_>, bearer_only: &Fact<bool>) -> Flows {
    if bearer_only.known() == Some(&true) {
        return Flows::none(&bearer_only.source);
    }
    let refresh =
        settings.switch(&["attributes", "use.refresh.tokens"], Silence::Means(true, &row::USE_REFRESH_TOKENS));
    Flows {
        code: settings.switch(&["standardFlowEnabled"], Silence::Means(true, &row::STANDARD_FLOW)),
        implicit: settings.switch(&["implicitFlowEnabled"], Silence::Means(false, &row::IMPLICIT_FLOW)),
        password: settings.switch(&["directAccessGrantsEnabled"], Silence::Means(false, &row::DIRECT_GRANTS)),
        client_credentials: settings.switch(&["serviceAccountsEnabled"], Silence::Means(false, &row::SERVICE_ACCOUNTS)),
        refresh_token: refresh,
        device_code: settings.switch(
            &["attributes", "oauth2.device.authorization.grant.enabled"],
            Silence::Means(false, &row::DEVICE_GRANT),
        ),
    }
}

fn pkce(settings: &Settings<'_>) -> Fact<Pkce> {
    settings.fact(
        &["attributes", "pkce.code.challenge.method"],
        Silence::Means(Pkce::NotRequired, &row::PKCE),
        |node| match node.as_text() {
            Some("S256") => Ok(Pkce::RequiredS256),
            Some("plain") => Ok(Pkce::RequiredPlainAllowed),
            Some("") => Ok(Pkce::NotRequired),
            _ => Err(why(node, MARKS)),
        },
    )
}

fn authentication(settings: &Settings<'_>, bearer_only: &Fact<bool>) -> Fact<Authentication> {
    let public = settings.switch(&["publicClient"], Silence::Means(false, &row::PUBLIC_CLIENT));
    let confidential = match settings.plain(&["clientAuthenticatorType"]).as_deref() {
        Some("client-secret-jwt") => Authentication::SecretJwt,
        Some("client-jwt" | "federated-jwt") => Authentication::PrivateKeyJwt,
        Some("client-x509") => Authentication::MutualTls,
        _ => Authentication::Secret,
    };
    if bearer_only.known() == Some(&true) {
        // It never speaks to the token endpoint for a person, and is registered with a secret all the same.
        return public.map(|_| confidential);
    }
    public.map(|public| if public { Authentication::None } else { confidential })
}

fn has_secret(settings: &Settings<'_>, authentication: &Fact<Authentication>) -> Fact<bool> {
    let wants = matches!(
        authentication.known(),
        Some(
            Authentication::Secret
                | Authentication::SecretBasic
                | Authentication::SecretPost
                | Authentication::SecretJwt
        )
    );
    match settings.node_at(&["secret"]) {
        Some(node) => Fact::certain(wants && node.as_text() != Some(""), settings.place(&["secret"])),
        // A partial export leaves secrets out; the server has one for every client that authenticates by one.
        None => authentication.clone().map(|_| wants),
    }
}

fn kind(settings: &Settings<'_>, client: &Client) -> Fact<ClientKind> {
    let source = settings.source.clone();
    let flows = &client.flows;
    let no = |fact: &Fact<bool>| fact.known() == Some(&false);
    if no(&flows.code) && no(&flows.implicit) && flows.client_credentials.known() == Some(&true) {
        return Fact::certain(ClientKind::Service, source);
    }
    match client.authentication.known() {
        Some(Authentication::None) | None => Fact::unknown(Cause::NotSaid, source),
        Some(_) => Fact::certain(ClientKind::Web, source),
    }
}

/// A root-relative redirect hangs below `rootUrl`. Without one, or with the server's own address, it stays relative: it leads back to
/// Keycloak itself.
fn redirect(settings: &Settings<'_>, node: &Node) -> Result<Redirect, Cause> {
    let own = super::facts::template(node, MARKS)?;
    let root = settings.node_at(&["rootUrl"]).and_then(|node| super::facts::template(node, MARKS).ok());
    let text = match root {
        Some(root) if own.prefix().starts_with('/') && !is_server(&root) => {
            let mut pieces = root.pieces().to_vec();
            if let Some(Piece::Literal(last)) = pieces.last_mut()
                && last.ends_with('/')
            {
                last.pop();
            }
            pieces.extend(own.pieces().iter().cloned());
            Template::new(pieces)
        }
        Some(_) | None => own,
    };
    let matching = matching(&text);
    Ok(Redirect { text, matching })
}

/// A star at the end stands for anything. Inside the host it was a plain character for many releases, and is a wildcard in builds that
/// match subdomains; whoever writes one wants a wildcard, and it is counted as one.
pub(super) fn matching(text: &Template) -> Matching {
    let shown = text.to_string();
    let host = shown.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    if host.starts_with("*.") || host.trim_end_matches('*').contains('*') {
        Matching::HostWildcard
    } else {
        Matching::TrailingWildcard
    }
}

fn is_server(root: &Template) -> bool {
    let text = root.to_string();
    text.is_empty() || text == "${authBaseUrl}" || text == "${authAdminUrl}"
}

fn owners(settings: &Settings<'_>) -> Vec<OwnerHint> {
    ["owner", "contact", "contacts", "team", "app.owner"]
        .into_iter()
        .filter_map(|key| {
            let text = settings.plain(&["attributes", key])?;
            Some(OwnerHint { text, source: settings.place(&["attributes", key]) })
        })
        .collect()
}

/// The client's own lifetimes, or its realm's.
fn lifetimes(client: &mut Client, settings: &Settings<'_>, realm: Option<&Node>) {
    let realm_source = realm.map(|realm| Source { line: Some(realm.line), pointer: None, ..settings.source.clone() });
    let of_realm = realm.zip(realm_source.as_ref()).map(|(node, source)| Settings { node, source, marks: MARKS });
    let unknown = || Silence::Unknown(Cause::NotSaid);
    client.lifetimes.access_token = match settings.node_at(&["attributes", "access.token.lifespan"]) {
        Some(_) => settings.lifetime(&["attributes", "access.token.lifespan"], 1, unknown()),
        None => of_realm.map_or_else(
            || settings.lifetime(&["attributes", "access.token.lifespan"], 1, unknown()),
            |realm| {
                realm.lifetime(&["accessTokenLifespan"], 1, Silence::Means(Lifetime::Seconds(300), &row::ACCESS_TOKEN))
            },
        ),
    };
    let Some(realm) = of_realm else { return };
    client.lifetimes.refresh_idle =
        realm.lifetime(&["ssoSessionIdleTimeout"], 1, Silence::Means(Lifetime::Seconds(1800), &row::SESSION_IDLE));
    client.lifetimes.refresh_absolute =
        realm.lifetime(&["ssoSessionMaxLifespan"], 1, Silence::Means(Lifetime::Seconds(36_000), &row::SESSION_MAX));
    client.refresh_rotation = realm
        .switch(&["revokeRefreshToken"], Silence::Means(false, &row::REVOKE_REFRESH))
        .map(|revoke| if revoke { RefreshRotation::Rotates } else { RefreshRotation::Stays });
}
