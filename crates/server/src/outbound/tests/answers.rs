//! What comes back, and what is made of it.

use super::{
    super::{Limits, Loopback, NamedBy, OutboundError},
    World,
    site::{Plays, Site, json},
};
use crate::outbound::wire::Times;

const SMALL: Limits =
    Limits { named_by: NamedBy::Registration, body_bytes_max: 16, content_types: &["application/json"] };

async fn said(text: &str) -> Result<String, OutboundError> {
    let site = Site::new(Plays::Says(text.to_owned())).await;
    let got = World::here().outbound.get(&site.url("/jwks"), SMALL).await;
    got.map(|fetched| String::from_utf8(fetched.body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_fetch_brings_the_body_and_tells_little_about_us() {
    let site = Site::json("", "{\"keys\":[]}").await;
    let got = World::here().outbound.get(&site.url("/jwks?v=1"), Limits::JWKS).await.unwrap();
    assert_eq!(
        (got.status, got.content_type.as_str(), &got.body[..]),
        (200, "application/json", &b"{\"keys\":[]}"[..])
    );
    let heard = site.heard().remove(0);
    let mut lines: Vec<_> = heard.trim_end().split("\r\n").collect();
    lines.sort_unstable();
    let host = format!("host: {}", site.address);
    let expected =
        ["GET /jwks?v=1 HTTP/1.1", "accept: application/jwk-set+json, application/json", &host, "user-agent: Lockgate"];
    assert_eq!(lines, expected, "no cookie, no referrer, no coding, nothing else");
}

#[tokio::test]
async fn a_redirect_is_refused_and_not_followed() {
    let elsewhere = Site::json("", "{}").await;
    for status in
        ["301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let answer = format!("HTTP/1.1 {status}\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url("/"));
        let site = Site::new(Plays::Says(answer)).await;
        let outbound = World::here().outbound;
        let got = outbound.get(&site.url("/"), Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::Redirected { .. })), "{status}: {got:?}");
        let posted = outbound.post_form(&site.url("/logout"), &[("a", "b")]).await;
        assert!(matches!(posted, Err(OutboundError::Redirected { .. })), "{status}: {posted:?}");
    }
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn a_body_may_be_as_long_as_is_read_and_no_longer() {
    assert_eq!(said(&json("", "{\"keys\":[\"123\"]}")).await.unwrap().len(), 16);
    assert!(matches!(said(&json("", "{\"keys\":[\"1234\"]}")).await, Err(OutboundError::TooLarge { .. })));
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    assert_eq!(
        said(&format!("{chunked}8\r\n{{\"a\": 1,\r\n7\r\n\"b\": 2}}\r\n0\r\n\r\n")).await.unwrap(),
        "{\"a\": 1,\"b\": 2}"
    );
    let long = format!("{chunked}9\r\n         \r\n8\r\n        \r\n0\r\n\r\n");
    assert!(matches!(said(&long).await, Err(OutboundError::TooLarge { .. })));
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_bound() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
    let site = Site::new(Plays::Endless(head.to_owned())).await;
    let got = World::here().outbound.get(&site.url("/"), Limits::JWKS).await;
    assert!(matches!(got, Err(OutboundError::TooLarge { .. })), "{got:?}");
}

#[tokio::test]
async fn a_body_announced_too_long_is_not_waited_for() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 17\r\n\r\n";
    let site = Site::new(Plays::SaysAndWaits(head.to_owned())).await;
    let got = World::here().outbound.get(&site.url("/"), SMALL).await;
    assert!(matches!(got, Err(OutboundError::TooLarge { .. })), "{got:?}");
}

#[tokio::test]
async fn patience_ends_before_the_head_within_it_and_within_the_body() {
    for text in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{",
    ] {
        let site = Site::new(Plays::SaysAndWaits(text.to_owned())).await;
        let outbound = World::impatient().outbound;
        let got = outbound.get(&site.url("/"), Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::TimedOut { .. })), "{text:?}: {got:?}");
    }
    let site = Site::new(Plays::SaysAndWaits(String::new())).await;
    let posted = World::impatient().outbound.post_form(&site.url("/"), &[]).await;
    assert!(matches!(posted, Err(OutboundError::TimedOut { .. })), "{posted:?}");
}

