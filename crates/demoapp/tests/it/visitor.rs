//! A browser's part: one cookie, headers as a browser would send them, no redirect followed by itself.

use axum::http::{HeaderMap, Method, Request, StatusCode, Uri, header};
use bytes::Bytes;
use demoapp::DemoConfig;
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use percent_encoding::percent_decode_str;

use crate::provider::{Provider, Twist};

/// The application's own name; requests are sent to wherever its socket is, under this name.
pub(crate) const HOST: &str = "harbour.test";

pub(crate) struct Visitor {
    base: String,
    pub(crate) cookie: Option<String>,
    pub(crate) provider: Provider,
}

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).expect("a redirect").to_str().unwrap()
    }
}

impl Visitor {
    pub(crate) async fn start(twist: Twist) -> Self {
        Self::start_with(twist, |_| {}).await
    }

    pub(crate) async fn start_with(twist: Twist, change: impl FnOnce(&mut DemoConfig)) -> Self {
        let provider = Provider::start(twist).await;
        let mut config = DemoConfig {
            listen: "127.0.0.1:0".parse().unwrap(),
            issuer: provider.issuer(),
            client_id: "harbour".into(),
            client_secret: Some("s3cret:with/odd".into()),
            redirect_uri: format!("http://{HOST}/callback"),
            scope: "openid".into(),
            tour_url: "http://localhost:8400/tour".into(),
        };
        change(&mut config);
        let bound = demoapp::bind(config).await.unwrap();
        let base = format!("http://{}", bound.address().unwrap());
        tokio::spawn(bound.serve(std::future::pending()));
        Self { base, cookie: None, provider }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[("host", HOST)]).await
    }

    pub(crate) async fn post(&mut self, path: &str) -> Page {
        self.send(Method::POST, path, &[("host", HOST), ("sec-fetch-site", "same-origin")]).await
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Page {
        let uri: Uri = format!("{}{path}", self.base).parse().unwrap();
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, format!("other=1; {cookie}"));
        }
        let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
        let (head, body) = client.request(request.body(Full::default()).unwrap()).await.unwrap().into_parts();
        if let Some(line) = head.headers.get(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{line}");
            self.cookie = Some(line.split(';').next().unwrap().to_owned());
        }
        let body = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Page { status: head.status, headers: head.headers, body }
    }

    /// Starts a sign-in; returns the state that the application sent.
    pub(crate) async fn leave(&mut self) -> String {
        let page = self.get("/login").await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let url = page.location().to_owned();
        let value = |name: &str| {
            let query = url.split_once('?').unwrap().1;
            let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}="))).unwrap();
            percent_decode_str(pair).decode_utf8().unwrap().into_owned()
        };
        assert_eq!(value("response_type"), "code");
        assert_eq!(value("code_challenge_method"), "S256");
        assert_eq!(value("code_challenge").len(), 43);
        self.provider.lock().nonce = value("nonce");
        value("state")
    }

    /// Comes back with a code.
    pub(crate) async fn come_back(&mut self, state: &str) -> Page {
        let issuer = self.provider.issuer();
        self.get(&format!("/callback?code=secret-code&state={state}&iss={issuer}")).await
    }

    /// A whole sign-in; returns the first page after it.
    pub(crate) async fn sign_in(&mut self) -> Page {
        let state = self.leave().await;
        let page = self.come_back(&state).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        assert_eq!(page.location(), "/");
        self.get("/").await
    }

    pub(crate) async fn status(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.get("/status").await.body).unwrap()
    }
}
