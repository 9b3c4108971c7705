//! `lockgate`: the binary. It reads the command line and the configuration, puts the rooms together, and runs them.
//!
//! What it must not do: hold a rule. Whether something may happen is decided in the engines; what is stored is the store's
//! business; what is answered over HTTP is the server's.
//!
//! Start reading at [`cli`], the list of commands; each has its file in [`commands`].

mod asking;
mod check;
mod cli;
mod commands;
mod config;
mod conformance;
mod demo;
mod exit;
mod installation;
mod running;
mod terminal;

use clap::Parser;
use exit::Exit;

/// Memory that comes back quickly: a token request allocates little, but there are many of them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let exit = match commands::run(cli::Cli::parse()) {
        Ok(exit) => exit,
        Err(error) => {
            terminal::complain(format_args!("lockgate: {error:#}"));
            Exit::CouldNotRun
        }
    };
    exit.into()
}
