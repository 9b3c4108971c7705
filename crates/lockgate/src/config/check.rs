//! What the settings mean, and what stands against them. Each rule says what is wrong and how to mend it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{
    Config, Place, Problem, Protection,
    issuer::{Origin, is_host_name},
    mail, oauth,
    read::{Found, Values},
};

/// Longest name shown on pages, in characters.
const NAME_CHARS_MAX: usize = 80;
/// Where to listen when nothing is said.
const LISTEN_DEFAULT: &str = "127.0.0.1:8400";

/// A configuration, when the needed values are there; `problems` tells whether it may be used.
pub(crate) fn check(values: &Values, beside: &Path, problems: &mut Vec<Problem>) -> Option<Config> {
    let protection = protection(values, beside, problems);
    let listen = listen(values, &protection, problems);
    let issuer = issuer(values, problems);
    let organisation = name(values, "organisation", problems);
    let rp_name = name(values, "passkeys.rp_name", problems);
    let rp_id = rp_id(values, issuer.as_ref().map(|(_, origin)| origin), problems);
    let extra = more_origins(values, "passkeys.origins", problems);
    let top_origins = more_origins(values, "passkeys.top_origins", problems);
    let data_dir = directory(values, "data_dir", "data", beside, problems);
    let keys_dir = directory(values, "keys_dir", "keys", beside, problems);
    if keys_dir.starts_with(&data_dir) {
        let place = values.text("keys_dir").map_or(Place::File, |found| found.place.clone());
        problems.push(Problem::new(
            place,
            "keys_dir lies inside data_dir",
            "put it elsewhere: whoever gets a backup of the data must not get the keys with it",
        ));
    }

    let breach_list = values.text("passwords.breach_list").map(|found| beside.join(&found.value));
    let mail = mail::check(values, beside, problems);
    let behind_proxy = matches!(protection, Protection::BehindProxy { .. });
    let (oauth, outbound) = oauth::check(values, beside, behind_proxy, problems);

    let (issuer, origin) = issuer?;
    let organisation = organisation.unwrap_or_else(|| origin.host.clone());
    let mut origins = vec![issuer.clone()];
    origins.extend(extra.into_iter().filter(|other| *other != issuer));
    Some(Config {
        rp_name: rp_name.unwrap_or_else(|| organisation.clone()),
        organisation,
        listen: listen?,
        protection,
        rp_id: rp_id.unwrap_or(origin.host),
        origins,
        top_origins,
        policy: values.policy().clone(),
        breach_list,
        mail,
        oauth,
        outbound,
        issuer,
        data_dir,
        keys_dir,
    })
}

fn issuer(values: &Values, problems: &mut Vec<Problem>) -> Option<(String, Origin)> {
    let Some(found) = values.text("issuer") else {
        problems.push(Problem::new(
            Place::File,
            "issuer is missing",
            "add the address that people and applications will use: issuer = \"https://id.example.com\"",
        ));
        return None;
    };
    match Origin::parse(&found.value) {
        Ok(origin) => Some((found.value.clone(), origin)),
        Err(fault) => {
            let (what, fix) = fault.words();
            problems.push(Problem::new(found.place.clone(), format!("issuer {what}"), fix));
            None
        }
    }
}

/// WebAuthn L3 §5.1.2: the RP ID is the origin's host or a registrable parent of it. A parent with a dot in it is as far as
/// we can tell; the browser knows the public suffixes and refuses the rest.
fn rp_id(values: &Values, origin: Option<&Origin>, problems: &mut Vec<Problem>) -> Option<String> {
    let found = values.text("passkeys.rp_id")?;
    let rp_id = found.value.as_str();
    if !is_host_name(rp_id) {
        problems.push(Problem::new(
            found.place.clone(),
            "passkeys.rp_id is not a host name in lower case",
            "write a host name without scheme and port, as in example.com",
        ));
        return None;
    }
    if let Some(origin) = origin {
        let parent = rp_id.contains('.') && origin.host.ends_with(&format!(".{rp_id}"));
        if origin.host != rp_id && !parent {
            problems.push(Problem::new(
                found.place.clone(),
                format!("passkeys.rp_id does not belong to the issuer's host {}", origin.host),
                "leave it out, or use the host itself or a domain above it; changing it later makes every passkey useless",
            ));
            return None;
        }
    }
    Some(rp_id.to_owned())
}

