//! Storage in trouble: nothing is granted, and what needs no storage goes on.

use http::{StatusCode, header};
use store::faults::Fault;

use crate::world::{World, redemption, refresh};

#[tokio::test]
async fn a_full_queue_says_try_again_and_leaves_metadata_alone() {
    let world = World::with(|config| config.queue_max = 2);
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid").await;
    let code = browser.code("openid").await;
    let (resume, paused) = std::sync::mpsc::channel();
    world.inject(Fault::Pause(paused));
    // Fill the queue behind the paused writer.
    while world.store.commit(store::ChangeSet::new(server::ambient::now(), Vec::<store::Change>::new(), vec![])).is_ok()
    {
    }

    let refused = world.token(&redemption(&code)).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(world.token(&refresh(&tokens["refresh_token"])).await.status, StatusCode::SERVICE_UNAVAILABLE);
    for path in ["/.well-known/openid-configuration", "/jwks.json", "/health/live"] {
        assert_eq!(world.get(path).await.status, StatusCode::OK, "{path}");
    }
    drop(resume);
    loop {
        let answer = world.token(&redemption(&code)).await;
        match answer.status {
            StatusCode::OK => break,
            StatusCode::SERVICE_UNAVAILABLE => tokio::task::yield_now().await,
            other => panic!("{other}: the code must have stayed live: {}", answer.text()),
        }
    }
}

#[tokio::test]
async fn when_the_disk_fails_the_answer_is_no() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid").await;
    world.inject(Fault::FsyncFails);
    let refused = world.token(&refresh(&tokens["refresh_token"])).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE, "{}", refused.text());
    let journey = browser.journey_of_fresh_browser().await;
    let signed_in = browser.sign_in_on(&journey).await;
    assert_eq!(signed_in.code(), "unavailable");
    assert!(!signed_in.headers.contains_key(header::SET_COOKIE), "no session without its commit");
    assert_eq!(world.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.get("/jwks.json").await.status, StatusCode::OK);

    world.inject(Fault::FsyncWorks);
    loop {
        let answer = world.token(&refresh(&tokens["refresh_token"])).await;
        match answer.status {
            StatusCode::OK => break,
            StatusCode::SERVICE_UNAVAILABLE => tokio::task::yield_now().await,
            other => panic!("{other}: nothing was rotated while the disk failed: {}", answer.text()),
        }
    }
}
