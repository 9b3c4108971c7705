//! Requests that clients sign, with keys that they publish themselves.

use http::StatusCode;
use oauth::client::ClientKeys;
use serde_json::json;
use server::{ambient, outbound::Loopback};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    clients::{Signer, add, post, restarted},
    world::{CHALLENGE, ISSUER, WEB_REDIRECT, World, parameter, redemption},
};

/// Serves a key set at an address of its own, for as long as the test runs; counts how often it was asked for.
async fn published(keys: String) -> (String, std::sync::Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}/keys", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = asked.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 2048]).await;
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                keys.len()
            );
            let _ = stream.write_all(format!("{head}{keys}").as_bytes()).await;
        }
    });
    (uri, asked)
}

fn object(signer: &Signer, more: &[(&str, &str)]) -> String {
    let now = ambient::now().seconds();
    let mut claims = json!({
        "iss": "signer", "aud": ISSUER, "client_id": "signer", "response_type": "code", "redirect_uri": WEB_REDIRECT,
        "scope": "openid", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "state": "inside",
        "nbf": now - 5, "exp": now + 60,
    });
    for (name, value) in more {
        claims[*name] = (*value).into();
    }
    signer.sign(&json!({ "alg": "ES256", "typ": "oauth-authz-req+jwt" }), &claims)
}

#[tokio::test]
async fn a_signed_request_counts_by_what_is_inside_and_by_the_published_key() {
    let world = restarted(World::new(), |settings| settings.outbound.reach.loopback = Loopback::Allowed);
    let signer = Signer::fresh();
    let ClientKeys::Inline(keys) = signer.keys() else { panic!("inline") };
    let (uri, asked) = published(keys.text().to_owned()).await;
    let secret = add(&world, "signer", |client| {
        client.settings.proof.keys = ClientKeys::Uri(uri);
        client.settings.requests.require_signed = true;
    })
    .await;
    let mut browser = world.signed_in().await;
    let outside = "/authorize?client_id=signer&state=outside&scope=openid%20offline_access&request=";
    for _ in 0..2 {
        let sent = browser.get(&format!("{outside}{}", object(&signer, &[]))).await;
        assert_eq!(parameter(sent.location(), "state").as_deref(), Some("inside"), "{}", sent.text());
        let code = parameter(sent.location(), "code").expect("a code");
        let tokens = post(&world, "/token", ("signer", &secret), &redemption(&code)).await.json();
        assert_eq!(tokens["scope"], "openid", "what stands outside does not count");
    }
    assert_eq!(asked.load(std::sync::atomic::Ordering::SeqCst), 1, "fetched once");

    // Somebody else's signature, another client's object, and no signature at all: never a redirect to where they say.
    let forged = object(&Signer::fresh(), &[]);
    let foreign = object(&signer, &[("client_id", "web-app")]);
    for request in [forged, foreign] {
        let refused = browser.get(&format!("{outside}{request}")).await;
        assert_eq!((refused.status, refused.location()), (StatusCode::BAD_REQUEST, ""), "{}", refused.text());
    }
    let plain = browser.get(&crate::world::authorize("signer", WEB_REDIRECT, "openid")).await;
    assert!(parameter(plain.location(), "code").is_none(), "{}", plain.location());
}

#[tokio::test]
async fn keys_that_can_not_be_fetched_let_nobody_in() {
    let world = restarted(World::new(), |settings| settings.outbound.reach.loopback = Loopback::Allowed);
    let signer = Signer::fresh();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    add(&world, "signer", |client| client.settings.proof.keys = ClientKeys::Uri(format!("http://{closed}/keys"))).await;
    let mut browser = world.signed_in().await;
    let refused = browser.get(&format!("/authorize?client_id=signer&request={}", object(&signer, &[]))).await;
    assert_eq!((refused.status, refused.location()), (StatusCode::SERVICE_UNAVAILABLE, ""), "{}", refused.text());
}
