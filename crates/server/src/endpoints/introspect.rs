//! Introspection (RFC 7662, RFC 9701) and revocation (RFC 7009): what a token says, and that it shall say it no more.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use crypto::JwtType;
use model::{Decision, Timestamp};
use oauth::{
    AboutRefusal, AboutToken, AccessTokenFacts, Change, Client, InHand, TokenNeed,
    authentication::ClientAuthFault,
    introspection::{self, InHandFact, IntrospectionFacts, IntrospectionReply},
    revocation::{self, RevocationFacts},
    subject_map::MappedSubject,
    token,
};
use store::{ChangeSet, CommitError, ReadError};

use super::client_call::{self, Caller, Proving, answer, empty, said, unavailable, unreadable};
use crate::{
    ambient,
    behind::Behind,
    certificate::PeerCertificate,
    commit::{commit, record_late},
    keys::{Live, signing},
    state::App,
    visitor::Address,
};

/// Largest request, in bytes: the engine reads 8 KiB.
const FORM_BYTES_MAX: usize = 8 * 1024 + 1;
/// Rounds of one request: a key set from the cache, a fresh one, a spent assertion, an answer.
const ROUNDS_MAX: u8 = 5;
/// The media type of a signed answer (RFC 9701 §4).
const SIGNED: HeaderValue = HeaderValue::from_static("application/token-introspection+jwt");

/// `POST /introspect`
pub(crate) async fn introspect(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    certificate: PeerCertificate,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    about(&app, query.as_deref(), address, &certificate, &headers, body, Wish::Introspect).await
}

/// `POST /revoke`
pub(crate) async fn revoke(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    Address(address): Address,
    certificate: PeerCertificate,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    about(&app, query.as_deref(), address, &certificate, &headers, body, Wish::Revoke).await
}

/// What is wished of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    Introspect,
    Revoke,
}

async fn about(
    app: &App,
    query: Option<&str>,
    address: std::net::IpAddr,
    certificate: &PeerCertificate,
    headers: &HeaderMap,
    body: Body,
    wish: Wish,
) -> Response<Body> {
    let body = match client_call::form(query, headers, body, FORM_BYTES_MAX).await {
        Ok(body) => body,
        Err(response) => return response,
    };
    let now = ambient::now();
    let caller = match Caller::read(app, headers, certificate, address, now) {
        Ok(caller) => caller,
        Err(response) => return *response,
    };
    let Ok(params) = token::form(&body) else {
        return client_call::plain_error(StatusCode::BAD_REQUEST, "invalid_request", "the form can not be read");
    };
    let request = match AboutToken::read(&params, caller.authorization, caller.certificate) {
        Ok(request) => request,
        Err(refusal) => return said(refusal.answer()),
    };
    let mut proving = Proving::load(app, request.client_id(), caller.address, now).await;
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        let keys = app.keys.live();
        let asked = match wish {
            Wish::Introspect => tell(app, &request, &mut proving, &keys, headers, now).await,
            Wish::Revoke => end(app, &request, &mut proving, &keys, now).await,
        };
        let uri = match asked {
            Ok(Asked::Answer(response)) => {
                caller.failed(app, response.status().as_u16(), now);
                return response;
            }
            Ok(Asked::Again) => continue,
            Ok(Asked::Keys(uri)) => uri,
            Err(error) => return unreadable(&error),
        };
        if proving.load_keys(app, &uri).await.is_err() {
            return said(AboutRefusal::Client(ClientAuthFault::KeysMissing).answer());
        }
    }
    unavailable()
}

/// How one round ends.
enum Asked {
    Answer(Response<Body>),
    Again,
    Keys(String),
}

