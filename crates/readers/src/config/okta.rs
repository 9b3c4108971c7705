//! Okta: applications as the Apps API lists them.

use cutover::{Cause, Client, ClientKind, Fact, Flows, List, Matching, Pkce, Provider, RefreshRotation, Source};

use super::facts::{Settings, Silence, auth_method, both, holds, why};
use super::{Confidence, Parsed, ReadOutcome, Reader};
use crate::defaults::{okta as row, terraform_okta};
use crate::tree::{Node, Value};

/// Where each setting stands. The API nests what Terraform writes flat.
pub(super) struct Names {
    pub(super) id: &'static [&'static str],
    pub(super) kind: &'static [&'static str],
    pub(super) grants: &'static [&'static str],
    pub(super) responses: &'static [&'static str],
    pub(super) redirects: &'static [&'static str],
    pub(super) wildcard: &'static [&'static str],
    pub(super) pkce: &'static [&'static str],
    pub(super) method: &'static [&'static str],
    pub(super) rotation: &'static [&'static str],
    /// Whether Terraform's own defaults count where something is absent.
    pub(super) terraform: bool,
}

const API: Names = Names {
    id: &["credentials", "oauthClient", "client_id"],
    kind: &["settings", "oauthClient", "application_type"],
    grants: &["settings", "oauthClient", "grant_types"],
    responses: &["settings", "oauthClient", "response_types"],
    redirects: &["settings", "oauthClient", "redirect_uris"],
    wildcard: &["settings", "oauthClient", "wildcard_redirect"],
    pkce: &["credentials", "oauthClient", "pkce_required"],
    method: &["credentials", "oauthClient", "token_endpoint_auth_method"],
    rotation: &["settings", "oauthClient", "refresh_token", "rotation_type"],
    terraform: false,
};

/// The reader.
pub(crate) struct Okta;

impl Reader for Okta {
    fn name(&self) -> &'static str {
        "okta"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[&["oauthClient", "OPENID_CONNECT"], &["oauthClient", "application_type"]]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        if parsed.roots.iter().any(|root| !places(root).is_empty()) { Confidence::Sure } else { Confidence::No }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        for (pointer, node) in parsed.roots.iter().flat_map(places) {
            let source = parsed.document.source.at_line(node.line).at_pointer(&pointer);
            let settings = Settings { node, source: &source, marks: &[] };
            let resource =
                settings.shown(&["id"]).or_else(|| settings.shown(&["label"])).unwrap_or_else(|| "app".to_owned());
            let mut client = client(&settings, resource, &API);
            // Where nobody chose an id, it is the application's.
            if client.id.known().is_none() {
                client.id = settings.text(&["id"], Silence::Unknown(Cause::NotSaid));
            }
            client.builtin = settings
                .plain(&["name"])
                .is_some_and(|name| matches!(name.as_str(), "saasure" | "okta_enduser" | "okta_browser_plugin"));
            outcome.clients.push(client);
        }
        outcome
    }
}

fn places(root: &Node) -> Vec<(String, &Node)> {
    let is_app = |node: &Node| node.at(&["settings", "oauthClient"]).is_some();
    match &root.value {
        Value::List(items) => items
            .iter()
            .enumerate()
            .filter(|(_, node)| is_app(node))
            .map(|(index, node)| (format!("/{index}"), node))
            .collect(),
        Value::Map(_) if is_app(root) => vec![(String::new(), root)],
        _ => Vec::new(),
    }
}

