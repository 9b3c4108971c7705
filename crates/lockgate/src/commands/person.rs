//! `lockgate person …`: adds and lists people and hands out enrolment links, while no server runs.

use anyhow::{Context, Result};
use model::Actor;
use serde_json::{Value, json};

use crate::{
    cli::{ListArgs, PersonAddArgs, PersonCommand, PersonLinkArgs},
    exit::Exit,
    installation::Installation,
    people::{self, Newcomer},
    terminal,
};

/// People read from the store at a time.
const PAGE: usize = 500;

pub(super) fn run(command: &PersonCommand) -> Result<Exit> {
    match command {
        PersonCommand::Add(args) => add(args),
        PersonCommand::List(args) => list(args),
        PersonCommand::Link(args) => link(args),
    }
}

fn add(args: &PersonAddArgs) -> Result<Exit> {
    let installation = Installation::open(&args.config.path())?;
    let newcomer = Newcomer {
        name: &args.name,
        display: args.display.as_deref().unwrap_or(&args.name),
        employment: args.kind.into(),
        privileged: args.privileged,
        groups: args.groups.clone(),
        ends: None,
    };
    let person = people::add(&installation, newcomer, Actor::Operator)?;
    terminal::say(format_args!("Added {}.", args.name));
    if args.link {
        print_link(&installation, &person, 24)?;
    } else {
        terminal::say(format_args!("Next: lockgate person link {}", args.name));
    }
    installation.close()?;
    Ok(Exit::Done)
}

fn link(args: &PersonLinkArgs) -> Result<Exit> {
    let installation = Installation::open(&args.config.path())?;
    let person = people::named(&installation, &args.name)?;
    if args.remove_passkeys {
        let removed = people::reset(&installation, &person)?;
        terminal::say(format_args!("Removed {removed} passkeys of {} and ended their sessions.", args.name));
    }
    print_link(&installation, &person, args.hours)?;
    installation.close()?;
    Ok(Exit::Done)
}

/// Prints a link once; nothing of it is kept but a hash.
pub(super) fn print_link(installation: &Installation, person: &model::Person, hours: u16) -> Result<()> {
    let link = people::link(installation, person, i64::from(hours) * 3_600)?;
    terminal::say(format_args!(
        "Enrolment link, good for {hours} hours and one passkey. Hand it over safely; it is shown only now:"
    ));
    terminal::say(link.expose());
    Ok(())
}

fn list(args: &ListArgs) -> Result<Exit> {
    let installation = Installation::open(&args.config.path())?;
    let store = &installation.store;
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let mut after = None;
    loop {
        let page = store.persons(after, PAGE).context("failed to read people")?;
        for person in &page {
            let names = store.signin_names(person.id).context("failed to read sign-in names")?;
            let display = store.display_name(person.id).context("failed to read a display name")?;
            let passkeys = store.passkeys_of(person.id).context("failed to read passkeys")?.len();
            rows.push(vec![
                json!(names),
                json!(display),
                json!(person.status.as_str()),
                json!(person.employment.as_str()),
                json!(person.privileged),
                json!(person.groups),
                json!(passkeys),
                json!(person.id.to_string()),
            ]);
        }
        after = page.last().map(|person| person.id);
        if page.len() < PAGE {
            break;
        }
    }
    let columns = ["sign_in_names", "display_name", "status", "kind", "privileged", "groups", "passkeys", "id"];
    terminal::list(args.output, &columns, &rows);
    installation.close()?;
    Ok(Exit::Done)
}
