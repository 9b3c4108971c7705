//! Enrols a passkey with an enrolment link, as a browser would, and prints `{"cookie": "…"}` for a session that is signed in.
//!
//! `login http://localhost:8400/enrol#TOKEN`: loopback only. The authenticator is the test kit's; the interface is the one that the pages use.

mod http;

use std::process::ExitCode;

use serde_json::{Value, json};
use testkit::{Authenticator, Knobs};

use crate::http::Site;

fn main() -> ExitCode {
    let link = std::env::args().nth(1).unwrap_or_default();
    match log_in(&link) {
        Ok(cookie) => {
            println!("{}", json!({ "cookie": cookie }));
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("login: {fault}");
            ExitCode::from(2)
        }
    }
}

fn log_in(link: &str) -> Result<String, String> {
    let (origin, token) = link.split_once("/enrol#").ok_or("expected an enrolment link, …/enrol#TOKEN")?;
    let mut site = Site::new(origin)?;

    let begun = site.post("/api/ceremony/enrol/begin", &json!({ "token": token }))?;
    let options = begun["publicKey"].to_string();
    let made =
        Authenticator::new(1).create(&options, origin, &Knobs::default()).map_err(|e| format!("create: {e:?}"))?;
    let credential: Value = serde_json::from_str(&made).map_err(|e| format!("the authenticator's answer: {e}"))?;
    site.post(
        "/api/ceremony/enrol/result",
        &json!({ "journey": begun["journey"], "credential": credential, "label": "load" }),
    )?;

    // On http the cookies go without the `__Host-` prefix.
    if site.has_cookie("lockgate") { Ok(site.cookies()) } else { Err("enrolment opened no session".into()) }
}
