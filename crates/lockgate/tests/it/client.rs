//! `lockgate client …`.

use std::fs;

use crate::command::Installation;

const WEB: [&str; 8] = ["client", "add", "--id", "rota", "--name", "Rota", "--kind", "web"];

fn web<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [WEB.as_slice(), more].concat()
}

#[test]
fn a_web_application_gets_a_secret_printed_once() {
    let made = Installation::new();
    let said = made.run(&web(&["--redirect-uri", "https://rota.example/cb"])).ok();
    assert!(said.lines().last().unwrap().starts_with("lgs_"), "{said}");
    let listed: serde_json::Value =
        serde_json::from_str(&made.run(&["client", "list", "--output", "json"]).ok()).unwrap();
    assert_eq!(listed[0]["id"], "rota");
    assert_eq!(listed[0]["redirect_uris"], serde_json::json!(["https://rota.example/cb"]));
    assert!(!listed.to_string().contains("lgs_"));
    made.run(&web(&["--redirect-uri", "https://rota.example/cb"])).refused(2, &["there is a client rota already"]);
}

#[test]
fn a_secret_can_go_to_a_new_private_file() {
    let made = Installation::new();
    let path = made.dir().join("rota.secret");
    let file = path.display().to_string();
    let said = made.run(&web(&["--redirect-uri", "https://rota.example/cb", "--trusted", "--secret-file", &file])).ok();
    assert!(!said.contains("lgs_"), "{said}");
    assert!(fs::read_to_string(&path).unwrap().starts_with("lgs_"));
    #[cfg(unix)]
    assert_eq!(crate::command::mode(&path), 0o600);
    // An existing file is not overwritten, and nothing is registered whose secret nobody would have.
    let other =
        ["client", "add", "--id", "b", "--name", "B", "--kind", "web", "--redirect-uri", "https://b.example/cb"];
    made.run(&[&other[..], &["--secret-file", &file]].concat()).refused(2, &["rota.secret"]);
    assert_eq!(made.run(&["client", "list"]).ok().lines().count(), 2);
}

#[test]
fn a_program_that_keeps_no_secret_gets_none() {
    let made = Installation::new();
    let path = made.dir().join("unused.secret");
    let file = path.display().to_string();
    for (id, kind, redirect) in [("spa", "browser", "https://spa.example/cb"), ("app", "native", "http://127.0.0.1/cb")]
    {
        let said = made
            .run(&[
                "client",
                "add",
                "--id",
                id,
                "--name",
                id,
                "--kind",
                kind,
                "--redirect-uri",
                redirect,
                "--secret-file",
                &file,
            ])
            .ok();
        assert!(said.contains("has no secret") && !said.contains("lgs_"), "{said}");
        assert!(!path.exists());
    }
}

#[test]
fn a_client_that_breaks_a_rule_is_refused_with_the_rule_and_its_cure() {
    let made = Installation::new();
    for (redirect, rule) in [
        ("http://rota.example/cb", "http_redirect"),
        ("https://rota.example/*", "loose_redirect"),
        ("javascript:alert(1)", "dangerous_scheme_redirect"),
        ("https://rota.example/cb#x", "loose_redirect"),
    ] {
        made.run(&web(&["--redirect-uri", redirect])).refused(2, &[rule, "→", "not registered"]);
    }
    assert_eq!(made.run(&["client", "list"]).ok().lines().count(), 1, "only the heading");
}

