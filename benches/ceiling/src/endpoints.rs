//! Six endpoints: the least that each of them can do.

use axum::{
    body::{Body, Bytes},
    extract,
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64},
};

use crate::{
    form::field,
    state::{CLIENT_ID, Code, Hash, REDIRECT_URI, State, hash, random},
};

type Shared = extract::State<State>;

pub(crate) async fn discovery(extract::State(state): Shared) -> Response {
    json(state.discovery())
}

pub(crate) async fn jwks(extract::State(state): Shared) -> Response {
    json(state.jwks())
}

pub(crate) async fn authorize(extract::State(state): Shared, uri: Uri, headers: HeaderMap) -> Response {
    let query = uri.query().unwrap_or_default();
    if !state.is_session(text(&headers, header::COOKIE)) {
        return refusal("login_required");
    }
    let (Some(challenge), Some(sent_state)) = (field(query, "code_challenge"), field(query, "state")) else {
        return refusal("invalid_request");
    };
    let is = |name, wanted: &str| field(query, name).is_some_and(|value| value == wanted);
    if !is("redirect_uri", REDIRECT_URI) || !is("client_id", CLIENT_ID) || !is("code_challenge_method", "S256") {
        return refusal("invalid_request");
    }
    let code = random();
    let nonce = field(query, "nonce").unwrap_or_default().into_owned();
    state.keep_code(&code, Code { challenge: challenge.into_owned(), nonce });
    let location = format!("{REDIRECT_URI}?code={code}&state={sent_state}&iss={}", state.issuer());
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

pub(crate) async fn token(extract::State(state): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(form) = std::str::from_utf8(&body) else { return refusal("invalid_request") };
    if !is_client(&state, text(&headers, header::AUTHORIZATION)) {
        return refusal("invalid_client");
    }
    match field(form, "grant_type").as_deref() {
        Some("authorization_code") => {
            let (Some(code), Some(verifier)) = (field(form, "code"), field(form, "code_verifier")) else {
                return refusal("invalid_request");
            };
            match state.take_code(&code) {
                Some(kept) if B64.encode(hash(verifier.as_bytes())) == kept.challenge => {
                    grant(&state, None, Some(&kept.nonce)).await
                }
                _ => refusal("invalid_grant"),
            }
        }
        Some("refresh_token") => match field(form, "refresh_token").and_then(|token| state.take_refresh(&token)) {
            Some(old) => grant(&state, Some(old), None).await,
            None => refusal("invalid_grant"),
        },
        Some("client_credentials") => {
            // The record of it rides with the next group; nobody waits for it.
            drop(state.commit(None, hash(random().as_bytes())));
            match state.access_token() {
                Some(access) => {
                    json(format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":300}}"#))
                }
                None => refusal("server_error"),
            }
        }
        _ => refusal("unsupported_grant_type"),
    }
}

pub(crate) async fn introspect(extract::State(state): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let Ok(form) = std::str::from_utf8(&body) else { return refusal("invalid_request") };
    if !is_client(&state, text(&headers, header::AUTHORIZATION)) {
        return refusal("invalid_client");
    }
    match field(form, "token") {
        Some(token) if state.is_token(&token) => json(format!(
            r#"{{"active":true,"iss":"{}","sub":"u1","aud":"urn:bench:api","client_id":"{CLIENT_ID}","scope":"openid","token_type":"Bearer"}}"#,
            state.issuer()
        )),
        _ => json(r#"{"active":false}"#),
    }
}

pub(crate) async fn userinfo(extract::State(state): Shared, headers: HeaderMap) -> Response {
    match text(&headers, header::AUTHORIZATION).strip_prefix("Bearer ") {
        Some(token) if state.is_token(token) => json(r#"{"sub":"u1"}"#),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// The tokens of a grant, with an ID token where a code carried a nonce. The commit is under way while the signatures are made.
async fn grant(state: &State, old: Option<Hash>, nonce: Option<&str>) -> Response {
    let refresh = random();
    let refresh_hash = hash(refresh.as_bytes());
    let durable = state.commit(old, refresh_hash);
    let Some(access) = state.access_token() else { return refusal("server_error") };
    let mut body =
        format!(r#"{{"access_token":"{access}","token_type":"Bearer","expires_in":300,"refresh_token":"{refresh}""#);
    if let Some(nonce) = nonce {
        let Some(id) = state.id_token(nonce) else { return refusal("server_error") };
        body.push_str(r#","id_token":""#);
        body.push_str(&id);
        body.push('"');
    }
    body.push('}');
    if durable.await.is_err() {
        return refusal("server_error");
    }
    state.keep_refresh(refresh_hash);
    json(body)
}

fn is_client(state: &State, authorization: &str) -> bool {
    let mut pair = [0; 256];
    let Some(sent) = authorization.strip_prefix("Basic ") else { return false };
    let Ok(length) = STANDARD.decode_slice(sent, &mut pair) else { return false };
    let colon = pair[..length].iter().position(|byte| *byte == b':');
    colon.is_some_and(|colon| state.is_secret(&pair[colon + 1..length]))
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn json(body: impl Into<Body>) -> Response {
    let mut answer = Response::new(body.into());
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn refusal(error: &'static str) -> Response {
    (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], format!(r#"{{"error":"{error}"}}"#))
        .into_response()
}
