//! Microsoft Entra ID: app manifests (the older format and that of Microsoft Graph), and Graph's lists of applications.

use cutover::{
    Authentication, Cause, Client, ClientKind, Fact, Flows, List, Matching, OwnerHint, Pkce, Provider, Redirect, Source,
};

use super::facts::{Settings, Silence, template};
use super::placeholder::Marks;
use super::{Confidence, Parsed, ReadOutcome, Reader};
use crate::defaults::entra as row;
use crate::tree::{Node, Value};

/// Variables of the Teams toolkit, and of pipelines.
const MARKS: Marks = &[("${{", "}}"), ("#{", "}#"), ("__", "__")];

/// The reader.
pub(crate) struct Entra;

impl Reader for Entra {
    fn name(&self) -> &'static str {
        "entra"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[
            &["appId", "replyUrlsWithType"],
            &["appId", "oauth2AllowImplicitFlow"],
            &["appId", "signInAudience"],
            &["appId", "implicitGrantSettings"],
        ]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        if parsed.roots.iter().any(|root| !places(root).is_empty()) { Confidence::Sure } else { Confidence::No }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        for (pointer, node) in parsed.roots.iter().flat_map(places) {
            let source = parsed.document.source.at_line(node.line).at_pointer(&pointer);
            let settings = Settings { node, source: &source, marks: MARKS };
            let resource = settings.shown(&["appId"]).unwrap_or_else(|| "application".to_owned());
            outcome.clients.push(assemble(&settings, resource, &gather(&settings)));
        }
        outcome
    }
}

