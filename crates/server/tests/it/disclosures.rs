//! What userinfo tells beyond the subject, and the receipt that it leaves first.

use context::Attributes;
use http::StatusCode;
use server::ambient;
use store::{Change, ChangeSet, PersonalKind};

use crate::{
    clients::{add, post, userinfo},
    world::{VERIFIER, WEB_REDIRECT, World, authorize, parameter},
};

#[tokio::test]
async fn a_client_is_told_what_it_may_know_and_the_person_can_see_it() {
    let world = World::new();
    let secret = add(&world, "directory", |client| {
        client.settings.claims = vec!["name".into(), "email".into()];
        client.settings.purpose = "To greet you.".into();
    })
    .await;
    let mut browser = world.signed_in().await;
    let person = world.store.persons(None, 10).unwrap().remove(0).id;
    let now = ambient::now();
    let known =
        Attributes::parse(r#"{"name":"Ada Lock","email":"ada@example.com","email_verified":true,"nickname":"Addie"}"#)
            .unwrap();
    let sealed = world
        .store
        .seal_for(person, PersonalKind::Attributes, known.to_json().as_bytes(), now, &mut ambient::entropy())
        .unwrap();
    let set = ChangeSet::new(now, [Change::SetAttributes { person, sealed, at: now }], Vec::new());
    world.store.commit(set).unwrap().await.unwrap();

    let sent = browser.get(&authorize("directory", WEB_REDIRECT, "openid profile email")).await;
    let code = parameter(sent.location(), "code").unwrap_or_else(|| panic!("{}", sent.text()));
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={WEB_REDIRECT}&code_verifier={VERIFIER}");
    let tokens = post(&world, "/token", ("directory", &secret), &form).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    assert!(world.store.receipts_of(person).unwrap().is_empty());
    for _ in 0..2 {
        let told = userinfo(&world, &bearer, None).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let told = told.json();
        assert_eq!((&told["name"], &told["email"]), (&"Ada Lock".into(), &"ada@example.com".into()));
        assert!(told.get("nickname").is_none() && told.get("email_verified").is_none(), "no more than it may know");
        let receipts = world.store.receipts_of(person).unwrap();
        assert_eq!(receipts.len(), 1, "one receipt, however often it is told");
        assert_eq!(receipts[0].purpose, "To greet you.");
    }
    world.inject(store::faults::Fault::FsyncFails);
    let other = userinfo(&world, &bearer, None).await;
    assert_eq!(other.status, StatusCode::OK, "told before: counting may wait");
    world.inject(store::faults::Fault::FsyncWorks);
}

#[tokio::test]
async fn a_first_telling_that_leaves_no_receipt_tells_nothing() {
    let world = World::new();
    let secret = add(&world, "directory", |client| client.settings.claims = vec!["groups".into()]).await;
    let mut browser = world.signed_in().await;
    let person = world.store.persons(None, 10).unwrap().remove(0).id;
    let grouped = signin::Change::SetPersonGroups { id: person, groups: vec!["staff".into()] };
    world.store.commit(ChangeSet::new(ambient::now(), [grouped], Vec::new())).unwrap().await.unwrap();
    let asks = "&claims=%7B%22userinfo%22%3A%7B%22groups%22%3Anull%7D%7D";
    let sent = browser.get(&format!("{}{asks}", authorize("directory", WEB_REDIRECT, "openid"))).await;
    let code = parameter(sent.location(), "code").unwrap_or_else(|| panic!("{} {}", sent.location(), sent.text()));
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={WEB_REDIRECT}&code_verifier={VERIFIER}");
    let tokens = post(&world, "/token", ("directory", &secret), &form).await.json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    world.inject(store::faults::Fault::FsyncFails);
    assert_eq!(userinfo(&world, &bearer, None).await.status, StatusCode::SERVICE_UNAVAILABLE);
    world.inject(store::faults::Fault::FsyncWorks);
    loop {
        let told = userinfo(&world, &bearer, None).await;
        if told.status == StatusCode::OK {
            assert_eq!(told.json()["groups"], serde_json::json!(["staff"]));
            break;
        }
        tokio::task::yield_now().await;
    }
}
