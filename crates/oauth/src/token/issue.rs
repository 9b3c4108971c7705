//! Issuing tokens, for whoever holds every checked value: a new family, the next token of one, or an access token alone.

use crypto::b64u;
use model::{
    Actor, AuditEvent, AuditKind, Authentication, Detail, Entropy, FamilyId, Outcome, PersonId, SessionId, Timestamp,
};

use super::{
    TokenFacts, TokenReply,
    checks::{OwnGrant, RedeemableCode, UsableFamily, Use},
};
use crate::{
    Change, Client, Confirmation, ExceptionRule, FamilyState, GrantDetails, GrantTypes, RefreshFamily, ScopeSet,
    claims::{AccessClaims, Audience, IdClaims},
    refresh_token::RefreshToken,
    scope::{OFFLINE_ACCESS, OPENID},
    subject::subject,
};

/// Life of an ID token, in seconds. The client reads it at once.
const ID_TOKEN_SECONDS: i64 = 300;

/// A grant that becomes a family and its first tokens. Whoever makes one has checked everything.
pub(crate) struct NewFamily<'a> {
    pub(crate) client: &'a Client,
    pub(crate) person: PersonId,
    /// The session in which the person agreed. The family lives and dies with it, unless `offline_access` is in `scope`.
    pub(crate) session: Option<SessionId>,
    pub(crate) authentication: &'a Authentication,
    pub(crate) scope: &'a ScopeSet,
    /// As granted; with the key that binds the family, if one does.
    pub(crate) details: GrantDetails,
    /// For the ID token.
    pub(crate) nonce: Option<&'a str>,
    /// For whom the first access token is meant.
    pub(crate) audience: Audience<'a>,
    /// What the audit says.
    pub(crate) kind: AuditKind,
}

/// An access token to be, whatever grant it comes from. Whoever makes one has checked everything.
pub(crate) struct NewAccess<'a> {
    pub(crate) client: &'a Client,
    pub(crate) subject: &'a str,
    pub(crate) audience: Audience<'a>,
    pub(crate) scope: ScopeSet,
    /// The family whose end ends this token; none where a client acts for itself.
    pub(crate) family: Option<FamilyId>,
    /// The ceremony behind it; none where no person is.
    pub(crate) authentication: Option<&'a Authentication>,
    /// What was granted beyond the scope. Its `confirmation` is not used: a token is bound to the key shown now.
    pub(crate) details: Option<&'a GrantDetails>,
    /// The key shown now.
    pub(crate) confirmation: Option<Confirmation>,
    /// When it ends, at the latest.
    pub(crate) expires_at_most: Option<Timestamp>,
}

/// A code becomes a family and its first tokens.
pub(super) fn for_code(
    code: RedeemableCode<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let (client, record) = (code.client, code.record);
    let details = GrantDetails {
        confirmation: code.confirmation,
        acr: record.acr.clone(),
        sid: client.settings.logout.is_used().then_some(record.session),
        ..record.details.clone()
    };
    let new = NewFamily {
        client,
        person: record.person,
        session: Some(record.session),
        authentication: &record.authentication,
        scope: &record.scope,
        details,
        nonce: record.nonce.as_deref(),
        audience: code.audience,
        kind: AuditKind::CodeRedeemed,
    };
    issue_family(new, facts, now, entropy)
}

/// A grant becomes a family and its first tokens. Takes 58 bytes of entropy.
pub(crate) fn issue_family(
    new: NewFamily<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let client = new.client;
    let may_refresh = client.grants.contains(GrantTypes::REFRESH_TOKEN);
    let id = FamilyId::fresh(now, entropy);
    let token = RefreshToken::fresh(id, 0, entropy);
    let lifetime = if may_refresh { client.refresh_absolute_seconds } else { client.access_token_seconds };
    let confirmation = new.details.confirmation;
    let family = RefreshFamily {
        id,
        client: client.id.clone(),
        person: new.person,
        // OpenID Connect Core §11: offline_access is what lets a grant outlive its session.
        session: new.session.filter(|_| !new.scope.contains(OFFLINE_ACCESS)),
        authentication: new.authentication.clone(),
        scope: new.scope.clone(),
        details: new.details,
        generation: 0,
        token_hash: token.stored_hash(facts.keys),
        created: now,
        rotated: now,
        idle_seconds: if may_refresh { client.refresh_idle_seconds } else { client.access_token_seconds },
        expires: now.plus_seconds(lifetime),
        state: FamilyState::Live,
    };

    let subject = subject(client, family.person, facts.mapped_subject, facts.keys);
    let sid = family.details.sid.map(|session| facts.keys.sid(session, &client.id));
    let id_claims = family.scope.contains(OPENID).then(|| {
        IdClaims {
            issuer: facts.issuer.url(),
            subject: &subject,
            client_id: client.id.as_str(),
            nonce: new.nonce,
            sid: sid.as_deref(),
            acr: family.details.acr.as_deref(),
            authentication: &family.authentication,
            issued: now,
            expires: now.plus_seconds(ID_TOKEN_SECONDS),
        }
        .to_json()
    });
    let access = NewAccess {
        client,
        subject: &subject,
        audience: new.audience,
        scope: family.scope.clone(),
        family: Some(id),
        authentication: Some(&family.authentication),
        details: Some(&family.details),
        confirmation,
        expires_at_most: Some(family.expires),
    };
    let mut reply = issue_access(access, facts, now, entropy);
    reply.id_claims = id_claims;
    reply.refresh_token = may_refresh.then(|| token.to_text(facts.keys));
    let event = event(new.kind, &family);
    Outcome { reply, changes: vec![Change::InsertFamily(Box::new(family))], audit: vec![event] }
}

