//! Introspection and revocation: what a token says, to whom, and that its end is known at once.

use http::{Request, StatusCode, header};

use crate::{
    clients::{FORM, add, claims, post, userinfo},
    world::{SPA, WEB, World, basic, refresh},
};

#[tokio::test]
async fn a_token_speaks_to_its_own_client_until_it_is_revoked() {
    let world = World::new();
    let secret = add(&world, "stranger", |_| {}).await;
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid").await;
    let access = tokens["access_token"].as_str().unwrap();
    let about = format!("token={access}");
    let own = post(&world, "/introspect", (WEB, &world.secret), &about).await;
    assert_eq!(own.json()["active"], true, "{}", own.text());
    assert_eq!(own.json()["client_id"], WEB);
    let stranger = post(&world, "/introspect", ("stranger", &secret), &about).await;
    assert_eq!(stranger.json(), serde_json::json!({ "active": false }));
    let public = Request::post("/introspect").header(header::CONTENT_TYPE, FORM);
    let public = world.send(public.body(format!("{about}&client_id={SPA}").into()).unwrap()).await;
    assert_eq!(public.status, StatusCode::UNAUTHORIZED);

    // The access token alone.
    let bearer = format!("Bearer {access}");
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::OK);
    let ended = post(&world, "/revoke", (WEB, &world.secret), &about).await;
    assert_eq!((ended.status, ended.body.len()), (StatusCode::OK, 0));
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::UNAUTHORIZED, "at once");
    assert_eq!(post(&world, "/introspect", (WEB, &world.secret), &about).await.json()["active"], false);

    // The refresh token, and everything with it.
    let refreshed = world.token(&refresh(&tokens["refresh_token"])).await.json();
    let about = format!("token={}", refreshed["refresh_token"].as_str().unwrap());
    assert_eq!(post(&world, "/introspect", (WEB, &world.secret), &about).await.json()["active"], true);
    assert_eq!(post(&world, "/revoke", ("stranger", &secret), &about).await.json()["error"], "invalid_grant");
    assert_eq!(post(&world, "/revoke", (WEB, &world.secret), &about).await.status, StatusCode::OK);
    assert_eq!(world.token(&refresh(&refreshed["refresh_token"])).await.json()["error"], "invalid_grant");
    let bearer = format!("Bearer {}", refreshed["access_token"].as_str().unwrap());
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&world, "/revoke", (WEB, &world.secret), "token=nothing").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_answer_can_be_signed() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid").await;
    let request = Request::post("/introspect")
        .header(header::CONTENT_TYPE, FORM)
        .header(header::ACCEPT, "application/token-introspection+jwt")
        .header(header::AUTHORIZATION, basic(WEB, &world.secret))
        .body(format!("token={}", tokens["access_token"].as_str().unwrap()).into())
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/token-introspection+jwt");
    let said = claims(&answer.text());
    assert_eq!((&said["aud"], &said["token_introspection"]["active"]), (&WEB.into(), &true.into()));
}
