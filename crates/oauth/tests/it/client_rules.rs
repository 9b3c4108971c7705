//! The rules on clients, each with a client that keeps it, one that breaks it, and one that does not say.

use oauth::{
    ClientKind,
    client_rules::{ClientShape, Doubts, PkceUse, RULES, Verdict},
};

fn shape() -> ClientShape {
    ClientShape {
        auth_method: Some("none".to_owned()),
        has_secret: Some(false),
        redirect_uris: Some(vec!["https://app.example/cb".to_owned()]),
        grant_types: Some(vec!["authorization_code".to_owned()]),
        response_types: Some(vec!["code".to_owned()]),
        pkce: Some(PkceUse::S256),
        ..ClientShape::new("app", "App", ClientKind::Browser)
    }
}

fn judge(rule: &str, shape: &ClientShape) -> Verdict {
    (RULES.iter().find(|known| known.id == rule).expect("a rule of that id").judge)(shape)
}

#[track_caller]
fn breaks(rule: &str, change: impl FnOnce(&mut ClientShape), evidence: &[&str]) {
    let mut changed = shape();
    change(&mut changed);
    let evidence = evidence.iter().map(|text| (*text).to_owned()).collect();
    assert_eq!(judge(rule, &changed), Verdict::Breaks { evidence });
}

#[track_caller]
fn unknown(rule: &str, change: impl FnOnce(&mut ClientShape)) {
    let mut changed = shape();
    change(&mut changed);
    assert_eq!(judge(rule, &changed), Verdict::Unknown);
}

fn list(values: &[&str]) -> Option<Vec<String>> {
    Some(values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn a_modern_client_keeps_every_rule() {
    for rule in &RULES {
        assert_eq!((rule.judge)(&shape()), Verdict::Holds, "{}", rule.id);
        assert!(
            rule.clause.contains('§') && rule.explanation.ends_with('.') && rule.fix.ends_with(['.', ')']),
            "{}",
            rule.id
        );
    }
}

#[test]
fn of_a_client_nobody_knows_every_rule_is_unknown() {
    for rule in &RULES {
        assert_eq!((rule.judge)(&ClientShape::default()), Verdict::Unknown, "{}", rule.id);
    }
}

#[test]
fn implicit_is_seen_in_response_types_and_grants() {
    breaks("implicit", |s| s.response_types = list(&["code", "token", "code id_token"]), &["token", "code id_token"]);
    breaks("implicit", |s| s.grant_types = list(&["authorization_code", "implicit"]), &["implicit"]);
    unknown("implicit", |s| (s.response_types, s.grant_types) = (None, None));
}

#[test]
fn the_password_grant_is_seen() {
    breaks("password_grant", |s| s.grant_types = list(&["password"]), &["password"]);
    unknown("password_grant", |s| s.grant_types = None);
}

#[test]
fn missing_and_plain_pkce_are_seen() {
    breaks("pkce_missing", |s| s.pkce = Some(PkceUse::Missing), &[]);
    breaks("pkce_missing", |s| s.pkce = Some(PkceUse::Plain), &["plain"]);
    unknown("pkce_missing", |s| s.pkce = None);
    let mut service = shape();
    (service.grant_types, service.pkce) = (list(&["client_credentials"]), None);
    assert_eq!(judge("pkce_missing", &service), Verdict::Holds, "without codes there is nothing to protect");
}

#[test]
fn loose_redirects_are_seen_and_none_of_the_others() {
    let uris = [
        "https://*.example/cb",
        "https://a.example/../cb",
        "http://a.example/cb",
        "javascript:x",
        "https://a.example/cb",
    ];
    breaks("loose_redirect", |s| s.redirect_uris = list(&uris), &uris[..2]);
    breaks("http_redirect", |s| s.redirect_uris = list(&uris), &uris[2..3]);
    breaks("dangerous_scheme_redirect", |s| s.redirect_uris = list(&uris), &uris[3..4]);
    for rule in ["loose_redirect", "http_redirect", "dangerous_scheme_redirect"] {
        unknown(rule, |s| s.redirect_uris = None);
    }
}

#[test]
fn a_private_scheme_without_period_is_dangerous() {
    breaks("dangerous_scheme_redirect", |s| s.redirect_uris = list(&["myapp:/cb"]), &["myapp:/cb"]);
}

#[test]
fn secrets_in_public_clients_are_seen() {
    breaks("secret_in_public_client", |s| s.has_secret = Some(true), &["none"]);
    breaks(
        "secret_in_public_client",
        |s| s.auth_method = Some("client_secret_basic".to_owned()),
        &["client_secret_basic"],
    );
    unknown("secret_in_public_client", |s| (s.has_secret, s.auth_method) = (None, None));
    let mut web = shape();
    (web.kind, web.has_secret) = (Some(ClientKind::Web), Some(true));
    assert_eq!(judge("secret_in_public_client", &web), Verdict::Holds);
}

#[test]
fn a_doubt_keeps_a_rule_from_holding_and_hides_no_breach() {
    let doubts = |grants: &[&str], responses: &[&str], redirect_uris: bool| Doubts {
        grant_types: list(grants).unwrap(),
        response_types: list(responses).unwrap(),
        redirect_uris,
    };
    unknown("implicit", |s| s.doubts = doubts(&["implicit"], &[], false));
    unknown("implicit", |s| s.doubts = doubts(&[], &["code token"], false));
    unknown("password_grant", |s| s.doubts = doubts(&["password"], &[], false));
    for rule in ["loose_redirect", "http_redirect", "dangerous_scheme_redirect"] {
        unknown(rule, |s| s.doubts = doubts(&[], &[], true));
    }
    unknown("pkce_missing", |s| {
        (s.grant_types, s.pkce) = (list(&[]), Some(PkceUse::Missing));
        s.doubts = doubts(&["authorization_code"], &[], false);
    });
    breaks(
        "password_grant",
        |s| {
            s.grant_types = list(&["password"]);
            s.doubts = doubts(&["implicit", "password"], &[], true);
        },
        &["password"],
    );
    let mut harmless = shape();
    harmless.doubts = doubts(&["refresh_token"], &["code"], false);
    for rule in &RULES {
        assert_eq!((rule.judge)(&harmless), Verdict::Holds, "{}", rule.id);
    }
}

#[test]
fn another_server_says_itself_which_addresses_vary() {
    let uris = ["https://a.example/*", "https://a.example"];
    let mut held_elsewhere = shape();
    (held_elsewhere.redirect_uris, held_elsewhere.varying_redirect_uris) = (list(&uris), list(&[]));
    assert_eq!(judge("loose_redirect", &held_elsewhere), Verdict::Holds, "there they are compared as they stand");
    breaks(
        "loose_redirect",
        |s| (s.redirect_uris, s.varying_redirect_uris) = (list(&uris), list(&uris[..1])),
        &uris[..1],
    );
}

#[test]
fn who_has_no_secret_loses_none_whatever_it_is() {
    let mut nameless = shape();
    nameless.kind = None;
    assert_eq!(judge("secret_in_public_client", &nameless), Verdict::Holds);
    nameless.has_secret = Some(true);
    assert_eq!(judge("secret_in_public_client", &nameless), Verdict::Unknown);
}
