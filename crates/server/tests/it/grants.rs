//! The grants beside codes: a client for itself, a device for a person, a service for another's token.

use http::StatusCode;
use oauth::client::{Delegation, ExchangeRule, SubjectFrom};

use crate::{
    clients::{FORM, add, claims, post},
    tokens::between,
    world::{Browser, WEB, WEB_REDIRECT, World, authorize, parameter, redemption},
};

#[tokio::test]
async fn a_client_acts_for_itself() {
    let world = World::new();
    let secret = add(&world, "service", |_| {}).await;
    let answer = post(&world, "/token", ("service", &secret), "grant_type=client_credentials&scope=notes").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let tokens = answer.json();
    assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
    let said = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!((&said["sub"], &said["scope"]), (&"service".into(), &"notes".into()));
    let other = post(&world, "/token", (WEB, &world.secret), "grant_type=client_credentials").await;
    assert_eq!(other.json()["error"], "unauthorized_client", "only who is registered for it");
}

async fn typed(browser: &mut Browser<'_>, path: &str, form: String) -> crate::world::Answer {
    browser.request(http::Method::POST, path, FORM, form).await
}

#[tokio::test]
async fn a_device_gets_tokens_once_a_person_said_yes() {
    let world = World::new();
    let secret = add(&world, "tv-set", |_| {}).await;
    let tv = ("tv-set", secret.as_str());
    let started = post(&world, "/device_authorization", tv, "scope=openid").await;
    assert_eq!(started.status, StatusCode::OK, "{}", started.text());
    let started = started.json();
    assert_eq!(started["verification_uri"], "http://localhost:8400/device");
    let poll = format!(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code={}",
        started["device_code"].as_str().unwrap()
    );
    assert_eq!(post(&world, "/token", tv, &poll).await.json()["error"], "authorization_pending");
    assert_eq!(post(&world, "/token", tv, &poll).await.json()["error"], "slow_down");

    let mut browser = world.signed_in().await;
    let wrong = typed(&mut browser, "/device", "code=BCDF-GHJK".into()).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let code = started["user_code"].as_str().unwrap();
    let page = typed(&mut browser, "/device", format!("code={}", code.to_lowercase())).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let csrf = between(&page.text(), "name=\"csrf\" value=\"", "\"");
    let forged = typed(&mut browser, "/device/answer", format!("code={code}&csrf=no&answer=allow")).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let done = typed(&mut browser, "/device/answer", format!("code={code}&csrf={csrf}&answer=allow")).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());

    let tokens = post(&world, "/token", tv, &poll).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.text());
    let replayed = post(&world, "/token", tv, &poll).await;
    assert_eq!(replayed.json()["error"], "invalid_grant", "once");
    let refresh = crate::world::refresh(&tokens.json()["refresh_token"]);
    assert_eq!(post(&world, "/token", tv, &refresh).await.json()["error"], "invalid_grant", "the replay ended it");
}

#[tokio::test]
async fn nobody_sees_a_device_without_signing_in() {
    let world = World::new();
    let mut browser = Browser::new(&world, 9);
    assert!(browser.get("/device").await.location().starts_with("/sign-in?j="));
    assert!(typed(&mut browser, "/device", "code=BCDF-GHJK".into()).await.location().starts_with("/sign-in?j="));
}

#[tokio::test]
async fn a_service_exchanges_a_token_and_loses_it_with_the_grant() {
    let world = World::new();
    let held = add(&world, "holder", |_| {}).await;
    let holder = ("holder", held.as_str());
    let secret = add(&world, "gateway", |client| {
        client.settings.delegation = Delegation {
            exchange: vec![ExchangeRule {
                subject_from: SubjectFrom::Client(model::ClientId::parse("holder").unwrap()),
                audiences: vec!["https://api.example.com".into()],
                scopes: oauth::ScopeSet::parse("notes").unwrap(),
                impersonation: false,
            }],
        };
        client.settings.serves = vec!["http://localhost:8400".into()];
    })
    .await;
    let mut browser = world.signed_in().await;
    let sent = browser.get(&authorize("holder", WEB_REDIRECT, "openid notes")).await;
    let code = parameter(sent.location(), "code").unwrap_or_else(|| panic!("{}", sent.text()));
    let tokens = post(&world, "/token", holder, &redemption(&code)).await.json();
    let form = format!(
        "scope=notes&grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&audience=https%3A%2F%2Fapi.example.com\
         &subject_token={}&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token",
        tokens["access_token"].as_str().unwrap()
    );
    let exchanged = post(&world, "/token", ("gateway", &secret), &form).await;
    assert_eq!(exchanged.status, StatusCode::OK, "{}", exchanged.text());
    let exchanged = exchanged.json();
    assert_eq!(exchanged["issued_token_type"], "urn:ietf:params:oauth:token-type:access_token");
    let said = claims(exchanged["access_token"].as_str().unwrap());
    assert_eq!((&said["aud"], &said["act"]["sub"]), (&"https://api.example.com".into(), &"gateway".into()));
    let about = format!("token={}", exchanged["access_token"].as_str().unwrap());
    let ask = || post(&world, "/introspect", ("gateway", &secret), &about);
    assert_eq!(ask().await.json()["active"], true);
    let revoke = format!("token={}", tokens["refresh_token"].as_str().unwrap());
    assert_eq!(post(&world, "/revoke", holder, &revoke).await.status, StatusCode::OK);
    assert_eq!(ask().await.json(), serde_json::json!({ "active": false }), "it dies with the grant it came from");
}