#[tokio::test]
async fn other_types_and_coded_bodies_are_refused() {
    let with = |headers: &str| format!("HTTP/1.1 200 OK\r\n{headers}content-length: 2\r\n\r\n{{}}");
    for headers in [
        "",
        "content-type: text/html\r\n",
        "content-type: application/jsonp\r\n",
        "content-type: application/json, text/html\r\n",
        "content-type: application/json\r\ncontent-type: text/html\r\n",
        "content-type: application/json\r\ncontent-encoding: gzip\r\n",
    ] {
        let got = said(&with(headers)).await;
        assert!(matches!(got, Err(OutboundError::ContentType { .. })), "{headers:?}: {got:?}");
    }
    for headers in ["content-type: application/json; charset=utf-8\r\n", "Content-Type: Application/JSON\r\n"] {
        assert_eq!(said(&with(headers)).await.unwrap(), "{}", "{headers:?}");
    }
}

#[tokio::test]
async fn no_success_is_a_failure_with_its_status() {
    for (text, status, transient) in [
        ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", 404, false),
        ("HTTP/1.1 429 Slow Down\r\ncontent-length: 0\r\n\r\n", 429, true),
        ("HTTP/1.1 503 Later\r\ncontent-length: 0\r\n\r\n", 503, true),
    ] {
        let error = said(text).await.unwrap_err();
        assert!(matches!(error, OutboundError::Status { status: got, .. } if got == status), "{error:?}");
        assert_eq!(error.is_transient(), transient, "{status}");
    }
}

#[tokio::test]
async fn what_is_no_http_or_breaks_off_is_interrupted() {
    for text in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "",
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{}",
    ] {
        let got = said(text).await;
        assert!(matches!(got, Err(OutboundError::Interrupted { .. })), "{text:?}: {got:?}");
    }
    let many: String = (0..100).map(|n| format!("x-{n}: y\r\n")).collect();
    let got = said(&json(&many, "{}")).await;
    assert!(matches!(got, Err(OutboundError::Interrupted { .. })), "too many header fields: {got:?}");
}

#[tokio::test]
async fn a_form_is_posted_and_its_status_told() {
    let answer = "HTTP/1.1 400 Bad Request\r\ncontent-length: 5\r\n\r\nwrong";
    let site = Site::new(Plays::Says(answer.to_owned())).await;
    let outbound = World::here().outbound;
    for _ in 0..2 {
        let form = [("logout_token", "a.b-c_d"), ("state", "x &=+/ü")];
        assert_eq!(outbound.post_form(&site.url("/logout"), &form).await, Ok(400));
    }
    let heard = site.heard();
    assert_eq!(heard.len(), 2, "every post is sent");
    let (head, body) = heard[0].split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /logout HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/x-www-form-urlencoded"), "{head}");
    assert_eq!(body, "logout_token=a.b-c_d&state=x%20%26%3D%2B%2F%C3%BC");
}

#[tokio::test]
async fn nobody_at_home_is_unreachable() {
    let address = Site::json("", "{}").await.address;
    // The site is gone with the statement; its port is free again.
    let got = World::here().outbound.get(&format!("http://{address}/"), Limits::JWKS).await;
    assert!(matches!(got, Err(OutboundError::Unreachable { .. })), "{got:?}");
}

#[tokio::test]
async fn errors_tell_the_host_and_nothing_else_of_the_address() {
    let site = Site::new(Plays::Says("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned())).await;
    let here = World::here().outbound;
    let away = World::new(Loopback::Refused, Times::PRODUCTION).outbound;
    let form = [("logout_token", "hush")];
    let errors = [
        here.get(&site.url("/hush?hush=hush"), Limits::JWKS).await.unwrap_err(),
        here.get("http://127.0.0.1:1/hush?hush", Limits::JWKS).await.unwrap_err(),
        here.post_form("http://127.0.0.1:1/hush", &form).await.unwrap_err(),
        here.get("https://hush:hush@keys.example/", Limits::JWKS).await.unwrap_err(),
        here.get("https://keys.example/#hush", Limits::JWKS).await.unwrap_err(),
        here.get("https://unknown.test/hush", Limits::JWKS).await.unwrap_err(),
        away.get("https://127.0.0.1/hush?hush", Limits::JWKS).await.unwrap_err(),
        away.get("hush://hush", Limits::JWKS).await.unwrap_err(),
    ];
    for error in errors {
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
}