async fn tell(
    app: &App,
    request: &AboutToken<'_>,
    proving: &mut Proving,
    keys: &Live,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Asked, ReadError> {
    let known = Known::load(app, request, keys, now)?;
    let decision = introspection::introspect(request, &known.facts(app, proving), now);
    let (reply, set) = match decision {
        Decision::Done(outcome) => (Ok(outcome.reply), (outcome.changes, outcome.audit)),
        Decision::Refused(outcome) => (Err(outcome.reply), (outcome.changes, outcome.audit)),
        Decision::Need(TokenNeed::ClientKeys { uri }) => return Ok(Asked::Keys(uri)),
    };
    if let Some(other) = written(app, proving, set.0, set.1, now).await {
        return Ok(other);
    }
    Ok(Asked::Answer(match reply {
        Ok(reply) => told(keys, proving.client.as_deref(), &reply, headers).await,
        Err(refusal) => {
            tracing::info!(%refusal, "introspection refused");
            said(refusal.answer())
        }
    }))
}

/// The answer, signed where that is asked for (RFC 9701 §4).
async fn told(keys: &Live, caller: Option<&Client>, reply: &IntrospectionReply, headers: &HeaderMap) -> Response<Body> {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    if !introspection::wants_signed(accept) {
        return answer(StatusCode::OK, reply.json().to_owned());
    }
    let alg = caller.map(|caller| caller.settings.signing).unwrap_or(crypto::SigningAlg::Es256);
    let (set, claims) = (keys.set.clone(), reply.signed_claims().to_owned());
    let signed = signing::aside(alg, move || set.sign(alg, JwtType::Introspection, &claims)).await;
    let Some(Ok(signed)) = signed else { return unavailable() };
    let mut response = answer(StatusCode::OK, signed);
    response.headers_mut().insert(header::CONTENT_TYPE, SIGNED);
    response
}

async fn end(
    app: &App,
    request: &AboutToken<'_>,
    proving: &mut Proving,
    keys: &Live,
    now: Timestamp,
) -> Result<Asked, ReadError> {
    let in_hand = Holding::of(app, request, keys, now);
    let family = match &in_hand {
        Holding::Refresh(id) => app.store.family(*id)?,
        Holding::Access(_) | Holding::Nothing => None,
    };
    let facts = RevocationFacts { authentication: proving.facts(app), token: in_hand.fact(), family: family.as_ref() };
    let decision = revocation::revoke(request, &facts, now);
    let (reply, set) = match decision {
        Decision::Done(outcome) => (Ok(outcome.reply), (outcome.changes, outcome.audit)),
        Decision::Refused(outcome) => (Err(outcome.reply), (outcome.changes, outcome.audit)),
        Decision::Need(TokenNeed::ClientKeys { uri }) => return Ok(Asked::Keys(uri)),
    };
    if let Some(other) = written(app, proving, set.0, set.1, now).await {
        return Ok(other);
    }
    Ok(Asked::Answer(match reply {
        // RFC 7009 §2.2: also for what never was.
        Ok(revocation::Revoked) => empty(StatusCode::OK),
        Err(refusal) => {
            tracing::info!(%refusal, "revocation refused");
            said(refusal.answer())
        }
    }))
}

/// Writes what was decided. Something else than the answer comes of it when storage can't, or somebody was faster.
async fn written(
    app: &App,
    proving: &mut Proving,
    changes: Vec<Change>,
    audit: Vec<model::AuditEvent>,
    now: Timestamp,
) -> Option<Asked> {
    let is_change = !changes.is_empty();
    let set = ChangeSet::new(now, changes, audit);
    if !is_change {
        return record_late(app, set).await.is_err().then(|| Asked::Answer(unavailable()));
    }
    match commit(app, set).await {
        Ok(()) => None,
        Err(CommitError::Lost(lost)) => {
            proving.learn(lost);
            Some(Asked::Again)
        }
        Err(CommitError::Failed) => Some(Asked::Answer(unavailable())),
    }
}

/// The token in hand, verified.
enum Holding {
    Nothing,
    Access(Arc<AccessTokenFacts>),
    Refresh(model::FamilyId),
}

impl Holding {
    fn of(app: &App, request: &AboutToken<'_>, keys: &Live, now: Timestamp) -> Self {
        match request.in_hand(&app.tokens) {
            InHand::Nothing => Self::Nothing,
            InHand::Refresh(family) => Self::Refresh(family),
            InHand::Access(text) => app.checked_tokens.facts(keys, text, now).map_or(Self::Nothing, Self::Access),
        }
    }

    fn fact(&self) -> InHandFact<'_> {
        match self {
            Self::Nothing => InHandFact::Nothing,
            Self::Access(token) => InHandFact::Access(token),
            Self::Refresh(_) => InHandFact::Refresh,
        }
    }
}

/// A token with everything that stands behind it.
struct Known {
    holding: Holding,
    token_revoked: bool,
    behind: Arc<Behind>,
}

impl Known {
    fn load(app: &App, request: &AboutToken<'_>, keys: &Live, now: Timestamp) -> Result<Self, ReadError> {
        let holding = Holding::of(app, request, keys, now);
        let (behind, token_revoked) = match &holding {
            Holding::Nothing => (Arc::new(Behind::load(app, None, None, now)?), false),
            Holding::Refresh(id) => (Arc::new(Behind::load(app, Some(*id), None, now)?), false),
            Holding::Access(token) => (app.behind.of(app, token, now)?, app.store.token_revoked(&token.jti())),
        };
        Ok(Self { holding, token_revoked, behind })
    }

    fn facts<'a>(&'a self, app: &'a App, proving: &'a Proving) -> IntrospectionFacts<'a> {
        IntrospectionFacts {
            authentication: proving.facts(app),
            token: self.holding.fact(),
            token_revoked: self.token_revoked,
            holder: self.behind.holder.as_deref(),
            family: self.behind.family.as_ref(),
            family_client: self.behind.family_client.as_deref(),
            standing: self.behind.standing.standing(),
            mapped_subject: self.behind.mapped_at_family.as_ref().map(MappedSubject::as_str),
        }
    }
}
