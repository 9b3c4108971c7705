//! Userinfo (OpenID Connect Core §5.3): who it is, to whoever holds a live access token; and what else that client may be told, each first
//! telling with a receipt that is on the disk before the answer leaves.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
};
use context::{Attributes, ClaimSet, Disclosed, Wanted, Wish};
use model::{Decision, Timestamp};
use oauth::{
    RefreshFamily,
    claims_request::ClaimsRequest,
    confirmation::ShownKeys,
    dpop::{DpopHeader, DpopProof},
    resource::{self, LiveAccess, PresentedAccess, ResourceFacts, ResourceRefusal, Scheme},
    subject_map::MappedSubject,
    userinfo::{self, UserinfoFacts},
};
use store::{ChangeSet, CommitError, ReadError};

use super::client_call::{
    answer, dpop_header, empty, has_dpop, single, take_proof, unavailable, unreadable, with_nonce,
};
use crate::{ambient, certificate::PeerCertificate, commit::commit, memory::proofs::NoProof, state::App};

/// The path of this endpoint.
const USERINFO: &str = "/userinfo";
/// Times that a receipt which somebody else wrote at the same moment is looked for again.
const ROUNDS_MAX: u8 = 3;

/// `GET` and `POST /userinfo`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    method: Method,
    certificate: PeerCertificate,
    headers: HeaderMap,
) -> Response<Body> {
    let now = ambient::now();
    let response = told(&app, &method, &certificate, &headers, now).await;
    if has_dpop(&headers) { with_nonce(&app, response, now) } else { response }
}

async fn told(
    app: &App,
    method: &Method,
    certificate: &PeerCertificate,
    headers: &HeaderMap,
    now: Timestamp,
) -> Response<Body> {
    let authorization = single(headers, &header::AUTHORIZATION).unwrap_or(Some(""));
    let presented = match resource::presented(authorization) {
        Ok(presented) => presented,
        Err(refusal) => return refused(app, refusal, Scheme::Bearer, now),
    };
    let refuse = |refusal| refused(app, refusal, presented.scheme, now);
    let Ok(token) = app.checked_tokens.facts(&app.keys.live(), presented.token, now) else {
        return refuse(ResourceRefusal::TokenInvalid);
    };
    let proof = match proof(app, method, headers, &presented, now) {
        Ok(proof) => proof,
        Err(NoProof::Fault(fault)) => return refuse(ResourceRefusal::Proof(fault)),
        Err(NoProof::Full) => return unavailable(),
    };
    let behind = match app.behind.of(app, &token, now) {
        Ok(behind) => behind,
        Err(error) => return unreadable(&error),
    };
    let facts = UserinfoFacts {
        resource: ResourceFacts {
            issuer: &app.issuer,
            scheme: presented.scheme,
            shown: ShownKeys { proof: proof.as_ref(), certificate: certificate.shown() },
            token_revoked: app.store.token_revoked(&token.jti()),
            family: behind.family.as_ref(),
            client: behind.holder.as_deref(),
            family_client: behind.family_client.as_deref(),
            standing: behind.standing.standing(),
        },
        keys: &app.tokens,
        mapped_subject: behind.mapped_at_holder.as_ref().map(MappedSubject::as_str),
    };
    let told = match userinfo::check(&token, &facts, now) {
        Ok(told) => told,
        Err(refusal) => return refuse(refusal),
    };
    match disclosed(app, &told.access, now).await {
        Ok(None) => answer(StatusCode::OK, told.to_json([])),
        Ok(Some(disclosed)) => {
            let members: Vec<(&str, String)> =
                disclosed.members.iter().map(|(claim, value)| (claim.name(), value.to_json().to_string())).collect();
            let members = members.iter().map(|(name, json)| (*name, json.as_str()));
            answer(StatusCode::OK, told.to_json(members))
        }
        Err(NotTold::Unreadable(error)) => unreadable(&error),
        Err(NotTold::Unwritten) => unavailable(),
    }
}

