//! Where people are told of changes to their account.

use model::{Actor, AuditEvent, AuditKind, Secret};
use serde_json::json;
use store::{Change, PersonalKind};

use crate::{
    ambient,
    control::{
        Desk, address_hash,
        wire::{Refused, Reply, failed},
    },
    mail::Recipient,
};

pub(super) fn add(desk: &Desk, name: &str, address: &Secret<String>) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let address = address.expose().trim();
    Recipient::parse(address).map_err(|fault| Refused::new(format_args!("this is no mail address: {fault}")))?;
    let now = ambient::now();
    let sealed = desk
        .store
        .seal_for(person.id, PersonalKind::NoticeAddress, address.as_bytes(), now, &mut ambient::entropy())
        .map_err(failed("seal the address"))?;
    let hash = address_hash(&desk.signin, address);
    let event = AuditEvent::new(AuditKind::NoticeAddressAdded, Actor::Operator).person(person.id);
    desk.write(now, vec![Change::AddNoticeAddress { person: person.id, hash, sealed, at: now }], vec![event])?;
    Ok(Reply::said(format_args!("{name} is told of changes at this address too.")))
}

pub(super) fn list(desk: &Desk, name: &str) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let addresses = desk.store.notice_addresses(person.id).map_err(failed("read the addresses"))?;
    Ok(Reply::table(&["address"], addresses.into_iter().map(|(_, address)| vec![json!(address)]).collect()))
}

pub(super) fn remove(desk: &Desk, name: &str, address: &Secret<String>) -> Result<Reply, Refused> {
    let person = desk.named(name)?;
    let hash = address_hash(&desk.signin, address.expose());
    let addresses = desk.store.notice_addresses(person.id).map_err(failed("read the addresses"))?;
    if !addresses.iter().any(|(known, _)| *known == hash) {
        return Err(Refused::new(format_args!("{name} is not told of changes at that address")));
    }
    let event = AuditEvent::new(AuditKind::NoticeAddressRemoved, Actor::Operator).person(person.id);
    desk.write(ambient::now(), vec![Change::RemoveNoticeAddress { person: person.id, hash }], vec![event])?;
    Ok(Reply::said(format_args!("{name} has {} addresses left.", addresses.len() - 1)))
}
