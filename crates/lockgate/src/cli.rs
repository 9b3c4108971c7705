//! The command line: what can be asked. Help texts are written for someone who sees this program for the first time.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::terminal::Output;

/// Passkey-first sign-in and OAuth 2.1, in one program.
#[derive(Debug, Parser)]
#[command(name = "lockgate", version, about, long_about = None, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try Lockgate now: made-up people, an example application and a guided tour
    Demo(DemoArgs),
    /// Make a new installation in a directory
    Init(InitArgs),
    /// Run the server
    Serve(ConfigArgs),
    /// Read the configuration and say what is wrong with it
    CheckConfig(ConfigArgs),
    /// People: add, list, hand out enrolment links
    #[command(subcommand)]
    Person(PersonCommand),
    /// Applications that sign people in here: add, list
    #[command(subcommand)]
    Client(ClientCommand),
    /// The audit log: verify it, take a checkpoint
    #[command(subcommand)]
    AuditLog(AuditLogCommand),
    /// OAuth clients of any identity provider: find them in its configuration, and what is wrong with them. No server, no network
    #[command(subcommand)]
    Inventory(InventoryCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum InventoryCommand {
    /// Read configuration in folders, files and archives. What could not be read is said, and the rest goes on
    Scan(InventoryScanArgs),
    /// Write the report of a scan
    Report(InventoryReportArgs),
    /// Write a scan as a table for other programs
    Export(InventoryExportArgs),
    /// Say what a rule is about, where it is written and what to do; without a rule, list them
    Explain(InventoryExplainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InventoryScanArgs {
    /// What to read; formats are recognised by content
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// What you know and the files don't say: environments, client ids, owners (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Where to write inventory.json; created when missing
    #[arg(long, value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryReportArgs {
    /// The directory that the scan wrote
    #[arg(value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) dir: PathBuf,
    /// For people in a browser, for tickets and wikis, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// The file to write; standard output when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One self-contained file, good to print
    #[default]
    Html,
    /// Headings, lists and tables
    Markdown,
    /// Everything, as the scan wrote it
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryExportArgs {
    /// The directory that the scan wrote
    #[arg(value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) dir: PathBuf,
    /// The table's format
    #[arg(long, value_enum)]
    pub(crate) format: TableFormat,
    /// One row for each client as found in a file, before merging; the table that there is
    #[arg(long, required = true)]
    pub(crate) per_file: bool,
    /// The file to write; standard output when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Comma-separated, with a header line
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryExplainArgs {
    /// The rule's id
    pub(crate) rule: Option<String>,
}

/// Which installation.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// The configuration file
    #[arg(long, value_name = "FILE", default_value = "lockgate.toml", conflicts_with = "dir")]
    config: PathBuf,
    /// The installation's directory, when its configuration file has the usual name
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

impl ConfigArgs {
    /// The configuration file's path.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.as_ref().map_or_else(|| self.config.clone(), |dir| dir.join("lockgate.toml"))
    }
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Where to make it; created when missing
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    /// The address that people and applications will use
    #[arg(long, value_name = "URL", default_value = "http://localhost:8400")]
    pub(crate) issuer: String,
    /// The organisation's name, shown on pages
    #[arg(long, value_name = "NAME", default_value = "My organisation")]
    pub(crate) organisation: String,
    /// Sign-in name of the first administrator; asked for on a terminal, otherwise "admin"
    #[arg(long, value_name = "NAME")]
    pub(crate) admin: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Begin anew: forget what an earlier demo kept
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Port of Lockgate
    #[arg(long, value_name = "PORT", default_value_t = 8400, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) port: u16,
    /// Port of the example application
    #[arg(long, value_name = "PORT", default_value_t = 8401, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) app_port: u16,
    /// Where the demo keeps its files
    #[arg(long, value_name = "DIR", default_value = "lockgate-data/demo")]
    pub(crate) data: PathBuf,
    /// Walk the whole tour without a person, say how each step went, and stop
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// Add a person
    Add(PersonAddArgs),
    /// List people
    List(ListArgs),
    /// Make a new enrolment link for a person who has no passkey, or has lost them all
    Link(PersonLinkArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PersonAddArgs {
    /// What the person types to say who they are
    pub(crate) name: String,
    /// The name that pages show; the sign-in name by default
    #[arg(long, value_name = "NAME")]
    pub(crate) display: Option<String>,
    /// How the person belongs to the organisation
    #[arg(long, value_enum, default_value_t)]
    pub(crate) kind: Kind,
    /// The person holds administrative power somewhere
    #[arg(long)]
    pub(crate) privileged: bool,
    /// A group the person is in; may be repeated
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// Print an enrolment link as well
    #[arg(long)]
    pub(crate) link: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PersonLinkArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    /// How long the link works, in hours
    #[arg(long, value_name = "HOURS", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=168))]
    pub(crate) hours: u16,
    /// First remove all passkeys that the person has and end their sessions: for someone who has lost them. Make sure who asks
    #[arg(long)]
    pub(crate) remove_passkeys: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// How a person belongs to the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Kind {
    /// Employed here
    #[default]
    Workforce,
    /// Works here under contract
    Contractor,
    /// Belongs to another organisation
    Partner,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Register an application
    Add(ClientAddArgs),
    /// List applications
    List(ListArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ClientAddArgs {
    /// Its client id
    #[arg(long)]
    pub(crate) id: String,
    /// The name that people see
    #[arg(long)]
    pub(crate) name: String,
    /// What kind of program it is; a web application gets a secret, the others can't keep one
    #[arg(long, value_enum)]
    pub(crate) kind: ProgramKind,
    /// An address that receives the answer; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI", required = true)]
    pub(crate) redirect_uris: Vec<String>,
    /// A scope it may ask for; may be repeated
    #[arg(long = "scope", value_name = "SCOPE", default_value = "openid")]
    pub(crate) scopes: Vec<String>,
    /// How much is at stake behind it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) tier: TierArg,
    /// The organisation decides for its people: they are not asked for consent
    #[arg(long)]
    pub(crate) trusted: bool,
    /// Give it the same subject identifiers as other clients of this kind, instead of its own
    #[arg(long)]
    pub(crate) public_subject: bool,
    /// Write the secret to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
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
}

/// How much is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum TierArg {
    /// Ordinary applications
    #[default]
    Standard,
    /// Personal or business-critical data
    Sensitive,
    /// What can change everything else
    Critical,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    pub(crate) output: Output,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditLogCommand {
    /// Walk the whole chain and say whether anything was changed, removed or added. Exit code 0: whole; 1: broken; 2: could not look
    Verify(VerifyArgs),
    /// Print a signed checkpoint, to be kept where whoever holds this machine can't reach it
    Checkpoint(ConfigArgs),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A checkpoint kept elsewhere: also proves that nothing before it is missing
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

impl From<Kind> for model::Employment {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Workforce => Self::Workforce,
            Kind::Contractor => Self::Contractor,
            Kind::Partner => Self::Partner,
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

impl From<ProgramKind> for oauth::ClientKind {
    fn from(kind: ProgramKind) -> Self {
        match kind {
            ProgramKind::Web => Self::Web,
            ProgramKind::Browser => Self::Browser,
            ProgramKind::Native => Self::Native,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
