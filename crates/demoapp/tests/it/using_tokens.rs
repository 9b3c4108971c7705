//! Refreshing, asking userinfo, signing out.

use axum::http::StatusCode;

use crate::{provider::Twist, visitor::Visitor};

#[tokio::test]
async fn refreshing_uses_the_newest_token_each_time() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    for count in 1..=3 {
        assert_eq!(visitor.post("/refresh").await.status, StatusCode::SEE_OTHER);
        let page = visitor.get("/").await;
        assert!(page.body.contains("Refreshed: the old refresh token is spent"));
        assert!(!visitor.get("/").await.body.contains("Refreshed: the old"), "a notice is told once");
        assert_eq!(visitor.status().await["refresh_count"], count);
    }
}

#[tokio::test]
async fn a_refresh_that_changes_the_person_is_refused() {
    let mut visitor = Visitor::start(Twist::RefreshOtherSubject).await;
    visitor.sign_in().await;
    visitor.post("/refresh").await;
    assert!(visitor.get("/").await.body.contains("somebody else than before"));
    assert_eq!(visitor.status().await["refresh_count"], 0);
}

#[tokio::test]
async fn userinfo_is_shown_when_it_speaks_of_the_same_person() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    visitor.post("/userinfo").await;
    assert!(visitor.get("/").await.body.contains("favourite_tide"));

    let mut visitor = Visitor::start(Twist::UserinfoOtherSubject).await;
    visitor.sign_in().await;
    visitor.post("/userinfo").await;
    let page = visitor.get("/").await;
    assert!(!page.body.contains("favourite_tide"));
    assert!(page.body.contains("somebody else"));
}

#[tokio::test]
async fn keys_are_fetched_once_for_many_tokens() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    for _ in 0..5 {
        visitor.post("/refresh").await;
    }
    assert_eq!(visitor.provider.lock().key_fetches, 1);
}

#[tokio::test]
async fn signing_out_forgets_the_visit() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    let old = visitor.cookie.clone();
    visitor.post("/sign-out").await;
    assert!(visitor.get("/").await.body.contains("You are signed out"));
    visitor.cookie = old;
    assert!(!visitor.get("/").await.body.contains("what-it-got"), "the old cookie is worth nothing");
}
