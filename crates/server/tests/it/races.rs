//! Single use means once, under race: one code and one refresh token, presented by many at the same time.

use std::sync::Arc;

use http::StatusCode;

use crate::world::{World, redemption, refresh};

const AT_ONCE: usize = 50;
const ROUNDS: usize = 20;

/// Sends one form many times at once; the tokens of those who won.
async fn at_once(world: &Arc<World>, form: String) -> Vec<serde_json::Value> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (world, form) = (world.clone(), form.clone());
        tasks.spawn(async move { world.token(&form).await });
    }
    let mut won = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        let answer = answer.unwrap();
        match answer.status {
            StatusCode::OK => won.push(answer.json()),
            _ => assert_eq!(answer.json()["error"], "invalid_grant", "{}", answer.text()),
        }
    }
    won
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_redeemed_by_many_has_one_winner_whose_tokens_then_die() {
    let world = Arc::new(World::new());
    let mut browser = world.signed_in().await;
    for _ in 0..ROUNDS {
        let code = browser.code("openid").await;
        let won = at_once(&world, redemption(&code)).await;
        assert_eq!(won.len(), 1);
        let after = world.token(&refresh(&won[0]["refresh_token"])).await;
        assert_eq!(after.json()["error"], "invalid_grant", "the replays revoked what the code became");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_refresh_token_presented_by_many_at_once_has_one_successor() {
    let world = Arc::new(World::new());
    let mut browser = world.signed_in().await;
    for _ in 0..ROUNDS {
        let tokens = browser.tokens("openid").await;
        // A client that proves itself and asks again within seconds has lost an answer: it gets the same successor, and nothing more.
        let won = at_once(&world, refresh(&tokens["refresh_token"])).await;
        assert_eq!(won.len(), AT_ONCE);
        assert!(won.iter().all(|one| one["refresh_token"] == won[0]["refresh_token"]), "the family moved once");
        let next = world.token(&refresh(&won[0]["refresh_token"])).await;
        assert_eq!(next.status, StatusCode::OK);
        // Once the successor was used, the first token is a stolen one.
        let after = world.token(&refresh(&tokens["refresh_token"])).await;
        assert_eq!(after.json()["error"], "invalid_grant");
        let dead = world.token(&refresh(&next.json()["refresh_token"])).await;
        assert_eq!(dead.json()["error"], "invalid_grant");
    }
}
