//! Amazon Cognito: CloudFormation templates in JSON and YAML, and what `describe-user-pool-client` prints.

mod intrinsics;

use cutover::{
    Authentication, Cause, Client, Fact, Flows, Lifetime, List, Matching, Notice, NoticeKind, Piece, Pkce, Provider,
    Redirect, RefreshRotation, Template,
};

use super::facts::{Settings, Silence, both, holds, why};
use super::{Confidence, Parsed, ReadOutcome, Reader};
use crate::defaults::cognito as row;
use crate::tree::{Node, Value};

/// Authentication flows in which the client sees the password. The SRP flow proves it without.
const PASSWORD_FLOWS: [&str; 4] =
    ["USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"];

/// Names of the settings: CloudFormation and the API write them alike, Terraform in its own way.
pub(super) struct Names {
    pub(super) id: &'static [&'static str],
    pub(super) name: &'static [&'static str],
    pub(super) oauth_on: &'static [&'static str],
    pub(super) flows: &'static [&'static str],
    pub(super) explicit: &'static [&'static str],
    pub(super) callbacks: &'static [&'static str],
    pub(super) generate_secret: &'static [&'static str],
    pub(super) access_validity: &'static [&'static str],
    pub(super) access_unit: &'static [&'static str],
    pub(super) refresh_validity: &'static [&'static str],
    pub(super) refresh_unit: &'static [&'static str],
    pub(super) rotation: &'static [&'static str],
}

const NAMES: Names = Names {
    id: &["ClientId"],
    name: &["ClientName"],
    oauth_on: &["AllowedOAuthFlowsUserPoolClient"],
    flows: &["AllowedOAuthFlows"],
    explicit: &["ExplicitAuthFlows"],
    callbacks: &["CallbackURLs"],
    generate_secret: &["GenerateSecret"],
    access_validity: &["AccessTokenValidity"],
    access_unit: &["TokenValidityUnits", "AccessToken"],
    refresh_validity: &["RefreshTokenValidity"],
    refresh_unit: &["TokenValidityUnits", "RefreshToken"],
    rotation: &["RefreshTokenRotation", "Feature"],
};

/// The reader.
pub(crate) struct Cognito;

impl Reader for Cognito {
    fn name(&self) -> &'static str {
        "cognito"
    }

    fn words(&self) -> &'static [&'static [&'static str]] {
        &[&["AWS::Cognito::UserPoolClient"], &["\"UserPoolClient\"", "\"ClientId\""]]
    }

    fn detects(&self, parsed: &Parsed<'_>) -> Confidence {
        let found = parsed.roots.iter().any(|root| !templates(root).is_empty() || described(root).is_some());
        if found { Confidence::Sure } else { Confidence::No }
    }

    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome {
        let mut outcome = ReadOutcome::default();
        for root in &parsed.roots {
            for (name, node) in templates(root) {
                let place = parsed.document.source.at_line(node.line);
                let pointer = format!("/Resources/{name}/Properties");
                let mut conditions = Vec::new();
                let empty = Node::new(node.line, Value::Map(Vec::new()));
                let properties = intrinsics::resolved(node.get("Properties").unwrap_or(&empty), &mut conditions);
                let source = place.at_pointer(&pointer);
                let settings = Settings { node: &properties, source: &source, marks: &[] };
                outcome.clients.push(client(&settings, name.to_owned(), &NAMES));
                outcome.notices.extend(conditions.into_iter().map(|(line, condition)| Notice {
                    kind: NoticeKind::Remark,
                    source: source.at_line(line),
                    text: format!(
                        "An entry stands here only under the condition {condition}. It is counted as if it always did."
                    ),
                }));
            }
            if let Some(node) = described(root) {
                let source = parsed.document.source.at_line(node.line).at_pointer("/UserPoolClient");
                let settings = Settings { node, source: &source, marks: &[] };
                let resource = settings.shown(&["ClientId"]).unwrap_or_else(|| "UserPoolClient".to_owned());
                let mut client = client(&settings, resource, &NAMES);
                client.environment = settings.plain(&["UserPoolId"]);
                // The API names the secret when there is one; whether there is, is all that is kept.
                let secret = settings.node_at(&["ClientSecret"]).is_some();
                let place = settings.place(&["ClientSecret"]);
                client.has_secret = Fact::certain(secret, place.clone());
                client.authentication =
                    Fact::certain(if secret { Authentication::Secret } else { Authentication::None }, place);
                outcome.clients.push(client);
            }
        }
        outcome
    }
}

