//! One client that several places describe.
//!
//! Merging looks at all places at once and never at their order. A place that is silent agrees with everyone; a place that depends on a
//! variable keeps the fact unknown, whatever others say; places that say different things make it unknown as well, and both are shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Cause, Client, Fact, Flows, Lifetimes, List, Provider, Source, Value};

/// Two or more places that say different things about one client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    /// About what.
    pub about: &'static str,
    /// What each says, sorted.
    pub said: Vec<(String, Source)>,
}

/// What makes two descriptions one client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// Product, environment where ids are only unique within one, and id.
    Known { provider: Provider, realm: Option<String>, id: String },
    /// Nobody knows the id: this description stands alone.
    Alone(Box<Client>),
}

impl Identity {
    fn of(client: &Client) -> Self {
        let Some(id) = client.id.known() else { return Self::Alone(Box::new(client.clone())) };
        let realm = if ids_are_global(client.provider) {
            None
        } else {
            client.issuer.as_ref().or(client.environment.as_ref()).cloned()
        };
        Self::Known { provider: client.provider, realm, id: id.clone() }
    }
}

/// Whether the product itself makes ids that no other tenant has.
const fn ids_are_global(provider: Provider) -> bool {
    match provider {
        Provider::Auth0 | Provider::Okta | Provider::Entra | Provider::Cognito => true,
        Provider::Keycloak
        | Provider::IdentityServer
        | Provider::Uaa
        | Provider::Authelia
        | Provider::Casdoor
        | Provider::SpringAuthorizationServer
        | Provider::Zitadel
        | Provider::Authentik => false,
    }
}

/// Descriptions that belong together; groups and their members sorted.
pub(crate) fn groups(clients: Vec<Client>) -> Vec<Vec<Client>> {
    let mut groups: BTreeMap<Identity, Vec<Client>> = BTreeMap::new();
    for client in clients {
        groups.entry(Identity::of(&client)).or_default().push(client);
    }
    let mut groups: Vec<Vec<Client>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort();
    }
    groups
}

/// One client from its descriptions, which are sorted and at least one.
pub(crate) fn merge(places: &[Client]) -> (Client, Vec<Disagreement>) {
    let (Some(first), true) = (places.first(), places.len() > 1) else {
        let only = places.first().expect("a group has at least the client that opened it");
        return (only.clone(), Vec::new());
    };
    let mut said = Vec::new();
    let client = Client {
        provider: first.provider,
        environment: places.iter().find_map(|place| place.environment.clone()),
        issuer: places.iter().find_map(|place| place.issuer.clone()),
        id: first.id.clone(),
        names: distinct(places.iter().flat_map(|place| place.names.clone())),
        resource: first.resource.clone(),
        source: first.source.clone(),
        kind: fact("kind of program", places, |place| &place.kind, &mut said),
        flows: Flows {
            code: fact("authorization code", places, |place| &place.flows.code, &mut said),
            implicit: fact("implicit flow", places, |place| &place.flows.implicit, &mut said),
            password: fact("password grant", places, |place| &place.flows.password, &mut said),
            client_credentials: fact("client credentials", places, |place| &place.flows.client_credentials, &mut said),
            refresh_token: fact("refresh tokens", places, |place| &place.flows.refresh_token, &mut said),
            device_code: fact("device grant", places, |place| &place.flows.device_code, &mut said),
        },
        pkce: fact("PKCE", places, |place| &place.pkce, &mut said),
        redirects: list("redirect URIs", places, |place| &place.redirects, &mut said),
        origins: list("origins", places, |place| &place.origins, &mut said),
        authentication: fact("authentication", places, |place| &place.authentication, &mut said),
        has_secret: fact("secret", places, |place| &place.has_secret, &mut said),
        lifetimes: Lifetimes {
            access_token: fact("lifetime of access tokens", places, |place| &place.lifetimes.access_token, &mut said),
            refresh_idle: fact("idle lifetime", places, |place| &place.lifetimes.refresh_idle, &mut said),
            refresh_absolute: fact(
                "lifetime of refresh tokens",
                places,
                |place| &place.lifetimes.refresh_absolute,
                &mut said,
            ),
        },
        refresh_rotation: fact("refresh token rotation", places, |place| &place.refresh_rotation, &mut said),
        subject_claim: fact("subject claim", places, |place| &place.subject_claim, &mut said),
        owners: distinct(places.iter().flat_map(|place| place.owners.clone())),
        enabled: fact("enabled", places, |place| &place.enabled, &mut said),
        // A client that one place made itself is somebody's.
        builtin: places.iter().all(|place| place.builtin),
    };
    (client, said)
}