#[test]
fn every_option_is_kept_shown_changed_and_cleared() {
    let made = Installation::new();
    let jwks = made.file(
        "jwks.json",
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#,
    );
    let said = made
        .run(&web(&[
            "--redirect-uri",
            "https://rota.example/cb",
            "--scope",
            "openid",
            "--scope",
            "read",
            "--grant",
            "code",
            "--grant",
            "refresh",
            "--grant",
            "token-exchange",
            "--auth",
            "private_key_jwt",
            "--jwks-file",
            &jwks,
            "--assertion-alg",
            "EdDSA",
            "--sender",
            "dpop",
            "--require-par",
            "--require-signed",
            "--post-logout-uri",
            "https://rota.example/bye",
            "--backchannel-uri",
            "https://rota.example/out",
            "--backchannel-session",
            "--audience",
            "https://api.example",
            "--resource",
            "https://api.example/a",
            "--serves",
            "https://rota.example",
            "--access-seconds",
            "60",
            "--refresh-idle-seconds",
            "600",
            "--refresh-seconds",
            "6000",
            "--group",
            "boats",
            "--claim",
            "email",
            "--purpose",
            "To write to you.",
            "--response-mode",
            "query.jwt",
            "--detail-type",
            "payment",
            "--exchange",
            "from=own;audience=https://api.example;scope=read",
            "--default-max-age",
            "60",
            "--require-auth-time",
            "--acr",
            "phr",
            "--tier",
            "sensitive",
            "--trusted",
            "--sector",
            "example.com",
            "--contact",
            "rota@example.com",
        ]))
        .ok();
    assert!(said.contains("proves itself with its own key"), "{said}");
    let shown = |made: &Installation| -> serde_json::Value {
        serde_json::from_str(&made.run(&["client", "show", "rota"]).ok()).unwrap()
    };
    let first = shown(&made);
    assert_eq!(first["token_endpoint_auth_method"], "private_key_jwt");
    assert_eq!(first["scope"], "openid read");
    assert_eq!(first["dpop_bound_access_tokens"], true);
    assert_eq!(first["lockgate"]["exchange"][0]["scopes"], "read");
    assert_eq!(first["lockgate"]["consent"], "trusted");
    assert_eq!(first["jwks"]["keys"][0]["crv"], "Ed25519");

    made.run(&["client", "set", "rota", "--require-par=false", "--clear", "lockgate.groups", "--group", "it"]).ok();
    let second = shown(&made);
    assert_eq!(second["require_pushed_authorization_requests"], false);
    assert_eq!(second["lockgate"]["groups"], serde_json::json!(["it"]));
    assert_eq!(second["require_signed_request_object"], true);
    made.run(&["client", "set", "rota", "--tls-subject", "nothing"]).refused(2, &["dn=…"]);
    made.run(&["client", "set", "rota", "--clear", "contact"]).refused(2, &["no member contact"]);
}

#[test]
fn secrets_are_rotated_and_clients_disabled_and_removed() {
    let made = Installation::new();
    made.run(&web(&["--redirect-uri", "https://rota.example/cb"])).ok();
    let file = made.dir().join("second.secret").display().to_string();
    let said = made.run(&["client", "secret", "rotate", "rota", "--secret-file", &file]).ok();
    assert!(said.contains("works until") && !said.contains("lgs_"), "{said}");
    assert!(fs::read_to_string(&file).unwrap().starts_with("lgs_"));
    made.run(&["client", "secret", "remove", "rota"]).ok();
    made.run(&["client", "secret", "remove", "rota"]).refused(2, &["no older secret"]);
    made.run(&["client", "disable", "rota"]).ok();
    assert!(made.run(&["client", "list"]).ok().contains("disabled"));
    made.run(&["client", "enable", "rota"]).ok();
    made.run(&["client", "remove", "rota"]).ok();
    made.run(&["client", "show", "rota"]).refused(2, &["there is no client rota"]);
}

#[test]
fn a_file_of_clients_is_looked_at_and_imported() {
    let made = Installation::new();
    let good = made.file(
        "clients.json",
        r#"[{"client_id": "a", "redirect_uris": ["https://a.example/cb"]},
            {"client_id": "b", "redirect_uris": ["https://b.example/cb"], "lockgate": {"kind": "browser"}}]"#,
    );
    let bad = made.file("bad.json", r#"[{"client_id": "c", "redirect_uris": ["http://c.example/cb"]}]"#);
    let looked = made.run(&["client", "import", &good, "--dry-run"]).ok();
    assert!(looked.contains("2 applications would be registered"), "{looked}");
    let remarks = made.run(&["client", "import", &bad, "--dry-run"]);
    assert_eq!(remarks.code, 1);
    assert!(remarks.out.contains("http_redirect"), "{}", remarks.out);
    made.run(&["client", "import", &bad]).refused(2, &["application 1 (c)", "http_redirect", "nothing was imported"]);

    let secrets = made.dir().join("secrets.json").display().to_string();
    let said = made.run(&["client", "import", &good, "--secrets-file", &secrets]).ok();
    assert!(!said.contains("lgs_"), "{said}");
    let told: serde_json::Value = serde_json::from_str(&fs::read_to_string(&secrets).unwrap()).unwrap();
    assert!(told["a"].as_str().unwrap().starts_with("lgs_") && told.get("b").is_none());
    made.run(&["client", "import", &good]).refused(2, &["--replace"]);
    made.run(&["client", "import", &good, "--replace"]).ok();
}

#[test]
fn a_service_acts_for_itself() {
    let made = Installation::new();
    let said = made
        .run(&[
            "client",
            "add",
            "--id",
            "job",
            "--name",
            "Job",
            "--kind",
            "service",
            "--scope",
            "read",
            "--audience",
            "https://api.example",
        ])
        .ok();
    assert!(said.lines().last().unwrap().starts_with("lgs_"), "{said}");
    let shown: serde_json::Value = serde_json::from_str(&made.run(&["client", "show", "job"]).ok()).unwrap();
    assert_eq!(shown["grant_types"], serde_json::json!(["client_credentials"]));
}