/// Clients of a CloudFormation template, by logical name.
fn templates(root: &Node) -> Vec<(&str, &Node)> {
    let resources = root.get("Resources").and_then(Node::as_map).unwrap_or_default();
    let is_client = |node: &Node| {
        node.get("Type").and_then(Node::as_text).is_some_and(|kind| kind == "AWS::Cognito::UserPoolClient")
    };
    resources.iter().filter(|(_, node)| is_client(node)).map(|(name, node)| (name.as_str(), node)).collect()
}

fn described(root: &Node) -> Option<&Node> {
    root.get("UserPoolClient").filter(|node| node.get("ClientId").is_some())
}

/// A client, wherever its settings stand.
pub(super) fn client(settings: &Settings<'_>, resource: String, names: &Names) -> Client {
    let mut client = Client::new(Provider::Cognito, resource, settings.source.clone());
    client.id = settings.text(names.id, Silence::Unknown(Cause::NotSaid));
    client.names = settings.plain(names.name).into_iter().collect();
    client.enabled = Fact::certain(true, settings.source.clone());
    client.flows = flows(settings, names);
    // The authorization endpoint takes `code_challenge` and never demands it.
    client.pkce = Fact::certain(Pkce::NoSuchSwitch, settings.source.clone());
    client.has_secret = settings.switch(names.generate_secret, Silence::Means(false, &row::SECRET));
    client.authentication =
        client.has_secret.clone().map(|secret| if secret { Authentication::Secret } else { Authentication::None });
    client.redirects = redirects(settings, names);
    lifetimes(&mut client, settings, names);
    client
}

/// Cognito has no patterns: whatever is filled in is one address, compared exactly. So what is unknown becomes an address with a hole,
/// whose scheme and host stay unknown.
fn redirects(settings: &Settings<'_>, names: &Names) -> List<Redirect> {
    let whole = |cause: &Cause| Redirect {
        text: Template::new(vec![Piece::Hole(match cause {
            Cause::Variable(name) | Cause::Expression(name) => name.clone(),
            other => other.to_string(),
        })]),
        matching: Matching::Exact,
    };
    let list = settings.redirects(names.callbacks, Silence::Means((), &row::CALLBACKS), Matching::Exact);
    let known = |fact: Fact<Redirect>| match &fact.value {
        cutover::Value::Unknown(cause) => Fact::certain(whole(cause), fact.source),
        cutover::Value::Certain(_) | cutover::Value::Default(..) => fact,
    };
    let rest = list.rest.map(|(cause, source)| Fact::certain(whole(&cause), source));
    List::complete(list.items.into_iter().map(known).chain(rest).collect())
}

