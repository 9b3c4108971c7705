//! What is fetched once and answered often.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{
    super::{Limits, OutboundError},
    World,
    site::{Plays, Site, json},
};

#[tokio::test]
async fn a_content_is_fetched_once_while_fresh() {
    let (site, world) = (Site::json("cache-control: max-age=600\r\n", "{}").await, World::here());
    let url = site.url("/jwks");
    let first = world.outbound.get(&url, Limits::JWKS).await.unwrap();
    assert_eq!(first.fresh_until, first.fetched.plus_seconds(600));
    world.seconds_pass(599);
    assert_eq!(world.outbound.get(&url, Limits::JWKS).await.unwrap(), first);
    assert_eq!(site.heard().len(), 1);
    world.seconds_pass(1);
    world.outbound.get(&url, Limits::JWKS).await.unwrap();
    assert_eq!(site.heard().len(), 2);
    world.outbound.get(&site.url("/other"), Limits::JWKS).await.unwrap();
    assert_eq!(site.heard().len(), 3);
}

#[tokio::test]
async fn an_unknown_key_id_refetches_but_not_at_will() {
    let (site, world) = (Site::json("cache-control: max-age=3600\r\n", "{}").await, World::here());
    let url = site.url("/jwks");
    world.outbound.get(&url, Limits::JWKS).await.unwrap();
    for _ in 0..10 {
        world.seconds_pass(3);
        world.outbound.refresh(&url, Limits::JWKS).await.unwrap();
    }
    assert_eq!(site.heard().len(), 1, "a copy of thirty seconds will do");
    world.seconds_pass(1);
    let newer = world.outbound.refresh(&url, Limits::JWKS).await.unwrap();
    assert_eq!(site.heard().len(), 2);
    assert_eq!(world.outbound.get(&url, Limits::JWKS).await.unwrap(), newer);
}

#[tokio::test]
async fn a_failure_is_remembered_for_thirty_seconds() {
    let (site, world) =
        (Site::new(Plays::Says("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n".to_owned())).await, World::here());
    let url = site.url("/jwks");
    for _ in 0..5 {
        let got = world.outbound.get(&url, Limits::JWKS).await;
        assert!(matches!(got, Err(OutboundError::Status { status: 500, .. })), "{got:?}");
    }
    assert_eq!(site.heard().len(), 1);
    world.seconds_pass(30);
    assert!(world.outbound.get(&url, Limits::JWKS).await.is_err());
    assert_eq!(site.heard().len(), 2);
}

#[tokio::test]
async fn many_callers_share_one_fetch() {
    let permits = Arc::new(Semaphore::new(0));
    let site = Site::new(Plays::WhenLet(permits.clone(), json("", "{}"))).await;
    let world = World::here();
    let callers: Vec<_> = (0..50)
        .map(|_| {
            let (outbound, url) = (world.outbound.clone(), site.url("/jwks"));
            tokio::spawn(async move { outbound.get(&url, Limits::JWKS).await })
        })
        .collect();
    permits.add_permits(50);
    for caller in callers {
        assert!(caller.await.unwrap().is_ok());
    }
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn a_caller_who_leaves_takes_nobodys_answer_along() {
    let permits = Arc::new(Semaphore::new(0));
    let site = Site::new(Plays::WhenLet(permits.clone(), json("", "{}"))).await;
    let (world, url) = (World::here(), site.url("/jwks"));
    let first = tokio::spawn({
        let (outbound, url) = (world.outbound.clone(), url.clone());
        async move { outbound.get(&url, Limits::JWKS).await }
    });
    while site.heard().is_empty() {
        tokio::task::yield_now().await;
    }
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let second = world.outbound.get(&url, Limits::JWKS);
    permits.add_permits(1);
    assert!(second.await.is_ok());
    assert_eq!(site.heard().len(), 1);
}

#[tokio::test]
async fn a_slow_host_holds_up_its_own_callers_only() {
    let permits = Arc::new(Semaphore::new(0));
    let slow = Site::new(Plays::WhenLet(permits.clone(), json("", "{}"))).await;
    // The same machine under another address is another host.
    let fast = Site::on("127.0.0.2:0", Plays::Says(json("", "{}")), None).await;
    let world = World::here();
    let waiting: Vec<_> = (0..40)
        .map(|n| {
            let (outbound, url) = (world.outbound.clone(), slow.url(&format!("/{n}")));
            tokio::spawn(async move { outbound.get(&url, Limits::JWKS).await })
        })
        .collect();
    while slow.heard().len() < 4 {
        tokio::task::yield_now().await;
    }
    assert!(world.outbound.get(&fast.url("/"), Limits::JWKS).await.is_ok());
    assert_eq!(slow.heard().len(), 4, "four at a time");
    permits.add_permits(40);
    for caller in waiting {
        assert!(caller.await.unwrap().is_ok());
    }
}

#[tokio::test]
async fn slow_documents_of_strangers_hold_up_no_keys() {
    let permits = Arc::new(Semaphore::new(0));
    let world = World::here();
    let mut slow = Vec::new();
    // Eight hosts with four lanes each: as much as there may be under way at all.
    for host in 1..=8 {
        slow.push(Site::on(&format!("127.0.0.{host}:0"), Plays::WhenLet(permits.clone(), json("", "{}")), None).await);
    }
    let urls: Vec<String> = slow.iter().flat_map(|site| (0..4).map(|n| site.url(&format!("/{n}")))).collect();
    let waiting: Vec<_> = urls
        .into_iter()
        .map(|url| {
            let outbound = world.outbound.clone();
            tokio::spawn(async move { outbound.get(&url, Limits::CLIENT_METADATA).await })
        })
        .collect();
    while slow.iter().map(|site| site.heard().len()).sum::<usize>() < 32 {
        tokio::task::yield_now().await;
    }
    let fast = Site::on("127.0.0.9:0", Plays::Says(json("", "{}")), None).await;
    assert!(world.outbound.get(&fast.url("/"), Limits::JWKS).await.is_ok());
    permits.add_permits(32);
    for caller in waiting {
        assert!(caller.await.unwrap().is_ok());
    }
}
