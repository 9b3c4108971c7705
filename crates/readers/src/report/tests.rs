//! The document against its schema, and the reports against names that would like to be markup.

use std::collections::BTreeMap;

use cutover::{
    Authentication, Cause, Client, ClientKind, DefaultRow, Fact, Flows, Hints, Lifetime, List, Matching, Notice,
    NoticeKind, OwnerHint, Pkce, Provider, RULES, Redirect, RefreshRotation, Source, Template,
};
use serde_json::{Value, json};

use super::{Document, compose, html, markdown, per_file};
use crate::{FileCounts, Scan};

static ROW: DefaultRow = DefaultRow {
    product: "Keycloak",
    versions: "all",
    setting: "standardFlowEnabled",
    value: "true",
    source: "server administration guide",
};

/// A client that fills every member of the document, under a name that would like to be markup.
fn evil() -> Client {
    let at = Source::file("prod/realm.json").at_line(7).at_pointer("/clients/0");
    let mut client = Client::new(Provider::Keycloak, "<script>alert(1)</script>|`x`", at.clone());
    client.id = Fact::certain("<script>alert(1)</script>|`x`".to_owned(), at.clone());
    client.environment = Some("acme".to_owned());
    client.names = vec!["[Evil](javascript:x)".to_owned()];
    client.kind = Fact::certain(ClientKind::Web, at.clone());
    client.flows = Flows::none(&at);
    client.flows.code = Fact::default(true, &ROW, at.clone());
    client.flows.implicit = Fact::certain(true, at.clone());
    client.flows.password = Fact::unknown(Cause::Variable("var.ropc".to_owned()), at.clone());
    client.pkce = Fact::default(Pkce::NotRequired, &ROW, at.clone());
    let redirect = |text: &str| Redirect { text: Template::literal(text), matching: Matching::TrailingWildcard };
    client.redirects = List {
        items: vec![
            Fact::certain(redirect("http://app.example/*"), at.clone()),
            Fact::unknown(Cause::Condition("count".to_owned()), at.clone()),
        ],
        rest: Some((Cause::Expression("concat()".to_owned()), at.clone())),
    };
    client.authentication = Fact::certain(Authentication::Secret, at.clone());
    client.has_secret = Fact::certain(true, at.clone());
    client.lifetimes.access_token = Fact::certain(Lifetime::Seconds(86_400), at.clone());
    client.lifetimes.refresh_absolute = Fact::certain(Lifetime::Endless, at.clone());
    client.refresh_rotation = Fact::certain(RefreshRotation::Stays, at.clone());
    client.owners = vec![OwnerHint { text: "Team <b>".to_owned(), source: at.clone() }];
    client.enabled = Fact::certain(true, at);
    client
}

fn document() -> Document {
    let mut other = evil();
    other.source = Source::file("prod/copy.json");
    other.flows.implicit = Fact::certain(false, other.source.clone());
    let notice =
        Notice { kind: NoticeKind::Unread, source: Source::file("cut.json"), text: "it ends early <i>".to_owned() };
    let scan = Scan {
        clients: vec![evil(), other],
        notices: vec![notice],
        files: FileCounts { seen: 3, read: 2, skipped: 0, bytes: 10 },
        readers: BTreeMap::from([("keycloak", 2)]),
    };
    compose(scan, &Hints::default(), "2026-01-02T03:04:05Z")
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schema/inventory.schema.json")).unwrap()
}

