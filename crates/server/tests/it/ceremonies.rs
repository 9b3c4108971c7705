//! Ceremonies over HTTP: the path that works, and what is refused on the way.

use http::{Method, StatusCode, header};
use serde_json::json;
use testkit::{Knobs, Part};

use crate::world::{Browser, ISSUER, World};

#[tokio::test]
async fn enrol_sign_out_and_sign_in() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let account = browser.get("/account/ways-to-sign-in").await;
    assert_eq!(account.status, StatusCode::OK);
    assert!(account.text().contains("Ada Lock") && account.text().contains("Test key"), "{}", account.text());
    let out = browser.request(Method::POST, "/sign-out", "application/x-www-form-urlencoded", String::new()).await;
    assert_eq!((out.status, out.location()), (StatusCode::SEE_OTHER, "/signed-out"));
    assert!(browser.get("/signed-out").await.text().contains("signed out"));
    assert!(browser.get("/account").await.location().starts_with("/sign-in?j="));
    let journey = browser.journey().await;
    let signed_in = browser.sign_in_on(&journey).await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.text());
    assert_eq!(signed_in.json()["next"], "/account");
    assert_eq!(signed_in.json()["signal"]["allAcceptedCredentialIds"].as_array().unwrap().len(), 1);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn allow_credentials_is_always_empty() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let journey = browser.journey_of_fresh_browser().await;
    let options = browser.options(&journey).await.json();
    assert_eq!(options["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(options["publicKey"]["userVerification"], "required");
}

#[tokio::test]
async fn an_enrolment_link_works_once() {
    let world = World::new();
    world.signed_in().await;
    let mut other = Browser::new(&world, 2);
    let again = other.enrol(&world.link).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(matches!(again.code().as_str(), "pass_invalid" | "prove_existing_first"), "{}", again.text());
}

#[tokio::test]
async fn an_answer_is_accepted_once_and_in_one_browser() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let journey = browser.journey_of_fresh_browser().await;
    let options = browser.options(&journey).await.json();
    let credential = browser.assertion(&options, &Knobs::default());

    let mut thief = Browser::new(&world, 9);
    let _ = thief.journey().await;
    let stolen = thief.result(&journey, &credential).await;
    assert_eq!(stolen.code(), "other_browser");

    assert_eq!(browser.result(&journey, &credential).await.status, StatusCode::OK);
    let replayed = browser.result(&journey, &credential).await;
    assert_eq!(replayed.code(), "journey_finished");
}

#[tokio::test]
async fn a_failed_proof_spends_its_challenge() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let journey = browser.journey_of_fresh_browser().await;
    let options = browser.options(&journey).await.json();
    let good = browser.assertion(&options, &Knobs::default());
    let bad = testkit::flip(&good.to_string(), Part::Signature, 12, 1).expect("a signature to flip");
    let bad = serde_json::from_str(&bad).unwrap();
    assert_eq!(browser.result(&journey, &bad).await.code(), "proof_failed");
    assert_eq!(browser.result(&journey, &good).await.code(), "challenge_spent");
    assert_eq!(browser.sign_in_on(&journey).await.status, StatusCode::OK, "new options, and it works");
}

#[tokio::test]
async fn an_unknown_passkey_is_named_back_to_its_manager() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let mut stranger = Browser::new(&world, 77);
    std::mem::swap(&mut stranger.authenticator, &mut browser.authenticator);
    // The stranger now holds Ada's key; Ada's browser holds an empty authenticator with a key of its own making.
    let link = world.another_person("grace@example.com");
    let mut grace = Browser::new(&world, 5);
    grace.enrol(&link).await;
    let removed = grace.remove_own_passkey().await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.text());
    let journey = grace.journey().await;
    let refused = grace.sign_in_on(&journey).await;
    assert_eq!(refused.code(), "unknown_passkey");
    assert_eq!(refused.json()["signal_unknown"]["rpId"], "localhost");
}

