//! Whether a refresh token counts. It is the business of its own client only.

use crypto::equal;
use model::Timestamp;

use super::IntrospectionFacts;
use crate::{
    Client, RefreshFamily, RefreshToken,
    answer::JsonObject,
    still::{StillFacts, may},
    subject::subject,
};

/// The members of the answer, if the token is its family's current one and may be used.
pub(super) fn active(
    token: &RefreshToken,
    caller: &Client,
    facts: &IntrospectionFacts<'_>,
    now: Timestamp,
) -> Option<String> {
    let keys = facts.authentication.keys;
    let family: &RefreshFamily = facts.family.filter(|family| family.id == token.family())?;
    let is_current = token.generation() == family.generation && equal(&token.stored_hash(keys), &family.token_hash);
    if family.client != caller.id || !is_current || !family.is_usable(now) {
        return None;
    }
    may(&StillFacts::of_family(caller, family, &facts.standing), now).ok()?;
    let mut json = JsonObject::with_capacity(256);
    json.boolean("active", true);
    json.string("iss", facts.authentication.issuer.url());
    json.string("sub", &subject(caller, family.person, facts.mapped_subject, keys));
    json.string("client_id", caller.id.as_str());
    json.string("scope", family.scope.as_str());
    json.number("iat", family.rotated.seconds());
    json.number("exp", family.expires.min(family.rotated.plus_seconds(family.idle_seconds)).seconds());
    if let Some(confirmation) = &family.details.confirmation {
        json.raw("cnf", &confirmation.to_json());
    }
    Some(json.finish())
}
