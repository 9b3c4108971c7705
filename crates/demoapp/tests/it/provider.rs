//! A stand-in sign-in service: enough of OpenID Connect to tell an honest answer from a twisted one.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

/// How the stand-in departs from honesty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Twist {
    Honest,
    OtherNonce,
    OtherAudience,
    TwoAudiences,
    OtherIssuer,
    Expired,
    FromTheFuture,
    Hs256,
    AlgNone,
    OtherKey,
    UnknownKeyId,
    NoIdToken,
    OtherTokenType,
    UserinfoOtherSubject,
    RefreshOtherSubject,
    KeepsReplayedFamily,
    HugeAnswer,
    WrongRedirectFollowed,
    DiscoveryOtherIssuer,
    DiscoveryOtherHost,
}

pub(crate) struct Inner {
    pub(crate) twist: Twist,
    pub(crate) nonce: String,
    pub(crate) issuer: String,
    pub(crate) last_authorization: Option<String>,
    pub(crate) last_form: String,
    pub(crate) code_spent: bool,
    pub(crate) family_dead: bool,
    pub(crate) generation: u32,
    pub(crate) key_fetches: u32,
}

#[derive(Clone)]
pub(crate) struct Provider {
    inner: Arc<Mutex<Inner>>,
    key: Arc<SigningPair>,
    other_key: Arc<SigningPair>,
}

struct SigningPair {
    encoding: EncodingKey,
    jwk: Value,
}

impl SigningPair {
    fn new(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let point = pair.public_key().as_ref();
        let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
        let pkcs8 = pair.to_pkcs8v1().unwrap();
        Self {
            encoding: EncodingKey::from_ec_der(pkcs8.as_ref()),
            jwk: json!({"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "alg": "ES256", "use": "sig"}),
        }
    }
}

impl Provider {
    pub(crate) async fn start(twist: Twist) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let inner = Inner {
            twist,
            nonce: String::new(),
            issuer: format!("http://{address}"),
            last_authorization: None,
            last_form: String::new(),
            code_spent: false,
            family_dead: false,
            generation: 0,
            key_fetches: 0,
        };
        let provider = Self {
            inner: Arc::new(Mutex::new(inner)),
            key: Arc::new(SigningPair::new("one")),
            other_key: Arc::new(SigningPair::new("two")),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks.json", get(keys))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        provider
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    pub(crate) fn issuer(&self) -> String {
        self.lock().issuer.clone()
    }

    fn id_token(&self, subject: &str, with_nonce: bool) -> String {
        let (twist, issuer, nonce) = {
            let inner = self.lock();
            (inner.twist, inner.issuer.clone(), inner.nonce.clone())
        };
        let now = jsonwebtoken::get_current_timestamp();
        let mut claims = json!({
            "iss": issuer, "sub": subject, "aud": "harbour", "iat": now, "exp": now + 300, "auth_time": now,
            "acr": "phr", "amr": ["pop", "user", "mfa"],
        });
        if with_nonce {
            claims["nonce"] = json!(if twist == Twist::OtherNonce { "another".to_owned() } else { nonce });
        }
        match twist {
            Twist::OtherAudience => claims["aud"] = json!("somebody-else"),
            Twist::TwoAudiences => claims["aud"] = json!(["harbour", "somebody-else"]),
            Twist::OtherIssuer => claims["iss"] = json!("http://issuer.example"),
            Twist::Expired => claims["exp"] = json!(now - 60),
            Twist::FromTheFuture => claims["iat"] = json!(now + 600),
            _ => {}
        }
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("one".to_owned());
        match twist {
            Twist::Hs256 => {
                header.alg = Algorithm::HS256;
                // The classic confusion: the public key's bytes used as the shared secret.
                encode(&header, &claims, &EncodingKey::from_secret(self.key.jwk["x"].as_str().unwrap().as_bytes()))
                    .unwrap()
            }
            Twist::AlgNone => {
                let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
                format!("{}.{}.", part(&json!({"alg": "none", "kid": "one"})), part(&claims))
            }
            Twist::OtherKey => encode(&header, &claims, &self.other_key.encoding).unwrap(),
            Twist::UnknownKeyId => {
                header.kid = Some("three".to_owned());
                encode(&header, &claims, &self.key.encoding).unwrap()
            }
            _ => encode(&header, &claims, &self.key.encoding).unwrap(),
        }
    }
}

async fn discovery(State(provider): State<Provider>) -> String {
    let inner = provider.lock();
    let issuer = &inner.issuer;
    let claimed = if inner.twist == Twist::DiscoveryOtherIssuer { "http://issuer.example" } else { issuer };
    let token_host = if inner.twist == Twist::DiscoveryOtherHost { "http://127.0.0.1:9" } else { issuer };
    json!({
        "issuer": claimed,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{token_host}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks.json"),
        "authorization_response_iss_parameter_supported": true,
    })
    .to_string()
}

async fn keys(State(provider): State<Provider>) -> String {
    provider.lock().key_fetches += 1;
    json!({"keys": [provider.key.jwk]}).to_string()
}

async fn authorize(State(provider): State<Provider>) -> Response {
    if provider.lock().twist == Twist::WrongRedirectFollowed {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, "http://127.0.0.1:1/elsewhere")]).into_response();
    }
    (StatusCode::BAD_REQUEST, "this address is not registered").into_response()
}

async fn token(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Response {
    let form = String::from_utf8(body.to_vec()).unwrap();
    let (twist, granted) = {
        let mut inner = provider.lock();
        inner.last_authorization = headers.get(header::AUTHORIZATION).map(|v| v.to_str().unwrap().to_owned());
        inner.last_form.clone_from(&form);
        let current = format!("refresh_token=r{}", inner.generation);
        let granted = if form.contains("grant_type=authorization_code") {
            let first = !inner.code_spent;
            inner.code_spent = true;
            inner.family_dead |= !first && inner.twist != Twist::KeepsReplayedFamily;
            first
        } else {
            form.ends_with(&current) && !inner.family_dead
        };
        inner.generation += u32::from(granted);
        (inner.twist, granted)
    };
    if !granted {
        return (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant","error_description":"spent"}"#).into_response();
    }
    if twist == Twist::HugeAnswer {
        return "x".repeat(70 * 1024).into_response();
    }
    let refreshing = form.contains("grant_type=refresh_token");
    let subject = if refreshing && twist == Twist::RefreshOtherSubject { "pairwise-2" } else { "pairwise-1" };
    let generation = provider.lock().generation;
    let mut answer = json!({
        "access_token": "access-secret", "token_type": "Bearer", "expires_in": 300,
        "refresh_token": format!("r{generation}"), "scope": "openid",
    });
    if twist == Twist::OtherTokenType {
        answer["token_type"] = json!("mac");
    }
    if twist != Twist::NoIdToken {
        answer["id_token"] = json!(provider.id_token(subject, !refreshing));
    }
    answer.to_string().into_response()
}

async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|v| v != "Bearer access-secret") {
        return (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")])
            .into_response();
    }
    let subject = if provider.lock().twist == Twist::UserinfoOtherSubject { "pairwise-2" } else { "pairwise-1" };
    json!({"sub": subject, "favourite_tide": "low"}).to_string().into_response()
}
