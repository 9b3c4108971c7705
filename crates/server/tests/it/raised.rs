//! A requirement that rises, and a restart: what was enough before is asked for again, everywhere.

use http::StatusCode;

use crate::{
    weaker::{ADA, PASSWORD, code, world},
    world::{Browser, WEB, WEB_REDIRECT, World, authorize, refresh},
};

/// Another process on the same store, which asks for passkeys only.
fn stricter(world: World) -> World {
    let root = crypto::RootKey::new(model::Secret::new([7; 32]));
    let settings = crate::world::settings(server::Tls::None);
    let (router, passwords) = server::router_and_pool(settings, world.store.clone(), &root).unwrap();
    World { router, passwords, ..world }
}

#[tokio::test]
async fn live_sessions_and_refresh_tokens_feel_a_raised_requirement() {
    let (world, _) = world();
    let mut browser = Browser::signed_in_weakly(&world).await;
    let tokens = browser.tokens("openid offline_access").await;
    let cookies = browser.cookies.clone();
    let world = stricter(world);
    let mut browser = Browser::new(&world, 1);
    browser.cookies = cookies;
    let refused = world.token(&refresh(&tokens["refresh_token"])).await;
    assert_eq!(refused.json()["error"], "invalid_grant", "{}", refused.text());
    let asked = browser.get(&authorize(WEB, WEB_REDIRECT, "openid")).await;
    assert!(asked.location().starts_with("/sign-in?j="), "{}", asked.location());
    let page = browser.get(asked.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("Use a password"), "{}", page.text());
    let silent = browser.get(&format!("{}&prompt=none", authorize(WEB, WEB_REDIRECT, "openid"))).await;
    assert!(silent.location().contains("error="), "{}", silent.location());
}

#[tokio::test]
async fn a_journey_does_not_survive_a_restart() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.type_name(&journey, ADA).await;
    browser.type_password(&journey, PASSWORD).await;
    let cookies = browser.cookies.clone();
    let (settings, root) = {
        let mut settings = crate::world::settings(server::Tls::None);
        crate::weaker::lax(&mut settings);
        (settings, crypto::RootKey::new(model::Secret::new([7; 32])))
    };
    let (router, passwords) = server::router_and_pool(settings, world.store.clone(), &root).unwrap();
    let world = World { router, passwords, ..world };
    let mut browser = Browser::new(&world, 1);
    browser.cookies = cookies;
    let late = browser.type_code(&journey, &code(0)).await;
    assert_eq!(late.status, StatusCode::GONE, "{}", late.text());
    assert!(!browser.has_session());
}