fn more_origins(values: &Values, setting: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let Some(found) = values.list(setting) else { return Vec::new() };
    for text in &found.value {
        if let Err(fault) = Origin::parse(text) {
            let (what, fix) = fault.words();
            problems.push(Problem::new(found.place.clone(), format!("one of {setting} {what}"), fix));
        }
    }
    found.value.clone()
}

fn protection(values: &Values, beside: &Path, problems: &mut Vec<Problem>) -> Protection {
    let (cert, key) = (values.text("tls.cert"), values.text("tls.key"));
    let proxy = values.list("proxy.trusted");
    if let (Some(proxy), Some(tls)) = (proxy, cert.or(key)) {
        problems.push(Problem::new(
            proxy.place.clone(),
            format!("both TLS files ({}) and a proxy in front are given", tls.place),
            "keep one: TLS ends either here or at the proxy",
        ));
    }
    match (cert, key, proxy) {
        (Some(cert), Some(key), _) => {
            Protection::Files { cert: beside.join(&cert.value), key: beside.join(&key.value) }
        }
        (Some(one), None, _) | (None, Some(one), _) => {
            problems.push(Problem::new(one.place.clone(), "tls needs both cert and key", "add the other one"));
            Protection::Loopback
        }
        (None, None, Some(proxy)) => {
            check_trusted(proxy, problems);
            Protection::BehindProxy { trusted: proxy.value.clone() }
        }
        (None, None, None) => {
            for (table, setting) in [("tls", "cert and key"), ("proxy", "trusted")] {
                if let Some(place) = values.table(table) {
                    problems.push(Problem::new(
                        place.clone(),
                        format!("[{table}] is empty"),
                        format!("add {setting}, or remove it"),
                    ));
                }
            }
            Protection::Loopback
        }
    }
}

fn check_trusted(found: &Found<Vec<String>>, problems: &mut Vec<Problem>) {
    if found.value.is_empty() {
        problems.push(Problem::new(
            found.place.clone(),
            "proxy.trusted is empty, so no connection would be served",
            "list the proxies' addresses, as in [\"127.0.0.1\"]",
        ));
    }
    for network in &found.value {
        if server::Network::parse(network).is_err() {
            problems.push(Problem::new(
                found.place.clone(),
                "one of proxy.trusted is neither an address nor a block of addresses",
                "write addresses such as 127.0.0.1 or blocks such as 10.0.0.0/8",
            ));
        }
    }
}

fn listen(values: &Values, protection: &Protection, problems: &mut Vec<Problem>) -> Option<SocketAddr> {
    let default = Found { value: LISTEN_DEFAULT.to_owned(), place: Place::File };
    let found = values.text("listen").unwrap_or(&default);
    let Ok(address) = found.value.parse::<SocketAddr>() else {
        problems.push(Problem::new(
            found.place.clone(),
            "listen is not an address with a port",
            "write numbers, as in 127.0.0.1:8400 or [::]:443",
        ));
        return None;
    };
    if *protection == Protection::Loopback && !address.ip().is_loopback() {
        problems.push(Problem::new(
            found.place.clone(),
            "listen can be reached from other machines, without TLS",
            "listen on 127.0.0.1, or give [tls] cert and key, or list the proxies in front: [proxy] trusted = [\"…\"]",
        ));
    }
    Some(address)
}

fn name(values: &Values, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let found = values.text(path)?;
    let text = found.value.trim();
    if text.is_empty() || text.chars().count() > NAME_CHARS_MAX || text.chars().any(char::is_control) {
        problems.push(Problem::new(
            found.place.clone(),
            format!("{path} is not a name that pages can show"),
            format!("write 1 to {NAME_CHARS_MAX} visible characters"),
        ));
    }
    Some(text.to_owned())
}

fn directory(values: &Values, path: &str, default: &str, beside: &Path, problems: &mut Vec<Problem>) -> PathBuf {
    let Some(found) = values.text(path) else { return beside.join(default) };
    if found.value.trim().is_empty() || found.value.contains('\0') {
        problems.push(Problem::new(found.place.clone(), format!("{path} is not a path"), "name a directory"));
    }
    beside.join(&found.value)
}
