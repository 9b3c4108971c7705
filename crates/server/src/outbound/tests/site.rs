//! Somebody else's server: says what it is told to say, byte for byte, and writes down what it heard.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// How it behaves.
#[derive(Clone)]
pub(super) enum Plays {
    /// Says this and hangs up.
    Says(String),
    /// Says this and then nothing more, without hanging up.
    SaysAndWaits(String),
    /// Says this, and then never stops talking.
    Endless(String),
    /// Says this once a permit is there.
    WhenLet(Arc<Semaphore>, String),
}

pub(super) struct Site {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Site {
    pub(super) async fn new(plays: Plays) -> Self {
        Self::on("127.0.0.1:0", plays, None).await
    }

    /// Answers with a complete JSON body and these header lines besides.
    pub(super) async fn json(headers: &str, body: &str) -> Self {
        Self::new(Plays::Says(json(headers, body))).await
    }

    pub(super) async fn on(address: &str, plays: Plays, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let (address, heard) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let log = heard.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (plays, log, tls) = (plays.clone(), log.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => converse(stream, plays, &log).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                converse(stream, plays, &log).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, heard, task }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests heard, whole.
    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A complete answer with a JSON body.
pub(super) fn json(headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}

async fn converse(mut stream: impl AsyncRead + AsyncWrite + Unpin, plays: Plays, log: &Mutex<Vec<String>>) {
    let Some(request) = request(&mut stream).await else { return };
    log.lock().unwrap().push(request);
    let (Plays::Says(text) | Plays::SaysAndWaits(text) | Plays::Endless(text) | Plays::WhenLet(_, text)) = &plays;
    if let Plays::WhenLet(permits, _) = &plays {
        permits.acquire().await.unwrap().forget();
    }
    let _ = stream.write_all(text.as_bytes()).await;
    let _ = stream.flush().await;
    match plays {
        Plays::Says(_) | Plays::WhenLet(..) => {
            let _ = stream.shutdown().await;
        }
        // Until the other side hangs up.
        Plays::SaysAndWaits(_) => {
            let _ = stream.read(&mut [0; 64]).await;
        }
        Plays::Endless(_) => while stream.write_all(&[b' '; 4096]).await.is_ok() {},
    }
}

async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 1024];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
        if body.len() >= length {
            return Some(text.into_owned());
        }
    }
}

/// A certificate for `name`, which is its own authority: who accepts connections, and the file that trusts it.
pub(super) fn certificate(name: &str, folder: &tempfile::TempDir) -> (TlsAcceptor, PathBuf) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), path)
}
