//! Auth0: the deploy CLI's `tenant.yaml` and its folder of JSON files, and what the Management API lists.

use cutover::{
    Authentication, Cause, Client, ClientKind, Fact, Flows, Lifetime, List, Matching, OwnerHint, Piece, Pkce, Provider,
    Redirect, RefreshRotation, Source,
};

use super::facts::{Settings, Silence, auth_method, holds, template, why};
use super::placeholder::Marks;
use super::{Confidence, Parsed, ReadOutcome, Reader};
use crate::defaults::auth0 as row;
use crate::tree::{Node, Value};

/// Keyword replacement of the deploy CLI: as JSON, and within a text.
const MARKS: Marks = &[("@@", "@@"), ("##", "##")];

/// Grants that hand over a person's password.
const PASSWORD_GRANTS: [&str; 2] = ["password", "http://auth0.com/oauth/grant-type/password-realm"];

/// The reader.
pub(crate) struct Auth0;

impl Reader for Auth0 {
    fn name(&self) -> &'static str {
        "auth0"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[&["app_type"], &["clients", "is_first_party"], &["name", "oidc_conformant"]]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        let own =
            ["app_type", "oidc_conformant", "is_first_party", "cross_origin_auth", "jwt_configuration", "callbacks"];
        let sure = parsed.roots.iter().flat_map(places).any(|(_, node)| own.iter().any(|key| node.get(key).is_some()));
        if sure { Confidence::Sure } else { Confidence::No }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        for root in &parsed.roots {
            for (pointer, node) in places(root) {
                let source = parsed.document.source.at_line(node.line).at_pointer(&pointer);
                let settings = Settings { node, source: &source, marks: MARKS };
                let resource = settings.shown(&["name"]).unwrap_or_else(|| "client".to_owned());
                let mut client = client(&settings, resource);
                client.environment =
                    root.get("tenant").or_else(|| node.get("tenant")).and_then(Node::as_text).map(str::to_owned);
                outcome.clients.push(client);
            }
        }
        outcome
    }
}

/// A tenant has `clients`; a file of the folder is one client; the API answers with a list, or with a page that has `clients`.
fn places(root: &Node) -> Vec<(String, &Node)> {
    let is_client = |node: &Node| node.get("name").is_some();
    let listed = |base: &'static str, items: &[Node]| {
        let indices = (0..items.len()).filter(|index| is_client(&items[*index]));
        indices.map(|index| (format!("{base}/{index}"), index)).collect::<Vec<_>>()
    };
    match (&root.value, root.get("clients").and_then(Node::as_list)) {
        (Value::List(items), _) => listed("", items).into_iter().map(|(pointer, at)| (pointer, &items[at])).collect(),
        (Value::Map(_), Some(items)) => {
            listed("/clients", items).into_iter().map(|(pointer, at)| (pointer, &items[at])).collect()
        }
        // Connections have names as well.
        (Value::Map(_), None) if is_client(root) && root.get("strategy").is_none() => vec![(String::new(), root)],
        _ => Vec::new(),
    }
}

/// A client, as the API and Terraform's `auth0_client` both write it.
pub(super) fn client(settings: &Settings<'_>, resource: String) -> Client {
    let mut client = Client::new(Provider::Auth0, resource, settings.source.clone());
    client.id = settings.text(&["client_id"], Silence::Unknown(Cause::NotSaid));
    client.names = settings.shown(&["name"]).into_iter().collect();
    client.builtin = settings.node_at(&["global"]).and_then(Node::as_bool) == Some(true);
    client.enabled = Fact::certain(true, settings.source.clone());
    client.kind = settings.fact(&["app_type"], Silence::Unknown(Cause::NotSaid), |node| match node.as_text() {
        Some("native") => Ok(ClientKind::Native),
        Some("spa") => Ok(ClientKind::Browser),
        Some("regular_web" | "express_configuration") => Ok(ClientKind::Web),
        Some("non_interactive" | "resource_server") => Ok(ClientKind::Service),
        _ => Err(why(node, settings.marks)),
    });
    // What an application gets when nobody lists grants depends on how and when it was made.
    let grants = settings.list(&["grant_types"], Silence::Unknown(Cause::NotSaid));
    client.flows = flows(&grants, settings);
    // There is no switch. A client under a FAPI compliance level must use PKCE, which nobody can see from its grants.
    client.pkce = settings.fact(&["compliance_level"], Silence::Unknown(Cause::NotSaid), |node| match node.as_text() {
        Some("none") => Ok(Pkce::NoSuchSwitch),
        Some(level) if level.starts_with("fapi1") || level.starts_with("fapi2") => Ok(Pkce::RequiredS256),
        _ => Err(why(node, settings.marks)),
    });
    if settings.node_at(&["compliance_level"]).is_none() {
        client.pkce = Fact::certain(Pkce::NoSuchSwitch, settings.source.clone());
    }
    client.redirects =
        settings.items(&["callbacks"], Silence::Means((), &row::CALLBACKS), |node| redirect(node, settings.marks));
    client.origins = settings.list(&["web_origins"], Silence::Means((), &row::CALLBACKS));
    client.authentication = authentication(settings, &client, &grants);
    client.has_secret = client.authentication.clone().map(|method| {
        matches!(
            method,
            Authentication::Secret
                | Authentication::SecretBasic
                | Authentication::SecretPost
                | Authentication::SecretJwt
        )
    });
    lifetimes(&mut client, settings);
    client.owners = owners(settings);
    client
}

