//! Pushed requests, and answers in other modes.

use http::{StatusCode, header};

use crate::{
    clients::{add, post, restarted},
    world::{CHALLENGE, WEB, WEB_REDIRECT, World, authorize, parameter, redemption},
};

fn pushed(more: &str) -> String {
    format!(
        "response_type=code&client_id={WEB}&redirect_uri={WEB_REDIRECT}&scope=openid&state=s&nonce=n\
         &code_challenge={CHALLENGE}&code_challenge_method=S256{more}"
    )
}

fn by_name(request_uri: &str) -> String {
    format!("/authorize?client_id={WEB}&request_uri={}", request_uri.replace(':', "%3A"))
}

#[tokio::test]
async fn a_pushed_request_becomes_one_code() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let answer = post(&world, "/par", (WEB, &world.secret), &pushed("")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert_eq!(answer.json()["expires_in"], 60);
    let path = by_name(answer.json()["request_uri"].as_str().unwrap());
    let sent = browser.get(&path).await;
    let code =
        parameter(sent.location(), "code").unwrap_or_else(|| panic!("a code: {} {}", sent.location(), sent.text()));
    assert_eq!(world.token(&redemption(&code)).await.status, StatusCode::OK);
    let again = browser.get(&path).await;
    assert_eq!((again.status, again.location()), (StatusCode::BAD_REQUEST, ""), "used up");
}

#[tokio::test]
async fn a_pushed_request_dies_with_the_process_and_belongs_to_its_client() {
    let world = World::new();
    let secret = add(&world, "other-app", |_| {}).await;
    let answer = post(&world, "/par", (WEB, &world.secret), &pushed("")).await.json();
    let path = by_name(answer["request_uri"].as_str().unwrap());
    let foreign = world.get(&path.replace(WEB, "other-app")).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(&world, "/par", ("other-app", &secret), &pushed("")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(post(&world, "/par", (WEB, "wrong"), &pushed("")).await.status, StatusCode::UNAUTHORIZED);
    let world = restarted(world, |_| {});
    assert_eq!(world.get(&path).await.status, StatusCode::BAD_REQUEST, "nothing revives it");
}

#[tokio::test]
async fn where_requests_must_be_pushed_a_plain_one_is_refused() {
    let world = restarted(World::new(), |settings| settings.oauth.pushed_requests_required = true);
    let discovery = world.get("/.well-known/openid-configuration").await.json();
    assert_eq!(discovery["require_pushed_authorization_requests"], true);
    let mut browser = world.signed_in().await;
    let refused = browser.get(&authorize(WEB, WEB_REDIRECT, "openid")).await;
    assert_eq!(parameter(refused.location(), "error").as_deref(), Some("invalid_request"), "{}", refused.location());
}

#[tokio::test]
async fn an_answer_can_come_as_a_form_or_signed() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let page = browser.get(&format!("{}&response_mode=form_post", authorize(WEB, WEB_REDIRECT, "openid"))).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.location());
    let text = page.text();
    assert!(text.contains("action=\"https://app.example.com/cb\"") && text.contains("name=\"code\""), "{text}");
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://app.example.com"), "{policy}");
    let sent = browser.get(&format!("{}&response_mode=jwt", authorize(WEB, WEB_REDIRECT, "openid"))).await;
    let response = parameter(sent.location(), "response").unwrap_or_else(|| panic!("{}", sent.location()));
    let claims = crate::clients::claims(&response);
    assert_eq!((&claims["aud"], claims["code"].is_string()), (&WEB.into(), true));
}
