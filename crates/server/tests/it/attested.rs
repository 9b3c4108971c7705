//! Authenticators whose makers are trusted.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::STANDARD};
use testkit::Authenticator;

use crate::world::{Browser, World};

const SEED: u64 = 77;

/// A world that trusts the maker of the test's authenticator, and asks everybody for an attested key.
fn world() -> World {
    World::with_settings(|settings, folder| {
        let der = Authenticator::new(SEED).maker().root_der();
        let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(&der));
        let file = folder.join("makers.pem");
        std::fs::write(&file, pem).unwrap();
        settings.oauth.attestation_roots = vec![file];
        let mut base = policy::Base::DEFAULT;
        base.standard.attested_only = true;
        settings.policy = policy::Policy::new(base, Vec::new()).unwrap();
    })
}

#[tokio::test]
async fn an_attested_key_is_asked_for_recognised_and_promised() {
    let world = world();
    let discovery = world.get("/.well-known/openid-configuration").await.json();
    assert_eq!(discovery["acr_values_supported"], serde_json::json!(["phr", "phrh"]));

    let mut browser = Browser::new(&world, SEED);
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({ "token": world.link })).await;
    assert_eq!(begun.json()["publicKey"]["attestation"], "direct");
    let enrolled = browser.finish_enrolment(&begun.json()).await;
    assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.text());
    let person = world.store.persons(None, 1).unwrap()[0].id;
    assert!(world.store.passkeys_of(person).unwrap()[0].attested);
}
