//! Keys that clients hold: proofs beside tokens, and assertions instead of secrets. What was used once works never again.

use http::{Request, StatusCode, header};
use oauth::ClientAuth;

use crate::{
    clients::{FORM, Signer, add, claims, restarted, userinfo},
    world::{Answer, WEB, World, basic, redemption},
};

async fn redeem(world: &World, code: &str, proof: &str) -> Answer {
    let request = Request::post("/token")
        .header(header::CONTENT_TYPE, FORM)
        .header(header::AUTHORIZATION, basic(WEB, &world.secret))
        .header("dpop", proof)
        .body(redemption(code).into())
        .unwrap();
    world.send(request).await
}

fn nonce(answer: &Answer) -> String {
    answer.headers["dpop-nonce"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_proof_binds_tokens_works_once_and_needs_a_nonce_around_the_start() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let code = browser.code("openid").await;
    let key = Signer::fresh();
    // The process has just started: a proof that could be older must carry a nonce that only this process can have made.
    let asked = redeem(&world, &code, &key.proof("POST", "/token", "1", None, None)).await;
    assert_eq!((asked.status, &asked.json()["error"]), (StatusCode::BAD_REQUEST, &"use_dpop_nonce".into()));
    let nonce = nonce(&asked);
    let proof = key.proof("POST", "/token", "2", Some(&nonce), None);
    let granted = redeem(&world, &code, &proof).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    assert_eq!(granted.json()["token_type"], "DPoP");
    let again = redeem(&world, &code, &proof).await;
    assert_eq!(again.json()["error"], "invalid_dpop_proof", "each works once");

    let token = granted.json()["access_token"].as_str().unwrap().to_owned();
    assert!(claims(&token)["cnf"]["jkt"].is_string());
    let told = |jti: &str, signer: &Signer| signer.proof("GET", "/userinfo", jti, Some(&nonce), Some(&token));
    let with = format!("DPoP {token}");
    assert_eq!(userinfo(&world, &with, Some(&told("3", &key))).await.status, StatusCode::OK);
    assert_eq!(userinfo(&world, &with, Some(&told("3", &key))).await.status, StatusCode::UNAUTHORIZED, "replayed");
    assert_eq!(userinfo(&world, &with, Some(&told("4", &Signer::fresh()))).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(userinfo(&world, &with, None).await.status, StatusCode::UNAUTHORIZED, "no proof");
    assert_eq!(userinfo(&world, &format!("Bearer {token}"), None).await.status, StatusCode::UNAUTHORIZED);

    // A restart forgets the used proofs. None of them can be used again all the same: their nonce died with the process.
    let fresh = told("5", &key);
    let world = restarted(world, |_| {});
    let refused = userinfo(&world, &with, Some(&fresh)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap().contains("use_dpop_nonce"));
    assert!(refused.headers.contains_key("dpop-nonce"));
}

#[tokio::test]
async fn an_assertion_works_once_whatever_happens_to_the_process() {
    let world = World::new();
    let key = Signer::fresh();
    let keys = key.keys();
    add(&world, "service", |client| {
        client.auth = ClientAuth::PrivateKeyJwt;
        client.secrets.clear();
        client.settings.proof.keys = keys;
    })
    .await;
    let ask = |assertion: &str| {
        let form = format!("grant_type=client_credentials&scope=notes&{assertion}");
        Request::post("/token").header(header::CONTENT_TYPE, FORM).body(form.into()).unwrap()
    };
    let first = key.assertion("service", "a-1");
    let granted = world.send(ask(&first)).await;
    assert_eq!(granted.status, StatusCode::OK, "{}", granted.text());
    let replayed = world.send(ask(&first)).await;
    assert_eq!((replayed.status, &replayed.json()["error"]), (StatusCode::UNAUTHORIZED, &"invalid_client".into()));
    let world = restarted(world, |_| {});
    assert_eq!(world.send(ask(&first)).await.status, StatusCode::UNAUTHORIZED, "also after a restart");
    assert_eq!(world.send(ask(&key.assertion("service", "a-2"))).await.status, StatusCode::OK);
    let stranger = Signer::fresh().assertion("service", "a-3");
    assert_eq!(world.send(ask(&stranger)).await.status, StatusCode::UNAUTHORIZED);
}
