//! One fixture for each reader, and what is read from it, to be reviewed like code. `LOCKGATE_BLESS=1` writes the snapshots anew.

use std::env;
use std::fmt::Debug;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use cutover::{Client, Fact, List, Redirect, Value};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures")
}

/// A fact in one line: what, how certain, where.
fn fact<T: Debug>(fact: &Fact<T>) -> String {
    let place = fact.source.line.map_or(String::new(), |line| format!(" :{line}"));
    match &fact.value {
        Value::Certain(value) => format!("{value:?}{place}"),
        Value::Default(value, row) => format!("{value:?} (default of {}: {})", row.product, row.setting),
        Value::Unknown(cause) => format!("unknown: {cause}{place}"),
    }
}

fn list<T>(list: &List<T>, show: impl Fn(&Fact<T>) -> String) -> String {
    let mut items: Vec<String> = list.items.iter().map(show).collect();
    items.extend(list.rest.iter().map(|(cause, _)| format!("… unknown: {cause}")));
    items.join("; ")
}

fn redirect(entry: &Fact<Redirect>) -> String {
    match entry.known() {
        Some(known) => {
            let line = entry.source.line.unwrap_or_default();
            format!("{} {:?} :{line}", known.text.to_string().trim(), known.matching)
        }
        None => fact(entry),
    }
}

fn shown(client: &Client) -> String {
    let mut out = format!("{} · {} · {}\n", client.label(), client.provider.as_word(), client.source);
    let mut line = |name: &str, text: String| writeln!(out, "  {name}: {text}").unwrap();
    line("id", fact(&client.id));
    line("kind", fact(&client.kind));
    line("enabled", fact(&client.enabled));
    for (flow, is) in client.flows.all() {
        line(&format!("{flow:?}"), fact(is));
    }
    line("pkce", fact(&client.pkce));
    line("authentication", fact(&client.authentication));
    line("has_secret", fact(&client.has_secret));
    line("redirects", list(&client.redirects, redirect));
    line("access token", fact(&client.lifetimes.access_token));
    line("refresh absolute", fact(&client.lifetimes.refresh_absolute));
    line("rotation", fact(&client.refresh_rotation));
    if client.builtin {
        line("builtin", "yes".to_owned());
    }
    for owner in &client.owners {
        line("owner", owner.text.clone());
    }
    out
}

#[track_caller]
fn check(reader: &str) {
    let folder = fixtures().join(reader);
    let scan = readers::scan(std::slice::from_ref(&folder), &|_| {}).unwrap();
    assert!(!scan.clients.is_empty(), "nothing was read");
    let mut text: String = scan.clients.iter().map(shown).collect();
    for notice in &scan.notices {
        writeln!(text, "{}: {} — {}", notice.kind.as_word(), notice.source, notice.text).unwrap();
    }
    assert_eq!(scan.readers.keys().copied().collect::<Vec<_>>(), [reader]);
    assert!(!format!("{scan:?}").contains("CANARY"), "a secret was taken along");
    let expected = fixtures().join(format!("{reader}.snapshot"));
    if env::var_os("LOCKGATE_BLESS").is_some() {
        fs::write(&expected, &text).unwrap();
    }
    let expected = fs::read_to_string(expected).expect("a snapshot: run with LOCKGATE_BLESS=1 and review it");
    assert!(text == expected, "differs from the snapshot:\n{text}");
}

#[test]
fn keycloak() {
    check("keycloak");
}

#[test]
fn auth0() {
    check("auth0");
}

#[test]
fn okta() {
    check("okta");
}

#[test]
fn entra() {
    check("entra");
}

#[test]
fn cognito() {
    check("cognito");
}

#[test]
fn terraform() {
    check("terraform");
}

#[test]
fn terraform_show() {
    check("terraform_show");
}
