//! `lockgate serve`, and what other commands do meanwhile.

use std::net::{Ipv4Addr, TcpListener};

use crate::command::{Installation, Running, two_ports};

#[test]
fn serves_until_told_to_stop_and_carries_out_commands_meanwhile() {
    let (port, _) = two_ports();
    let made = Installation::at(&format!("http://localhost:{port}"));
    let config = made.dir().join("lockgate.toml").display().to_string();
    let server = Running::start(&["serve", "--config", &config], "Lockgate answers at");
    // Reading the audit log needs nobody.
    made.run(&["audit-log", "verify"]).ok();
    made.run(&["audit-log", "checkpoint"]).ok();
    #[cfg(unix)]
    {
        assert_eq!(crate::command::mode(&made.dir().join("data/control.sock")), 0o600);
        assert!(made.run(&["person", "add", "ann", "--link"]).ok().contains("/enrol#lgp_"));
        made.run(&["person", "add", "ann"]).refused(2, &["somebody has the sign-in name ann already"]);
        made.run(&[
            "client",
            "add",
            "--id",
            "x",
            "--name",
            "X",
            "--kind",
            "web",
            "--redirect-uri",
            "http://x.example/",
        ])
        .refused(2, &["http_redirect", "→", "not registered"]);
        made.run(&["keys", "rotate", "--alg", "EdDSA"]).ok();
        assert!(made.run(&["keys", "list"]).ok().contains("EdDSA"));
        assert_eq!(server.stop(), Some(0));
        assert!(!made.dir().join("data/control.sock").exists());
    }
    #[cfg(not(unix))]
    {
        made.run(&["person", "list"]).refused(2, &["another process has the store", "stop it and try again"]);
        drop(server);
    }
    // What was done through the server is there without it.
    #[cfg(unix)]
    assert!(made.run(&["person", "list"]).ok().contains("ann"));
}

#[test]
fn a_taken_address_is_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let made = Installation::at(&format!("http://localhost:{port}"));
    made.run(&["serve"]).refused(2, &["failed to listen on", &port.to_string()]);
}

#[test]
fn without_an_installation_it_says_what_to_do() {
    let made = Installation::new();
    std::fs::remove_file(made.dir().join("keys/root.key")).unwrap();
    made.run(&["serve"]).refused(2, &["there is no root key", "lockgate init"]);
}

#[cfg(unix)]
#[test]
fn a_root_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let made = Installation::new();
    let key = made.dir().join("keys/root.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    made.run(&["serve"]).refused(2, &["other users", "chmod 600"]);
}