fn distinct<T: Ord + Clone>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.filter(|item| seen.insert(item.clone())).collect()
}

/// The certainty of what several places say about one thing.
fn fact<T: Ord + Clone + std::fmt::Debug>(
    about: &'static str,
    places: &[Client],
    pick: impl Fn(&Client) -> &Fact<T>,
    said: &mut Vec<Disagreement>,
) -> Fact<T> {
    let mut facts: Vec<&Fact<T>> = places.iter().map(pick).collect();
    // What is stated comes before what is a default, which comes before what is unknown; then by place.
    facts.sort();
    let distinct: BTreeSet<&T> = facts.iter().filter_map(|fact| fact.known()).collect();
    if distinct.len() > 1 {
        let mut voices: Vec<(String, Source)> =
            facts.iter().filter_map(|fact| fact.known().map(|value| (word(value), fact.source.clone()))).collect();
        voices.sort();
        let texts = voices.iter().map(|(text, source)| format!("{text} in {source}")).collect();
        let source = facts[0].source.clone();
        said.push(Disagreement { about, said: voices });
        return Fact::unknown(Cause::Disagreement(texts), source);
    }
    let in_doubt = facts.iter().find(|fact| matches!(&fact.value, Value::Unknown(cause) if *cause != Cause::NotSaid));
    (*in_doubt.unwrap_or(&facts[0])).clone()
}

/// A value in a disagreement: our own variants as they are named.
fn word<T: std::fmt::Debug>(value: &T) -> String {
    match format!("{value:?}").as_str() {
        "true" => "yes".to_owned(),
        "false" => "no".to_owned(),
        other => other.to_owned(),
    }
}

/// All entries that any place has. What one place leaves open stays open.
fn list<T: Ord + Clone>(
    about: &'static str,
    places: &[Client],
    pick: impl Fn(&Client) -> &List<T>,
    said: &mut Vec<Disagreement>,
) -> List<T> {
    let lists: Vec<(&Client, &List<T>)> = places.iter().map(|place| (place, pick(place))).collect();
    let mut items: Vec<Fact<T>> = Vec::new();
    let mut seen: BTreeSet<Value<T>> = BTreeSet::new();
    for fact in lists.iter().flat_map(|(_, list)| &list.items) {
        if seen.insert(fact.value.clone()) {
            items.push(fact.clone());
        }
    }
    items.sort();
    let complete: Vec<(&Client, BTreeSet<&T>)> = lists
        .iter()
        .filter(|(_, list)| list.is_complete())
        .map(|(place, list)| (*place, list.items.iter().filter_map(Fact::known).collect()))
        .collect();
    if complete.windows(2).any(|pair| pair[0].1 != pair[1].1) {
        let voices = complete.iter().map(|(place, set)| (format!("{} of them", set.len()), place.source.clone()));
        let mut voices: Vec<_> = voices.collect();
        voices.sort();
        said.push(Disagreement { about, said: voices });
    }
    let mut gaps: Vec<&(Cause, Source)> = lists.iter().filter_map(|(_, list)| list.rest.as_ref()).collect();
    gaps.sort();
    let silent = |gap: &&&(Cause, Source)| gap.0 == Cause::NotSaid;
    let rest = match gaps.iter().find(|gap| !silent(gap)) {
        Some(gap) => Some((*gap).clone()),
        // Silence counts only when everyone is silent.
        None if gaps.len() == lists.len() => gaps.first().map(|gap| (*gap).clone()),
        None => None,
    };
    List { items, rest }
}
