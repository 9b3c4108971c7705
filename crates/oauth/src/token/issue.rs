//! Issuing tokens, for whoever holds every checked value.

use crypto::b64u;
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, FamilyId, Outcome, Secret, Timestamp};

use super::{
    TokenFacts, TokenReply,
    checks::{RedeemableCode, UsableFamily},
};
use crate::{
    Change, Client, FamilyState, GrantTypes, RefreshFamily, ScopeSet,
    claims::{AccessClaims, IdClaims},
    refresh_token::RefreshToken,
    scope::{OFFLINE_ACCESS, OPENID},
    subject::subject,
};

/// Life of an ID token, in seconds. The client reads it at once.
const ID_TOKEN_SECONDS: i64 = 300;

/// A code becomes a family and its first tokens.
pub(super) fn for_code(
    code: RedeemableCode<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let (client, record) = (code.client(), code.record());
    let may_refresh = client.grants.contains(GrantTypes::REFRESH_TOKEN);
    let id = FamilyId::fresh(now, entropy);
    let token = RefreshToken::fresh(id, 0, entropy);
    let lifetime = if may_refresh { client.refresh_absolute_seconds } else { client.access_token_seconds };
    let family = RefreshFamily {
        id,
        client: client.id.clone(),
        person: record.person,
        // OpenID Connect Core §11: offline_access is what lets a grant outlive its session.
        session: if record.scope.contains(OFFLINE_ACCESS) { None } else { Some(record.session) },
        authentication: record.authentication.clone(),
        scope: record.scope.clone(),
        generation: 0,
        token_hash: token.stored_hash(facts.keys),
        created: now,
        rotated: now,
        idle_seconds: if may_refresh { client.refresh_idle_seconds } else { client.access_token_seconds },
        expires: now.plus_seconds(lifetime),
        state: FamilyState::Live,
    };

    let subject = subject(client, record.person, facts.keys);
    let id_claims = record.scope.contains(OPENID).then(|| {
        IdClaims {
            issuer: facts.issuer.url(),
            subject: &subject,
            client_id: client.id.as_str(),
            nonce: record.nonce.as_deref(),
            authentication: &record.authentication,
            issued: now,
            expires: now.plus_seconds(ID_TOKEN_SECONDS),
        }
        .to_json()
    });
    let refresh_token = may_refresh.then(|| token.to_text(facts.keys));
    let reply = reply(client, &family, family.scope.clone(), &subject, facts, now, entropy, id_claims, refresh_token);
    let event = event(AuditKind::CodeRedeemed, &family);
    Outcome { reply, changes: vec![Change::InsertFamily(Box::new(family))], audit: vec![event] }
}

/// A refresh token becomes its successor and a fresh access token.
pub(super) fn for_refresh(
    usable: UsableFamily<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let (client, family) = (usable.client(), usable.family());
    // RFC 9700 §4.14.2: each use replaces the token. The family's end does not move (RFC 10017), nor does its scope (OAuth 2.1 §4.3.3).
    let token = RefreshToken::fresh(family.id, family.generation.saturating_add(1), entropy);
    let subject = subject(client, family.person, facts.keys);
    let refresh_token = Some(token.to_text(facts.keys));
    let reply = reply(client, family, usable.scope().clone(), &subject, facts, now, entropy, None, refresh_token);
    let rotation = Change::RotateFamily {
        id: family.id,
        from_generation: family.generation,
        token_hash: token.stored_hash(facts.keys),
        at: now,
    };
    let event =
        event(AuditKind::TokenRefreshed, family).detail("generation", Detail::Number(i64::from(token.generation())));
    Outcome { reply, changes: vec![rotation], audit: vec![event] }
}

#[expect(
    clippy::too_many_arguments,
    reason = "the two callers above differ in exactly these; a struct would only rename them"
)]
fn reply(
    client: &Client,
    family: &RefreshFamily,
    scope: ScopeSet,
    subject: &str,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
    id_claims: Option<String>,
    refresh_token: Option<Secret<String>>,
) -> TokenReply {
    // No access token outlives the grant it stands for.
    let expires = now.plus_seconds(client.access_token_seconds).min(family.expires);
    let token_id = b64u(&entropy.take::<16>());
    let access_claims = AccessClaims {
        issuer: facts.issuer.url(),
        subject,
        audience: &client.audience,
        client_id: client.id.as_str(),
        scope: scope.as_str(),
        token_id: &token_id,
        family: family.id,
        authentication: &family.authentication,
        issued: now,
        expires,
    }
    .to_json();
    TokenReply {
        access_claims,
        id_claims,
        refresh_token,
        scope,
        expires_in: expires.seconds() - now.seconds(),
        family: family.id,
    }
}

fn event(kind: AuditKind, family: &RefreshFamily) -> AuditEvent {
    AuditEvent::new(kind, Actor::Client(family.client.clone()))
        .person(family.person)
        .client(family.client.clone())
        .detail("family", Detail::Family(family.id))
}
