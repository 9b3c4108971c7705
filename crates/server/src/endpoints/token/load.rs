//! The facts of a token request, loaded.

use model::{Person, Timestamp};
use oauth::{
    Client, CodeFact, Presented, RefreshFamily, TokenFacts, TokenRequest,
    device::{DeviceGrant, DeviceState},
    dpop::DpopProof,
    exchange::ExchangeFacts,
    subject_map::MappedSubject,
};
use store::ReadError;

use super::{
    super::client_call::Proving,
    exchange::{self, Exchanging},
};
use crate::{
    memory::codes::Code,
    standing::{Grant, Loaded as Standing},
    state::App,
};

/// Everything that a token request may need, besides its client.
pub(super) struct Loaded {
    code: Option<Code>,
    family: Option<RefreshFamily>,
    device: Option<DeviceGrant>,
    exchanging: Option<Box<Exchanging>>,
    standing: Standing,
    mapped: Option<MappedSubject>,
}

impl Loaded {
    pub(super) fn load(
        app: &App,
        request: &TokenRequest<'_>,
        presented: &Presented,
        client: Option<&Client>,
        now: Timestamp,
    ) -> Result<Self, ReadError> {
        let mut loaded = Self {
            code: None,
            family: None,
            device: None,
            exchanging: None,
            standing: Standing::default(),
            mapped: None,
        };
        match presented {
            Presented::Code(hash) => {
                loaded.code = app.codes.find(hash, now);
                if let Some(Code { spent: Some(Some(family)), .. }) = &loaded.code {
                    loaded.family = app.store.family(*family)?;
                }
            }
            Presented::Family(id) => loaded.family = app.store.family(*id)?,
            Presented::Device(hash) => loaded.device = app.store.device_grant(hash)?,
            Presented::Tokens => loaded.exchanging = Some(Box::new(exchange::load(app, request, client, now)?)),
            Presented::Nothing => {}
        }
        if let Some(grant) = grant(&loaded.code, &loaded.family, &loaded.device, client) {
            loaded.standing = Standing::of(app, &grant, now)?;
            if let Some(client) = client {
                loaded.mapped = app.store.mapped_subject(client, grant.person)?;
            }
        }
        Ok(loaded)
    }

    /// For a token exchange.
    pub(super) fn exchange_facts<'a>(&'a self, app: &'a App) -> Option<ExchangeFacts<'a>> {
        self.exchanging.as_deref().map(|exchanging| exchanging.facts(app))
    }

    pub(super) fn facts<'a>(
        &'a self,
        app: &'a App,
        proving: &'a Proving,
        proof: Option<&'a DpopProof>,
        exchange: Option<&'a ExchangeFacts<'a>>,
    ) -> TokenFacts<'a> {
        let code = match &self.code {
            None => CodeFact::Unknown,
            Some(Code { record, spent: None }) => CodeFact::Live(record),
            Some(Code { record, spent: Some(family) }) => CodeFact::Spent { record, family: *family },
        };
        TokenFacts {
            client_keys: proving.keys.fact(),
            assertion_spent: proving.assertion_spent,
            proof,
            code,
            device: self.device.as_ref(),
            exchange,
            family: self.family.as_ref(),
            person: self.person(),
            mapped_subject: self.mapped.as_ref().map(MappedSubject::as_str),
            session_live: self.standing.session_live(),
            consent: self.standing.consent(),
            credential: self.standing.credential(),
            requirement_met: self.standing.requirement_met(),
            ..TokenFacts::new(&app.issuer, &app.tokens, proving.client.as_deref())
        }
    }

    const fn person(&self) -> Option<&Person> {
        self.standing.person.as_ref()
    }
}

/// The grant behind what is presented.
fn grant<'a>(
    code: &'a Option<Code>,
    family: &'a Option<RefreshFamily>,
    device: &'a Option<DeviceGrant>,
    client: Option<&'a Client>,
) -> Option<Grant<'a>> {
    if let Some(Code { record, .. }) = code {
        return Some(Grant {
            client,
            person: record.person,
            session: Some(record.session),
            authentication: &record.authentication,
            details: &record.details,
        });
    }
    if let Some(family) = family {
        return Some(Grant::of_family(family, client));
    }
    let device = device.as_ref()?;
    match &device.state {
        DeviceState::Approved(approval) => Some(Grant {
            client,
            person: approval.person,
            session: Some(approval.session),
            authentication: &approval.authentication,
            details: &device.details,
        }),
        DeviceState::Pending | DeviceState::Denied { .. } | DeviceState::Redeemed { .. } => None,
    }
}
