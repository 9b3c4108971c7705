//! The configuration: one TOML file, `LOCKGATE_…` environment variables on top, every problem named with its place and its cure.
//!
//! [`keys`] is the table of all settings, [`read`] finds their values, [`check`] makes a [`Config`] of them or says what stands
//! against it. All problems are reported at once, because fixing them one by one is tiresome.

mod check;
mod detail_types;
mod issuer;
mod keys;
mod mail;
mod oauth;
mod policy;
mod problem;
mod read;
mod suggest;
pub(crate) mod template;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub(crate) use mail::{Mail, Via};
pub(crate) use problem::{Place, Problem};

/// Longest configuration file read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// A configuration that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Config {
    /// The issuer identifier: an origin.
    pub(crate) issuer: String,
    /// The organisation's name, shown on pages.
    pub(crate) organisation: String,
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// How connections are protected.
    pub(crate) protection: Protection,
    /// WebAuthn RP ID.
    pub(crate) rp_id: String,
    /// The relying party's name.
    pub(crate) rp_name: String,
    /// Origins that may run passkey ceremonies, the issuer's own first.
    pub(crate) origins: Vec<String>,
    /// Origins of pages that may frame a ceremony.
    pub(crate) top_origins: Vec<String>,
    /// What people must show where.
    pub(crate) policy: ::policy::Policy,
    /// A list of breached passwords.
    pub(crate) breach_list: Option<PathBuf>,
    /// How people are told of changes on their account.
    pub(crate) mail: Option<Mail>,
    /// How strict the authorization server is, and when its keys change.
    pub(crate) oauth: server::OauthSettings,
    /// How far fetches reach.
    pub(crate) outbound: server::outbound::OutboundSettings,
    /// Where the database lives.
    pub(crate) data_dir: PathBuf,
    /// Where keys live.
    pub(crate) keys_dir: PathBuf,
}

/// How connections are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Protection {
    /// Plain HTTP, loopback only.
    Loopback,
    /// TLS in this process.
    Files { cert: PathBuf, key: PathBuf },
    /// A proxy in front ends TLS.
    BehindProxy { trusted: Vec<String> },
}

/// Environment variables as pairs, so that tests need not change the process's own.
pub(crate) type Environment = Vec<(String, String)>;

/// The process's `LOCKGATE_…` variables. Names and values that are not UTF-8 cannot be settings.
pub(crate) fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(keys::ENVIRONMENT_PREFIX))
        .collect()
}

/// Reads and checks the file at `path` with `environment` on top.
///
/// # Errors
/// Everything that stands against starting, in the order of the file.
pub(crate) fn load(path: &Path, environment: &Environment) -> Result<Config, Vec<Problem>> {
    let text = file_text(path).map_err(|problem| vec![problem])?;
    // Relative paths mean "beside the configuration file", wherever the command is run from.
    let beside = path.parent().unwrap_or(Path::new("")).to_owned();
    parse(&text, environment, &beside)
}

fn parse(text: &str, environment: &Environment, beside: &Path) -> Result<Config, Vec<Problem>> {
    let (found, mut problems) = read::read(text, environment);
    match check::check(&found, beside, &mut problems) {
        Some(config) if problems.is_empty() => Ok(config),
        Some(_) | None => {
            problems.sort_by_key(Problem::line);
            Err(problems)
        }
    }
}

fn file_text(path: &Path) -> Result<String, Problem> {
    use std::io::Read;
    let whole = |what: String, fix: &str| Problem::new(Place::File, what, fix);
    let file = std::fs::File::open(path).map_err(|error| {
        whole(
            format!("{} can't be read: {error}", path.display()),
            "give the right file with --config, or make one with `lockgate init`",
        )
    })?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|error| {
        whole(format!("{} can't be read: {error}", path.display()), "check the file and its permissions")
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(whole(
            format!("{} is larger than {} KiB", path.display(), FILE_BYTES_MAX / 1024),
            "check that it is the configuration file",
        ));
    }
    String::from_utf8(bytes).map_err(|_| whole(format!("{} is not UTF-8 text", path.display()), "save it as UTF-8"))
}

#[cfg(test)]
mod tests;
