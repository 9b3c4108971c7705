//! Whether an access token counts, and what it says.

use model::Timestamp;

use super::{IntrospectionFacts, caller::may_read};
use crate::{
    AccessTokenFacts, Client, ClientStatus, Confirmation, FamilyState, RefreshFamily,
    answer::JsonObject,
    still::{StillFacts, may, may_hold},
};

/// What the conditions look at.
struct Question<'a> {
    token: &'a AccessTokenFacts,
    caller: &'a Client,
    facts: &'a IntrospectionFacts<'a>,
    now: Timestamp,
}

/// All of them must hold, in order; which one does not is nobody's business.
const CONDITIONS: [fn(&Question<'_>) -> bool; 5] = [
    // RFC 7662 §4: it is the caller's business.
    |asked| may_read(asked.caller, asked.token),
    // RFC 7662 §2.2: issued here, and in its time.
    |asked| asked.token.is_current(asked.facts.authentication.issuer.url(), asked.now),
    // RFC 7009 §2.1: not revoked by itself.
    |asked| !asked.facts.token_revoked,
    // The client that holds it may be used.
    |asked| holder(asked).is_some_and(|holder| holder.status == ClientStatus::Active),
    // What was granted may still be used.
    |asked| match asked.token.family {
        None => true,
        Some(id) => asked.facts.family.is_some_and(|family| family.id == id && grant_holds(asked, family)),
    },
];

fn holder<'a>(asked: &Question<'a>) -> Option<&'a Client> {
    asked.facts.holder.filter(|holder| holder.id.as_str() == asked.token.client_id)
}

fn grant_holds(asked: &Question<'_>, family: &RefreshFamily) -> bool {
    let Some(granted_to) = asked.facts.family_client.filter(|client| client.id == family.client) else { return false };
    let standing = &asked.facts.standing;
    let held = match (holder(asked), standing.person) {
        (Some(holder), Some(person)) => may_hold(holder, person).is_ok(),
        (None, _) | (_, None) => false,
    };
    held && family.state == FamilyState::Live
        && asked.now < family.expires
        && may(&StillFacts::of_family(granted_to, family, standing), asked.now).is_ok()
}

/// The members of the answer, if the token counts.
pub(super) fn active(
    token: &AccessTokenFacts,
    caller: &Client,
    facts: &IntrospectionFacts<'_>,
    now: Timestamp,
) -> Option<String> {
    let question = Question { token, caller, facts, now };
    if !CONDITIONS.iter().all(|holds| holds(&question)) {
        return None;
    }
    let mut json = JsonObject::with_capacity(512);
    json.boolean("active", true);
    json.string("iss", &token.issuer);
    json.string("sub", &token.subject);
    match token.audience.as_slice() {
        [one] => json.string("aud", one),
        several => json.strings("aud", several.iter().map(String::as_str)),
    }
    json.string("client_id", &token.client_id);
    json.string("scope", token.scope.as_str());
    // RFC 9449 §6.2
    json.string(
        "token_type",
        match token.confirmation {
            Some(Confirmation::Jkt(_)) => "DPoP",
            Some(Confirmation::X5t(_)) | None => "Bearer",
        },
    );
    json.number("iat", token.issued.seconds());
    json.number("exp", token.expires.seconds());
    json.string("jti", &crypto::b64u(&token.jti));
    // RFC 9470 §6.2
    if let Some(at) = token.auth_time {
        json.number("auth_time", at);
    }
    if let Some(acr) = &token.acr {
        json.string("acr", acr);
    }
    // RFC 8705 §3.2, RFC 9449 §6.2
    if let Some(confirmation) = &token.confirmation {
        json.raw("cnf", &confirmation.to_json());
    }
    // RFC 9396 §9.2
    if let Some(details) = &token.authorization_details {
        json.raw("authorization_details", details);
    }
    // RFC 8693 §4.1
    if let Some(actor) = &token.actor {
        json.raw("act", actor);
    }
    Some(json.finish())
}
