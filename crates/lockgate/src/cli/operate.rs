//! Exceptions, keys, subjects, registration and shared computers; and the two options that have a small grammar of their own.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use server::control::ExchangeForm;

use super::{ConfigArgs, GrantArg, ListArgs, TlsSubjectKind};

#[derive(Debug, Subcommand)]
pub(crate) enum ExceptionCommand {
    /// Relax a rule for an application
    Add(ExceptionAddArgs),
    /// List exceptions, those that are over too
    List(ListArgs),
    /// End an exception before its time
    End(ExceptionEndArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExceptionAddArgs {
    /// The application's client id
    #[arg(long, value_name = "ID")]
    pub(crate) client: String,
    /// The rule
    #[arg(long, value_enum)]
    pub(crate) rule: RuleArg,
    /// Why it can't be kept yet
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who answers for it, and will make it unnecessary
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: String,
    /// Who agreed: somebody else than the owner. The name is recorded; that they really agreed, you vouch for
    #[arg(long, value_name = "NAME")]
    pub(crate) approved_by: String,
    /// When it ends by itself, at most 366
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub(crate) days: u16,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExceptionEndArgs {
    /// The application's client id
    #[arg(long, value_name = "ID")]
    pub(crate) client: String,
    /// The exception's id, as listed
    #[arg(long)]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// A rule that can be relaxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum RuleArg {
    /// A confidential OpenID client may leave out PKCE when it sends a nonce
    PkceWithNonce,
    /// A client whose tokens are bound to its key keeps its refresh token
    NoRotation,
    /// A client assertion may name the endpoint as its audience
    LegacyAssertionAudience,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List published keys
    List(ListArgs),
    /// Move to the next key: publish one, or let the published one sign. The server does this by itself, too
    Rotate(KeysRotateArgs),
    /// Withdraw a key that somebody else may have: what it signed counts no more
    Withdraw(KeysWithdrawArgs),
}

#[derive(Debug, Args)]
pub(crate) struct KeysRotateArgs {
    /// The algorithm: ES256, EdDSA, PS256 or RS256. A first key of an algorithm signs at once
    #[arg(long, value_name = "ALG", default_value = "ES256")]
    pub(crate) alg: String,
    /// Let a fresh key sign before every program can have seen it
    #[arg(long)]
    pub(crate) at_once: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct KeysWithdrawArgs {
    /// The key's id, as listed
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SubjectsCommand {
    /// Import a list of sign-in names and subjects: all rows, or none
    Import(SubjectsImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SubjectsImportArgs {
    /// CSV with the header sign_in_name,subject
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The application's client id
    #[arg(long, value_name = "ID")]
    pub(crate) client: String,
    /// Look only: say line by line what stands against it
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegistrationCommand {
    /// Initial access tokens: who holds one may register applications, within its bounds
    #[command(subcommand)]
    Token(RegistrationTokenCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RegistrationTokenCommand {
    /// Issue one
    Add(RegistrationTokenAddArgs),
    /// Take one back; the token is read from standard input
    Revoke(ConfigArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RegistrationTokenAddArgs {
    /// A grant that may be registered; may be repeated
    #[arg(long = "grant", value_enum, value_name = "GRANT", default_values = ["code", "refresh"])]
    pub(crate) grants: Vec<GrantArg>,
    /// A scope that may be registered; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", default_value = "openid")]
    pub(crate) scopes: Vec<String>,
    /// A host that redirect URIs may have, or .example.com for all below; may be repeated. Without one: any
    #[arg(long = "redirect-host", value_name = "HOST")]
    pub(crate) redirect_hosts: Vec<String>,
    /// What resource parameters may name; may be repeated
    #[arg(long = "resource", value_name = "URI")]
    pub(crate) resources: Vec<String>,
    /// How many applications it may register
    #[arg(long, value_name = "COUNT", default_value_t = 1)]
    pub(crate) uses: u32,
    /// How long it works, in hours; at most 2160
    #[arg(long, value_name = "HOURS", default_value_t = 24)]
    pub(crate) hours: u32,
    /// Write the token to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkstationCommand {
    /// Make a link that marks a browser as one that several people share
    Link(ConfigArgs),
}

/// Reads `from=own;audience=A,B;scope=a b;impersonation`.
pub(crate) fn exchange_rule(text: &str) -> Result<ExchangeForm, String> {
    const SHAPE: &str =
        "write from=own|CLIENT_ID;audience=URI,URI;scope=a b, and ;impersonation if the client shall not be named";
    let mut rule = ExchangeForm {
        subject_from: String::new(),
        audiences: Vec::new(),
        scopes: String::new(),
        impersonation: false,
    };
    for part in text.split(';') {
        match part.trim().split_once('=') {
            Some(("from", from)) => rule.subject_from = from.to_owned(),
            Some(("audience", list)) => rule.audiences = list.split(',').map(|one| one.trim().to_owned()).collect(),
            Some(("scope", scopes)) => rule.scopes = scopes.to_owned(),
            None if part.trim() == "impersonation" => rule.impersonation = true,
            Some(_) | None => return Err(SHAPE.to_owned()),
        }
    }
    if rule.subject_from.is_empty() || rule.audiences.iter().all(String::is_empty) || rule.scopes.is_empty() {
        return Err(SHAPE.to_owned());
    }
    Ok(rule)
}

/// Reads `dns=client.example.com` and its like.
pub(crate) fn tls_subject(text: &str) -> Result<(TlsSubjectKind, String), String> {
    let (kind, name) = text.split_once('=').unwrap_or((text, ""));
    let kind = match kind {
        "dn" => TlsSubjectKind::Dn,
        "dns" => TlsSubjectKind::Dns,
        "uri" => TlsSubjectKind::Uri,
        "ip" => TlsSubjectKind::Ip,
        "email" => TlsSubjectKind::Email,
        _ => return Err("write dn=…, dns=…, uri=…, ip=… or email=…".to_owned()),
    };
    Ok((kind, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exchange_rules_are_read_whole_or_not_at_all() {
        let rule = exchange_rule("from=own;audience=https://a.example, https://b.example;scope=read write").unwrap();
        assert_eq!(
            (rule.subject_from.as_str(), rule.scopes.as_str(), rule.impersonation),
            ("own", "read write", false)
        );
        assert_eq!(rule.audiences, ["https://a.example", "https://b.example"]);
        assert!(exchange_rule("from=web;audience=https://a.example;scope=read;impersonation").unwrap().impersonation);
        for text in
            ["", "own", "from=own", "from=own;audience=;scope=a", "from=own;audience=https://a;scope=a;hide=yes"]
        {
            assert!(exchange_rule(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_certificate_name_says_its_kind() {
        assert_eq!(tls_subject("dn=CN=a,O=b").unwrap(), (TlsSubjectKind::Dn, "CN=a,O=b".to_owned()));
        assert!(tls_subject("a.example").is_err());
    }
}
