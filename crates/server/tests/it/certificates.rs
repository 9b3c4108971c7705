//! Clients that prove themselves by the certificate of their connection, at the listener that asks for one.

use std::{net::SocketAddr, sync::Arc};

use base64_of::standard;
use http::StatusCode;
use oauth::{
    ClientAuth,
    client::{ClientKeys, InlineKeys, SenderRule},
};
use server::{Certificates, Settings, Tls};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        pki_types::{PrivateKeyDer, ServerName},
    },
};

use crate::{
    clients::{add, claims},
    listening::{certify, serve},
    world::{World, settings},
};

mod base64_of {
    /// Plain base64 with padding, as `x5c` wants it (RFC 7517 §4.7).
    pub(super) fn standard(bytes: &[u8]) -> String {
        let mut text = crypto::b64u(bytes).replace('-', "+").replace('_', "/");
        text.push_str(&"=".repeat((4 - text.len() % 4) % 4));
        text
    }
}

/// A certificate that somebody signed for themselves.
struct Own {
    der: Vec<u8>,
    key: Vec<u8>,
    point: Vec<u8>,
}

impl Own {
    fn fresh() -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["client.example.com".into()]).unwrap();
        let point = made.signing_key.public_key_raw().to_vec();
        Self { der: made.cert.der().to_vec(), key: made.signing_key.serialize_der(), point }
    }

    fn jwks(&self) -> String {
        let (x, y) = self.point[1..].split_at(32);
        let jwk = serde_json::json!({
            "kty": "EC", "crv": "P-256", "x": crypto::b64u(x), "y": crypto::b64u(y), "x5c": [standard(&self.der)],
        });
        serde_json::json!({ "keys": [jwk] }).to_string()
    }
}

/// `POST /token` over a connection that shows `own`; the status line and the body.
async fn token(address: SocketAddr, trusted: &[u8], own: Option<&Own>) -> (String, String) {
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(trusted.to_vec().into()).unwrap();
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match own {
        Some(own) => {
            let key = PrivateKeyDer::Pkcs8(own.key.clone().into());
            builder.with_client_auth_cert(vec![own.der.clone().into()], key).unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let mut stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let form = "grant_type=client_credentials&scope=notes&client_id=robot";
    let request = format!(
        "POST /token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_certificate_of_the_connection_proves_the_client_and_binds_its_token() {
    let world = World::new();
    let (own, other) = (Own::fresh(), Own::fresh());
    let jwks = own.jwks();
    add(&world, "robot", |client| {
        client.auth = ClientAuth::SelfSignedTls;
        client.secrets.clear();
        client.settings.proof.keys = ClientKeys::Inline(InlineKeys::parse(jwks).unwrap());
        client.settings.proof.sender = SenderRule::Mtls;
    })
    .await;
    let dir = world.dir.path();
    let trusted = certify(dir);
    let tls = Tls::Files { cert: dir.join("cert.pem"), key: dir.join("key.pem") };
    // A port that was free a moment ago.
    let beside = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut settings: Settings = settings(tls);
    settings.oauth.certificates =
        Certificates::Listener { listen: beside, origin: "https://mtls.localhost:8401".into(), authorities: None };
    let serving = serve(&world, settings).await.unwrap();

    let (status, body) = token(beside, &trusted, Some(&own)).await;
    assert_eq!(status, "HTTP/1.1 200 OK", "{body}");
    let tokens: serde_json::Value = serde_json::from_str(&body).unwrap();
    let bound = claims(tokens["access_token"].as_str().unwrap());
    assert_eq!(bound["cnf"]["x5t#S256"], crypto::b64u(&crypto::certificate::certificate_thumbprint(&own.der)));
    let unauthorized = format!("HTTP/1.1 {}", StatusCode::UNAUTHORIZED);
    assert_eq!(token(beside, &trusted, Some(&other)).await.0, unauthorized, "somebody else's key");
    assert_eq!(token(beside, &trusted, None).await.0, unauthorized, "no certificate");
    // The main listener asks for none, so browsers never show people a choice of certificates.
    assert_eq!(token(serving.address, &trusted, Some(&own)).await.0, unauthorized);
}
