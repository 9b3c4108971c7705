//! The token endpoint and userinfo: read, load, ask, commit, sign, answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use model::{Decision, Timestamp};
use oauth::{
    AccessTokenFacts, CodeFact, ConsentFact, CredentialFact, Presented, RefreshFamily, TokenFacts, TokenNeed,
    TokenRefusal, TokenRequest,
    authentication::ClientAuthFault,
    confirmation::ShownKeys,
    resource::{self, PresentedAccess, ResourceFacts, ResourceRefusal, Scheme},
    still::Standing,
    token,
    userinfo::{self, UserinfoFacts},
};
use store::{ChangeSet, CommitError, ReadError};

use crate::{
    ambient, body, guard,
    memory::codes::{Code, SpendLost},
    state::App,
};

/// Largest token request, in bytes: the engine reads 8 KiB.
const FORM_BYTES_MAX: usize = 8 * 1024 + 1;
/// Times that a lost race is decided again. A lost race shows itself as a replay in the next round, so two are enough.
const ROUNDS_MAX: u8 = 3;

/// `POST /token`
pub(crate) async fn post(
    State(app): State<Arc<App>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response<Body> {
    // draft-ietf-oauth-v2-1-16 §2.4.1: secrets never travel in the address; a request that tries is not looked at further.
    if query.is_some() {
        return plain_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "send the parameters in the body, not in the address",
        );
    }
    if !guard::is_form(&headers) {
        let status = StatusCode::BAD_REQUEST;
        return plain_error(status, "invalid_request", "send Content-Type application/x-www-form-urlencoded");
    }
    let body = match body::read(body, FORM_BYTES_MAX).await {
        Ok(body) => body,
        Err(body::Unread::TooLarge) => {
            return plain_error(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request", "send at most 8 KiB");
        }
        Err(body::Unread::Interrupted) => {
            return plain_error(
                StatusCode::REQUEST_TIMEOUT,
                "invalid_request",
                "send the whole body within ten seconds",
            );
        }
    };
    let authorization = match single(&headers, &header::AUTHORIZATION) {
        Ok(value) => value,
        Err(Unusable) => return refused(TokenRefusal::Client(ClientAuthFault::HeaderBroken)),
    };
    let params = match token::form(&body) {
        Ok(params) => params,
        Err(fault) => return refused(TokenRefusal::Malformed(fault)),
    };
    match TokenRequest::read(&params, authorization, None) {
        Ok(request) => exchange(&app, &request).await,
        Err(refusal) => refused(refusal),
    }
}

/// A header that came twice, or holds bytes that are no text.
struct Unusable;

fn single<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Result<Option<&'a str>, Unusable> {
    let mut all = headers.get_all(name).iter();
    let first = all.next();
    if all.next().is_some() {
        return Err(Unusable);
    }
    first.map(|value| value.to_str().map_err(|_| Unusable)).transpose()
}

async fn exchange(app: &App, request: &TokenRequest<'_>) -> Response<Body> {
    let client = request.client_id().and_then(|id| app.store.client(id));
    let presented = request.presents(&app.tokens);
    for _ in 0..ROUNDS_MAX {
        let now = ambient::now();
        let loaded = match Loaded::load(app, &presented, now) {
            Ok(loaded) => loaded,
            Err(error) => {
                tracing::error!(%error, "failed to load a token request's facts");
                return unavailable();
            }
        };
        let facts = loaded.facts(app, client.as_deref());
        match token::handle(request, &facts, now, &mut ambient::entropy()) {
            Decision::Done(outcome) => {
                let family = outcome.reply.family();
                let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                let queued = match presented {
                    Presented::Code(hash) => match app.codes.spend(&hash, family, now, || app.store.commit(set)) {
                        Ok(queued) => queued,
                        Err(SpendLost) => continue,
                    },
                    Presented::Family(_) | Presented::Device(_) | Presented::Tokens | Presented::Nothing => {
                        app.store.commit(set)
                    }
                };
                let Ok(pending) = queued else { return unavailable() };
                // Signing overlaps the disk: the answer still waits for both.
                let json = outcome.reply.render(|typ, claims| app.keys.sign_jwt(typ, claims));
                match pending.await {
                    Ok(()) => return answer(StatusCode::OK, json),
                    Err(CommitError::Lost(_)) => {}
                    Err(CommitError::Failed) => return unavailable(),
                }
            }
            Decision::Refused(outcome) => {
                if !outcome.changes.is_empty() || !outcome.audit.is_empty() {
                    let set = ChangeSet::new(now, outcome.changes, outcome.audit);
                    let Ok(pending) = app.store.commit(set) else { return unavailable() };
                    match pending.await {
                        Ok(()) => {}
                        Err(CommitError::Lost(_)) => continue,
                        Err(CommitError::Failed) => return unavailable(),
                    }
                }
                return refused(outcome.reply);
            }
            // Nothing fetches the keys of others yet, so such a client can't be believed.
            Decision::Need(TokenNeed::ClientKeys { .. }) => {
                return refused(TokenRefusal::Client(ClientAuthFault::KeysMissing));
            }
        }
    }
    unavailable()
}

