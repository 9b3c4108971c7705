//! Signing in: the answer that must work, and each near miss that must not.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{provider::Twist, visitor::Visitor};

#[tokio::test]
async fn an_honest_sign_in_shows_what_the_application_got_and_no_token() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    let state = visitor.leave().await;
    let before = visitor.cookie.clone();
    let page = visitor.come_back(&state).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_ne!(visitor.cookie, before, "a cookie planted before the sign-in must not be signed in");
    let page = visitor.get("/").await;
    assert!(page.body.contains("id=\"what-it-got\""));
    for shown in ["pairwise-1", "auth_time", "phr", "pop, user, mfa", "one, good for"] {
        assert!(page.body.contains(shown), "{shown} missing");
    }
    for secret in ["access-secret", "secret-code", "s3cret", "eyJ"] {
        assert!(!page.body.contains(secret), "{secret} shown");
    }
    assert_eq!(visitor.status().await["signed_in_count"], 1);
}

#[tokio::test]
async fn a_confidential_client_authenticates_by_header_only() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    visitor.sign_in().await;
    let inner = visitor.provider.lock();
    let sent = inner.last_authorization.as_deref().unwrap().strip_prefix("Basic ").unwrap();
    assert_eq!(STANDARD.decode(sent).unwrap(), b"harbour:s3cret%3Awith%2Fodd");
    assert!(!inner.last_form.contains("client_secret") && !inner.last_form.contains("client_id"));
    assert!(inner.last_form.contains("code_verifier="));
}

#[tokio::test]
async fn a_public_client_names_itself_in_the_form() {
    let mut visitor = Visitor::start_with(Twist::Honest, |config| config.client_secret = None).await;
    visitor.sign_in().await;
    let inner = visitor.provider.lock();
    assert_eq!(inner.last_authorization, None);
    assert!(inner.last_form.contains("client_id=harbour"));
}

#[tokio::test]
async fn a_twisted_token_answer_signs_nobody_in() {
    for (twist, words) in [
        (Twist::OtherNonce, "belongs to another sign-in"),
        (Twist::OtherAudience, "made for another application"),
        (Twist::TwoAudiences, "made for another application"),
        (Twist::OtherIssuer, "comes from another issuer"),
        (Twist::Expired, "has expired"),
        (Twist::FromTheFuture, "not valid yet"),
        (Twist::Hs256, "not signed with ES256"),
        (Twist::AlgNone, "malformed"),
        (Twist::OtherKey, "signature does not verify"),
        (Twist::UnknownKeyId, "does not publish"),
        (Twist::NoIdToken, "no ID token"),
        (Twist::OtherTokenType, "not what the standard describes"),
        (Twist::HugeAnswer, "larger than 64 KiB"),
    ] {
        let mut visitor = Visitor::start(twist).await;
        let state = visitor.leave().await;
        let page = visitor.come_back(&state).await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{twist:?}");
        assert!(page.body.contains(words), "{twist:?}: {}", page.body);
        assert!(!visitor.get("/").await.body.contains("what-it-got"), "{twist:?}");
        assert_eq!(visitor.status().await["signed_in_count"], 0, "{twist:?}");
    }
}

#[tokio::test]
async fn a_discovery_document_that_speaks_for_others_is_not_followed() {
    for (twist, words) in [
        (Twist::DiscoveryOtherIssuer, "names another issuer"),
        (Twist::DiscoveryOtherHost, "does not belong to the sign-in service"),
    ] {
        let mut visitor = Visitor::start(twist).await;
        let page = visitor.get("/login").await;
        assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{twist:?}");
        assert!(page.body.contains(words), "{twist:?}: {}", page.body);
    }
}

#[tokio::test]
async fn answers_that_do_not_belong_here_are_refused() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    let state = visitor.leave().await;
    let issuer = visitor.provider.issuer();
    for query in [
        "code=x&state=forged-state".to_owned(),
        format!("code=x&iss={issuer}"),
        format!("code=x&code=y&state={state}&iss={issuer}"),
    ] {
        let page = visitor.get(&format!("/callback?{query}")).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.body.contains("did not start here"), "{query}");
    }
    // None of these ended the sign-in under way, and another browser cannot finish it.
    let cookie = visitor.cookie.take();
    assert_eq!(visitor.come_back(&state).await.status, StatusCode::BAD_REQUEST);
    visitor.cookie = cookie;
    assert_eq!(visitor.come_back(&state).await.status, StatusCode::SEE_OTHER);
    assert_eq!(visitor.come_back(&state).await.status, StatusCode::BAD_REQUEST, "an answer counts once");
}

#[tokio::test]
async fn an_answer_from_another_issuer_or_from_none_is_refused() {
    for iss in ["&iss=http://issuer.example", ""] {
        let mut visitor = Visitor::start(Twist::Honest).await;
        let state = visitor.leave().await;
        let page = visitor.get(&format!("/callback?code=x&state={state}{iss}")).await;
        assert!(page.body.contains("came from somewhere else"), "{iss:?}");
        assert!(!visitor.provider.lock().code_spent, "the code must not travel to the wrong server");
    }
}

#[tokio::test]
async fn a_declined_sign_in_is_told_plainly() {
    let mut visitor = Visitor::start(Twist::Honest).await;
    let state = visitor.leave().await;
    let issuer = visitor.provider.issuer();
    let page = visitor.get(&format!("/callback?error=access_denied&state={state}&iss={issuer}")).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.body.contains("You chose not to continue"));
}
