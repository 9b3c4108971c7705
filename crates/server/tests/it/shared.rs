//! A computer that several people share: what its mark takes away.

use crypto::RootKey;
use http::StatusCode;
use model::Secret;
use serde_json::json;
use server::ambient;
use testkit::Knobs;

use crate::{
    weaker::{ADA, lax},
    world::{Browser, World},
};

fn link() -> String {
    let key = RootKey::new(Secret::new([7; 32])).hash_key("signin");
    signin::workstation_link(&key, ambient::now(), &mut ambient::entropy()).expose().clone()
}

/// Keys that stay with their owner.
fn device_bound() -> Knobs {
    Knobs { backup_eligible: Some(false), backed_up: Some(false), ..Knobs::default() }
}

#[tokio::test]
async fn a_link_marks_a_browser_and_nothing_else_does() {
    let world = World::with_settings(|settings, _| lax(settings));
    let mut browser = Browser::new(&world, 1);
    for token in ["", "lgw_", "lgw_AAAA", &world.link] {
        let refused = browser.post("/api/workstation", json!({ "token": token })).await;
        assert_eq!((refused.status, refused.code().as_str()), (StatusCode::BAD_REQUEST, "workstation_link"));
    }
    let journey = browser.journey().await;
    assert!(browser.get(&format!("/sign-in?j={journey}")).await.text().contains("Use a password"));
    let marked = browser.post("/api/workstation", json!({ "token": link() })).await;
    assert_eq!(marked.status, StatusCode::OK, "{}", marked.text());
    let page = browser.get(&format!("/sign-in?j={journey}")).await.text();
    assert!(page.contains("shared computer") && !page.contains("Use a password"), "{page}");
    // The form itself is refused as well, not only hidden.
    assert_eq!(browser.type_name(&journey, ADA).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn only_a_key_that_stays_with_its_owner_signs_in_and_a_second_tap_signs_out() {
    let world = World::new();
    let mut own = Browser::new(&world, 1);
    let begun = own.post("/api/ceremony/enrol/begin", json!({ "token": world.link })).await.json();
    let credential = own.authenticator.create(&begun["publicKey"].to_string(), crate::world::ISSUER, &device_bound());
    let credential: serde_json::Value = serde_json::from_str(&credential.unwrap()).unwrap();
    let body = json!({ "journey": begun["journey"], "credential": credential, "label": "Badge" });
    assert_eq!(own.post("/api/ceremony/enrol/result", body).await.status, StatusCode::OK);

    let mut ward = Browser::new(&world, 2);
    std::mem::swap(&mut ward.authenticator, &mut own.authenticator);
    ward.post("/api/workstation", json!({ "token": link() })).await;
    let tap = async |ward: &mut Browser<'_>| {
        let journey = ward.journey().await;
        let options = ward.options(&journey).await.json();
        let credential = ward.assertion(&options, &device_bound());
        ward.result(&journey, &credential).await
    };
    let signed_in = tap(&mut ward).await;
    assert_eq!(signed_in.json()["next"], "/account", "{}", signed_in.text());
    assert!(ward.has_session());
    let refused = ward.get("/account/password").await;
    assert!(refused.status == StatusCode::FORBIDDEN || refused.location() == "/account/ways-to-sign-in");
    let adding = ward.post("/api/ceremony/enrol/begin", json!({})).await;
    assert_eq!(adding.code(), "shared_workstation", "{}", adding.text());
    let signed_out = tap(&mut ward).await;
    assert_eq!(signed_out.json()["next"], "/signed-out", "{}", signed_out.text());
    assert!(!ward.has_session());
    assert_eq!(ward.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_synced_passkey_does_not_open_a_shared_computer() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    browser.cookies.remove("lockgate");
    browser.post("/api/workstation", json!({ "token": link() })).await;
    let journey = browser.journey().await;
    let refused = browser.sign_in_on(&journey).await;
    assert_eq!(refused.code(), "requirement_not_met", "{}", refused.text());
    assert!(!browser.has_session());
}
