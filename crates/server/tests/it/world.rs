//! A whole server in process: a store on disk, one person with a passkey, two clients, and a browser that keeps cookies.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Router, body::Body};
use crypto::RootKey;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use model::{Actor, Decision, Employment, Secret, Tier};
use oauth::{
    Client, ClientKind, ConsentPolicy, Issuer, TokenKeys,
    client_rules::{self, ClientShape, Lifetimes, Registration, SubjectChoice},
};
use serde_json::{Value, json};
use server::{Settings, Tls, ambient};
use signin::{NewPerson, PassIssuer, PassRequest, SealedName, SigninName};
use store::{ChangeSet, PersonalKind, Store, StoreConfig};
use testkit::{Authenticator, Knobs, UserHandleChoice};
use tower::ServiceExt;

pub(crate) const ISSUER: &str = "http://localhost:8400";
pub(crate) const WEB: &str = "web-app";
pub(crate) const SPA: &str = "browser-app";
pub(crate) const WEB_REDIRECT: &str = "https://app.example.com/cb";
pub(crate) const SPA_REDIRECT: &str = "https://spa.example.com/cb";
/// The challenge of RFC 7636 appendix B, and its verifier.
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub(crate) struct World {
    pub(crate) router: Router,
    pub(crate) store: Arc<Store>,
    /// Counts the passwords that were hashed or checked.
    pub(crate) passwords: Arc<server::PasswordPool>,
    pub(crate) secret: String,
    pub(crate) link: String,
    pub(crate) dir: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    /// Sets up on a thread of its own, because the command line's blocking commits are refused on a runtime's thread.
    pub(crate) fn with(adjust: impl FnOnce(&mut StoreConfig) + Send) -> Self {
        std::thread::scope(|scope| scope.spawn(|| Self::set_up(adjust, |_, _| {})).join().unwrap())
    }

    /// The same with other settings; the folder is the world's own.
    pub(crate) fn with_settings(adjust: impl FnOnce(&mut Settings, &std::path::Path) + Send) -> Self {
        std::thread::scope(|scope| scope.spawn(|| Self::set_up(|_| {}, adjust)).join().unwrap())
    }

    fn set_up(
        adjust: impl FnOnce(&mut StoreConfig),
        adjust_settings: impl FnOnce(&mut Settings, &std::path::Path),
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = StoreConfig::new(dir.path().join("data"), dir.path().join("keys"));
        adjust(&mut config);
        let root = RootKey::new(Secret::new([7; 32]));
        let store = Store::create(&config, &root, ambient::now(), &mut ambient::entropy()).unwrap();
        let secret = register(&store, &root, WEB, ClientKind::Web, WEB_REDIRECT, ConsentPolicy::Trusted).unwrap();
        register(&store, &root, SPA, ClientKind::Browser, SPA_REDIRECT, ConsentPolicy::Ask);
        let link = person(&store, &root, "ada@example.com", "Ada Lock");
        let store = Arc::new(store);
        let mut settings = settings(Tls::None);
        adjust_settings(&mut settings, dir.path());
        let (router, passwords) = server::router_and_pool(settings, store.clone(), &root).unwrap();
        Self { router, store, passwords, secret, link, dir }
    }

    /// Makes storage fail in one way.
    pub(crate) fn inject(&self, fault: store::faults::Fault) {
        std::thread::scope(|scope| scope.spawn(|| self.store.inject(fault)).join().unwrap());
    }

    /// Another person with an enrolment link.
    pub(crate) fn another_person(&self, name: &str) -> String {
        let root = RootKey::new(Secret::new([7; 32]));
        std::thread::scope(|scope| scope.spawn(|| person(&self.store, &root, name, name)).join().unwrap())
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Self::send_to(self.router.clone(), request).await
    }

    /// One request to a router, for tasks that can't borrow the world.
    pub(crate) async fn send_to(router: Router, request: Request<Body>) -> Answer {
        Answer::of(router.oneshot(request).await.unwrap()).await
    }

    /// One request to a server with other settings, on the same store.
    pub(crate) async fn on(&self, settings: Settings, request: Request<Body>) -> Answer {
        let router = server::router(settings, self.store.clone(), &RootKey::new(Secret::new([7; 32]))).unwrap();
        Answer::of(router.oneshot(request).await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// `POST /token` with the web client's credentials in the header.
    pub(crate) async fn token(&self, form: &str) -> Answer {
        self.send(self.token_request(form)).await
    }

    pub(crate) fn token_request(&self, form: &str) -> Request<Body> {
        Request::post("/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::AUTHORIZATION, basic(WEB, &self.secret))
            .body(Body::from(form.to_owned()))
            .unwrap()
    }

    /// A browser in which Ada has enrolled and is signed in.
    pub(crate) async fn signed_in(&self) -> Browser<'_> {
        let mut browser = Browser::new(self, 1);
        let enrolled = browser.enrol(&self.link).await;
        assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.text());
        browser
    }
}

pub(crate) fn basic(id: &str, secret: &str) -> String {
    let mut out = String::new();
    let bytes = format!("{id}:{secret}");
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for chunk in bytes.as_bytes().chunks(3) {
        let n = (u32::from(chunk[0]) << 16)
            | (u32::from(*chunk.get(1).unwrap_or(&0)) << 8)
            | u32::from(*chunk.get(2).unwrap_or(&0));
        for i in 0..4 {
            let there = i <= chunk.len();
            out.push(if there { char::from(ALPHABET[(n >> (18 - 6 * i) & 63) as usize]) } else { '=' });
        }
    }
    format!("Basic {out}")
}

/// Settings of a server on a free loopback port.
pub(crate) fn settings(tls: Tls) -> Settings {
    Settings {
        issuer: ISSUER.into(),
        listen: "127.0.0.1:0".parse().unwrap(),
        tls,
        rp_id: "localhost".into(),
        rp_name: "Lockgate".into(),
        origins: vec![ISSUER.into()],
        organisation: "Example".into(),
        top_origins: Vec::new(),
        policy: policy::Policy::default(),
        // As cheap as the algorithm allows: no test is about its price.
        password_cost: crypto::password::Params::new(8, 1, 1).unwrap(),
        breach_list: None,
        mail: None,
        demo: None,
        control: None,
        oauth: server::OauthSettings { loopback_is_limited: false, ..server::OauthSettings::default() },
        outbound: server::outbound::OutboundSettings::default(),
    }
}

fn register(
    store: &Store,
    root: &RootKey,
    id: &str,
    kind: ClientKind,
    redirect: &str,
    consent: ConsentPolicy,
) -> Option<String> {
    let secret = (kind == ClientKind::Web).then(|| oauth::client_secret::fresh(&mut ambient::entropy()));
    let keys = TokenKeys::from_root(root);
    let mut shape = ClientShape::new(id, id, kind);
    shape.redirect_uris = Some(vec![redirect.into()]);
    let registration = Registration {
        shape,
        scopes: vec!["openid".into(), "offline_access".into()],
        secrets: secret.iter().map(|s| keys.client_secret_hash(s.expose())).collect(),
        subject: SubjectChoice::Pairwise,
        consent,
        tier: Tier::Standard,
        audience: None,
        lifetimes: Lifetimes::default(),
        settings: oauth::ClientSettings::default(),
    };
    let issuer = Issuer::new(ISSUER).unwrap();
    let now = ambient::now();
    let added = client_rules::addition(Client::register(registration, &issuer, now).unwrap());
    store.commit_blocking(ChangeSet::new(now, added.changes, added.audit)).unwrap();
    secret.map(|s| s.expose().clone())
}

fn person(store: &Store, root: &RootKey, name: &str, display: &str) -> String {
    let key = root.hash_key("signin");
    let now = ambient::now();
    let new = NewPerson { employment: Employment::Workforce, privileged: false, groups: Vec::new(), ends: None };
    let person = signin::draft(new, now, &mut ambient::entropy());
    let seal =
        |kind, text: &str| store.seal_for(person.id, kind, text.as_bytes(), now, &mut ambient::entropy()).unwrap();
    let sealed_display = seal(PersonalKind::DisplayName, display);
    let name = SigninName::parse(name).unwrap();
    let names = vec![SealedName { hash: name.hash(&key), sealed: seal(PersonalKind::SigninName, name.expose()) }];
    let added = signin::add_person(Actor::Operator, person.clone(), sealed_display, names);
    store.commit_blocking(ChangeSet::new(now, added.changes, added.audit)).unwrap();
    let request = PassRequest { person: &person, held: 0, issuer: PassIssuer::Operator, seconds: 3600 };
    let Decision::Done(issued) = signin::issue_pass(&request, &key, now, &mut ambient::entropy()) else {
        panic!("issued")
    };
    store.commit_blocking(ChangeSet::new(now, issued.changes, issued.audit)).unwrap();
    issued.reply.token.expose().clone()
}

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self { status: parts.status, headers: parts.headers, body }
    }
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("JSON, not {}", self.text()))
    }
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A browser: cookies and an authenticator.
pub(crate) struct Browser<'w> {
    world: &'w World,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) authenticator: Authenticator,
}

