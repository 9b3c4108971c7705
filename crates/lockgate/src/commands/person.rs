//! `lockgate person …`: from options to requests about people.

use anyhow::{Context, Result};
use model::{Employment, Secret};
use server::control::{NewPersonForm, PeopleRequest, Request};

use crate::{
    asking::{ask_and_list, ask_and_say, read_text},
    cli::{ConfigArgs, NoticeAddressCommand, PersonAddArgs, PersonCommand},
    exit::Exit,
    terminal::Output,
};

pub(super) fn run(command: PersonCommand) -> Result<Exit> {
    let (config, request) = match command {
        PersonCommand::Add(args) => add(args)?,
        PersonCommand::List(args) => return list(&args.config, PeopleRequest::List, args.output),
        PersonCommand::Link(args) => (
            args.config,
            PeopleRequest::Link { name: args.name, hours: args.hours, remove_passkeys: args.remove_passkeys },
        ),
        PersonCommand::Enable(args) => (args.config, PeopleRequest::Enable { name: args.name }),
        PersonCommand::Disable(args) => (args.config, PeopleRequest::Disable { name: args.name }),
        PersonCommand::Groups(args) => (args.config, PeopleRequest::SetGroups { name: args.name, groups: args.groups }),
        PersonCommand::EndSessions(args) => (args.config, PeopleRequest::EndSessions { name: args.name }),
        PersonCommand::ResetThrottle(args) => (args.config, PeopleRequest::ResetThrottle { name: args.name }),
        PersonCommand::ResetFallbacks(args) => (args.config, PeopleRequest::ResetFallbacks { name: args.name }),
        PersonCommand::Attributes(args) => {
            (args.config, PeopleRequest::SetAttributes { name: args.name, json: read_text(&args.file)? })
        }
        PersonCommand::NoticeAddress(NoticeAddressCommand::Add(args)) => {
            (args.config, PeopleRequest::AddAddress { name: args.name, address: Secret::new(args.address) })
        }
        PersonCommand::NoticeAddress(NoticeAddressCommand::List(args)) => {
            return list(&args.list.config, PeopleRequest::ListAddresses { name: args.name }, args.list.output);
        }
        PersonCommand::NoticeAddress(NoticeAddressCommand::Remove(args)) => {
            (args.config, PeopleRequest::RemoveAddress { name: args.name, address: Secret::new(args.address) })
        }
        PersonCommand::PasswordImport(args) => (
            args.config,
            PeopleRequest::ImportPasswords {
                list: read_text(&args.file)?,
                dry_run: args.dry_run,
                replace: args.replace,
            },
        ),
    };
    ask_and_say(&config.path(), Request::People(request))
}

fn list(config: &ConfigArgs, request: PeopleRequest, output: Output) -> Result<Exit> {
    ask_and_list(&config.path(), Request::People(request), output)
}

fn add(args: PersonAddArgs) -> Result<(ConfigArgs, PeopleRequest)> {
    let ends = args
        .ends
        .map(|day| day.to_zoned(jiff::tz::TimeZone::UTC).map(|midnight| midnight.timestamp().as_second()))
        .transpose()
        .context("--ends is out of range")?;
    let form = NewPersonForm {
        display: args.display.unwrap_or_else(|| args.name.clone()),
        name: args.name,
        employment: Employment::from(args.kind).as_str().to_owned(),
        privileged: args.privileged,
        groups: args.groups,
        ends,
        link: args.link,
    };
    Ok((args.config, PeopleRequest::Add(form)))
}