#[tokio::test]
async fn typed_names_must_belong_to_the_passkey_and_tell_nothing() {
    let world = World::new();
    world.another_person("grace@example.com");
    let mut browser = world.signed_in().await;
    let mut texts = Vec::new();
    for name in ["grace@example.com", "nobody@example.com"] {
        let journey = browser.journey_of_fresh_browser().await;
        let options = browser.options(&journey).await.json();
        let credential = browser.assertion(&options, &Knobs::default());
        let body = json!({ "journey": journey, "credential": credential, "mediation": "modal", "name": name });
        let refused = browser.post("/api/ceremony/sign-in/result", body).await;
        assert_eq!(refused.code(), "name_mismatch");
        texts.push(refused.text());
    }
    assert_eq!(texts[0], texts[1], "a known and an unknown name look alike");
    let journey = browser.journey_of_fresh_browser().await;
    let options = browser.options(&journey).await.json();
    let credential = browser.assertion(&options, &Knobs::default());
    let body = json!({ "journey": journey, "credential": credential, "mediation": "conditional", "name": " ADA@example.com " });
    assert_eq!(browser.post("/api/ceremony/sign-in/result", body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn ceremonies_from_another_site_are_refused() {
    let world = World::new();
    let request = http::Request::post("/api/ceremony/enrol/begin")
        .header(header::ORIGIN, "https://evil.example")
        .header(header::CONTENT_TYPE, "application/json")
        .body(axum::body::Body::from(json!({ "token": world.link }).to_string()))
        .unwrap();
    let answer = world.send(request).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "cross_origin"));
    assert_ne!(ISSUER, "https://evil.example");
}

#[tokio::test]
async fn every_attempt_leaves_a_record() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let journey = browser.journey_of_fresh_browser().await;
    let report = json!({ "journey": journey, "error": "NotAllowedError", "mediation": "modal", "elapsed_ms": 4000, "capabilities": ["conditionalGet"] });
    assert_eq!(browser.post("/api/ceremony/sign-in/cancelled", report).await.status, StatusCode::OK);
    assert_eq!(browser.sign_in_on(&journey).await.status, StatusCode::OK);
    browser.code("openid").await;
    let outcomes = || {
        let records = world.store.signin_records_tail(10).unwrap();
        records.iter().rev().map(|r| (r.method.as_str(), r.outcome.as_str())).collect::<Vec<_>>()
    };
    let wanted = [
        ("enrolment_pass", "success"),
        ("passkey_button", "cancelled"),
        ("passkey_button", "success"),
        ("session", "success"),
    ];
    // Records are written within 50 ms; wait for the condition, not for a time.
    while outcomes().len() < wanted.len() {
        tokio::task::yield_now().await;
    }
    assert_eq!(outcomes(), wanted);
}

#[tokio::test]
async fn a_journey_leaves_only_so_many_records() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let journey = browser.journey_of_fresh_browser().await;
    let options = browser.options(&journey).await.json();
    let credential = browser.assertion(&options, &Knobs::default());
    let mut thief = Browser::new(&world, 9);
    let _ = thief.journey().await;
    for _ in 0..100 {
        assert_eq!(thief.result(&journey, &credential).await.code(), "other_browser");
    }
    let signed_in = browser.result(&journey, &credential).await;
    assert_eq!(signed_in.status, StatusCode::OK);
    for _ in 0..100 {
        assert_eq!(browser.result(&journey, &credential).await.code(), "journey_finished");
    }
    while world.store.signin_records_tail(1000).unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    let last = world.store.commit(store::ChangeSet::new(server::ambient::now(), Vec::<store::Change>::new(), vec![]));
    last.unwrap().await.unwrap();
    assert_eq!(
        world.store.signin_records_tail(1000).unwrap().len(),
        2,
        "one enrolment and one sign-in, and nothing of the rest"
    );
}

impl Browser<'_> {
    /// A journey in this browser after its session is forgotten, as a new window would begin it.
    pub(crate) async fn journey_of_fresh_browser(&mut self) -> String {
        self.cookies.remove("lockgate");
        self.journey().await
    }

    async fn remove_own_passkey(&mut self) -> crate::world::Answer {
        let account = self.get("/account/ways-to-sign-in").await.text();
        let at = account.find("data-passkey=\"").expect("a passkey on the page") + "data-passkey=\"".len();
        let id = &account[at..at + 36];
        self.post(&format!("/api/account/passkeys/{id}/remove"), json!({ "confirm_last": true })).await
    }
}