/// The facts of a token request, loaded.
struct Loaded {
    code: Option<Code>,
    family: Option<RefreshFamily>,
    person: Option<model::Person>,
    session_live: bool,
    consent: Option<oauth::Consent>,
    credential: CredentialFact,
}

impl Loaded {
    fn load(app: &App, presented: &Presented, now: Timestamp) -> Result<Self, ReadError> {
        let code = match presented {
            Presented::Code(hash) => app.codes.find(hash, now),
            Presented::Family(_) | Presented::Device(_) | Presented::Tokens | Presented::Nothing => None,
        };
        let family_id = match (presented, &code) {
            (Presented::Family(id), _) => Some(*id),
            (_, Some(Code { spent: Some(family), .. })) => *family,
            _ => None,
        };
        let family = match family_id {
            Some(id) => app.store.family(id)?,
            None => None,
        };
        let (person, session) = match (&code, &family) {
            (Some(code), _) => (Some(code.record.person), Some(code.record.session)),
            (None, Some(family)) => (Some(family.person), family.session),
            (None, None) => (None, None),
        };
        let session_live = session.is_none_or(|id| app.store.session_by_id(id).is_some_and(|s| now < s.expires));
        let person = match person {
            Some(id) => app.store.person(id)?,
            None => None,
        };
        let (behind, details, client) = match (&code, &family) {
            (Some(Code { record, .. }), _) => (&record.authentication, &record.details, &record.client),
            (None, Some(family)) => (&family.authentication, &family.details, &family.client),
            (None, None) => {
                let (consent, credential) = (None, CredentialFact::NotNeeded);
                return Ok(Self { code, family, person, session_live, consent, credential });
            }
        };
        let credential = credential(app, behind)?;
        let consent = consent(app, behind, details, client)?;
        Ok(Self { code, family, person, session_live, consent, credential })
    }

    fn facts<'a>(&'a self, app: &'a App, client: Option<&'a oauth::Client>) -> TokenFacts<'a> {
        let code = match &self.code {
            None => CodeFact::Unknown,
            Some(Code { record, spent: None }) => CodeFact::Live(record),
            Some(Code { record, spent: Some(family) }) => CodeFact::Spent { record, family: *family },
        };
        TokenFacts {
            code,
            family: self.family.as_ref(),
            person: self.person.as_ref(),
            session_live: self.session_live,
            consent: self.consent.as_ref().map_or(ConsentFact::Missing, ConsentFact::Given),
            credential: self.credential,
            // No policy demands more than signing in yet.
            requirement_met: true,
            ..TokenFacts::new(&app.issuer, &app.tokens, client)
        }
    }
}

/// `GET` and `POST /userinfo` (OpenID Connect Core §5.3)
pub(crate) async fn userinfo(State(app): State<Arc<App>>, headers: HeaderMap) -> Response<Body> {
    let authorization = match single(&headers, &header::AUTHORIZATION) {
        Ok(value) => value,
        Err(Unusable) => return userinfo_refused(&ResourceRefusal::TokenInvalid, Scheme::Bearer),
    };
    let access = match resource::presented(authorization) {
        Ok(access) => access,
        Err(refusal) => return userinfo_refused(&refusal, Scheme::Bearer),
    };
    match told(&app, access) {
        Ok(Ok(json)) => answer(StatusCode::OK, json),
        Ok(Err(refusal)) => userinfo_refused(&refusal, access.scheme),
        Err(error) => {
            tracing::error!(%error, "failed to load what userinfo needs");
            unavailable()
        }
    }
}

