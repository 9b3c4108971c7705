//! The guard around every route, and what the configuration refuses.

use axum::http::{Method, StatusCode};
use demoapp::{BindError, ConfigFault, DemoConfig};

use crate::{
    provider::Twist,
    visitor::{HOST, Visitor},
};

#[tokio::test]
async fn a_post_from_elsewhere_changes_nothing() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    for headers in [
        &[("host", HOST), ("sec-fetch-site", "cross-site")][..],
        &[("host", HOST), ("sec-fetch-site", "same-site"), ("origin", "http://harbour.test")][..],
        &[("host", HOST), ("origin", "http://localhost:8400")][..],
        &[("host", HOST), ("origin", "null")][..],
        &[("host", HOST)][..],
    ] {
        for path in ["/sign-out", "/refresh", "/userinfo", "/attack/replay-code", "/attack/wrong-redirect"] {
            let page = visitor.send(Method::POST, path, headers).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    assert!(visitor.get("/").await.body.contains("what-it-got"));
    assert_eq!(visitor.status().await["wrong_redirect_refused"], false);
    let own = [("host", HOST), ("origin", "http://harbour.test")];
    assert_eq!(visitor.send(Method::POST, "/refresh", &own).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_host_name_is_sent_to_the_right_one() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    let page = visitor.send(Method::GET, "/status", &[("host", "evil.example")]).await;
    assert_eq!(page.location(), "http://harbour.test/");
    let post = [("host", "evil.example"), ("sec-fetch-site", "same-origin")];
    let page = visitor.send(Method::POST, "/attack/wrong-redirect", &post).await;
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn every_answer_carries_the_fences() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    for path in ["/", "/nowhere", "/callback", "/status", "/harbour.css", "/harbour.svg"] {
        let page = visitor.get(path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(page.headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(page.headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(page.headers["cache-control"], "no-store", "{path}");
        assert!(!page.body.contains("<script") && !page.body.contains("style="), "{path}");
    }
}

#[tokio::test]
async fn configurations_that_cannot_work_are_refused() {
    let good = || DemoConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        issuer: "http://localhost:8400".into(),
        client_id: "harbour".into(),
        client_secret: None,
        redirect_uri: "http://127.0.0.1:8401/callback".into(),
        scope: "openid".into(),
        tour_url: "http://localhost:8400/tour".into(),
    };
    assert!(demoapp::bind(good()).await.is_ok());
    let refused = async |change: fn(&mut DemoConfig), expected: ConfigFault| {
        let mut config = good();
        change(&mut config);
        match demoapp::bind(config).await {
            Err(BindError::Config(fault)) => assert_eq!(fault, expected),
            Err(BindError::Listen { .. }) | Ok(_) => panic!("expected {expected:?}"),
        }
    };
    refused(|c| c.listen = "0.0.0.0:0".parse().unwrap(), ConfigFault::NotLoopback).await;
    refused(|c| c.issuer = "https://id.example".into(), ConfigFault::Issuer).await;
    refused(|c| c.issuer = "http://user@localhost".into(), ConfigFault::Issuer).await;
    refused(|c| c.redirect_uri = "http://127.0.0.1:8401/".into(), ConfigFault::RedirectUri).await;
    refused(|c| c.scope = "profile".into(), ConfigFault::Scope).await;
}

#[test]
fn the_client_secret_does_not_print_itself() {
    let config = DemoConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        issuer: String::new(),
        client_id: String::new(),
        client_secret: Some("s3cret".into()),
        redirect_uri: String::new(),
        scope: String::new(),
        tour_url: String::new(),
    };
    assert!(!format!("{config:?}").contains("s3cret"));
}
