//! Test people, who sign in with passwords.

use std::path::Path;

use anyhow::{Context, Result, bail};
use crypto::password::{self, Params, Password};
use model::{Actor, Secret};
use serde::Deserialize;
use server::{
    ambient,
    control::{Desk, NewPersonForm, PeopleRequest, Request},
};

use super::carried_out;
use crate::{asking::read_text, terminal};

/// Most test people.
const PEOPLE_MAX: usize = 100;

/// One test person, as a file has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestPerson {
    name: String,
    display: Option<String>,
    password: String,
    #[serde(default = "workforce")]
    kind: String,
    #[serde(default)]
    privileged: bool,
    #[serde(default)]
    groups: Vec<String>,
    attributes: Option<serde_json::Value>,
}

fn workforce() -> String {
    "workforce".to_owned()
}

/// Adds the people of a file who are not there yet, and sets everybody's password and attributes.
pub(super) fn put_in(desk: &Desk, path: &Path) -> Result<()> {
    let text = read_text(path)?;
    let people: Vec<TestPerson> = serde_json::from_str(text.expose())
        .with_context(|| format!("failed to read the test people in {}", path.display()))?;
    if people.len() > PEOPLE_MAX {
        bail!("{} has more than {PEOPLE_MAX} people", path.display());
    }
    let mut hashes = String::new();
    for person in people {
        let name = person.name.clone();
        put_one_in(desk, person, &mut hashes).with_context(|| format!("failed to add the test person {name}"))?;
        terminal::say(format_args!("The test person {name} signs in with a password."));
    }
    let import = PeopleRequest::ImportPasswords { list: Secret::new(hashes), dry_run: false, replace: true };
    carried_out(desk, Request::People(import))?;
    Ok(())
}

fn put_one_in(desk: &Desk, person: TestPerson, hashes: &mut String) -> Result<()> {
    let refused = |refused: server::control::Refused| anyhow::anyhow!(refused.what);
    let known = desk.person_named(&person.name).map_err(refused)?;
    let known = match known {
        Some(known) => known,
        None => {
            let form = NewPersonForm {
                display: person.display.unwrap_or_else(|| person.name.clone()),
                name: person.name.clone(),
                employment: person.kind,
                privileged: person.privileged,
                groups: person.groups,
                ends: None,
                link: false,
            };
            desk.add_person(&form, Actor::Operator).map_err(refused)?
        }
    };
    if let Some(attributes) = &person.attributes {
        desk.set_attributes(&known, &attributes.to_string()).map_err(refused)?;
    }
    let password = Password::parse(Secret::new(person.password)).context("the password can't be used")?;
    let hash = password::hash(&password, ambient::entropy().take(), Params::DEFAULT).to_text();
    hashes.push_str(&format!("{},{}\n", person.name, hash.expose()));
    Ok(())
}
