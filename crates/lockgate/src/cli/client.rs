//! `lockgate client …`: what can be asked about applications. The options are the members of the written form, under shorter names.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArgs, ListArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Register an application
    Add(Box<ClientAddArgs>),
    /// List applications
    List(ListArgs),
    /// Show one application in full, in the form that `client import` reads
    Show(ClientArgs),
    /// Change an application: options that are given replace, others stay
    Set(Box<ClientSetArgs>),
    /// Let nobody use an application, until it is enabled again
    Disable(ClientArgs),
    /// Let an application be used again
    Enable(ClientArgs),
    /// Remove an application, and end every grant that it holds
    Remove(ClientArgs),
    /// Secrets of an application
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Register many applications from a file: all of them, or none
    Import(ClientImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ClientArgs {
    /// Its client id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Give it a fresh secret; the one before it works until it is removed
    Rotate(SecretRotateArgs),
    /// Remove every secret but the newest
    Remove(ClientArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SecretRotateArgs {
    /// Its client id
    pub(crate) id: String,
    /// Write the secret to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClientAddArgs {
    /// Its client id
    #[arg(long)]
    pub(crate) id: String,
    /// The name that people see
    #[arg(long)]
    pub(crate) name: String,
    /// What kind of program it is; web and service get a secret, the others can't keep one
    #[arg(long, value_enum)]
    pub(crate) kind: ProgramKind,
    #[command(flatten)]
    pub(crate) options: ClientOptions,
    /// Write the secret to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClientSetArgs {
    /// Its client id
    pub(crate) id: String,
    /// The name that people see
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) options: ClientOptions,
    /// A member of the written form to take away, such as jwks_uri or lockgate.groups; may be repeated
    #[arg(long = "clear", value_name = "MEMBER")]
    pub(crate) clear: Vec<String>,
    /// Write a secret, if one is made, to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ClientImportArgs {
    /// A JSON array of applications, with the members of RFC 7591 and ours below "lockgate"
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Look only: say what stands against it
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also put those in place of others that have the same id
    #[arg(long)]
    pub(crate) replace: bool,
    /// Write the secrets to this new file, as one JSON object, instead of printing them
    #[arg(long, value_name = "FILE")]
    pub(crate) secrets_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Everything about an application that can be chosen. Lists: the option may be repeated.
#[derive(Debug, Args)]
pub(crate) struct ClientOptions {
    /// An address that receives the answer; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub(crate) redirect_uris: Vec<String>,
    /// A scope it may ask for; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// How much is at stake behind it
    #[arg(long, value_enum)]
    pub(crate) tier: Option<TierArg>,
    /// The organisation decides for its people: they are not asked for consent
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    pub(crate) trusted: Option<bool>,
    /// Give it the same subject identifiers as other clients of this kind, instead of its own
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false")]
    pub(crate) public_subject: Option<bool>,
    /// The sector whose applications see the same pairwise subject identifiers
    #[arg(long, value_name = "HOST")]
    pub(crate) sector: Option<String>,
    /// A grant it may use; may be repeated
    #[arg(long = "grant", value_enum, value_name = "GRANT", help_heading = "Tokens")]
    pub(crate) grants: Vec<GrantArg>,
    /// Whom its access tokens are for; this server by default
    #[arg(long, value_name = "URI", help_heading = "Tokens")]
    pub(crate) audience: Option<String>,
    /// What its resource parameters may name; may be repeated
    #[arg(long = "resource", value_name = "URI", help_heading = "Tokens")]
    pub(crate) resources: Vec<String>,
    /// A resource that it is itself, and whose tokens it may introspect; may be repeated
    #[arg(long = "serves", value_name = "URI", help_heading = "Tokens")]
    pub(crate) serves: Vec<String>,
    /// Lifetime of its access tokens, at most 300
    #[arg(long, value_name = "SECONDS", help_heading = "Tokens")]
    pub(crate) access_seconds: Option<i64>,
    /// Longest time that a refresh token may lie unused
    #[arg(long, value_name = "SECONDS", help_heading = "Tokens")]
    pub(crate) refresh_idle_seconds: Option<i64>,
    /// Longest time in which it can be refreshed at all
    #[arg(long, value_name = "SECONDS", help_heading = "Tokens")]
    pub(crate) refresh_seconds: Option<i64>,
    /// With what its tokens are signed
    #[arg(long, value_name = "ALG", help_heading = "Tokens")]
    pub(crate) signing_alg: Option<String>,
    /// Whether its tokens must be bound to a key that it holds
    #[arg(long, value_enum, help_heading = "Tokens")]
    pub(crate) sender: Option<SenderArg>,
    /// A rule of token exchange, as in "from=own;audience=https://a.example,https://b.example;scope=read write;impersonation"; may be repeated
    #[arg(long = "exchange", value_name = "RULE", value_parser = super::operate::exchange_rule, help_heading = "Tokens")]
    pub(crate) exchange: Vec<server::control::ExchangeForm>,
    /// How it authenticates, such as client_secret_basic, private_key_jwt or tls_client_auth
    #[arg(long, value_name = "METHOD", help_heading = "Proof")]
    pub(crate) auth: Option<String>,
    /// Its public keys: a file with a JWK Set
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri", help_heading = "Proof")]
    pub(crate) jwks_file: Option<PathBuf>,
    /// Where it publishes its keys
    #[arg(long, value_name = "URI", help_heading = "Proof")]
    pub(crate) jwks_uri: Option<String>,
    /// The only algorithm of its assertions
    #[arg(long, value_name = "ALG", help_heading = "Proof")]
    pub(crate) assertion_alg: Option<String>,
    /// The name in its certificate: dn=…, dns=…, uri=…, ip=… or email=…
    #[arg(long, value_name = "KIND=NAME", value_parser = super::operate::tls_subject, help_heading = "Proof")]
    pub(crate) tls_subject: Option<(TlsSubjectKind, String)>,
    /// Take pushed requests only
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", help_heading = "Requests")]
    pub(crate) require_par: Option<bool>,
    /// Take signed requests only
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", help_heading = "Requests")]
    pub(crate) require_signed: Option<bool>,
    /// A response mode it may ask for: query, form_post, query.jwt, form_post.jwt; may be repeated
    #[arg(long = "response-mode", value_name = "MODE", help_heading = "Requests")]
    pub(crate) response_modes: Vec<String>,
    /// A type of authorization details it may ask for; may be repeated
    #[arg(long = "detail-type", value_name = "TYPE", help_heading = "Requests")]
    pub(crate) detail_types: Vec<String>,
    /// How old a sign-in may be when a request says nothing
    #[arg(long, value_name = "SECONDS", help_heading = "Requests")]
    pub(crate) default_max_age: Option<i64>,
    /// Always tell when the person signed in
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", help_heading = "Requests")]
    pub(crate) require_auth_time: Option<bool>,
    /// An acr value it wants when a request says nothing, best first; may be repeated
    #[arg(long = "acr", value_name = "ACR", help_heading = "Requests")]
    pub(crate) acr: Vec<String>,
    /// A group of people who may use it; may be repeated. Without one: everybody
    #[arg(long = "group", value_name = "GROUP", help_heading = "People")]
    pub(crate) groups: Vec<String>,
    /// A claim that it may ever be told; may be repeated
    #[arg(long = "claim", value_name = "CLAIM", help_heading = "People")]
    pub(crate) claims: Vec<String>,
    /// What it needs them for, as shown to people
    #[arg(long, value_name = "TEXT", help_heading = "People")]
    pub(crate) purpose: Option<String>,
    /// A mail address of somebody responsible for it; may be repeated
    #[arg(long = "contact", value_name = "ADDRESS", help_heading = "People")]
    pub(crate) contacts: Vec<String>,
    /// Where people may be sent after signing out; may be repeated
    #[arg(long = "post-logout-uri", value_name = "URI", help_heading = "Signing out")]
    pub(crate) post_logout_uris: Vec<String>,
    /// Where it is told that a session ended
    #[arg(long, value_name = "URI", help_heading = "Signing out")]
    pub(crate) backchannel_uri: Option<String>,
    /// It must be told which session
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "true|false", help_heading = "Signing out")]
    pub(crate) backchannel_session: Option<bool>,
}

/// What kind of program a client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgramKind {
    /// On a server
    Web,
    /// In the browser
    Browser,
    /// On someone's device
    Native,
    /// Acts for itself, without a person
    Service,
}