/// As much of JSON Schema as ours uses; an unknown word in it fails, so that the test can't pass by not looking.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let target = root.pointer(rule.as_str().unwrap().trim_start_matches('#')).expect("a definition");
                found.extend(faults(root, target, value, at));
            }
            "const" if rule == value => {}
            "enum" if rule.as_array().unwrap().contains(value) => {}
            "const" | "enum" => found.push(format!("{at}: {value} is not in {rule}")),
            "minimum" => {
                if value.as_i64().unwrap() < rule.as_i64().unwrap() {
                    found.push(format!("{at}: too small"));
                }
            }
            "type" => {
                let names = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                let is = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "integer",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                if !names.iter().any(|name| name == is) {
                    found.push(format!("{at}: {is} where {rule} is due"));
                }
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        found.push(format!("{at}: {name} is missing"));
                    }
                }
            }
            "properties" => {}
            "additionalProperties" => {
                for (name, member) in value.as_object().into_iter().flatten() {
                    let at = format!("{at}/{name}");
                    match schema.get("properties").and_then(|known| known.get(name)) {
                        Some(known) => found.extend(faults(root, known, member, &at)),
                        None if rule == &json!(false) => found.push(format!("{at}: not a member")),
                        None => found.extend(faults(root, rule, member, &at)),
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(faults(root, rule, item, &format!("{at}/{index}")));
                }
            }
            "anyOf" => {
                if rule.as_array().unwrap().iter().all(|one| !faults(root, one, value, at).is_empty()) {
                    found.push(format!("{at}: none of {rule}"));
                }
            }
            other => panic!("the schema says {other}, which this test does not know"),
        }
    }
    found
}

#[test]
fn what_is_written_fits_the_schema() {
    let schema = schema();
    let value = serde_json::to_value(document()).unwrap();
    assert_eq!(faults(&schema, &schema, &value, ""), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/version", json!(2)),
        ("/clients/0/flows/code", json!({})),
        ("/clients/0/kind/certainty", json!("perhaps")),
        ("/rows/0/implicit", json!(1)),
        ("/notices/0", json!({"kind": "unread", "text": "x", "at": {"file": "x"}, "more": 1})),
    ] {
        let mut broken = value.clone();
        *broken.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(!faults(&schema, &schema, &broken, "").is_empty(), "{pointer} is not looked at");
    }
}

#[test]
fn the_schema_names_every_rule() {
    let schema = schema();
    let named: Vec<&str> =
        schema["$defs"]["rule"]["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(named, RULES.map(|rule| rule.id));
}

#[test]
fn what_is_written_is_read_again() {
    let document = document();
    let mut bytes = Vec::new();
    document.write(&mut bytes).unwrap();
    assert_eq!(Document::read(&bytes).unwrap(), document);
    let newer = String::from_utf8(bytes).unwrap().replacen("\"version\":1", "\"version\":9", 1);
    assert!(Document::read(newer.as_bytes()).unwrap_err().to_string().contains("version 9"));
    assert!(Document::read(b"{\"format\":\"x\",\"version\":1}").is_err());
    assert!(Document::read(b"not json").is_err());
}

#[test]
fn names_from_files_are_never_markup() {
    let document = document();
    let page = html(&document).unwrap();
    assert!(!page.contains("<script") && !page.contains("Team <b>") && !page.contains("early <i>"), "{page}");
    assert!(page.contains("http://app.example/*") && page.contains("prod/realm.json:7"));
    let text = markdown(&document);
    assert!(!text.contains("<script") && !text.contains("[Evil](") && !text.contains("Team <b>"), "{text}");
    assert!(text.contains("places disagree about implicit flow"), "{text}");
}

#[test]
fn a_page_fetches_and_runs_nothing() {
    let page = html(&document()).unwrap();
    for word in ["src=", "<link", "url(", "@import", "onclick", "http-equiv=\"refresh\""] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn the_table_has_a_row_for_each_place() {
    let table = per_file(&document());
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert_eq!(lines[1], "prod/copy.json,<script>alert(1)</script>|`x`,0,unknown,0,1,1,0");
    assert_eq!(lines[2], "prod/realm.json,<script>alert(1)</script>|`x`,1,unknown,0,1,1,0");
}

#[test]
fn a_finding_stands_although_another_place_contradicts_it() {
    let client = &document().clients[0];
    let implicit = client.findings.iter().find(|finding| finding.rule == "implicit").expect("the finding");
    assert!(implicit.contradicted);
    assert_eq!((client.places.len(), client.flows.implicit.certainty.as_str()), (2, "unknown"));
}