impl<'w> Browser<'w> {
    pub(crate) fn new(world: &'w World, seed: u64) -> Self {
        Self { world, cookies: BTreeMap::new(), authenticator: Authenticator::new(seed) }
    }

    pub(crate) fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ")
    }

    pub(crate) async fn request(&mut self, method: Method, path: &str, kind: &str, body: String) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, self.cookie_header())
            .header(header::ORIGIN, ISSUER)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let answer = self.world.send(request).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        answer
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.request(Method::GET, path, "text/plain", String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, json: Value) -> Answer {
        self.request(Method::POST, path, "application/json", json.to_string()).await
    }

    pub(crate) async fn enrol(&mut self, link: &str) -> Answer {
        let begun = self.post("/api/ceremony/enrol/begin", json!({ "token": link })).await;
        if begun.status != StatusCode::OK {
            return begun;
        }
        self.finish_enrolment(&begun.json()).await
    }

    pub(crate) async fn finish_enrolment(&mut self, begun: &Value) -> Answer {
        let credential = self.authenticator.create(&begun["publicKey"].to_string(), ISSUER, &Knobs::default()).unwrap();
        let credential: Value = serde_json::from_str(&credential).unwrap();
        let body = json!({ "journey": begun["journey"], "credential": credential, "label": "Test key" });
        self.post("/api/ceremony/enrol/result", body).await
    }

    /// The journey of a fresh sign-in page.
    pub(crate) async fn journey(&mut self) -> String {
        let answer = self.get("/sign-in").await;
        answer.location().split_once("j=").expect("a journey").1.to_owned()
    }

    pub(crate) async fn options(&mut self, journey: &str) -> Answer {
        self.post("/api/ceremony/sign-in/options", json!({ "journey": journey })).await
    }

    /// What the authenticator answers to these options.
    pub(crate) fn assertion(&mut self, options: &Value, knobs: &Knobs) -> Value {
        let text = options["publicKey"].to_string();
        let answer = self.authenticator.get(&text, ISSUER, &UserHandleChoice::Own, knobs).unwrap();
        serde_json::from_str(&answer).unwrap()
    }

    pub(crate) async fn result(&mut self, journey: &str, credential: &Value) -> Answer {
        let body = json!({ "journey": journey, "credential": credential, "mediation": "modal", "elapsed_ms": 900 });
        self.post("/api/ceremony/sign-in/result", body).await
    }

    pub(crate) async fn sign_in_on(&mut self, journey: &str) -> Answer {
        let options = self.options(journey).await.json();
        let credential = self.assertion(&options, &Knobs::default());
        self.result(journey, &credential).await
    }

    /// A code for the web client.
    pub(crate) async fn code(&mut self, scope: &str) -> String {
        let answer = self.get(&authorize(WEB, WEB_REDIRECT, scope)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        parameter(answer.location(), "code").unwrap_or_else(|| panic!("a code in {}", answer.location()))
    }

    /// The tokens of a fresh code.
    pub(crate) async fn tokens(&mut self, scope: &str) -> Value {
        let code = self.code(scope).await;
        let answer = self.world.token(&redemption(&code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()
    }
}

pub(crate) fn authorize(client: &str, redirect: &str, scope: &str) -> String {
    format!(
        "/authorize?response_type=code&client_id={client}&redirect_uri={}&scope={}&state=s%20t&nonce=n-1\
         &code_challenge={CHALLENGE}&code_challenge_method=S256",
        redirect.replace(':', "%3A").replace('/', "%2F"),
        scope.replace(' ', "%20")
    )
}

pub(crate) fn redemption(code: &str) -> String {
    format!("grant_type=authorization_code&code={code}&redirect_uri={WEB_REDIRECT}&code_verifier={VERIFIER}")
}

pub(crate) fn refresh(token: &Value) -> String {
    format!("grant_type=refresh_token&refresh_token={}", token.as_str().unwrap())
}

pub(crate) fn parameter(location: &str, name: &str) -> Option<String> {
    let query = location.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.split_once('=').filter(|(k, _)| *k == name).map(|(_, v)| v.to_owned()))
}
