//! `lockgate person …`: what can be asked about people.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ConfigArgs, ListArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// Add a person
    Add(PersonAddArgs),
    /// List people
    List(ListArgs),
    /// Make a new enrolment link for a person who has no passkey, or has lost them all
    Link(PersonLinkArgs),
    /// Let a disabled person sign in again
    Enable(PersonArgs),
    /// Keep a person out: their sessions end, and applications get no new tokens for them
    Disable(PersonArgs),
    /// Put a person into exactly these groups
    Groups(PersonGroupsArgs),
    /// End all sessions of a person
    EndSessions(PersonArgs),
    /// Forget a person's failed tries, so that their password and codes are looked at again
    ResetThrottle(PersonArgs),
    /// Take password, authenticator app and recovery codes from a person
    ResetFallbacks(PersonArgs),
    /// Keep what applications may be told about a person, from a JSON file of claims
    Attributes(PersonAttributesArgs),
    /// Addresses at which a person is told of changes to their account
    #[command(subcommand)]
    NoticeAddress(NoticeAddressCommand),
    /// Import password hashes that another system made
    PasswordImport(PasswordImportArgs),
}

#[derive(Debug, Args)]
pub(crate) struct PersonArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
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
    /// Access ends by itself on this day (UTC), such as 2027-03-31
    #[arg(long, value_name = "DATE")]
    pub(crate) ends: Option<jiff::civil::Date>,
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

#[derive(Debug, Args)]
pub(crate) struct PersonGroupsArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    /// A group; may be repeated. Groups that are not named are left
    #[arg(long = "group", value_name = "GROUP", required_unless_present = "none")]
    pub(crate) groups: Vec<String>,
    /// No group at all
    #[arg(long, conflicts_with = "groups")]
    pub(crate) none: bool,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PersonAttributesArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    /// A JSON object of claims, such as {"email": "…", "given_name": "…"}; it takes the place of what was kept
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NoticeAddressCommand {
    /// Add one
    Add(AddressArgs),
    /// List them
    List(NoticeAddressListArgs),
    /// Remove one
    Remove(AddressArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AddressArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    /// The mail address
    pub(crate) address: String,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct NoticeAddressListArgs {
    /// The person's sign-in name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PasswordImportArgs {
    /// Lines of sign-in name, comma, hash
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Look only: say line by line what stands against it
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Also where a person has a password already
    #[arg(long)]
    pub(crate) replace: bool,
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

impl From<Kind> for model::Employment {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Workforce => Self::Workforce,
            Kind::Contractor => Self::Contractor,
            Kind::Partner => Self::Partner,
        }
    }
}