fn told(app: &App, access: PresentedAccess<'_>) -> Result<Result<String, ResourceRefusal>, ReadError> {
    let now = ambient::now();
    let PresentedAccess { scheme, token } = access;
    let verified = app.checked_tokens.claims(token, now, || app.keys.verify_jwt(crypto::JwtType::AccessToken, token));
    let parsed = verified.map_err(|_| ResourceRefusal::TokenInvalid).and_then(|c| Ok(AccessTokenFacts::parse(&c)?));
    let claims = match parsed {
        Ok(claims) => claims,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let family = match claims.family() {
        Some(id) => app.store.family(id)?,
        None => None,
    };
    let client = app.store.client(claims.client_id());
    let behind = Behind::load(app, family.as_ref(), now)?;
    let facts = UserinfoFacts {
        resource: ResourceFacts {
            issuer: &app.issuer,
            scheme,
            shown: ShownKeys::default(),
            token_revoked: app.store.token_revoked(&claims.jti()),
            family: family.as_ref(),
            client: client.as_deref(),
            family_client: client.as_deref(),
            standing: behind.standing(),
        },
        keys: &app.tokens,
        mapped_subject: None,
    };
    Ok(userinfo::check(&claims, &facts, now).map(|userinfo| userinfo.to_json([])))
}

/// What a family rests on, loaded.
struct Behind {
    person: Option<model::Person>,
    consent: Option<oauth::Consent>,
    credential: CredentialFact,
    session_live: bool,
}

impl Behind {
    fn load(app: &App, family: Option<&RefreshFamily>, now: Timestamp) -> Result<Self, ReadError> {
        let Some(family) = family else {
            return Ok(Self {
                person: None,
                consent: None,
                credential: CredentialFact::NotNeeded,
                session_live: false,
            });
        };
        Ok(Self {
            person: app.store.person(family.person)?,
            consent: consent(app, &family.authentication, &family.details, &family.client)?,
            credential: credential(app, &family.authentication)?,
            session_live: family
                .session
                .is_none_or(|id| app.store.session_by_id(id).is_some_and(|session| now < session.expires)),
        })
    }

    fn standing(&self) -> Standing<'_> {
        Standing {
            person: self.person.as_ref(),
            consent: self.consent.as_ref().map_or(ConsentFact::Missing, ConsentFact::Given),
            credential: self.credential,
            // No policy demands more than signing in yet.
            requirement_met: true,
            session_live: self.session_live,
        }
    }
}

/// The remembered consent, where one stands behind what was granted.
fn consent(
    app: &App,
    behind: &model::Authentication,
    details: &oauth::GrantDetails,
    client: &model::ClientId,
) -> Result<Option<oauth::Consent>, ReadError> {
    if details.remembered_consent { app.store.consent(behind.person, client) } else { Ok(None) }
}

/// Whether the passkey is still there.
fn credential(app: &App, behind: &model::Authentication) -> Result<CredentialFact, ReadError> {
    Ok(match behind.passkey {
        None => CredentialFact::NotNeeded,
        Some(id) if app.store.passkey_exists(id)? => CredentialFact::Present,
        Some(_) => CredentialFact::Gone,
    })
}

fn userinfo_refused(refusal: &ResourceRefusal, scheme: Scheme) -> Response<Body> {
    tracing::info!(%refusal, "userinfo refused");
    let mut response = empty(StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNAUTHORIZED));
    let challenge = HeaderValue::from_static(refusal.www_authenticate(scheme));
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// `OPTIONS` of both: browser-based clients ask before they send an `Authorization` header (Fetch, CORS preflight; RFC 10017).
pub(crate) async fn preflight() -> Response<Body> {
    let mut response = empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    response
}

fn refused(refusal: TokenRefusal) -> Response<Body> {
    tracing::info!(refusal = %refusal, "token request refused");
    let said = refusal.answer();
    let mut response = answer(StatusCode::from_u16(said.status).unwrap_or(StatusCode::BAD_REQUEST), said.body);
    if let Some(challenge) = said.www_authenticate {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    }
    response
}

fn plain_error(status: StatusCode, error: &str, description: &str) -> Response<Body> {
    answer(status, format!(r#"{{"error":"{error}","error_description":"{description}"}}"#))
}

/// Storage can't take the request now: nothing was issued.
fn unavailable() -> Response<Body> {
    let text = "nothing was issued; try again in a few seconds";
    let mut response = plain_error(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
    response
}

fn answer(status: StatusCode, json: String) -> Response<Body> {
    let mut response = empty(status);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(json);
    response
}

/// What every answer carries: draft-ietf-oauth-v2-1-16 §3.2.3 forbids caching; no cookie plays a part, so any origin may read its own answer.
fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
