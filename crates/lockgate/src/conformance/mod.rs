//! `lockgate serve --profile conformance`: a server that conformance suites on this machine can drive, and that must never meet real people.
//!
//! What differs from an ordinary server, all of it here: test people sign in with a password alone, on pages that need no JavaScript; fetches
//! may reach this machine, and trust one more certificate authority; a certificate is made where none is given; requests from this machine
//! are not limited; there is an RS256 key, which the suite asks for. So it serves on a loopback address and under a name of this machine, or
//! not at all.

mod certificate;
mod people;

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use crypto::{KeyKind, KeyState, RsaBits, SigningAlg};
use policy::{Policy, file::PolicyFile};
use server::{
    Settings, Tls,
    control::{ClientsRequest, Desk, KeysRequest, Reply, Request, Response, run as carry_out},
    outbound::{Loopback, OutboundSettings, Reach},
};

use crate::{asking, cli::ServeArgs, config::Config, terminal};

/// A password is enough on ordinary paths. Whatever asks for more asks for it still.
const POLICY: &str = "[base.standard]\nleast = \"password\"\npassword_and_totp = true\n";
/// What is said at the start, and can't be overlooked.
const WARNING: &str = "CONFORMANCE PROFILE: passwords alone sign test people in, and fetches reach this machine. Never let real people near this server.";

/// What the profile was given besides its configuration.
pub(crate) struct Suite {
    clients: Option<PathBuf>,
    people: Option<PathBuf>,
    extra_ca: Option<PathBuf>,
}

impl Suite {
    /// From the command line; refused unless only this machine can reach the server.
    pub(crate) fn new(args: &ServeArgs, config: &Config) -> Result<Self> {
        if !config.listen.ip().is_loopback() {
            bail!("the conformance profile serves this machine only: set listen to 127.0.0.1");
        }
        if !is_this_machine(&config.issuer) {
            bail!(
                "the conformance profile serves under a name of this machine only: set issuer to localhost, or a name below it"
            );
        }
        Ok(Self { clients: args.clients.clone(), people: args.people.clone(), extra_ca: args.extra_ca.clone() })
    }

    /// Settings for the suite. Makes a certificate where the issuer needs one and none is configured.
    pub(crate) fn adapt(&self, settings: &mut Settings, config: &Config) -> Result<()> {
        terminal::complain(WARNING);
        settings.policy = password_policy()?;
        settings.outbound = OutboundSettings {
            reach: Reach { loopback: Loopback::Allowed, ..Reach::default() },
            extra_ca: self.extra_ca.clone(),
        };
        settings.oauth.loopback_is_limited = false;
        settings.oauth.rotation.kinds.push(KeyKind::Rs256(RsaBits::Bits2048));
        if settings.issuer.starts_with("https://") && matches!(settings.tls, Tls::None) {
            let made = certificate::kept_or_made(&config.data_dir.join("conformance"), &settings.issuer)?;
            terminal::say(format_args!("Its own certificate, for programs to trust: {}", made.cert.display()));
            settings.tls = Tls::Files { cert: made.cert, key: made.key };
        }
        Ok(())
    }

    /// Puts keys, applications and people in.
    pub(crate) fn furnish(&self, desk: &Desk) -> Result<()> {
        let signs = |(entry, state): &(store::PublishedKey, KeyState)| {
            *state == KeyState::Active && entry.key.alg() == SigningAlg::Rs256
        };
        if !desk.store().published_keys().iter().any(signs) {
            let rotate = KeysRequest::Rotate { alg: SigningAlg::Rs256.as_str().to_owned(), at_once: true };
            carried_out(desk, Request::Keys(rotate))?;
        }
        if let Some(path) = &self.people {
            people::put_in(desk, path)?;
        }
        if let Some(path) = &self.clients {
            let text = asking::read_text(path)?;
            let import = ClientsRequest::Import { text, dry_run: false, replace: true };
            let reply = carried_out(desk, Request::Clients(import))
                .with_context(|| format!("failed to register the applications of {}", path.display()))?;
            asking::say(&reply, terminal::Output::Table);
            reply.told_once.iter().for_each(asking::say_secret);
        }
        Ok(())
    }
}

/// Carries out one request, with everything that stands against it in the error.
fn carried_out(desk: &Desk, request: Request) -> Result<Reply> {
    match carry_out(desk, request) {
        Response::Done(reply) => Ok(reply),
        Response::Refused(refused) => {
            refused.remarks.iter().for_each(terminal::complain);
            Err(anyhow!(refused.what))
        }
    }
}

fn password_policy() -> Result<Policy> {
    let file: PolicyFile = toml::from_str(POLICY).context("the profile's policy is malformed")?;
    file.check().map_err(|problems| {
        anyhow!(
            "the profile's policy is refused: {}",
            problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        )
    })
}

/// `localhost` and names below it never leave this machine (RFC 6761 §6.3).
fn is_this_machine(issuer: &str) -> bool {
    let host = host_of(issuer);
    host == "localhost" || host.ends_with(".localhost")
}

fn host_of(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split_once(':').map_or(rest, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_will_do() {
        for good in ["https://localhost:8443", "http://localhost:8400", "https://op.localhost"] {
            assert!(is_this_machine(good), "{good}");
        }
        for bad in ["https://id.example.com", "https://localhost.example.com", "https://notlocalhost:8443"] {
            assert!(!is_this_machine(bad), "{bad}");
        }
    }

    #[test]
    fn a_password_serves_ordinary_paths_and_no_others() {
        use model::{Employment, Strength, Tier, Timestamp};
        let policy = password_policy().unwrap();
        let person = policy::PersonFacts { employment: Employment::Workforce, privileged: false, groups: &[] };
        let least = |tier| policy::resolve(&policy, &person, tier, Timestamp::from_millis(0)).requirement().least;
        assert_eq!(least(Tier::Standard), Strength::Password);
        assert!(least(Tier::Sensitive) > Strength::Password);
    }
}