/// A star in the host stands for part of a name. A keyword within an address is one deployment's value, compared as it stands; a
/// keyword in the place of a whole address may be anything.
fn redirect(node: &Node, marks: Marks) -> Result<Redirect, Cause> {
    let text = template(node, marks)?;
    let is_part = text.as_literal().is_none() && text.prefix().contains("://");
    let starred = text.pieces().iter().any(|piece| matches!(piece, Piece::Literal(text) if text.contains(['*', '{'])));
    Ok(Redirect { text, matching: if is_part && !starred { Matching::Exact } else { Matching::HostWildcard } })
}

fn flows(grants: &List<String>, settings: &Settings<'_>) -> Flows {
    let source = settings.place(&["grant_types"]);
    let has = |grant: &str| holds(grants, &source, |word| word == grant);
    Flows {
        code: has("authorization_code"),
        implicit: has("implicit"),
        password: holds(grants, &source, |word| PASSWORD_GRANTS.contains(&word)),
        client_credentials: has("client_credentials"),
        refresh_token: has("refresh_token"),
        device_code: has("urn:ietf:params:oauth:grant-type:device_code"),
    }
}

fn authentication(settings: &Settings<'_>, client: &Client, grants: &List<String>) -> Fact<Authentication> {
    // Credentials that were added later replace the method, which then stays behind in exports.
    for (key, method) in [
        ("private_key_jwt", Authentication::PrivateKeyJwt),
        ("tls_client_auth", Authentication::MutualTls),
        ("self_signed_tls_client_auth", Authentication::MutualTls),
    ] {
        if settings.node_at(&["client_authentication_methods", key]).is_some() {
            return Fact::certain(method, settings.place(&["client_authentication_methods", key]));
        }
    }
    let granted = holds(grants, settings.source, |word| word == "client_credentials").known() == Some(&true);
    let silence = match client.kind.known() {
        Some(ClientKind::Native | ClientKind::Browser) => {
            Silence::Means(Authentication::None, &row::AUTH_METHOD_PUBLIC)
        }
        Some(ClientKind::Web | ClientKind::Service) => {
            Silence::Means(Authentication::Secret, &row::AUTH_METHOD_CONFIDENTIAL)
        }
        // RFC 6749 §4.4: only confidential clients have this grant.
        None if granted => Silence::Means(Authentication::Secret, &row::AUTH_METHOD_CONFIDENTIAL),
        None => Silence::Unknown(Cause::NotSaid),
    };
    settings.fact(&["token_endpoint_auth_method"], silence, |node| {
        node.as_text().and_then(auth_method).ok_or_else(|| why(node, settings.marks))
    })
}

fn lifetimes(client: &mut Client, settings: &Settings<'_>) {
    let endless = |key: &str| {
        settings.switch(&["refresh_token", key], Silence::Means(false, &row::INFINITE_LIFETIME)).known() == Some(&true)
    };
    let lifetime = |key: &str, switch: &str| {
        if endless(switch) {
            return Fact::certain(Lifetime::Endless, settings.place(&["refresh_token", switch]));
        }
        settings.lifetime(&["refresh_token", key], 1, Silence::Unknown(Cause::NotSaid))
    };
    client.lifetimes.refresh_absolute = lifetime("token_lifetime", "infinite_token_lifetime");
    client.lifetimes.refresh_idle = lifetime("idle_token_lifetime", "infinite_idle_token_lifetime");
    client.refresh_rotation = settings.fact(
        &["refresh_token", "rotation_type"],
        Silence::Means(RefreshRotation::Stays, &row::ROTATION),
        |node| match node.as_text() {
            Some("rotating") => Ok(RefreshRotation::Rotates),
            Some("non-rotating") => Ok(RefreshRotation::Stays),
            _ => Err(why(node, settings.marks)),
        },
    );
}

fn owners(settings: &Settings<'_>) -> Vec<OwnerHint> {
    ["owner", "team", "contact"]
        .into_iter()
        .filter_map(|key| {
            let text = settings.plain(&["client_metadata", key])?;
            let source: Source = settings.place(&["client_metadata", key]);
            Some(OwnerHint { text, source })
        })
        .collect()
}