/// The proof for this very token (RFC 9449 §7.1), spent.
fn proof(
    app: &App,
    method: &Method,
    headers: &HeaderMap,
    presented: &PresentedAccess<'_>,
    now: Timestamp,
) -> Result<Option<DpopProof>, NoProof> {
    let header = dpop_header(headers);
    // A bearer token is not made better by a proof that came along.
    if header == DpopHeader::None || presented.scheme == Scheme::Bearer {
        return Ok(None);
    }
    take_proof(app, header, method.as_str(), USERINFO, Some(presented.token), now)
}

/// Why nothing can be told now.
enum NotTold {
    Unreadable(ReadError),
    /// The receipt could not be written, so nothing may be told.
    Unwritten,
}

impl From<ReadError> for NotTold {
    fn from(error: ReadError) -> Self {
        Self::Unreadable(error)
    }
}

/// What the client is told beyond the subject. A client that may be told nothing costs nothing: most are.
async fn disclosed(app: &App, access: &LiveAccess<'_>, now: Timestamp) -> Result<Option<Disclosed>, NotTold> {
    let allowed = ClaimSet::of_names(access.client.settings.claims.iter().map(String::as_str));
    if allowed.is_empty() {
        return Ok(None);
    }
    let wishes = wishes(access.family);
    let wanted = Wanted {
        person: access.person.id,
        client: &access.client.id,
        // What this token may do, which may be less than what was granted.
        scopes: ClaimSet::of_scopes(access.scope.iter()),
        wishes: &wishes,
        allowed,
        purpose: &access.client.settings.purpose,
    };
    let (attributes, changed) = app.store.attributes_of(access.person.id)?.unwrap_or((Attributes::default(), now));
    let attributes = attributes.with_groups(&access.person.groups);
    let attributes = if attributes.is_empty() { attributes } else { attributes.with_updated_at(changed.seconds()) };
    for _ in 0..ROUNDS_MAX {
        let receipts = app.store.receipts_at(access.person.id, &access.client.id)?;
        let mut entropy = ambient::entropy();
        let outcome = match context::disclose(&wanted, &attributes, &receipts, now, &mut entropy) {
            Decision::Done(outcome) => outcome,
            Decision::Refused(outcome) => match outcome.reply {},
            Decision::Need(question) => match question {},
        };
        match written(app, outcome.changes, outcome.audit, now).await {
            Ok(()) => return Ok(Some(outcome.reply)),
            Err(CommitError::Lost(_)) => {}
            Err(CommitError::Failed) => return Err(NotTold::Unwritten),
        }
    }
    Err(NotTold::Unwritten)
}

/// A first telling waits for its receipt; further ones are counted in passing.
async fn written(
    app: &App,
    changes: Vec<context::Change>,
    audit: Vec<model::AuditEvent>,
    now: Timestamp,
) -> Result<(), CommitError> {
    if let [context::Change::CountReceipt { id, at }] = changes.as_slice() {
        // A count that is lost with a crash makes a receipt say one time less; the telling itself stays on record.
        app.store.count_receipt(*id, *at, 1);
        return Ok(());
    }
    commit(app, ChangeSet::new(now, changes, audit)).await
}

/// The single claims that were asked for, and that the person allowed with the grant.
fn wishes(family: &RefreshFamily) -> Vec<Wish> {
    let request = family.details.claims.as_deref().and_then(|text| ClaimsRequest::parse(text).ok());
    let Some(request) = request else { return Vec::new() };
    let wish = |wish: &oauth::claims_request::ClaimWish| {
        let claim = context::Claim::from_name(&wish.name)?;
        Some(Wish { claim, values: wish.values.iter().filter_map(|json| serde_json::from_str(json).ok()).collect() })
    };
    request.userinfo.iter().filter_map(wish).collect()
}

fn refused(app: &App, refusal: ResourceRefusal, scheme: Scheme, now: Timestamp) -> Response<Body> {
    tracing::debug!(%refusal, "userinfo refused");
    let mut response = empty(StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED));
    let challenge = refusal.challenge(scheme, &app.documents.protected_resource_address);
    match HeaderValue::try_from(challenge) {
        Ok(challenge) => response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge),
        Err(_) => return unavailable(),
    };
    match refusal {
        ResourceRefusal::Proof(fault) if fault.wants_nonce() => with_nonce(app, response, now),
        _ => response,
    }
}
