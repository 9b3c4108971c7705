//! `[oauth]`, `[client_documents]`, `[certificates]`, `[signing_keys]` and `[outbound]`: how strict the authorization server is, whom it
//! fetches from, and when its keys change.

use std::path::{Path, PathBuf};

use crypto::{KeyKind, rotation::RotationPolicy};
use oauth::{metadata_document::RedirectReach, registration::RegistrationPolicy};
use server::{
    Certificates, ClientDocuments, Network, OauthSettings,
    outbound::{OutboundSettings, Reach},
};

use super::{
    Place, Problem, detail_types,
    read::{Found, Values},
};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// What these tables say. What they don't say is as [`OauthSettings::default`] has it.
pub(super) fn check(
    values: &Values,
    beside: &Path,
    behind_proxy: bool,
    problems: &mut Vec<Problem>,
) -> (OauthSettings, OutboundSettings) {
    let default = OauthSettings::default();
    let settings = OauthSettings {
        pushed_requests_required: one_of(values, "oauth.pushed_requests", ["optional", "required"], problems),
        dpop_nonce_always: one_of(values, "oauth.dpop_nonce", ["after_restart", "always"], problems),
        registration: !one_of(values, "oauth.registration", ["by_token", "off"], problems),
        detail_types: values
            .text("oauth.detail_types")
            .map(|found| detail_types::read(&beside.join(&found.value), &found.place, problems))
            .unwrap_or_default(),
        attestation_roots: attestation_roots(values, beside, problems),
        client_documents: client_documents(values, problems),
        certificates: certificates(values, beside, behind_proxy, problems),
        rotation: rotation(values, &default, problems),
        ..default
    };
    if let Err(fault) = settings.check_rotation() {
        let place = values.table("signing_keys").cloned().unwrap_or(Place::File);
        problems.push(Problem::new(place, format!("[signing_keys] can't work: {fault}"), "give the phases more days"));
    }
    (settings, outbound(values, beside, problems))
}

/// Whether the second of two words is given; the first is the default.
fn one_of(values: &Values, path: &'static str, words: [&'static str; 2], problems: &mut Vec<Problem>) -> bool {
    let Some(found) = values.text(path) else { return false };
    match words.iter().position(|word| *word == found.value) {
        Some(at) => at == 1,
        None => {
            problems.push(Problem::new(
                found.place.clone(),
                format!("{path} is neither {} nor {}", words[0], words[1]),
                format!("write {:?} or {:?}", words[0], words[1]),
            ));
            false
        }
    }
}

/// Makers of authenticators. Read here already, so that a wrong file is told before the server starts.
fn attestation_roots(values: &Values, beside: &Path, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let Some(found) = values.list("passkeys.attestation_roots") else { return Vec::new() };
    let files: Vec<PathBuf> = found.value.iter().map(|file| beside.join(file)).collect();
    if let Err(fault) = server::attestation::roots(&files) {
        problems.push(Problem::new(
            found.place.clone(),
            format!("passkeys.attestation_roots: {fault}"),
            "name PEM files with the makers' root certificates",
        ));
    }
    files
}

fn client_documents(values: &Values, problems: &mut Vec<Problem>) -> Option<ClientDocuments> {
    let place = values.table("client_documents")?;
    let list = |path| values.list(path).map(|found| found.value.clone());
    let grants = list("client_documents.grants");
    for name in grants.iter().flatten().filter(|name| oauth::GrantTypes::from_name(name).is_none()) {
        problems.push(Problem::new(
            place.clone(),
            format!("client_documents.grants names {name}, which is no grant"),
            "write authorization_code and refresh_token, or leave the line out",
        ));
    }
    let policy = RegistrationPolicy {
        grants: grants.unwrap_or_else(|| vec!["authorization_code".to_owned(), "refresh_token".to_owned()]),
        scopes: list("client_documents.scopes").unwrap_or_else(|| vec!["openid".to_owned()]),
        redirect_hosts: Vec::new(),
        resources: list("client_documents.resources").unwrap_or_default(),
    };
    let redirects = if one_of(values, "client_documents.redirects", ["same_host", "shown"], problems) {
        RedirectReach::Shown
    } else {
        RedirectReach::SameHost
    };
    Some(ClientDocuments { hosts: list("client_documents.hosts").unwrap_or_default(), policy, redirects })
}

