//! Signing out at a client's wish, and telling the others.

use http::{Method, StatusCode};
use oauth::RedirectUri;
use server::outbound::Loopback;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    clients::{FORM, add, claims, post, restarted},
    world::{Browser, VERIFIER, WEB_REDIRECT, World, authorize, parameter},
};

const AFTER: &str = "https://app.example.com/bye";

async fn tokens(world: &World, browser: &mut Browser<'_>, secret: &str) -> serde_json::Value {
    let sent = browser.get(&authorize("leaver", WEB_REDIRECT, "openid offline_access")).await;
    let code = parameter(sent.location(), "code").unwrap_or_else(|| panic!("{}", sent.text()));
    let form =
        format!("grant_type=authorization_code&code={code}&redirect_uri={WEB_REDIRECT}&code_verifier={VERIFIER}");
    post(world, "/token", ("leaver", secret), &form).await.json()
}

#[tokio::test]
async fn the_sessions_own_id_token_signs_out_and_the_client_hears_of_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let heard_at = format!("http://{}/bye", listener.local_addr().unwrap());
    let world = restarted(World::new(), |settings| settings.outbound.reach.loopback = Loopback::Allowed);
    let secret = add(&world, "leaver", |client| {
        client.settings.logout.post_logout_redirect_uris = vec![RedirectUri::parse(AFTER).unwrap()];
        client.settings.logout.backchannel_uri = Some(heard_at);
    })
    .await;
    let mut browser = world.signed_in().await;
    let tokens = tokens(&world, &mut browser, &secret).await;
    let id_token = tokens["id_token"].as_str().unwrap();
    let sid = claims(id_token)["sid"].clone();
    assert!(sid.is_string());

    let elsewhere = browser
        .get(&format!("/logout?id_token_hint={id_token}&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F"))
        .await;
    assert_eq!((elsewhere.status, elsewhere.location()), (StatusCode::BAD_REQUEST, ""), "never to another place");
    let path = format!("/logout?id_token_hint={id_token}&post_logout_redirect_uri={AFTER}&state=s1");
    let left = browser.get(&path).await;
    assert_eq!(left.location(), format!("{AFTER}?state=s1"), "{}", left.text());
    assert!(browser.get("/account").await.location().starts_with("/sign-in"), "the session is over");

    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !String::from_utf8_lossy(&request).contains("logout_token=") || request.len() < 400 {
        let mut some = [0; 2048];
        let read = stream.read(&mut some).await.unwrap();
        assert!(read > 0, "the whole post");
        request.extend_from_slice(&some[..read]);
    }
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
    let text = String::from_utf8(request).unwrap();
    let told = claims(text.split("logout_token=").nth(1).unwrap());
    assert_eq!((&told["sid"], &told["aud"]), (&sid, &"leaver".into()));
    assert!(
        told["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object() && told["nonce"].is_null()
    );
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let page = browser.get("/logout").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.location());
    let stay = browser.request(Method::POST, "/logout/answer", FORM, "answer=stay".into()).await;
    assert_eq!(stay.location(), "/account", "{}", stay.text());
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    let leave = browser.request(Method::POST, "/logout/answer", FORM, "answer=sign_out".into()).await;
    assert_eq!(leave.location(), "/signed-out", "{}", leave.text());
    assert!(browser.get("/account").await.location().starts_with("/sign-in"));
    assert_eq!(browser.get("/logout").await.location(), "/signed-out", "nobody to ask");
}
