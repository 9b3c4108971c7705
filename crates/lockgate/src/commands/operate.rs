//! `lockgate exception …`, `keys …`, `subjects …`, `registration …`, `workstation …`: from options to requests.

use anyhow::Result;
use clap::ValueEnum;
use server::control::{ExceptionForm, ExceptionsRequest, KeysRequest, RegistrationRequest, Request, SubjectsRequest};

use crate::{
    asking::{ask_and_list, ask_and_say, ask_and_write, read_bounded, read_text},
    cli::{
        ExceptionAddArgs, ExceptionCommand, KeysCommand, RegistrationCommand, RegistrationTokenCommand,
        SubjectsCommand, WorkstationCommand,
    },
    exit::Exit,
};

pub(super) fn exception(command: ExceptionCommand) -> Result<Exit> {
    match command {
        ExceptionCommand::Add(args) => {
            let path = args.config.path();
            ask_and_say(&path, Request::Exceptions(exception_of(args)))
        }
        ExceptionCommand::List(args) => {
            ask_and_list(&args.config.path(), Request::Exceptions(ExceptionsRequest::List), args.output)
        }
        ExceptionCommand::End(args) => ask_and_say(
            &args.config.path(),
            Request::Exceptions(ExceptionsRequest::End { client: args.client, id: args.id }),
        ),
    }
}

fn exception_of(args: ExceptionAddArgs) -> ExceptionsRequest {
    // The words of the options are the words of the rules.
    let rule = args.rule.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let exception = ExceptionForm {
        rule,
        reason: args.reason,
        owner: args.owner,
        approved_by: args.approved_by,
        days: Some(i64::from(args.days)),
        ends: None,
    };
    ExceptionsRequest::Add { client: args.client, exception }
}

pub(super) fn keys(command: KeysCommand) -> Result<Exit> {
    match command {
        KeysCommand::List(args) => ask_and_list(&args.config.path(), Request::Keys(KeysRequest::List), args.output),
        KeysCommand::Rotate(args) => ask_and_say(
            &args.config.path(),
            Request::Keys(KeysRequest::Rotate { alg: args.alg, at_once: args.at_once }),
        ),
        KeysCommand::Withdraw(args) => {
            ask_and_say(&args.config.path(), Request::Keys(KeysRequest::Withdraw { id: args.id }))
        }
    }
}

pub(super) fn subjects(command: &SubjectsCommand) -> Result<Exit> {
    match command {
        SubjectsCommand::Import(args) => {
            let list = read_text(&args.file)?;
            let request = SubjectsRequest::Import { client: args.client.clone(), list, dry_run: args.dry_run };
            ask_and_say(&args.config.path(), Request::Subjects(request))
        }
    }
}

pub(super) fn registration(command: RegistrationCommand) -> Result<Exit> {
    let RegistrationCommand::Token(command) = command;
    match command {
        RegistrationTokenCommand::Add(args) => {
            let request = RegistrationRequest::AddToken {
                grants: args.grants.into_iter().map(|grant| grant.name().to_owned()).collect(),
                scopes: args.scopes,
                redirect_hosts: args.redirect_hosts,
                resources: args.resources,
                uses: args.uses,
                hours: args.hours,
            };
            ask_and_write(&args.config.path(), Request::Registration(request), args.token_file.as_deref())
        }
        RegistrationTokenCommand::Revoke(config) => {
            // Not an argument: those are seen by everybody on the machine and kept in histories.
            let token = read_bounded(std::io::stdin())?;
            ask_and_say(&config.path(), Request::Registration(RegistrationRequest::RevokeToken { token }))
        }
    }
}

pub(super) fn workstation(command: &WorkstationCommand) -> Result<Exit> {
    match command {
        WorkstationCommand::Link(config) => ask_and_say(&config.path(), Request::WorkstationLink),
    }
}