fn flows(settings: &Settings<'_>, names: &Names) -> Flows {
    // Flows that are listed count only when the client may use OAuth at all.
    let oauth_on = settings.switch(names.oauth_on, Silence::Means(false, &row::OAUTH_OFF));
    let listed = settings.list(names.flows, Silence::Means((), &row::FLOWS));
    let place = settings.place(names.flows);
    let flow = |name: &str| both(holds(&listed, &place, |word| word == name), &oauth_on);
    let explicit_place = settings.place(names.explicit);
    let (password, refresh) = if let Some(node) = settings.node_at(names.explicit) {
        let explicit = settings.list(names.explicit, Silence::Unknown(Cause::NotSaid));
        let password = holds(&explicit, &explicit_place, |word| PASSWORD_FLOWS.contains(&word));
        // An empty list is the same as none: the defaults apply.
        let refresh = if node.as_list().is_some_and(<[Node]>::is_empty) {
            Fact::default(true, &row::EXPLICIT, explicit_place)
        } else {
            holds(&explicit, &explicit_place, |word| word == "ALLOW_REFRESH_TOKEN_AUTH" || !word.starts_with("ALLOW_"))
        };
        (password, refresh)
    } else {
        (
            Fact::default(false, &row::EXPLICIT, explicit_place.clone()),
            Fact::default(true, &row::EXPLICIT, explicit_place),
        )
    };
    Flows {
        code: flow("code"),
        implicit: flow("implicit"),
        password,
        client_credentials: flow("client_credentials"),
        refresh_token: refresh,
        device_code: Fact::certain(false, settings.source.clone()),
    }
}

fn lifetimes(client: &mut Client, settings: &Settings<'_>, names: &Names) {
    let unit = |path: &[&str], otherwise: u64| match settings.plain(path).as_deref() {
        Some("seconds") => 1,
        Some("minutes") => 60,
        Some("hours") => 3600,
        Some("days") => 86_400,
        _ => otherwise,
    };
    client.lifetimes.access_token = settings.lifetime(
        names.access_validity,
        unit(names.access_unit, 3600),
        Silence::Means(Lifetime::Seconds(3600), &row::ACCESS_TOKEN),
    );
    client.lifetimes.refresh_absolute = settings.lifetime(
        names.refresh_validity,
        unit(names.refresh_unit, 86_400),
        Silence::Means(Lifetime::Seconds(30 * 86_400), &row::REFRESH_TOKEN),
    );
    client.refresh_rotation =
        settings.fact(names.rotation, Silence::Means(RefreshRotation::Stays, &row::ROTATION), |node| {
            match node.as_text() {
                Some("ENABLED") => Ok(RefreshRotation::Rotates),
                Some("DISABLED") => Ok(RefreshRotation::Stays),
                _ => Err(why(node, settings.marks)),
            }
        });
}

#[cfg(test)]
mod tests {
    use cutover::Source;

    use super::*;
    use crate::config::{Document, Reading, read_document};

    fn read(text: &str) -> Vec<Client> {
        let document = Document { source: Source::file("t.yaml"), text: text.to_owned() };
        match read_document(&document) {
            Reading::Read("cognito", outcome) => outcome.clients,
            other => panic!("{other:?}"),
        }
    }

    fn template(properties: &str) -> Client {
        read(&format!("Resources:\n  C:\n    Type: AWS::Cognito::UserPoolClient\n    Properties:\n{properties}"))
            .remove(0)
    }

    #[test]
    fn listed_flows_count_only_when_oauth_is_on() {
        let off = template("      AllowedOAuthFlows: [implicit]\n");
        assert_eq!(off.flows.implicit.known(), Some(&false));
        let on = template("      AllowedOAuthFlows: [implicit]\n      AllowedOAuthFlowsUserPoolClient: true\n");
        assert_eq!(on.flows.implicit.known(), Some(&true));
        let depends = template("      AllowedOAuthFlows: [implicit]\n      AllowedOAuthFlowsUserPoolClient: !Ref On\n");
        assert_eq!(depends.flows.implicit.known(), None);
    }

    #[test]
    fn a_condition_on_a_switch_is_unknown() {
        assert_eq!(template("      GenerateSecret: !If [C, true, false]\n").has_secret.known(), None);
        assert_eq!(template("      GenerateSecret: !If [C, true, true]\n").has_secret.known(), Some(&true));
    }

    #[test]
    fn addresses_from_parameters_have_holes() {
        let client = template("      CallbackURLs: !Ref Urls\n");
        assert_eq!(client.redirects.items[0].known().unwrap().text.as_literal(), None);
    }
}
