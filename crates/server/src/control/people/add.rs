//! Adding a person, and what applications may be told about them.

use context::Attributes;
use model::{Actor, Employment, Person, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use signin::{NewPerson, SealedName};
use store::{Change, PersonalKind};

use super::access;
use crate::{
    ambient,
    control::{
        Desk,
        desk::parse_name,
        wire::{Refused, Reply, failed},
    },
};

/// Longest name shown on pages, in characters.
const DISPLAY_CHARS_MAX: usize = 100;
/// Longest group name, in characters.
const GROUP_CHARS_MAX: usize = 64;
/// Most groups of one person.
const GROUPS_MAX: usize = 64;

/// Someone to be added.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPersonForm {
    /// What they type to say who they are.
    pub name: String,
    /// The name that pages show.
    pub display: String,
    /// How they belong to the organisation: `workforce`, `contractor` or `partner`.
    pub employment: String,
    /// Whether they hold administrative power somewhere.
    pub privileged: bool,
    /// Names of the groups they are in.
    pub groups: Vec<String>,
    /// When access ends by itself, in seconds since 1970.
    pub ends: Option<i64>,
    /// Whether to make an enrolment link as well.
    pub link: bool,
}

pub(super) fn add(desk: &Desk, form: &NewPersonForm) -> Result<Reply, Refused> {
    let person = desk.add_person(form, Actor::Operator)?;
    let reply = Reply::said(format_args!("Added {}.", form.name));
    if form.link {
        access::with_link(desk, reply, &person, &form.name, access::LINK_HOURS)
    } else {
        Ok(reply.and(format_args!("Next: lockgate person link {}", form.name)))
    }
}

impl Desk {
    /// Adds a person. Their names are sealed under a key of their own, made first.
    ///
    /// # Errors
    /// When a name or a group can't be used, or the name is somebody else's.
    pub fn add_person(&self, form: &NewPersonForm, actor: Actor) -> Result<Person, Refused> {
        let name = parse_name(&form.name)?;
        let display = form.display.trim();
        if !fits(display, DISPLAY_CHARS_MAX) {
            return Err(Refused::new(format_args!(
                "the display name must have 1 to {DISPLAY_CHARS_MAX} visible characters"
            )));
        }
        check_groups(&form.groups)?;
        let employment = Employment::from_word(&form.employment)
            .ok_or_else(|| Refused::new("a person is workforce, contractor or partner"))?;
        if self.find(&name)?.is_some() {
            return Err(Refused::new(format_args!(
                "somebody has the sign-in name {} already; choose another",
                name.expose()
            )));
        }
        let now = ambient::now();
        let new = NewPerson {
            employment,
            privileged: form.privileged,
            groups: form.groups.clone(),
            ends: form.ends.map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1000))),
        };
        let person = signin::draft(new, now, &mut ambient::entropy());
        let seal = |kind: PersonalKind, text: &str| {
            self.store
                .seal_for(person.id, kind, text.as_bytes(), now, &mut ambient::entropy())
                .map_err(failed("seal a name"))
        };
        let sealed_display = seal(PersonalKind::DisplayName, display)?;
        let names =
            vec![SealedName { hash: name.hash(&self.signin), sealed: seal(PersonalKind::SigninName, name.expose())? }];
        self.commit(signin::add_person(actor, person.clone(), sealed_display, names))?;
        Ok(person)
    }

    /// Keeps what applications may be told about a person: a JSON object of claims, in place of what was kept.
    ///
    /// # Errors
    /// When a claim is unknown or has the wrong form.
    pub fn set_attributes(&self, person: &Person, json: &str) -> Result<usize, Refused> {
        let attributes = Attributes::parse(json)
            .map_err(|fault| Refused::new(format_args!("these attributes can't be kept: {fault}")))?;
        let now = ambient::now();
        let text = Secret::new(attributes.to_json());
        let sealed = self
            .store
            .seal_for(person.id, PersonalKind::Attributes, text.expose().as_bytes(), now, &mut ambient::entropy())
            .map_err(failed("seal the attributes"))?;
        let event = model::AuditEvent::new(model::AuditKind::AttributesSet, Actor::Operator).person(person.id);
        self.write(now, vec![Change::SetAttributes { person: person.id, sealed, at: now }], vec![event])?;
        Ok(attributes.known().count())
    }
}

pub(super) fn set_attributes(desk: &Desk, name: &str, json: &Secret<String>) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let count = desk.set_attributes(&person, json.expose())?;
    Ok(Reply::said(format_args!(
        "Kept {count} attributes of {name}. Each application is told those that it may be told."
    )))
}

pub(super) fn check_groups(groups: &[String]) -> Result<(), Refused> {
    if groups.len() > GROUPS_MAX || !groups.iter().all(|group| fits(group, GROUP_CHARS_MAX)) {
        return Err(Refused::new(format_args!(
            "a person has at most {GROUPS_MAX} groups, each with a name of 1 to {GROUP_CHARS_MAX} visible characters"
        )));
    }
    Ok(())
}

/// Whether a text has visible characters, and not too many.
pub(in crate::control) fn fits(text: &str, chars_max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control)
}