fn places(root: &Node) -> Vec<(String, &Node)> {
    let is_app = |node: &Node| {
        node.get("appId").is_some()
            && ["replyUrlsWithType", "oauth2AllowImplicitFlow", "signInAudience", "web", "spa", "publicClient"]
                .iter()
                .any(|key| node.get(key).is_some())
            // A service principal is an application's shadow in a tenant, not the registration.
            && node.get("servicePrincipalType").is_none()
    };
    let listed = |base: &str, items: &'_ [Node]| -> Vec<(String, usize)> {
        let apps = items.iter().enumerate().filter(|(_, node)| is_app(node));
        apps.map(|(index, _)| (format!("{base}/{index}"), index)).collect()
    };
    match &root.value {
        Value::List(items) => listed("", items).into_iter().map(|(pointer, index)| (pointer, &items[index])).collect(),
        Value::Map(_) if is_app(root) => vec![(String::new(), root)],
        Value::Map(_) => match root.get("value").and_then(Node::as_list) {
            Some(items) => {
                listed("/value", items).into_iter().map(|(pointer, index)| (pointer, &items[index])).collect()
            }
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// What the three ways of writing an application come to.
pub(super) struct Registration {
    /// Access tokens from the authorization endpoint.
    pub(super) implicit: Fact<bool>,
    /// "Allow public client flows".
    pub(super) fallback_public: Fact<bool>,
    /// Redirect URIs of servers.
    pub(super) web: List<Redirect>,
    /// Of single-page applications; these alone are bound to PKCE.
    pub(super) spa: List<Redirect>,
    /// Of programs on devices.
    pub(super) public: List<Redirect>,
    /// Whether a secret, and whether a certificate, is registered; `None` when the file does not say.
    pub(super) secret: Option<bool>,
    /// The same of certificates.
    pub(super) certificate: Option<bool>,
}

fn gather(settings: &Settings<'_>) -> Registration {
    let old = settings.node_at(&["oauth2AllowImplicitFlow"]).is_some();
    let implicit: &[&str] =
        if old { &["oauth2AllowImplicitFlow"] } else { &["web", "implicitGrantSettings", "enableAccessTokenIssuance"] };
    let public: &[&str] = if settings.node_at(&["allowPublicClient"]).is_some() {
        &["allowPublicClient"]
    } else {
        &["isFallbackPublicClient"]
    };
    let typed = |kind: &str, path: &[&str]| {
        if settings.node_at(&["replyUrlsWithType"]).is_some() {
            of_type(settings, kind)
        } else {
            redirects(settings, path)
        }
    };
    let any = |key: &str| settings.node_at(&[key]).and_then(Node::as_list).map(|items| !items.is_empty());
    Registration {
        implicit: settings.switch(implicit, Silence::Means(false, &row::IMPLICIT)),
        fallback_public: settings.switch(public, Silence::Means(false, &row::FALLBACK_PUBLIC)),
        web: typed("Web", &["web", "redirectUris"]),
        spa: typed("Spa", &["spa", "redirectUris"]),
        public: typed("InstalledClient", &["publicClient", "redirectUris"]),
        secret: any("passwordCredentials"),
        certificate: any("keyCredentials"),
    }
}

/// Redirect URIs at a path.
pub(super) fn redirects(settings: &Settings<'_>, path: &[&str]) -> List<Redirect> {
    settings.items(path, Silence::Means((), &row::REDIRECTS), |node| redirect(node, settings.marks))
}

fn redirect(node: &Node, marks: Marks) -> Result<Redirect, Cause> {
    let text = template(node, marks)?;
    // A star can be registered, for work accounts only; without one the comparison is exact.
    let starred =
        text.pieces().iter().any(|piece| matches!(piece, cutover::Piece::Literal(text) if text.contains('*')));
    Ok(Redirect { text, matching: if starred { Matching::HostWildcard } else { Matching::Exact } })
}

/// The older manifest has one list for all types.
fn of_type(settings: &Settings<'_>, kind: &str) -> List<Redirect> {
    let all = settings.items(&["replyUrlsWithType"], Silence::Means((), &row::REDIRECTS), |node| {
        // A type that is not written is a web server's.
        let is = node.get("type").and_then(Node::as_text).unwrap_or("Web");
        let url = node.get("url").ok_or(Cause::NotSaid)?;
        Ok((is.eq_ignore_ascii_case(kind), redirect(url, settings.marks)?))
    });
    let items = all
        .items
        .into_iter()
        .filter(|item| item.known().is_none_or(|(fits, _)| *fits))
        .map(|item| item.map(|(_, redirect)| redirect))
        .collect();
    List { items, rest: all.rest }
}

/// An application from its registration.
pub(super) fn assemble(settings: &Settings<'_>, resource: String, found: &Registration) -> Client {
    let source = settings.source.clone();
    let mut client = Client::new(Provider::Entra, resource, source.clone());
    client.id = settings.text(&["appId"], Silence::Unknown(Cause::NotSaid));
    client.names =
        ["displayName", "name", "display_name"].iter().find_map(|key| settings.plain(&[key])).into_iter().collect();
    client.environment = settings.plain(&["publisherDomain"]);
    client.enabled = Fact::certain(settings.node_at(&["disabledByMicrosoftStatus"]).is_none(), source.clone());
    client.owners = settings
        .plain(&["notes"])
        .into_iter()
        .map(|text| OwnerHint { text: super::facts::shortened(&text), source: settings.place(&["notes"]) })
        .collect();

    let has =
        |list: &List<Redirect>| if list.items.is_empty() { list.is_complete().then_some(false) } else { Some(true) };
    let (web, spa, public) = (has(&found.web), has(&found.spa), has(&found.public));
    client.flows = Flows {
        code: any(&[web, spa, public], &source),
        implicit: found.implicit.clone(),
        // RFC 6749 §4.3 is open to public clients when the switch says that this is one.
        password: found.fallback_public.clone(),
        ..Flows::unknown(&Cause::NotSaid, &source)
    };
    client.pkce = match (web, spa, public) {
        (Some(true), _, _) | (_, _, Some(true)) => Fact::default(Pkce::NotRequired, &row::PKCE, source.clone()),
        (Some(false), Some(true), Some(false)) => Fact::certain(Pkce::RequiredS256, source.clone()),
        (Some(false), Some(false), Some(false)) => Fact::default(Pkce::NotRequired, &row::PKCE, source.clone()),
        _ => Fact::unknown(Cause::NotSaid, source.clone()),
    };
    client.kind = match (web, spa, public) {
        (Some(false), Some(true), Some(false)) => Fact::certain(ClientKind::Browser, source.clone()),
        (Some(false), Some(false), Some(true)) => Fact::certain(ClientKind::Native, source.clone()),
        (Some(true), Some(false), Some(false)) => Fact::certain(ClientKind::Web, source.clone()),
        _ => Fact::unknown(Cause::NotSaid, source.clone()),
    };
    client.authentication = match (spa, public, found.fallback_public.known()) {
        (Some(true), _, _) | (_, Some(true), _) | (_, _, Some(true)) => {
            let first = [&found.spa, &found.public].into_iter().find_map(|list| list.items.first());
            let place = first.map_or_else(|| found.fallback_public.source.clone(), |item| item.source.clone());
            Fact::certain(Authentication::None, place)
        }
        (Some(false), Some(false), Some(false)) => Fact::certain(confidential(found), source.clone()),
        _ => Fact::unknown(Cause::NotSaid, source.clone()),
    };
    client.has_secret = match found.secret {
        Some(has) => Fact::certain(has, settings.place(&["passwordCredentials"])),
        None => Fact::unknown(Cause::NotSaid, source),
    };
    client.redirects = joined([&found.web, &found.spa, &found.public]);
    client
}

fn confidential(found: &Registration) -> Authentication {
    if found.certificate == Some(true) && found.secret != Some(true) {
        Authentication::PrivateKeyJwt
    } else {
        Authentication::Secret
    }
}

fn any(known: &[Option<bool>], source: &Source) -> Fact<bool> {
    if known.contains(&Some(true)) {
        Fact::certain(true, source.clone())
    } else if known.contains(&None) {
        Fact::unknown(Cause::NotSaid, source.clone())
    } else {
        Fact::default(false, &row::REDIRECTS, source.clone())
    }
}

fn joined(lists: [&List<Redirect>; 3]) -> List<Redirect> {
    List {
        items: lists.iter().flat_map(|list| list.items.iter().cloned()).collect(),
        rest: lists.iter().find_map(|list| list.rest.clone()),
    }
}