fn certificates(values: &Values, beside: &Path, behind_proxy: bool, problems: &mut Vec<Problem>) -> Certificates {
    let (header, listen) = (values.text("certificates.header"), values.text("certificates.listen"));
    match (header, listen) {
        (None, None) => {
            if let Some(place) = values.table("certificates") {
                problems.push(Problem::new(
                    place.clone(),
                    "[certificates] says neither header nor listen",
                    "add header = \"client-cert\" where a proxy ends TLS, or listen = \"0.0.0.0:8443\"",
                ));
            }
            Certificates::None
        }
        (Some(header), Some(_)) => {
            problems.push(Problem::new(
                header.place.clone(),
                "certificates come from one place, and both header and listen are given",
                "keep one of them",
            ));
            Certificates::None
        }
        (Some(header), None) => {
            if !behind_proxy {
                problems.push(Problem::new(
                    header.place.clone(),
                    "certificates.header is believed only where TLS ends at a listed proxy",
                    "add [proxy] with trusted addresses, or use certificates.listen",
                ));
            }
            let is_name = !header.value.is_empty()
                && header.value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !is_name {
                problems.push(Problem::new(
                    header.place.clone(),
                    "certificates.header is not the name of a header in lower case",
                    "write it as in client-cert",
                ));
            }
            let chain_is_checked = one_of(values, "certificates.chain", ["unchecked", "checked_by_proxy"], problems);
            Certificates::ProxyHeader { name: header.value.clone(), chain_is_checked }
        }
        (None, Some(listen)) => listener(values, listen, beside, problems).unwrap_or(Certificates::None),
    }
}

fn listener(
    values: &Values,
    listen: &Found<String>,
    beside: &Path,
    problems: &mut Vec<Problem>,
) -> Option<Certificates> {
    let address = listen.value.parse().map_err(|_| {
        problems.push(Problem::new(
            listen.place.clone(),
            "certificates.listen is not an address with a port",
            "write numbers, as in 0.0.0.0:8443",
        ));
    });
    let origin = values.text("certificates.origin");
    if origin.is_none_or(|origin| oauth::Issuer::new(&origin.value).is_err()) {
        problems.push(Problem::new(
            origin.map_or_else(|| listen.place.clone(), |origin| origin.place.clone()),
            "certificates.origin must say where clients find that listener",
            "write an origin, as in https://mtls.id.example.com",
        ));
        return None;
    }
    let authorities: Option<PathBuf> = values.text("certificates.authorities").map(|found| beside.join(&found.value));
    Some(Certificates::Listener { listen: address.ok()?, origin: origin?.value.clone(), authorities })
}

fn rotation(values: &Values, default: &OauthSettings, problems: &mut Vec<Problem>) -> RotationPolicy {
    let mut policy = default.rotation.clone();
    if let Some(found) = values.list("signing_keys.algorithms") {
        let kinds: Vec<Option<KeyKind>> = found.value.iter().map(|word| KeyKind::from_word(word)).collect();
        match kinds.into_iter().collect::<Option<Vec<_>>>() {
            // Audit checkpoints and what clients expect by default are signed with ES256.
            Some(kinds) if kinds.contains(&KeyKind::Es256) => policy.kinds = kinds,
            Some(_) => problems.push(Problem::new(
                found.place.clone(),
                "signing_keys.algorithms lacks ES256, which signs the audit's checkpoints",
                "add \"ES256\"",
            )),
            None => problems.push(Problem::new(
                found.place.clone(),
                "signing_keys.algorithms names an algorithm that is not there",
                "choose among ES256, EdDSA, PS256-2048, PS256-3072, RS256-2048 and RS256-3072",
            )),
        }
    }
    let days = [
        ("signing_keys.active_days", &mut policy.active_seconds),
        ("signing_keys.publish_before_days", &mut policy.publish_before_seconds),
        ("signing_keys.keep_after_days", &mut policy.keep_after_seconds),
    ];
    for (path, seconds) in days {
        let Some(found) = values.text(path) else { continue };
        match found.value.parse::<i64>().ok().filter(|days| (1..=3650).contains(days)) {
            Some(days) => *seconds = days * DAY,
            None => problems.push(Problem::new(
                found.place.clone(),
                format!("{path} is not a number of days from 1 to 3650"),
                "write it in quotes, as in \"60\"",
            )),
        }
    }
    policy
}

fn outbound(values: &Values, beside: &Path, problems: &mut Vec<Problem>) -> OutboundSettings {
    let mut internal = Vec::new();
    if let Some(found) = values.list("outbound.internal") {
        for text in &found.value {
            match Network::parse(text) {
                Ok(network) => internal.push(network),
                Err(fault) => problems.push(Problem::new(
                    found.place.clone(),
                    format!("one of outbound.internal is not a block of addresses: {fault}"),
                    "write blocks such as 10.20.0.0/16",
                )),
            }
        }
    }
    OutboundSettings {
        reach: Reach { internal, ..Reach::default() },
        extra_ca: values.text("outbound.extra_ca").map(|found| beside.join(&found.value)),
    }
}
