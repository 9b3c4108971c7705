//! Headers that pages and protocol answers must carry, and those that they must not.

use http::{HeaderMap, Request, StatusCode, header};
use server::{Settings, Tls};

use crate::world::{Answer, SPA, SPA_REDIRECT, WEB, World, authorize, settings};

/// A request as a page of another origin would send it.
async fn from_elsewhere(world: &World, method: &str, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ORIGIN, "https://spa.example.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization")
        .body(Default::default())
        .unwrap();
    world.send(request).await
}

fn framing_is_denied(headers: &HeaderMap, what: &str) {
    assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY", "{what}");
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{what}: {policy}");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{what}");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{what}");
    assert_eq!(headers[header::REFERRER_POLICY], "same-origin", "{what}");
}

#[tokio::test]
async fn every_page_denies_framing() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let consent = authorize(SPA, SPA_REDIRECT, "openid");
    let wrong = authorize(WEB, "https://evil.example/cb", "openid");
    for path in ["/account", "/enrol", "/signed-out", "/nowhere", &consent, &wrong] {
        let page = browser.get(path).await;
        assert!(page.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"), "{path}");
        framing_is_denied(&page.headers, path);
    }
    let journey = browser.journey_of_fresh_browser().await;
    framing_is_denied(&browser.get(&format!("/sign-in?j={journey}")).await.headers, "/sign-in");
}

#[tokio::test]
async fn the_authorization_endpoint_speaks_no_cors() {
    let world = World::new();
    for (method, path) in
        [("GET", "/authorize?client_id=x"), ("OPTIONS", "/authorize"), ("POST", "/authorize"), ("GET", "/sign-in")]
    {
        let answer = from_elsewhere(&world, method, path).await;
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN), "{method} {path}");
    }
}

#[tokio::test]
async fn browser_clients_may_read_tokens_and_metadata() {
    let world = World::new();
    for (method, path) in [
        ("GET", "/.well-known/openid-configuration"),
        ("GET", "/.well-known/oauth-authorization-server"),
        ("GET", "/jwks.json"),
        ("POST", "/token"),
        ("GET", "/userinfo"),
        ("OPTIONS", "/token"),
        ("OPTIONS", "/userinfo"),
    ] {
        let answer = from_elsewhere(&world, method, path).await;
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], "*", "{method} {path}");
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS), "no cookie takes part");
        if method == "OPTIONS" {
            assert_eq!(answer.status, StatusCode::NO_CONTENT);
            assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_HEADERS], "authorization, content-type, dpop");
        }
    }
}

#[tokio::test]
async fn on_https_cookies_are_locked_to_the_host_and_browsers_stay_on_https() {
    let world = World::new();
    let https = Settings {
        issuer: "https://id.example.com".into(),
        rp_id: "id.example.com".into(),
        origins: vec!["https://id.example.com".into()],
        ..settings(Tls::None)
    };
    let answer = world.on(https, Request::get("/account").body(Default::default()).unwrap()).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("__Host-lockgate-browser=") && cookie.ends_with("; Secure"), "{cookie}");
    let https = Settings { issuer: "https://id.example.com".into(), ..settings(Tls::None) };
    let page = world.on(https, Request::get("/signed-out").body(Default::default()).unwrap()).await;
    assert_eq!(page.headers[header::STRICT_TRANSPORT_SECURITY], "max-age=31536000");
}

#[tokio::test]
async fn cookies_hold_random_secrets_and_no_token() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid offline_access").await;
    let names: Vec<_> = browser.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["lockgate", "lockgate-browser"]);
    for value in browser.cookies.values() {
        assert_eq!(value.len(), 43, "32 random bytes in base64url");
        assert!(!tokens.to_string().contains(value));
    }
}
