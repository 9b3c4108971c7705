//! Subjects that an application brings along, so that it goes on knowing people by the identifiers that it has.

use std::collections::HashMap;

use model::{PersonId, Secret};
use oauth::{
    Client, TokenKeys,
    subject::computed,
    subject_map::{
        MappedAt, MappedSubject, csv,
        plan::{Known, plan},
    },
};
use serde::{Deserialize, Serialize};
use signin::SigninName;

use super::{
    Desk, secret_text,
    wire::{Refused, Reply, Verdict, failed},
};

/// Remarks that a report has; the rest is counted.
const REMARKS_MAX: usize = 1000;
/// People read from the store at a time.
const PAGE: usize = 1000;

/// What can be asked about subjects.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SubjectsRequest {
    /// Import a list: all rows or none.
    Import {
        /// For which client.
        client: String,
        /// The file's text, as `oauth::subject_map::csv` reads it.
        #[serde(with = "secret_text")]
        list: Secret<String>,
        /// Look only.
        dry_run: bool,
    },
}

pub(super) fn run(desk: &Desk, request: &SubjectsRequest) -> Result<Reply, Refused> {
    match request {
        SubjectsRequest::Import { client, list, dry_run } => import(desk, client, list, *dry_run),
    }
}

fn import(desk: &Desk, client: &str, list: &Secret<String>, dry_run: bool) -> Result<Reply, Refused> {
    let client = desk.client(client)?;
    let rows = csv::parse(list.expose().as_bytes())
        .map_err(|fault| Refused::new(format_args!("the list can't be read: {fault}")))?;
    let names = rows.iter().map(|row| row.name.expose().as_str());
    let facts = Facts::load(desk, &client, names, rows.iter().map(|row| &row.subject))?;
    let plan = plan(&MappedAt::Client(client.id.clone()), &rows, &facts);

    let mut lines: Vec<String> =
        plan.remarks.iter().take(REMARKS_MAX).map(|remark| format!("line {}: {}", remark.line, remark.kind)).collect();
    if plan.remarks.len() > REMARKS_MAX {
        lines.push(format!("… and {} more lines.", plan.remarks.len() - REMARKS_MAX));
    }
    let (fresh, unchanged) = (plan.mappings.len(), plan.unchanged);
    if dry_run {
        let verdict = if plan.is_clean() { Verdict::Yes } else { Verdict::No };
        lines.push(format!(
            "{fresh} subjects would be imported, {unchanged} are in force already. Nothing was changed."
        ));
        return Ok(Reply { lines, verdict, ..Reply::default() });
    }
    match plan.commit() {
        Ok(outcome) => desk.commit(outcome)?,
        Err(_) => return Err(Refused::because("nothing was imported: every row must be sound", lines)),
    };
    Ok(Reply::said(format_args!("Imported {fresh} subjects for {}; {unchanged} were in force already.", client.id)))
}

/// Everything that the judgement of a list needs, read before it begins: a look-up that fails must not look like "unknown".
struct Facts<'a> {
    desk: &'a Desk,
    persons: HashMap<String, PersonId>,
    mapped_to: HashMap<PersonId, String>,
    mapped_by: HashMap<String, PersonId>,
    computed: HashMap<String, PersonId>,
}

impl<'a> Facts<'a> {
    fn load<'r>(
        desk: &'a Desk,
        client: &Client,
        names: impl Iterator<Item = &'r str>,
        subjects: impl Iterator<Item = &'r MappedSubject>,
    ) -> Result<Self, Refused> {
        let mut facts = Self {
            desk,
            persons: HashMap::new(),
            mapped_to: HashMap::new(),
            mapped_by: HashMap::new(),
            computed: all_computed(desk, client, &desk.tokens)?,
        };
        for text in names {
            let Ok(name) = SigninName::parse(text) else { continue };
            let Some(person) = desk.find(&name)? else { continue };
            facts.persons.insert(text.to_owned(), person.id);
            let mapped = desk.store.mapped_subject(client, person.id).map_err(failed("look a subject up"))?;
            if let Some(mapped) = mapped {
                facts.mapped_to.insert(person.id, mapped.as_str().to_owned());
            }
        }
        for subject in subjects {
            for place in MappedAt::of(client) {
                let found = desk.store.person_of_subject(&place, subject).map_err(failed("look a subject up"))?;
                if let Some(person) = found {
                    facts.mapped_by.insert(subject.as_str().to_owned(), person);
                }
            }
        }
        Ok(facts)
    }
}

/// What everybody would be called at this client without an import.
fn all_computed(desk: &Desk, client: &Client, keys: &TokenKeys) -> Result<HashMap<String, PersonId>, Refused> {
    let mut all = HashMap::new();
    let mut after = None;
    loop {
        let page = desk.store.persons(after, PAGE).map_err(failed("read people"))?;
        all.extend(page.iter().map(|person| (computed(&client.subject, person.id, keys), person.id)));
        after = page.last().map(|person| person.id);
        if page.len() < PAGE {
            return Ok(all);
        }
    }
}

impl Known for Facts<'_> {
    fn person(&self, name: &str) -> Option<PersonId> {
        self.persons.get(name).copied()
    }
    fn mapped_to(&self, person: PersonId) -> Option<String> {
        self.mapped_to.get(&person).cloned()
    }
    fn mapped_by(&self, subject: &str) -> Option<PersonId> {
        self.mapped_by.get(subject).copied()
    }
    fn computed_for(&self, subject: &str) -> Option<PersonId> {
        self.computed.get(subject).copied()
    }
    fn is_client(&self, subject: &str) -> bool {
        self.desk.store.client(subject).is_some()
    }
}
