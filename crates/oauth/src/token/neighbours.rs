//! Grants that have rooms of their own: device codes (RFC 8628) and token exchange (RFC 8693). The client is authenticated here,
//! the key that it shows is looked at here, and what they bring is answered like everything else.

use model::{AuditKind, Entropy, Outcome, Timestamp};

use super::{
    TokenFacts, TokenRefusal, TokenReply, TokenRequest,
    checks::{Stop, meant_for, shown},
    issue::{NewFamily, issue_family},
};
use crate::{
    AuthenticatedClient, Change, GrantDetails,
    device::redeem::redeemable,
    exchange::{ACCESS_TOKEN_TYPE, ExchangeFacts, exchange},
    scope::OFFLINE_ACCESS,
    still::{StillFacts, may},
};

/// A device fetches its tokens.
pub(super) fn for_device(
    client: &AuthenticatedClient<'_>,
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<TokenReply, Change>, Stop> {
    let client = client.client();
    let confirmation = shown(request, facts, client)?;
    let redeemable = redeemable(request.params, client, facts.keys, facts.device, now)
        .map_err(|outcome| Stop::Decided(refused(outcome, TokenRefusal::Device)))?;
    let (grant, approval) = (redeemable.grant(), redeemable.approval());
    let still = StillFacts {
        client,
        person: facts.person,
        granted_by: approval.person,
        scope: &grant.scope,
        details: &grant.details,
        authentication: &approval.authentication,
        consent: facts.consent,
        credential: facts.credential,
        requirement_met: facts.requirement_met,
        session_live: facts.session_live || grant.scope.contains(OFFLINE_ACCESS),
    };
    may(&still, now).map_err(TokenRefusal::Ended)?;
    let new = NewFamily {
        client,
        person: approval.person,
        session: Some(approval.session),
        authentication: &approval.authentication,
        scope: &grant.scope,
        details: GrantDetails {
            confirmation,
            sid: client.settings.logout.is_used().then_some(approval.session),
            ..grant.details.clone()
        },
        nonce: None,
        audience: meant_for(request.params, &grant.details.resources, client)?,
        kind: AuditKind::DeviceRedeemed,
    };
    let mut outcome = issue_family(new, facts, now, entropy);
    outcome.changes.extend(outcome.reply.family().map(|family| redeemable.redemption(family, now)));
    Ok(outcome)
}

/// A service exchanges a token.
pub(super) fn for_exchange(
    client: &AuthenticatedClient<'_>,
    request: &TokenRequest<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<TokenReply, Change>, Stop> {
    let confirmation = shown(request, facts, client.client())?;
    let loaded = facts.exchange.ok_or(TokenRefusal::Incomplete)?;
    let facts = ExchangeFacts { confirmation, ..*loaded };
    let outcome = exchange(request.params, client, &facts, now, entropy)
        .map_err(|outcome| Stop::Decided(refused(outcome, TokenRefusal::Exchange)))?;
    let exchanged = outcome.reply;
    let reply = TokenReply {
        family: Some(exchanged.family()),
        access_claims: exchanged.access_claims,
        id_claims: None,
        refresh_token: None,
        scope: exchanged.scope,
        expires_in: exchanged.expires_in,
        confirmation,
        authorization_details: None,
        issued_token_type: Some(ACCESS_TOKEN_TYPE),
    };
    Ok(Outcome { reply, changes: outcome.changes, audit: outcome.audit })
}

fn refused<R>(outcome: Outcome<R, Change>, name: fn(R) -> TokenRefusal) -> Outcome<TokenRefusal, Change> {
    Outcome { reply: name(outcome.reply), changes: outcome.changes, audit: outcome.audit }
}
