//! Clients hear that a session has ended, wherever its end was decided.

use std::time::Duration;

use oauth::Client;
use server::{
    Settings, Tls,
    control::{self, PeopleRequest, Request, Response},
    outbound::Loopback,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use crate::{
    clients::{add, claims, restarted},
    listening::serve,
    world::{Browser, WEB_REDIRECT, World, authorize, parameter, settings},
};

/// A client of a world, and where it hears of ended sessions.
struct Hearing {
    world: World,
    secret: String,
    listener: TcpListener,
}

impl Hearing {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let heard_at = format!("http://{}/bye", listener.local_addr().unwrap());
        let world = restarted(World::new(), |settings| settings.outbound.reach.loopback = Loopback::Allowed);
        let hears = |client: &mut Client| client.settings.logout.backchannel_uri = Some(heard_at);
        let secret = add(&world, "hearer", hears).await;
        Self { world, secret, listener }
    }

    /// Takes part in the browser's session; the session's name in the ID token.
    async fn takes_part(&self, browser: &mut Browser<'_>) -> serde_json::Value {
        let sent = browser.get(&authorize("hearer", WEB_REDIRECT, "openid")).await;
        let code = parameter(sent.location(), "code").unwrap_or_else(|| panic!("{}", sent.text()));
        let redemption = crate::world::redemption(&code);
        let tokens = crate::clients::post(&self.world, "/token", ("hearer", &self.secret), &redemption).await.json();
        claims(tokens["id_token"].as_str().unwrap())["sid"].clone()
    }

    /// The next logout token's session, if one comes within a moment.
    async fn heard(&self, moment: Duration) -> Option<serde_json::Value> {
        let (mut stream, _) = tokio::time::timeout(moment, self.listener.accept()).await.ok()?.unwrap();
        let mut request = Vec::new();
        let whole = |request: &[u8]| {
            let text = String::from_utf8_lossy(request);
            let length =
                text.to_lowercase().split("content-length: ").nth(1)?.lines().next()?.trim().parse::<usize>().ok()?;
            Some(text.split_once("\r\n\r\n")?.1.len() >= length)
        };
        while !whole(&request).unwrap_or(false) {
            let mut some = [0; 2048];
            let read = stream.read(&mut some).await.unwrap();
            assert!(read > 0, "the whole post");
            request.extend_from_slice(&some[..read]);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        let text = String::from_utf8(request).unwrap();
        Some(claims(text.split("logout_token=").nth(1).unwrap())["sid"].clone())
    }
}

const SOON: Duration = Duration::from_secs(20);
const A_MOMENT: Duration = Duration::from_millis(300);

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_ends_sessions_and_clients_hear_of_it() {
    let hearing = Hearing::new().await;
    let mut browser = hearing.world.signed_in().await;
    let socket = hearing.world.dir.path().join("control");
    let mut settings = Settings { control: Some(socket.clone()), ..settings(Tls::None) };
    settings.outbound.reach.loopback = Loopback::Allowed;
    let _serving = serve(&hearing.world, settings).await.unwrap();
    let name = || "ada@example.com".to_owned();
    for request in [PeopleRequest::EndSessions { name: name() }, PeopleRequest::Disable { name: name() }] {
        let sid = hearing.takes_part(&mut browser).await;
        assert!(sid.is_string());
        let (socket, request) = (socket.clone(), Request::People(request));
        let done = tokio::task::spawn_blocking(move || control::call(&socket, &request)).await.unwrap().unwrap();
        assert!(matches!(done, Response::Done(_)), "{done:?}");
        assert_eq!(hearing.heard(SOON).await, Some(sid));
        if hearing.world.store.live_sessions() == 0 {
            let journey = browser.journey().await;
            browser.sign_in_on(&journey).await;
        }
    }
}

#[tokio::test]
async fn a_session_that_another_takes_the_place_of_is_not_said_to_be_over() {
    let hearing = Hearing::new().await;
    let mut browser = hearing.world.signed_in().await;
    let before = hearing.takes_part(&mut browser).await;
    let path = format!("{}&prompt=login", authorize("hearer", WEB_REDIRECT, "openid"));
    let sent = browser.get(&path).await;
    let journey = parameter(sent.location(), "j").unwrap_or_else(|| panic!("{}", sent.location()));
    browser.sign_in_on(&journey).await;
    assert_ne!(hearing.takes_part(&mut browser).await, before, "another session");
    assert_eq!(hearing.heard(A_MOMENT).await, None, "the same person is there still");

    // Ending all of them is another matter.
    let ada = hearing.world.store.persons(None, 1).unwrap()[0].id;
    assert_eq!(hearing.world.store.sessions_of(ada).unwrap().len(), 1);
    let all =
        browser.request(http::Method::POST, "/account/sessions/end-all", crate::clients::FORM, String::new()).await;
    assert_eq!(all.location(), "/signed-out", "{}", all.text());
    assert!(hearing.heard(SOON).await.is_some());
}
