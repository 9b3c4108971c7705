//! The operations that are measured, as requests.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::Value;

use crate::{
    config::Config,
    http::{Connection, Response, Target, request},
};

/// One kind of operation.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Scenario {
    /// The discovery document.
    Discovery,
    /// The key set.
    Jwks,
    /// Authorization request within a session, then the exchange of its code: two requests, one operation.
    Code,
    /// Rotation of a refresh token; each connection has its own chain.
    Refresh,
    /// A token for a client that acts for itself.
    Client,
    /// Whether an access token is live; all connections ask about the same one.
    Introspect,
    /// Claims for an access token; all connections use the same one.
    Userinfo,
    /// A whole sign-in with a passkey: five requests from an authorization request to tokens. Each connection is a person of its own.
    Signin,
    /// A password typed for a name that nobody has, where passwords are allowed. See `benches/storm`.
    Password,
}

impl Scenario {
    pub(crate) const ALL: [Self; 9] = [
        Self::Discovery,
        Self::Jwks,
        Self::Client,
        Self::Code,
        Self::Refresh,
        Self::Introspect,
        Self::Userinfo,
        Self::Signin,
        Self::Password,
    ];

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|one| one.name() == name).ok_or_else(|| format!("no scenario is called {name:?}"))
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Jwks => "jwks",
            Self::Code => "code",
            Self::Refresh => "refresh",
            Self::Client => "client",
            Self::Introspect => "introspect",
            Self::Userinfo => "userinfo",
            Self::Signin => "signin",
            Self::Password => "password",
        }
    }

    /// How many token sets are made before the clock starts.
    pub(crate) const fn seeds(self, connections: usize) -> usize {
        match self {
            Self::Discovery | Self::Jwks | Self::Code | Self::Client | Self::Signin | Self::Password => 0,
            Self::Refresh => connections,
            Self::Userinfo | Self::Introspect => 1,
        }
    }
}

/// The server under test and the paths of its endpoints.
pub(crate) struct Server {
    pub(crate) target: Target,
    config: Config,
    jwks: String,
    authorize: String,
    token: String,
    userinfo: String,
    introspect: String,
    /// `Authorization` of the client that acts for itself.
    service: String,
    /// `Authorization` of the client, RFC 6749 §2.3.1.
    client: String,
}

const DISCOVERY: &str = "/.well-known/openid-configuration";

impl Server {
    /// Learns the endpoints from the server itself.
    pub(crate) async fn discover(config: Config, target: Target) -> Result<Self, String> {
        let answer = Connection::new(target.clone()).send(&request(&target.authority, DISCOVERY, &[], None)).await;
        let document = json("discovery", &answer.map_err(|e| e.to_string())?)?;
        let path =
            |name: &str| document[name].as_str().map(path_of).ok_or_else(|| format!("discovery names no {name}"));
        Ok(Self {
            jwks: path("jwks_uri")?,
            authorize: path("authorization_endpoint")?,
            token: path("token_endpoint")?,
            userinfo: path("userinfo_endpoint")?,
            introspect: path("introspection_endpoint")?,
            client: basic(&config.client_id, &config.client_secret),
            service: basic(
                config.service_id.as_ref().unwrap_or(&config.client_id),
                config.service_secret.as_ref().unwrap_or(&config.client_secret),
            ),
            target,
            config,
        })
    }

    /// The request of a scenario whose request never changes.
    pub(crate) fn fixed(&self, scenario: Scenario, seed: &Value) -> Vec<u8> {
        let get = |path: &str, headers: &[(&str, &str)]| request(&self.target.authority, path, headers, None);
        let post = |path: &str, client: &str, form: &str| {
            request(&self.target.authority, path, &[("Authorization", client)], Some(form))
        };
        match scenario {
            Scenario::Discovery => get(DISCOVERY, &[]),
            Scenario::Jwks => get(&self.jwks, &[]),
            Scenario::Userinfo => {
                let bearer = format!("Bearer {}", seed["access_token"].as_str().unwrap_or_default());
                get(&self.userinfo, &[("Authorization", &bearer)])
            }
            Scenario::Client => {
                let mut form = "grant_type=client_credentials".to_owned();
                if let Some(scope) = &self.config.service_scope {
                    form.push_str("&scope=");
                    form.push_str(&escape(scope));
                }
                post(&self.token, &self.service, &form)
            }
            Scenario::Introspect => {
                let token = escape(seed["access_token"].as_str().unwrap_or_default());
                post(&self.introspect, &self.client, &format!("token={token}"))
            }
            Scenario::Code | Scenario::Refresh | Scenario::Signin | Scenario::Password => Vec::new(),
        }
    }

