//! What hot requests cost: change sets and allocations.

use http::StatusCode;

use crate::world::{WEB, WEB_REDIRECT, World, authorize, redemption, refresh};

/// Allocations that one token request may make, from the parsed HTTP head to the answer's body, the writer's included.
const ALLOCATIONS_MAX: u64 = 60;

#[tokio::test]
async fn a_redemption_commits_once_a_refresh_once_and_a_page_never() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let code = browser.code("openid").await;
    let before = world.store.commits();
    let tokens = world.token(&redemption(&code)).await;
    assert_eq!((tokens.status, world.store.commits() - before), (StatusCode::OK, 1));

    let before = world.store.commits();
    let refreshed = world.token(&refresh(&tokens.json()["refresh_token"])).await;
    assert_eq!((refreshed.status, world.store.commits() - before), (StatusCode::OK, 1));

    let before = world.store.commits();
    browser.get(&authorize(WEB, WEB_REDIRECT, "openid")).await;
    browser.cookies.clear();
    let page = browser.get(&authorize(WEB, WEB_REDIRECT, "openid")).await;
    let page = browser.get(page.location()).await;
    assert_eq!((page.status, world.store.commits() - before), (StatusCode::OK, 0));
}

#[tokio::test]
async fn a_token_request_allocates_little() {
    let _profiler = dhat::Profiler::builder().testing().build();
    let world = World::new();
    let mut browser = world.signed_in().await;
    let mut tokens = browser.tokens("openid").await;
    // Other tests allocate at the same time, which only adds: the least of many is the request's own.
    let mut least = u64::MAX;
    for _ in 0..300 {
        let request = world.token_request(&refresh(&tokens["refresh_token"]));
        let before = dhat::HeapStats::get().total_blocks;
        let answer = world.send(request).await;
        least = least.min(dhat::HeapStats::get().total_blocks - before);
        assert_eq!(answer.status, StatusCode::OK);
        tokens = answer.json();
    }
    println!("allocations of a refresh: {least}");
    assert!(least <= ALLOCATIONS_MAX, "{least} allocations");
}
