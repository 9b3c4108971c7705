//! `[mail]`: how people are told of changes on their account. A relay, or a folder for installations that only try things out.

use std::path::{Path, PathBuf};

use super::{
    Place, Problem,
    read::{Found, Values},
};

/// The port of message submission with STARTTLS (RFC 6409 §3.1).
const PORT_SUBMISSION: u16 = 587;
/// The port of message submission inside TLS (RFC 8314 §3.3).
const PORT_SUBMISSIONS: u16 = 465;

/// How people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    /// The sender's address.
    pub(crate) from: String,
    /// How it leaves.
    pub(crate) via: Via,
    /// Certificate authorities beside those of the system.
    pub(crate) extra_ca: Option<PathBuf>,
}

/// How mail leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Via {
    /// A file for each message.
    Folder(PathBuf),
    /// A relay.
    Relay {
        host: String,
        port: u16,
        security: server::mail::SmtpSecurity,
        /// The name, and the file that holds the password: no setting holds a secret.
        credentials: Option<(String, PathBuf)>,
    },
}

/// What `[mail]` says; `None` when it says nothing.
pub(super) fn check(values: &Values, beside: &Path, problems: &mut Vec<Problem>) -> Option<Mail> {
    let (folder, relay) = (values.text("mail.folder"), values.text("mail.relay"));
    let extra_ca = values.text("mail.extra_ca").map(|found| beside.join(&found.value));
    let via = match (folder, relay) {
        (Some(folder), None) => Via::Folder(beside.join(&folder.value)),
        (None, Some(relay)) => self::relay(values, relay, beside, problems)?,
        (Some(folder), Some(_)) => {
            problems.push(Problem::new(
                folder.place.clone(),
                "both mail.folder and mail.relay are given",
                "keep one: mail goes into a folder or to a relay",
            ));
            return None;
        }
        (None, None) => {
            if let Some(place) = values.table("mail") {
                problems.push(Problem::new(
                    place.clone(),
                    "[mail] says neither folder nor relay",
                    "add relay = \"smtp.example.com\", or remove the table",
                ));
            }
            return None;
        }
    };
    let from = from(values, problems)?;
    Some(Mail { from, via, extra_ca })
}

fn from(values: &Values, problems: &mut Vec<Problem>) -> Option<String> {
    let place = || values.table("mail").cloned().unwrap_or(Place::File);
    let Some(found) = values.text("mail.from") else {
        problems.push(Problem::new(
            place(),
            "mail.from is missing",
            "add the sender's address, at which your help desk reads answers: from = \"help@example.com\"",
        ));
        return None;
    };
    if server::mail::Recipient::parse(&found.value).is_err() {
        problems.push(Problem::new(
            found.place.clone(),
            "mail.from is not an e-mail address",
            "write one address without a name, as in help@example.com",
        ));
        return None;
    }
    Some(found.value.clone())
}

fn relay(values: &Values, found: &Found<String>, beside: &Path, problems: &mut Vec<Problem>) -> Option<Via> {
    use server::mail::SmtpSecurity::{PlainOnLoopback, StartTls, Tls};
    let (security, default_port) = match values.text("mail.security").map(|found| found.value.as_str()) {
        None | Some("starttls") => (StartTls, PORT_SUBMISSION),
        Some("tls") => (Tls, PORT_SUBMISSIONS),
        Some("plain_on_loopback") => (PlainOnLoopback, 25),
        Some(_) => {
            let place = values.text("mail.security").map_or(Place::File, |found| found.place.clone());
            problems.push(Problem::new(
                place,
                "mail.security is not a way to protect the connection",
                "write tls (port 465), starttls (port 587), or plain_on_loopback for a relay on this machine",
            ));
            return None;
        }
    };
    let (host, port) = match found.value.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok().filter(|port| *port != 0)),
        None => (found.value.as_str(), Some(default_port)),
    };
    let Some(port) = port.filter(|_| !host.is_empty() && !host.contains([' ', '/', '@'])) else {
        problems.push(Problem::new(
            found.place.clone(),
            "mail.relay is not a host, or a host with a port",
            "write it as in smtp.example.com or smtp.example.com:587",
        ));
        return None;
    };
    let credentials = match (values.text("mail.user"), values.text("mail.password_file")) {
        (Some(user), Some(file)) => Some((user.value.clone(), beside.join(&file.value))),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            problems.push(Problem::new(
                one.place.clone(),
                "mail needs both user and password_file, or neither",
                "add the other one",
            ));
            return None;
        }
    };
    Some(Via::Relay { host: host.to_owned(), port, security, credentials })
}
