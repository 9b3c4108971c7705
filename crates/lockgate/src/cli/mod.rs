//! The command line: what can be asked. Help texts are written for someone who sees this program for the first time.

mod client;
mod inventory;
mod operate;
mod person;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::{client::*, inventory::*, operate::*, person::*};
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
    Serve(ServeArgs),
    /// Read the configuration and say what is wrong with it
    CheckConfig(ConfigArgs),
    /// People: add them, let them in, keep them out
    #[command(subcommand)]
    Person(PersonCommand),
    /// Applications that sign people in here: register, change, remove
    #[command(subcommand)]
    Client(ClientCommand),
    /// Rules that are relaxed for one application, for a while
    #[command(subcommand)]
    Exception(ExceptionCommand),
    /// Signing keys: list, move to the next, withdraw
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Identifiers of people that an application brings along
    #[command(subcommand)]
    Subjects(SubjectsCommand),
    /// Who may register applications by themselves
    #[command(subcommand)]
    Registration(RegistrationCommand),
    /// Computers that several people share
    #[command(subcommand)]
    Workstation(WorkstationCommand),
    /// The audit log: verify it, take a checkpoint
    #[command(subcommand)]
    AuditLog(AuditLogCommand),
    /// OAuth clients of any identity provider: find them in its configuration, and what is wrong with them. No server, no network
    #[command(subcommand)]
    Inventory(InventoryCommand),
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
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Run as something else than a door for real people
    #[arg(long, value_enum)]
    pub(crate) profile: Option<Profile>,
    /// Applications to register at the start, in the form of `client import`
    #[arg(long, value_name = "FILE", requires = "profile")]
    pub(crate) clients: Option<PathBuf>,
    /// Test people with passwords to add at the start
    #[arg(long, value_name = "FILE", requires = "profile")]
    pub(crate) people: Option<PathBuf>,
    /// Certificate authorities to trust in fetches, beside the system's (PEM)
    #[arg(long, value_name = "FILE", requires = "profile")]
    pub(crate) extra_ca: Option<PathBuf>,
}

/// What the server runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// For conformance suites on this machine: passwords of test people, a certificate of its own making, fetches from this machine. Never for real people
    Conformance,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