/// How much is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TierArg {
    /// Ordinary applications
    Standard,
    /// Personal or business-critical data
    Sensitive,
    /// What can change everything else
    Critical,
}

/// A grant, by a short name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GrantArg {
    /// A person signs in at a browser
    Code,
    /// Tokens are refreshed
    Refresh,
    /// It acts for itself
    ClientCredentials,
    /// A person signs in at another device
    Device,
    /// It exchanges tokens that it was given
    TokenExchange,
}

/// Whether tokens must be bound to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SenderArg {
    /// When it shows one
    Any,
    /// To a DPoP key
    Dpop,
    /// To its TLS certificate
    Mtls,
    /// To one of the two
    DpopOrMtls,
}

/// Which name of a certificate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsSubjectKind {
    Dn,
    Dns,
    Uri,
    Ip,
    Email,
}

impl From<ProgramKind> for oauth::ClientKind {
    fn from(kind: ProgramKind) -> Self {
        match kind {
            ProgramKind::Web => Self::Web,
            ProgramKind::Browser => Self::Browser,
            ProgramKind::Native => Self::Native,
            ProgramKind::Service => Self::Service,
        }
    }
}

impl From<TierArg> for model::Tier {
    fn from(tier: TierArg) -> Self {
        match tier {
            TierArg::Standard => Self::Standard,
            TierArg::Sensitive => Self::Sensitive,
            TierArg::Critical => Self::Critical,
        }
    }
}

impl GrantArg {
    /// Its registered name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Code => "authorization_code",
            Self::Refresh => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::Device => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }
}