/// An application, wherever its settings stand.
pub(super) fn client(settings: &Settings<'_>, resource: String, names: &Names) -> Client {
    let mut client = Client::new(Provider::Okta, resource, settings.source.clone());
    let silent = || Silence::Unknown(Cause::NotSaid);
    client.id = settings.text(names.id, silent());
    client.names = settings.shown(&["label"]).into_iter().collect();
    client.kind = settings.fact(names.kind, Silence::Unknown(Cause::NotSaid), |node| match node.as_text() {
        Some("web") => Ok(ClientKind::Web),
        Some("native") => Ok(ClientKind::Native),
        Some("browser") => Ok(ClientKind::Browser),
        Some("service") => Ok(ClientKind::Service),
        _ => Err(why(node, settings.marks)),
    });
    client.enabled = settings.fact(&["status"], Silence::Means(true, &row::STATUS), |node| match node.as_text() {
        Some("ACTIVE") => Ok(true),
        Some("INACTIVE" | "DELETED") => Ok(false),
        _ => Err(why(node, settings.marks)),
    });
    client.flows = flows(settings, names, client.kind.known().copied());
    let pkce = match client.kind.known() {
        Some(ClientKind::Browser | ClientKind::Native) => Silence::Means(true, &row::PKCE_PUBLIC),
        Some(ClientKind::Web | ClientKind::Service) => Silence::Means(false, &row::PKCE_WEB),
        None => Silence::Unknown(Cause::NotSaid),
    };
    client.pkce =
        settings.switch(names.pkce, pkce).map(|required| if required { Pkce::RequiredS256 } else { Pkce::NotRequired });
    let method = if names.terraform {
        Silence::Means(cutover::Authentication::SecretBasic, &terraform_okta::AUTH_METHOD)
    } else {
        Silence::Unknown(Cause::NotSaid)
    };
    client.authentication = settings.fact(names.method, method, |node| {
        node.as_text().and_then(auth_method).ok_or_else(|| why(node, settings.marks))
    });
    client.has_secret = client.authentication.clone().map(|method| {
        use cutover::Authentication as A;
        matches!(method, A::Secret | A::SecretBasic | A::SecretPost | A::SecretJwt)
    });
    client.redirects = redirects(settings, names);
    client.refresh_rotation =
        settings.fact(names.rotation, Silence::Unknown(Cause::NotSaid), |node| match node.as_text() {
            Some("ROTATE" | "rotate") => Ok(RefreshRotation::Rotates),
            Some("STATIC" | "static") => Ok(RefreshRotation::Stays),
            _ => Err(why(node, settings.marks)),
        });
    client
}

/// A star counts only where the switch is on.
fn redirects(settings: &Settings<'_>, names: &Names) -> List<cutover::Redirect> {
    let subdomains =
        settings.fact(names.wildcard, Silence::Means(false, &row::WILDCARD), |node| match node.as_text() {
            Some("DISABLED") => Ok(false),
            Some("SUBDOMAIN") => Ok(true),
            _ => Err(why(node, settings.marks)),
        });
    // Not known to be off is taken for on, so that a star is never overlooked.
    let matching = if subdomains.known() == Some(&false) { Matching::Exact } else { Matching::Subdomain };
    settings.redirects(names.redirects, Silence::Means((), &row::REDIRECTS), matching)
}

fn flows(settings: &Settings<'_>, names: &Names, kind: Option<ClientKind>) -> Flows {
    let source = settings.place(names.grants);
    if names.terraform && settings.node_at(names.grants).is_none() {
        return terraform_flows(kind, &source);
    }
    let grants = settings.list(names.grants, Silence::Unknown(Cause::NotSaid));
    let has = |grant: &str| holds(&grants, &source, |word| word == grant);
    let mut implicit = has("implicit");
    // An access token comes only when the response type may ask for one.
    if settings.node_at(names.responses).is_some() {
        let responses = settings.list(names.responses, Silence::Unknown(Cause::NotSaid));
        implicit = both(implicit, &holds(&responses, &settings.place(names.responses), |word| word == "token"));
    }
    Flows {
        code: has("authorization_code"),
        implicit,
        password: has("password"),
        client_credentials: has("client_credentials"),
        refresh_token: has("refresh_token"),
        device_code: has("urn:ietf:params:oauth:grant-type:device_code"),
    }
}

fn terraform_flows(kind: Option<ClientKind>, source: &Source) -> Flows {
    let Some(kind) = kind else { return Flows::unknown(&Cause::NotSaid, source) };
    let (row, granted): (_, &[&str]) = match kind {
        ClientKind::Browser => (&terraform_okta::GRANTS_BROWSER, &["code", "implicit", "refresh_token"]),
        ClientKind::Web | ClientKind::Native => (&terraform_okta::GRANTS_CODE, &["code"]),
        ClientKind::Service => (&terraform_okta::GRANTS_SERVICE, &["client_credentials"]),
    };
    let flow = |name: &str| Fact::default(granted.contains(&name), row, source.clone());
    Flows {
        code: flow("code"),
        implicit: flow("implicit"),
        password: flow("password"),
        client_credentials: flow("client_credentials"),
        refresh_token: flow("refresh_token"),
        device_code: flow("device_code"),
    }
}
