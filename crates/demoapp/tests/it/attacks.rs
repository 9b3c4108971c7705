//! The attacks: told truthfully whether the server holds or not.

use crate::{provider::Twist, visitor::Visitor};

#[tokio::test]
async fn a_refused_replay_is_told_and_ticked() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    assert_eq!(visitor.status().await["replay_refused"], false);
    assert_eq!(visitor.post("/attack/replay-code").await.location(), "/#replay");
    let page = visitor.get("/").await;
    assert!(page.body.contains("The spent code was refused: invalid_grant (status 400)."));
    assert!(page.body.contains("is dead too"));
    assert!(page.body.contains("one, dead: the sign-in service refused it"));
    assert_eq!(visitor.status().await["replay_refused"], true);
    visitor.post("/refresh").await;
    assert!(visitor.get("/").await.body.contains("Not refreshed"));
}

#[tokio::test]
async fn a_server_that_keeps_the_family_alive_earns_no_tick() {
    let mut visitor = Visitor::start(Twist::KeepsReplayedFamily).await;
    visitor.sign_in().await;
    visitor.post("/attack/replay-code").await;
    assert!(visitor.get("/").await.body.contains("The refresh token still works"));
    assert_eq!(visitor.status().await["replay_refused"], false);
}

#[tokio::test]
async fn an_unregistered_address_is_tried_without_signing_in() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    assert_eq!(visitor.post("/attack/wrong-redirect").await.location(), "/#redirect");
    let page = visitor.get("/").await;
    assert!(page.body.contains("Refused with an error page (status 400)"));
    assert_eq!(visitor.status().await["wrong_redirect_refused"], true);

    let mut visitor = Visitor::start(Twist::WrongRedirectFollowed).await;
    visitor.post("/attack/wrong-redirect").await;
    assert!(visitor.get("/").await.body.contains("It must not."));
    assert_eq!(visitor.status().await["wrong_redirect_refused"], false);
}
