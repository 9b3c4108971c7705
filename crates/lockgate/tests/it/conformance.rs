//! `lockgate serve --profile conformance`.

use crate::command::{Installation, Running, two_ports};

const PEOPLE: &str =
    r#"[{"name": "alice", "password": "correct horse battery", "attributes": {"email": "alice@example.com"}}]"#;
const CLIENTS: &str = r#"[{"client_id": "suite", "client_name": "Suite", "client_secret": "a-secret-of-the-conformance-suite-01",
    "redirect_uris": ["https://localhost:8443/test/a/lockgate/callback"], "scope": "openid email",
    "id_token_signed_response_alg": "RS256",
    "lockgate": {"kind": "web", "consent": "trusted", "exceptions": [
        {"rule": "pkce_with_nonce", "reason": "modules without PKCE", "owner": "tester", "approved_by": "operator", "days": 30}]}}]"#;

#[test]
fn it_never_serves_more_than_this_machine() {
    let abroad = Installation::at("https://id.example.com");
    abroad.run(&["serve", "--profile", "conformance"]).refused(2, &["this machine only", "issuer"]);
    let made = Installation::new();
    let path = made.dir().join("lockgate.toml");
    let open =
        std::fs::read_to_string(&path).unwrap().replace("listen = \"127.0.0.1:8400\"", "listen = \"0.0.0.0:8400\"");
    std::fs::write(&path, format!("{open}\n[proxy]\ntrusted = [\"127.0.0.1\"]\n")).unwrap();
    made.run(&["serve", "--profile", "conformance"]).refused(2, &["this machine only", "listen"]);
    made.run(&["serve", "--clients", "x.json"]).refused(2, &["--profile"]);
}

#[cfg(unix)]
#[test]
fn it_makes_a_certificate_and_puts_clients_and_people_in_as_often_as_it_starts() {
    let (port, _) = two_ports();
    let made = Installation::at(&format!("https://localhost:{port}"));
    let path = made.dir().join("lockgate.toml");
    let text = std::fs::read_to_string(&path).unwrap().replace("127.0.0.1:8400", &format!("127.0.0.1:{port}"));
    std::fs::write(&path, text).unwrap();
    let (people, clients) = (made.file("people.json", PEOPLE), made.file("clients.json", CLIENTS));
    let dir = made.dir().display().to_string();
    for _ in 0..2 {
        let arguments =
            ["serve", "--profile", "conformance", "--dir", &dir, "--people", &people, "--clients", &clients];
        let server = Running::start(&arguments, "Lockgate answers at");
        assert!(made.dir().join("data/conformance/cert.pem").is_file());
        let shown = made.run(&["client", "show", "suite"]).ok();
        assert!(shown.contains("pkce_with_nonce") && !shown.contains("conformance-suite-01"), "{shown}");
        assert!(made.run(&["keys", "list"]).ok().contains("RS256"));
        assert!(made.run(&["person", "list"]).ok().contains("alice"));
        assert_eq!(server.stop(), Some(0));
    }
    // The door is shut as ever without the profile; with a client that breaks a rule it does not open at all.
    let bad = made.file("bad.json", r#"[{"client_id": "x", "redirect_uris": ["http://x.example/"]}]"#);
    made.run(&["serve", "--profile", "conformance", "--clients", &bad])
        .refused(2, &["http_redirect", "failed to register"]);
}