/// A refresh token becomes its successor and a fresh access token.
pub(super) fn for_refresh(
    usable: UsableFamily<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let (client, family) = (usable.client, usable.family);
    let subject = subject(client, family.person, facts.mapped_subject, facts.keys);
    let details = family.details.left_for(client);
    let access = NewAccess {
        client,
        subject: &subject,
        audience: usable.audience,
        scope: usable.scope,
        family: Some(family.id),
        authentication: Some(&family.authentication),
        details: Some(&details),
        confirmation: usable.confirmation,
        expires_at_most: Some(family.expires),
    };
    let mut reply = issue_access(access, facts, now, entropy);
    let (token, change, kind) = match usable.used {
        Use::First if keeps_its_token(client, family, now) => {
            let used = Change::UseFamily { id: family.id, generation: family.generation, at: now };
            (usable.token, Some(used), AuditKind::TokenRefreshed)
        }
        // RFC 9700 §4.14.2: each use replaces the token. The family's end does not move (RFC 10017), nor does its scope (OAuth 2.1 §4.3.3).
        Use::First => {
            let successor = usable.token.successor(facts.keys);
            let rotation = Change::RotateFamily {
                id: family.id,
                from_generation: family.generation,
                token_hash: successor.stored_hash(facts.keys),
                at: now,
            };
            (successor, Some(rotation), AuditKind::TokenRefreshed)
        }
        // The family has moved already, to this very successor.
        Use::Retry => (usable.token.successor(facts.keys), None, AuditKind::RefreshRetried),
    };
    reply.refresh_token = Some(token.to_text(facts.keys));
    let event = event(kind, family).detail("generation", Detail::Number(i64::from(token.generation())));
    Outcome { reply, changes: change.into_iter().collect(), audit: vec![event] }
}

/// FAPI 2.0 Security Profile §5.3.2.1: clients that prove themselves and whose tokens are bound to a key gain nothing from rotation.
/// Only where an operator said so for this client, for a while; the idle and the absolute end stay.
pub(super) fn keeps_its_token(client: &Client, family: &RefreshFamily, now: Timestamp) -> bool {
    client.is_confidential() && family.details.confirmation.is_some() && client.excepts(ExceptionRule::NoRotation, now)
}

/// A client gets a token of its own (draft-ietf-oauth-v2-1-16 §4.2). There is no family and no refresh token (§4.2.3).
pub(super) fn for_client(
    grant: OwnGrant<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<TokenReply, Change> {
    let client = grant.client;
    let access = NewAccess {
        client,
        // RFC 9068 §2.2: without a person the subject is the client.
        subject: client.id.as_str(),
        audience: grant.audience,
        scope: grant.scope,
        family: None,
        authentication: None,
        details: None,
        confirmation: grant.confirmation,
        expires_at_most: None,
    };
    let reply = issue_access(access, facts, now, entropy);
    let event = AuditEvent::new(AuditKind::TokenIssued, Actor::Client(client.id.clone())).client(client.id.clone());
    Outcome { reply, changes: Vec::new(), audit: vec![event] }
}

/// An access token, alone. Takes 16 bytes of entropy. Changes, audit and further tokens are the caller's.
pub(crate) fn issue_access(
    new: NewAccess<'_>,
    facts: &TokenFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> TokenReply {
    // No access token outlives the grant it stands for.
    let full = now.plus_seconds(new.client.access_token_seconds);
    let expires = new.expires_at_most.map_or(full, |end| full.min(end));
    let token_id = b64u(&entropy.take::<16>());
    let access_claims = AccessClaims {
        issuer: facts.issuer.url(),
        subject: new.subject,
        audience: &new.audience,
        client_id: new.client.id.as_str(),
        scope: new.scope.as_str(),
        token_id: &token_id,
        family: new.family,
        authentication: new.authentication,
        details: new.details,
        confirmation: new.confirmation,
        issued: now,
        expires,
    }
    .to_json();
    TokenReply {
        access_claims,
        id_claims: None,
        refresh_token: None,
        scope: new.scope,
        expires_in: expires.seconds() - now.seconds(),
        family: new.family,
        confirmation: new.confirmation,
        authorization_details: new.details.and_then(|details| details.authorization_details.clone()),
        issued_token_type: None,
    }
}

/// An event of the audit about one family.
pub(crate) fn event(kind: AuditKind, family: &RefreshFamily) -> AuditEvent {
    AuditEvent::new(kind, Actor::Client(family.client.clone()))
        .person(family.person)
        .client(family.client.clone())
        .detail("family", Detail::Family(family.id))
}
