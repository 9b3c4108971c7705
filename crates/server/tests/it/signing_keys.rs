//! Keys change while the server runs: what is published follows at once, and a withdrawn key takes its tokens along.

use http::StatusCode;
use server::control::{Desk, KeysRequest, Request, Response, run};

use crate::{
    clients::{root, userinfo},
    world::{ISSUER, World, refresh},
};

fn kids(jwks: &serde_json::Value) -> Vec<String> {
    jwks["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_withdrawn_key_counts_no_more_from_the_next_request_on() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid").await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::OK);
    let before = kids(&world.get("/jwks.json").await.json());
    let key = world.store.published_keys()[0].0.key.id();
    let desk = Desk::new(world.store.clone(), &root(), ISSUER).unwrap();
    let withdraw = || {
        let (desk, request) = (desk.clone(), Request::Keys(KeysRequest::Withdraw { id: key.to_string() }));
        async move { tokio::task::spawn_blocking(move || run(&desk, request)).await.unwrap() }
    };
    let done = withdraw().await;
    assert!(matches!(done, Response::Done(_)), "{done:?}");
    let after = kids(&world.get("/jwks.json").await.json());
    assert!(!after.is_empty() && before.iter().all(|kid| !after.contains(kid)), "{before:?} {after:?}");
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::UNAUTHORIZED, "also what was checked before");
    let refreshed = world.token(&refresh(&tokens["refresh_token"])).await;
    assert_eq!(refreshed.status, StatusCode::OK, "nobody has to sign in again: {}", refreshed.text());
    let bearer = format!("Bearer {}", refreshed.json()["access_token"].as_str().unwrap());
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::OK);
    assert!(matches!(withdraw().await, Response::Refused(_)), "once");
}
