//! Real sockets: TLS that reloads, proxies that must be listed, plain HTTP that stays on loopback, senders that never finish.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use crypto::RootKey;
use model::Secret;
use server::{Network, ServeError, Settings, Tls};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use crate::world::{World, settings};

/// A server on a real socket, until dropped.
pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

pub(crate) async fn serve(world: &World, settings: Settings) -> Result<Serving, ServeError> {
    let (stop, stopped) = oneshot::channel::<()>();
    let (ready, listening) = oneshot::channel();
    let store = world.store.clone();
    let root = RootKey::new(Secret::new([7; 32]));
    let running = tokio::spawn(server::run(
        settings,
        store,
        root,
        move |address| {
            let _ = ready.send(address);
        },
        async move {
            let _ = stopped.await;
        },
    ));
    match listening.await {
        Ok(address) => Ok(Serving { address, _stop: stop }),
        Err(_) => Err(running.await.unwrap().expect_err("it ended before it listened")),
    }
}

/// Writes a fresh certificate for localhost and its key; returns the certificate as DER.
pub(crate) fn certify(dir: &Path) -> Vec<u8> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    std::fs::write(dir.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    std::fs::write(dir.join("cert.pem"), made.cert.pem()).unwrap();
    made.cert.der().to_vec()
}

async fn connect(address: SocketAddr, trusted: &[u8]) -> std::io::Result<impl AsyncRead + AsyncWrite + Unpin> {
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(trusted.to_vec().into()).unwrap();
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from("localhost").unwrap(), stream).await
}

/// One request on an open connection; the status line.
async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut head = Vec::new();
    while !head.windows(4).any(|w| w == b"live") {
        let mut some = [0; 1024];
        let n = stream.read(&mut some).await.unwrap();
        assert!(n > 0, "the connection stays open");
        head.extend_from_slice(&some[..n]);
    }
    String::from_utf8_lossy(&head).lines().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_is_taken_up_and_no_connection_is_dropped() {
    let world = World::new();
    let dir = world.dir.path();
    let first = certify(dir);
    let tls = Tls::Files { cert: dir.join("cert.pem"), key: dir.join("key.pem") };
    let serving = serve(&world, settings(tls)).await.unwrap();
    let mut old = connect(serving.address, &first).await.unwrap();
    assert_eq!(ask(&mut old).await, "HTTP/1.1 200 OK");

    // A broken pair first: the good one must stay in use.
    std::fs::write(dir.join("cert.pem"), "not a certificate").unwrap();
    let second = certify(dir);
    loop {
        if let Ok(mut new) = connect(serving.address, &second).await {
            assert_eq!(ask(&mut new).await, "HTTP/1.1 200 OK");
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(ask(&mut old).await, "HTTP/1.1 200 OK", "the connection from before goes on");
}

#[tokio::test]
async fn plain_http_stays_on_loopback() {
    let world = World::new();
    let open = Settings { listen: "0.0.0.0:0".parse().unwrap(), ..settings(Tls::None) };
    assert!(matches!(serve(&world, open).await, Err(ServeError::PlainHttp(_))));
}

#[tokio::test]
async fn a_taken_address_is_named() {
    let world = World::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap();
    let Err(error) = serve(&world, Settings { listen, ..settings(Tls::None) }).await else { panic!("it is taken") };
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_listed_proxies_are_served() {
    let world = World::new();
    for (trusted, status) in [("127.0.0.0/8", "HTTP/1.1 200 OK"), ("10.0.0.0/8", "HTTP/1.1 403 Forbidden")] {
        let trusted = vec![Network::parse(trusted).unwrap()];
        let serving = serve(&world, settings(Tls::BehindProxy { trusted })).await.unwrap();
        let mut stream = TcpStream::connect(serving.address).await.unwrap();
        stream.write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer.lines().next(), Some(status));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_without_end_is_cut_off() {
    let world = World::new();
    let serving = serve(&world, settings(Tls::None)).await.unwrap();
    let mut stream = TcpStream::connect(serving.address).await.unwrap();
    let head = "POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("400\r\n{}\r\n", "a".repeat(1024));
    // The server answers and hangs up long before a megabyte. Whether its answer outruns the hanging up is the network's business.
    let mut taken = 0;
    while taken < 1024 && stream.write_all(chunk.as_bytes()).await.is_ok() {
        taken += 1;
    }
    let mut answer = [0; 12];
    match stream.read_exact(&mut answer).await {
        Ok(_) => assert_eq!(&answer, b"HTTP/1.1 413"),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
}
