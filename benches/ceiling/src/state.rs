//! Keys, documents and what is live, in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc::Sender},
    time::{SystemTime, UNIX_EPOCH},
};

use aws_lc_rs::{
    digest, hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use bytes::Bytes;
use tokio::sync::oneshot;

use crate::writer::Write;

pub(crate) type Hash = [u8; 32];

pub(crate) const CLIENT_ID: &str = "bench";
pub(crate) const CLIENT_SECRET: &str = "secretsecretsecretsecretsecretsecret";
pub(crate) const REDIRECT_URI: &str = "https://app.example.com/cb";
pub(crate) const REFRESH_SECONDS: u64 = 86_400;
const ACCESS_SECONDS: u64 = 300;
/// Tokens whose signature was checked before; the cache is emptied when full.
const SEEN_MAX: usize = 100_000;

/// A code that waits for its exchange.
pub(crate) struct Code {
    pub(crate) challenge: String,
    pub(crate) nonce: String,
}

/// Everything the endpoints share. One runtime thread, so the locks are never contended.
#[derive(Clone)]
pub(crate) struct State(Arc<Inner>);

struct Inner {
    issuer: String,
    key: EcdsaKeyPair,
    public_key: ParsedPublicKey,
    access_header: String,
    id_header: String,
    discovery: Bytes,
    jwks: Bytes,
    secret: Hash,
    cookie_key: hmac::Key,
    codes: Mutex<HashMap<Hash, Code>>,
    refresh: Mutex<HashMap<Hash, u64>>,
    seen: Mutex<HashMap<Hash, u64>>,
    writer: Sender<Write>,
}

impl State {
    pub(crate) fn new(port: u16, writer: Sender<Write>) -> Result<Self, Box<dyn std::error::Error>> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let point = key.public_key().as_ref().to_vec();
        let issuer = format!("http://127.0.0.1:{port}");
        let (x, y) = (B64.encode(&point[1..33]), B64.encode(&point[33..65]));
        let discovery = format!(
            r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/authorize","token_endpoint":"{issuer}/token","jwks_uri":"{issuer}/jwks","userinfo_endpoint":"{issuer}/userinfo","introspection_endpoint":"{issuer}/introspect","response_types_supported":["code"],"response_modes_supported":["query"],"grant_types_supported":["authorization_code","refresh_token"],"code_challenge_methods_supported":["S256"],"subject_types_supported":["pairwise","public"],"id_token_signing_alg_values_supported":["ES256"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","none"],"scopes_supported":["openid","offline_access"],"authorization_response_iss_parameter_supported":true,"claims_supported":["sub","auth_time","acr","amr"]}}"#
        );
        let jwks = format!(
            r#"{{"keys":[{{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"k1","x":"{x}","y":"{y}"}}]}}"#
        );
        Ok(Self(Arc::new(Inner {
            public_key: ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)?,
            access_header: B64.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"k1"}"#),
            id_header: B64.encode(r#"{"alg":"ES256","typ":"JWT","kid":"k1"}"#),
            discovery: Bytes::from(discovery),
            jwks: Bytes::from(jwks),
            secret: hash(CLIENT_SECRET.as_bytes()),
            cookie_key: hmac::Key::new(hmac::HMAC_SHA256, &[9; 32]),
            codes: Mutex::default(),
            refresh: Mutex::default(),
            seen: Mutex::default(),
            issuer,
            key,
            writer,
        })))
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.0.issuer
    }

    pub(crate) fn discovery(&self) -> Bytes {
        self.0.discovery.clone()
    }

    pub(crate) fn jwks(&self) -> Bytes {
        self.0.jwks.clone()
    }

    /// The `Cookie` header of the one session.
    pub(crate) fn cookie(&self) -> String {
        format!("session=u1.{}", B64.encode(hmac::sign(&self.0.cookie_key, b"u1")))
    }

    pub(crate) fn is_session(&self, cookie: &str) -> bool {
        let value = cookie.split("; ").find_map(|pair| pair.strip_prefix("session="));
        let Some((person, tag)) = value.and_then(|value| value.split_once('.')) else { return false };
        B64.decode(tag).is_ok_and(|tag| hmac::verify(&self.0.cookie_key, person.as_bytes(), &tag).is_ok())
    }

    pub(crate) fn is_secret(&self, secret: &[u8]) -> bool {
        aws_lc_rs::constant_time::verify_slices_are_equal(&hash(secret), &self.0.secret).is_ok()
    }

    pub(crate) fn keep_code(&self, code: &str, kept: Code) {
        locked(&self.0.codes).insert(hash(code.as_bytes()), kept);
    }

    pub(crate) fn take_code(&self, code: &str) -> Option<Code> {
        locked(&self.0.codes).remove(&hash(code.as_bytes()))
    }

    /// Takes a live refresh token out of memory: its hash.
    pub(crate) fn take_refresh(&self, token: &str) -> Option<Hash> {
        let token = hash(token.as_bytes());
        locked(&self.0.refresh).remove(&token).filter(|expires| *expires > now()).map(|_| token)
    }

    pub(crate) fn keep_refresh(&self, token: Hash) {
        locked(&self.0.refresh).insert(token, now() + REFRESH_SECONDS);
    }

    /// Queues a write at once; the receiver answers when it is durable.
    pub(crate) fn commit(&self, old: Option<Hash>, new: Hash) -> oneshot::Receiver<()> {
        let (done, durable) = oneshot::channel();
        // A dead writer drops `done`, and the receiver tells.
        let _ = self.0.writer.send(Write { old, new, done });
        durable
    }

    pub(crate) fn access_token(&self) -> Option<String> {
        let (now, issuer) = (now(), &self.0.issuer);
        let expires = now + ACCESS_SECONDS;
        let id = &random()[..22];
        self.jwt(
            &self.0.access_header,
            &format!(r#"{{"iss":"{issuer}","sub":"u1","aud":"urn:bench:api","client_id":"{CLIENT_ID}","scope":"openid","iat":{now},"exp":{expires},"jti":"{id}"}}"#),
        )
    }

    pub(crate) fn id_token(&self, nonce: &str) -> Option<String> {
        let (now, issuer) = (now(), &self.0.issuer);
        let expires = now + ACCESS_SECONDS;
        self.jwt(
            &self.0.id_header,
            &format!(r#"{{"iss":"{issuer}","sub":"u1","aud":"{CLIENT_ID}","nonce":"{nonce}","iat":{now},"exp":{expires},"auth_time":{now}}}"#),
        )
    }

    fn jwt(&self, header: &str, claims: &str) -> Option<String> {
        let mut token = String::with_capacity(header.len() + claims.len() * 4 / 3 + 96);
        token.push_str(header);
        token.push('.');
        B64.encode_string(claims, &mut token);
        let signature = self.0.key.sign(&SystemRandom::new(), token.as_bytes()).ok()?;
        token.push('.');
        B64.encode_string(signature, &mut token);
        Some(token)
    }

    /// Whether an access token is ours; the signature is checked once per token.
    pub(crate) fn is_token(&self, token: &str) -> bool {
        let key = hash(token.as_bytes());
        if locked(&self.0.seen).get(&key).is_some_and(|expires| *expires > now()) {
            return true;
        }
        let Some((message, signature)) = token.rsplit_once('.') else { return false };
        let mut raw = [0; 64];
        if B64.decode_slice(signature, &mut raw) != Ok(64)
            || self.0.public_key.verify_sig(message.as_bytes(), &raw).is_err()
        {
            return false;
        }
        let mut seen = locked(&self.0.seen);
        if seen.len() > SEEN_MAX {
            seen.clear();
        }
        seen.insert(key, now() + ACCESS_SECONDS);
        true
    }
}

/// No code that holds a lock can panic half-way through a change, so a poisoned lock still guards sound data.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn hash(bytes: &[u8]) -> Hash {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

pub(crate) fn random() -> String {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system's randomness is available once it has booted");
    B64.encode(bytes)
}
