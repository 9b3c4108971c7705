//! Limits on strangers: one count for each kind of door.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use crate::{
    clients::restarted,
    world::{ISSUER, WEB_REDIRECT, World, authorize},
};

/// What one address may open at once.
const BURST: usize = 600;
/// What time earns it while the test runs.
const EARNED_MAX: usize = 250;

#[tokio::test]
async fn journeys_opened_at_two_doors_are_counted_together() {
    let world = restarted(World::new(), |settings| settings.oauth.loopback_is_limited = true);
    for _ in 0..BURST / 2 {
        let opened = world.get("/sign-in").await;
        assert_ne!(opened.status, StatusCode::TOO_MANY_REQUESTS);
    }
    let path = authorize("web-app", WEB_REDIRECT, "openid");
    for opened in 0..BURST / 2 + EARNED_MAX {
        if world.get(&path).await.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(opened >= BURST / 2, "refused too early, at {opened}");
            return;
        }
    }
    panic!("what was opened at one door did not count at the other");
}

#[tokio::test]
async fn no_page_opens_a_journey_for_who_opened_enough() {
    let world = restarted(World::new(), |settings| settings.oauth.loopback_is_limited = true);
    while world.get("/sign-in").await.status != StatusCode::TOO_MANY_REQUESTS {}
    for page in ["/account", "/account/ways-to-sign-in", "/account/password", "/account/sessions", "/account/apps"] {
        assert_full(&world, Method::GET, page).await;
    }
    assert_full(&world, Method::GET, "/device").await;
    for form in ["/device", "/account/password", "/account/sessions/end-all", "/account/recovery-codes"] {
        assert_full(&world, Method::POST, form).await;
    }
}

/// Time earns a place now and then while the test runs, so one of a few tries may be let through.
async fn assert_full(world: &World, method: Method, path: &str) {
    let mut refused = 0;
    for _ in 0..20 {
        let request = Request::builder()
            .method(&method)
            .uri(path)
            .header(header::ORIGIN, ISSUER)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 10, "{method} {path} was refused {refused} times of 20");
}
