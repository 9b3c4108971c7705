//! Letting people in and keeping them out.

use std::net::{IpAddr, Ipv4Addr};

use model::{Actor, AuditEvent, AuditKind, Decision, Detail, Person, PersonStatus, Secret};
use signin::{
    PassIssuer, PassRequest,
    throttle::{Account, Keys, Kind},
};

use super::add::check_groups;
use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply, failed},
    },
};

/// How long an enrolment link works when nobody says, in hours.
pub(super) const LINK_HOURS: u16 = 24;
/// Longest life of an enrolment link, in hours.
const LINK_HOURS_MAX: u16 = 168;

pub(super) fn link(desk: &Desk, name: &str, hours: u16, remove_passkeys: bool) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let mut reply = Reply::default();
    if remove_passkeys {
        let passkeys = desk.store.passkeys_of(person.id).map_err(failed("look passkeys up"))?;
        let (now, mut entropy) = (ambient::now(), ambient::entropy());
        desk.commit(signin::reset_passkeys(&Actor::Operator, person.id, &passkeys, now, &mut entropy))?;
        reply = reply.and(format_args!("Removed {} passkeys of {name} and ended their sessions.", passkeys.len()));
    }
    with_link(desk, reply, &person, name, hours)
}

/// Adds a new enrolment link to a reply; nothing of it is kept but a hash.
pub(super) fn with_link(desk: &Desk, reply: Reply, person: &Person, name: &str, hours: u16) -> Result<Reply, Refused> {
    let link = desk.enrolment_link(person, hours)?;
    let words =
        format!("Enrolment link, good for {hours} hours and one passkey. Hand it over safely; it is shown only now:");
    Ok(reply.telling(name, words, link))
}

impl Desk {
    /// A new enrolment link: a secret, to be shown once.
    ///
    /// # Errors
    /// When the person has a passkey, or may not sign in.
    pub fn enrolment_link(&self, person: &Person, hours: u16) -> Result<Secret<String>, Refused> {
        if !(1..=LINK_HOURS_MAX).contains(&hours) {
            return Err(Refused::new(format_args!("a link works for 1 to {LINK_HOURS_MAX} hours")));
        }
        let held = self.store.passkeys_of(person.id).map_err(failed("look passkeys up"))?.len();
        let request = PassRequest { person, held, issuer: PassIssuer::Operator, seconds: i64::from(hours) * 3_600 };
        match signin::issue_pass(&request, &self.signin, ambient::now(), &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                let issued = self.commit(outcome)?;
                // The secret stays in the fragment, which browsers send to nobody.
                Ok(Secret::new(format!("{}/enrol#{}", self.issuer.url(), issued.token.expose())))
            }
            Decision::Refused(outcome) => Err(match outcome.reply {
                signin::Refusal::ProveExistingFirst => Refused::new(
                    "this person has a passkey already and adds another one in My account, after using it; if they have lost it, --remove-passkeys starts them anew",
                ),
                signin::Refusal::PersonRefused => Refused::new("this person may not sign in"),
                other => Refused::new(format_args!("the link was refused ({})", other.word())),
            }),
            Decision::Need(question) => match question {},
        }
    }
}

pub(super) fn set_status(desk: &Desk, name: &str, status: PersonStatus) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    desk.commit(signin::set_person_status(Actor::Operator, person.id, status, ambient::now()))?;
    Ok(match status {
        PersonStatus::Active => Reply::said(format_args!("{name} may sign in again.")),
        PersonStatus::Disabled => Reply::said(format_args!(
            "{name} may not sign in any more. Their sessions have ended, and applications get no new tokens for them."
        )),
    })
}

pub(super) fn set_groups(desk: &Desk, name: &str, groups: Vec<String>) -> Result<Reply, Refused> {
    check_groups(&groups)?;
    let person = desk.named(name)?;
    let left = person.groups.iter().any(|group| !groups.contains(group));
    let now_in = if groups.is_empty() { "no group".to_owned() } else { groups.join(", ") };
    desk.commit(signin::set_person_groups(Actor::Operator, &person, groups, ambient::now()))?;
    let reply = Reply::said(format_args!("{name} is in {now_in} now."));
    Ok(if left { reply.and("They left a group, so their sessions have ended.") } else { reply })
}

pub(super) fn end_sessions(desk: &Desk, name: &str) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let now = ambient::now();
    let sessions = desk.store.sessions_of(person.id).map_err(failed("look sessions up"))?.len();
    let event = AuditEvent::new(AuditKind::SessionEnded, Actor::Operator)
        .person(person.id)
        .detail("reason", Detail::Word("operator"));
    let change = signin::Change::EndSessionsOfPerson { person: person.id, at: now };
    desk.write(now, vec![change.into()], vec![event])?;
    Ok(Reply::said(format_args!("Ended {sessions} sessions of {name}.")))
}

pub(super) fn reset_throttle(desk: &Desk, name: &str) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let account = Account::Person(person.id);
    // Of these keys only those of the account are used, and no address goes into them.
    let keys = Keys::of(Kind::Password, &account, IpAddr::V4(Ipv4Addr::UNSPECIFIED), &desk.signin);
    let changes = [keys.account, keys.streak]
        .into_iter()
        .flatten()
        .map(|key| signin::Change::ClearCounter { key }.into())
        .collect();
    let event = AuditEvent::new(AuditKind::ThrottleReset, Actor::Operator).person(person.id);
    desk.write(ambient::now(), changes, vec![event])?;
    Ok(Reply::said(format_args!(
        "Forgot the failed tries of {name}. Limits on the addresses that the tries came from stay."
    )))
}

pub(super) fn reset_fallbacks(desk: &Desk, name: &str) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let (now, mut entropy) = (ambient::now(), ambient::entropy());
    desk.commit(signin::reset_fallbacks(&Actor::Operator, person.id, &desk.signin, now, &mut entropy))?;
    Ok(Reply::said(format_args!(
        "Took password, authenticator app and recovery codes from {name}, and ended the sessions that they opened."
    )))
}