    /// A whole code flow: the token response.
    pub(crate) async fn code_flow(&self, connection: &mut Connection) -> Result<Value, String> {
        let (code, verifier) = self.authorize(connection).await?;
        self.exchange(connection, &code, &verifier).await
    }

    /// An authorization request within the session: the code, still encoded, and the verifier.
    pub(crate) async fn authorize(&self, connection: &mut Connection) -> Result<(String, String), String> {
        let (path, verifier) = self.authorization();
        let request = request(&self.target.authority, &path, &[("Cookie", &self.config.cookie)], None);
        let answer = connection.send(&request).await.map_err(|e| e.to_string())?;
        Ok((code_in(&answer)?, verifier))
    }

    /// An authorization request with fresh `state`, `nonce` and PKCE: its path, and the verifier.
    pub(crate) fn authorization(&self) -> (String, String) {
        let verifier = random();
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let path = format!(
            "{}?response_type=code&client_id={}&redirect_uri={}&scope={}&state={}&nonce={}&code_challenge={challenge}&code_challenge_method=S256",
            self.authorize,
            escape(&self.config.client_id),
            escape(&self.config.redirect_uri),
            escape(&self.config.scope),
            random(),
            random(),
        );
        (path, verifier)
    }

    /// The origin that pages are on.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.target.authority)
    }

    /// The enrolment link for the connection of this number.
    pub(crate) fn link(&self, index: usize) -> Result<&str, String> {
        self.config.links.get(index).map(String::as_str).ok_or_else(|| "signin needs one link a connection".to_owned())
    }

    pub(crate) async fn exchange(
        &self,
        connection: &mut Connection,
        code: &str,
        verifier: &str,
    ) -> Result<Value, String> {
        let redirect = escape(&self.config.redirect_uri);
        let form =
            format!("grant_type=authorization_code&code={code}&redirect_uri={redirect}&code_verifier={verifier}");
        self.post_token("code", connection, &form).await
    }

    pub(crate) async fn refresh(&self, connection: &mut Connection, token: &str) -> Result<Value, String> {
        self.post_token("refresh", connection, &format!("grant_type=refresh_token&refresh_token={}", escape(token)))
            .await
    }

    async fn post_token(&self, what: &str, connection: &mut Connection, form: &str) -> Result<Value, String> {
        let request = request(&self.target.authority, &self.token, &[("Authorization", &self.client)], Some(form));
        json(what, &connection.send(&request).await.map_err(|e| e.to_string())?)
    }
}

/// The `Authorization` header of a client (RFC 6749 §2.3.1).
fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", escape(id), escape(secret))))
}

pub(crate) fn json(what: &str, answer: &Response) -> Result<Value, String> {
    if answer.status != 200 {
        return Err(format!("{what}: {}", answer.excerpt()));
    }
    serde_json::from_slice(&answer.body).map_err(|e| format!("{what}: {e}"))
}

/// The code in a redirect, still encoded.
pub(crate) fn code_in(answer: &Response) -> Result<String, String> {
    let query = answer.location.as_deref().and_then(|location| location.split_once('?')).map_or("", |(_, query)| query);
    match query.split('&').find_map(|pair| pair.strip_prefix("code=")) {
        Some(code) => Ok(code.to_owned()),
        None => Err(format!("authorize: no code; location {:?}, answer {}", answer.location, answer.excerpt())),
    }
}

/// The path of an absolute URL.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned())
}

fn random() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A seed that no other run has had.
pub(crate) fn random_seed() -> u64 {
    u64::from_le_bytes(random_bytes())
}

fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system's randomness is available once it has booted");
    bytes
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
