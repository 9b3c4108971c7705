//! The exchanged token, for whoever holds every checked value.

use crypto::b64u;
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, FamilyId, Outcome, Timestamp};

use super::{ExchangeFacts, checks::Exchangeable};
use crate::{Change, Confirmation, ScopeSet, answer::JsonObject, subject::subject};

/// An exchanged token, still unsigned. The token endpoint answers with it, and with its type (RFC 8693 §2.2.1).
#[derive(Clone)]
pub struct Exchanged {
    pub(crate) access_claims: String,
    pub(crate) scope: ScopeSet,
    pub(crate) expires_in: i64,
    family: FamilyId,
}

crate::quiet::quiet! { Exchanged }

impl Exchanged {
    /// Claims of the access token (RFC 9068 §2.2), as JSON.
    #[must_use]
    pub fn access_claims(&self) -> &str {
        &self.access_claims
    }

    /// What it may do.
    #[must_use]
    pub const fn scope(&self) -> &ScopeSet {
        &self.scope
    }

    /// The family that it dies with.
    #[must_use]
    pub const fn family(&self) -> FamilyId {
        self.family
    }
}

pub(super) fn issue(
    exchangeable: Exchangeable<'_>,
    facts: &ExchangeFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<Exchanged, Change> {
    let Exchangeable { client, family, token, scope, audience, act } = exchangeable;
    // Neither the token it came from nor the grant behind it is outlived.
    let expires = now.plus_seconds(client.access_token_seconds).min(token.expires).min(family.expires);
    let mut json = JsonObject::with_capacity(640);
    json.string("iss", facts.issuer.url());
    json.string("sub", &subject(client, family.person, facts.mapped_subject, facts.keys));
    match audience.as_slice() {
        [one] => json.string("aud", one),
        several => json.strings("aud", several.iter().map(String::as_str)),
    }
    json.string("client_id", client.id.as_str());
    json.string("scope", scope.as_str());
    json.number("iat", now.seconds());
    json.number("exp", expires.seconds());
    json.string("jti", &b64u(&entropy.take::<16>()));
    json.number("auth_time", family.authentication.at.seconds());
    if let Some(acr) = family.details.acr.as_deref().or(family.authentication.strength.acr()) {
        json.string("acr", acr);
    }
    json.strings("amr", family.authentication.amr.names());
    if let Some(act) = &act {
        json.raw("act", act.as_json());
    }
    match facts.confirmation {
        None => {}
        Some(Confirmation::Jkt(thumbprint)) => json.raw("cnf", &format!("{{\"jkt\":\"{}\"}}", b64u(&thumbprint))),
        Some(Confirmation::X5t(thumbprint)) => {
            json.raw("cnf", &format!("{{\"x5t#S256\":\"{}\"}}", b64u(&thumbprint)));
        }
    }
    // Ours: the family of the subject token, so that one revocation ends both.
    json.string("fam", &b64u(family.id.as_bytes()));

    let event = AuditEvent::new(AuditKind::TokenExchanged, Actor::Client(client.id.clone()))
        .person(family.person)
        .client(client.id.clone())
        .detail("family", Detail::Family(family.id))
        .detail("actor", Detail::Word(if act.is_some() { "named" } else { "hidden" }));
    Outcome {
        reply: Exchanged {
            access_claims: json.finish(),
            scope,
            expires_in: expires.seconds() - now.seconds(),
            family: family.id,
        },
        changes: Vec::new(),
        audit: vec![event],
    }
}
