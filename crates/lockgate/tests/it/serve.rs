//! `lockgate serve`, and what other commands do meanwhile.

use std::net::{Ipv4Addr, TcpListener};

use crate::command::{Installation, Running, two_ports};

#[test]
fn serves_until_told_to_stop_and_holds_the_store_meanwhile() {
    let (port, _) = two_ports();
    let made = Installation::at(&format!("http://localhost:{port}"));
    let config = made.dir().join("lockgate.toml").display().to_string();
    let server = Running::start(&["serve", "--config", &config], "Lockgate answers at");
    made.run(&["person", "list"]).refused(2, &["another process has the store", "stop it and try again"]);
    // Reading the audit log needs nobody to stop.
    made.run(&["audit-log", "verify"]).ok();
    made.run(&["audit-log", "checkpoint"]).ok();
    #[cfg(unix)]
    assert_eq!(server.stop(), Some(0));
    #[cfg(not(unix))]
    drop(server);
    made.run(&["person", "list"]).ok();
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
