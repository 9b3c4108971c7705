//! One file for each command.

mod audit_log;
mod check_config;
mod client;
mod init;
mod inventory;
mod person;
mod serve;

pub(crate) use client::new_private_file;

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
        Command::Person(command) => person::run(&command),
        Command::Client(command) => client::run(&command),
        Command::AuditLog(command) => audit_log::run(&command),
        Command::Inventory(command) => inventory::run(&command),
    }
}
