//! Clients that register and manage themselves.

use http::{Method, Request, StatusCode, header};
use oauth::{TokenKeys, registration};
use serde_json::{Value, json};
use server::ambient;
use store::ChangeSet;

use crate::{
    clients::{restarted, root},
    world::{Answer, World},
};

async fn call(world: &World, method: Method, path: &str, token: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body.to_string().into())
        .unwrap();
    world.send(request).await
}

async fn initial_access(world: &World) -> String {
    let policy = registration::RegistrationPolicy {
        grants: vec!["authorization_code".into(), "refresh_token".into()],
        scopes: vec!["openid".into()],
        redirect_hosts: vec!["app.example.com".into()],
        ..Default::default()
    };
    let (keys, now) = (TokenKeys::from_root(&root()), ambient::now());
    let issued = registration::issue(policy, 3600, 1, &keys, now, &mut ambient::entropy()).unwrap();
    world.store.commit(ChangeSet::new(now, issued.changes, issued.audit)).unwrap().await.unwrap();
    issued.reply.token.expose().clone()
}

#[tokio::test]
async fn a_client_registers_reads_changes_and_removes_itself() {
    let world = World::new();
    let token = initial_access(&world).await;
    let wish = json!({
        "client_name": "Notes", "redirect_uris": ["https://app.example.com/cb"], "scope": "openid",
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let stranger = call(&world, Method::POST, "/register", "lgi_nobody", &wish).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let inside = json!({ "jwks_uri": "https://169.254.169.254/keys", "token_endpoint_auth_method": "private_key_jwt",
        "redirect_uris": ["https://app.example.com/cb"], "scope": "openid", "client_name": "Notes" });
    let refused = call(&world, Method::POST, "/register", &token, &inside).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]),
        (StatusCode::BAD_REQUEST, &"invalid_client_metadata".into())
    );
    let made = call(&world, Method::POST, "/register", &token, &wish).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let again = call(&world, Method::POST, "/register", &token, &wish).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "the token was good for one");

    let made = made.json();
    let (id, own) = (made["client_id"].as_str().unwrap(), made["registration_access_token"].as_str().unwrap());
    let path = format!("/register/{id}");
    assert_eq!(call(&world, Method::GET, &path, own, &json!({})).await.json()["client_name"], "Notes");
    assert_eq!(call(&world, Method::GET, &path, &token, &json!({})).await.status, StatusCode::UNAUTHORIZED);
    let mut changed = wish.clone();
    changed["client_id"] = id.into();
    changed["client_name"] = "Harbour".into();
    let answer = call(&world, Method::PUT, &path, own, &changed).await;
    assert_eq!(answer.json()["client_name"], "Harbour", "{}", answer.text());
    assert_eq!(world.store.client(id).unwrap().name, "Harbour");
    assert_eq!(call(&world, Method::DELETE, &path, own, &json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(call(&world, Method::GET, &path, own, &json!({})).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn where_it_is_off_nobody_registers() {
    let world = World::new();
    let token = initial_access(&world).await;
    let world = restarted(world, |settings| settings.oauth.registration = false);
    assert_eq!(call(&world, Method::POST, "/register", &token, &json!({})).await.status, StatusCode::NOT_FOUND);
    let discovery = world.get("/.well-known/openid-configuration").await.json();
    assert!(discovery.get("registration_endpoint").is_none());
}
