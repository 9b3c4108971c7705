//! `lockgate demo`: the whole tour over real HTTP, begun, gone on with, and begun anew.

use std::net::{Ipv4Addr, TcpListener};

use crate::command::{Running, Said, run, two_ports};

struct Demo {
    folder: tempfile::TempDir,
    port: String,
    app_port: String,
}

impl Demo {
    fn new() -> Self {
        let (port, app_port) = two_ports();
        Self { folder: tempfile::tempdir().unwrap(), port, app_port }
    }

    fn data(&self) -> String {
        self.folder.path().join("demo").display().to_string()
    }

    fn run(&self, more: &[&str]) -> Said {
        let data = self.data();
        run(&[&["demo", "--port", &self.port, "--app-port", &self.app_port, "--data", &data], more].concat())
    }
}

#[test]
fn the_whole_tour_can_be_walked_and_walked_again() {
    let demo = Demo::new();
    for round in [&["--check"][..], &["--check"], &["--check", "--fresh"]] {
        let said = demo.run(round).ok();
        let steps = said.lines().filter(|line| line.starts_with("ok ")).count();
        assert!(steps >= 8, "{said}");
        assert!(said.ends_with(&format!("All {steps} steps went well.\n")), "{said}");
    }
    // The other commands work on what the demo left.
    let people = run(&["person", "list", "--dir", &demo.data(), "--output", "json"]).ok();
    let people: serde_json::Value = serde_json::from_str(&people).unwrap();
    assert_eq!(people.as_array().unwrap().len(), 40);
    assert_eq!(
        people.as_array().unwrap().iter().filter(|person| person["passkeys"] == 1).count(),
        1,
        "one after --fresh"
    );
    assert_eq!(run(&["client", "list", "--dir", &demo.data()]).ok().lines().count(), 7);
    run(&["audit-log", "verify", "--dir", &demo.data()]).ok();
}

#[test]
fn says_one_address_and_stops_when_told() {
    let demo = Demo::new();
    let data = demo.data();
    let arguments = ["demo", "--port", &demo.port, "--app-port", &demo.app_port, "--data", &data];
    let running = Running::start(&arguments, "Open ");
    assert_eq!(running.lines, [format!("Open http://localhost:{}/tour", demo.port)]);
    #[cfg(unix)]
    assert_eq!(running.stop(), Some(0));
}

#[test]
fn a_taken_port_is_named_with_the_flag_that_changes_it() {
    let demo = Demo::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = demo.data();
    let words = [format!("port {port}"), "choose another one with".to_owned()];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    run(&["demo", "--port", &port, "--app-port", &demo.app_port, "--data", &data])
        .refused(2, &[&words[..], &["--port"]].concat());
    run(&["demo", "--port", &demo.port, "--app-port", &port, "--data", &data])
        .refused(2, &[&words[..], &["--app-port"]].concat());
    run(&["demo", "--port", &port, "--app-port", &port]).refused(2, &["choose two"]);
    assert!(!demo.folder.path().join("demo").exists(), "nothing was made");
}

#[test]
fn a_demo_made_for_another_port_is_not_bent() {
    let demo = Demo::new();
    demo.run(&["--check"]).ok();
    let (other, _) = two_ports();
    run(&["demo", "--port", &other, "--app-port", &demo.app_port, "--data", &demo.data()])
        .refused(2, &[&format!("was made for http://localhost:{}", demo.port), "--fresh"]);
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let demo = Demo::new();
    let theirs = demo.folder.path().join("demo/data/precious.txt");
    std::fs::create_dir_all(theirs.parent().unwrap()).unwrap();
    std::fs::write(&theirs, "x").unwrap();
    demo.run(&["--fresh", "--check"]).refused(2, &["nothing in it is deleted", "--data"]);
    assert!(theirs.exists());
}
