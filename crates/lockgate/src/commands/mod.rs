//! One file for each command.

mod audit_log;
mod check_config;
mod client;
mod init;
mod inventory;
mod operate;
mod person;
mod serve;

use anyhow::Result;

use crate::{
    cli::{Cli, Command},
    demo,
    exit::Exit,
};

/// Runs what was asked.
pub(crate) fn run(cli: Cli) -> Result<Exit> {
    match cli.command {
        Command::Demo(args) => demo::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::CheckConfig(args) => check_config::run(&args),
        Command::Person(command) => person::run(command),
        Command::Client(command) => client::run(command),
        Command::Exception(command) => operate::exception(command),
        Command::Keys(command) => operate::keys(command),
        Command::Subjects(command) => operate::subjects(&command),
        Command::Registration(command) => operate::registration(command),
        Command::Workstation(command) => operate::workstation(&command),
        Command::AuditLog(command) => audit_log::run(&command),
        Command::Inventory(command) => inventory::run(&command),
    }
}
