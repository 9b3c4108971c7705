//! Adding people and handing out enrolment links, for every command that does either.

use anyhow::{Context, Result, anyhow, bail};
use model::{Actor, Decision, Employment, Person, Secret, Timestamp};
use server::ambient;
use signin::{NewPerson, PassIssuer, PassRequest, SealedName, SigninName};
use store::PersonalKind;

use crate::installation::Installation;

/// Longest name shown on pages, in characters, and longest group name.
const DISPLAY_CHARS_MAX: usize = 100;
const GROUP_CHARS_MAX: usize = 64;
/// Most groups of one person.
const GROUPS_MAX: usize = 64;

/// Someone to be added.
pub(crate) struct Newcomer<'a> {
    pub(crate) name: &'a str,
    pub(crate) display: &'a str,
    pub(crate) employment: Employment,
    pub(crate) privileged: bool,
    pub(crate) groups: Vec<String>,
    pub(crate) ends: Option<Timestamp>,
}

/// Adds a person. Their names are sealed under a key of their own, made first.
pub(crate) fn add(installation: &Installation, newcomer: Newcomer<'_>, actor: Actor) -> Result<Person> {
    let (store, key) = (&installation.store, installation.signin_key());
    let name = sign_in_name(newcomer.name)?;
    let display = newcomer.display.trim();
    if !fits(display, DISPLAY_CHARS_MAX) {
        bail!("the display name must have 1 to {DISPLAY_CHARS_MAX} visible characters");
    }
    if newcomer.groups.len() > GROUPS_MAX || !newcomer.groups.iter().all(|group| fits(group, GROUP_CHARS_MAX)) {
        bail!(
            "a person has at most {GROUPS_MAX} groups, each with a name of 1 to {GROUP_CHARS_MAX} visible characters"
        );
    }
    let hash = name.hash(&key);
    if store.person_by_name_hash(&hash).context("failed to look the name up")?.is_some() {
        bail!("somebody has the sign-in name {} already; choose another", name.expose());
    }

    let now = ambient::now();
    let new = NewPerson {
        employment: newcomer.employment,
        privileged: newcomer.privileged,
        groups: newcomer.groups,
        ends: newcomer.ends,
    };
    let person = signin::draft(new, now, &mut ambient::entropy());
    let seal = |kind: PersonalKind, text: &str| {
        store.seal_for(person.id, kind, text.as_bytes(), now, &mut ambient::entropy()).context("failed to seal a name")
    };
    let sealed_display = seal(PersonalKind::DisplayName, display)?;
    let names = vec![SealedName { hash, sealed: seal(PersonalKind::SigninName, name.expose())? }];
    installation.commit(signin::add_person(actor, person.clone(), sealed_display, names))?;
    Ok(person)
}

/// The person with that sign-in name.
pub(crate) fn named(installation: &Installation, name: &str) -> Result<Person> {
    let hash = sign_in_name(name)?.hash(&installation.signin_key());
    let found = installation.store.person_by_name_hash(&hash).context("failed to look the name up")?;
    found.ok_or_else(|| anyhow!("nobody has the sign-in name {name}; `lockgate person list` shows who is there"))
}

/// Takes all passkeys from a person and ends their sessions; says how many there were.
pub(crate) fn reset(installation: &Installation, person: &Person) -> Result<usize> {
    let passkeys = installation.store.passkeys_of(person.id).context("failed to look passkeys up")?;
    installation.commit(signin::reset_passkeys(&Actor::Operator, person.id, &passkeys, ambient::now()))?;
    Ok(passkeys.len())
}

/// A new enrolment link: a secret, to be shown once.
pub(crate) fn link(installation: &Installation, person: &Person, seconds: i64) -> Result<Secret<String>> {
    let held = installation.store.passkeys_of(person.id).context("failed to look passkeys up")?.len();
    let request = PassRequest { person, held, issuer: PassIssuer::Operator, seconds };
    let key = installation.signin_key();
    match signin::issue_pass(&request, &key, ambient::now(), &mut ambient::entropy()) {
        Decision::Done(outcome) => {
            let issued = installation.commit(outcome)?;
            // The secret stays in the fragment, which browsers send to nobody.
            Ok(Secret::new(format!("{}/enrol#{}", installation.issuer, issued.token.expose())))
        }
        Decision::Refused(outcome) => Err(match outcome.reply {
            signin::Refusal::ProveExistingFirst => {
                anyhow!(
                    "this person has a passkey already and adds another one in My account, after using it; if they have lost it, --remove-passkeys starts them anew"
                )
            }
            signin::Refusal::PersonRefused => anyhow!("this person may not sign in"),
            other => anyhow!("the link was refused ({})", other.word()),
        }),
        Decision::Need(question) => match question {},
    }
}

fn sign_in_name(text: &str) -> Result<SigninName> {
    SigninName::parse(text)
        .map_err(|_| anyhow!("a sign-in name has 1 to 254 characters, without spaces or control characters"))
}

fn fits(text: &str, chars_max: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= chars_max && !text.chars().any(char::is_control)
}
