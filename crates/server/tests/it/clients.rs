//! Clients of every kind, their keys, and what they sign.

use std::sync::Arc;

use crypto::{RootKey, SigningKey, b64u};
use http::{Request, header};
use model::{Secret, Tier};
use oauth::{
    Client, ClientKind, ConsentPolicy, GrantTypes, Issuer, TokenKeys,
    client::{ClientKeys, InlineKeys},
    client_rules::{self, ClientShape, Lifetimes, Registration, SubjectChoice},
};
use serde_json::{Value, json};
use server::{Settings, Tls, ambient};
use store::ChangeSet;

use crate::world::{Answer, ISSUER, World, basic, settings};

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn root() -> RootKey {
    RootKey::new(Secret::new([7; 32]))
}

/// Registers a confidential client with every grant, as `adjust` leaves it; its secret.
pub(crate) async fn add(world: &World, id: &str, adjust: impl FnOnce(&mut Client)) -> String {
    let secret = oauth::client_secret::fresh(&mut ambient::entropy());
    let mut shape = ClientShape::new(id, id, ClientKind::Web);
    shape.redirect_uris = Some(vec!["https://app.example.com/cb".into()]);
    let registration = Registration {
        shape,
        scopes: ["openid", "offline_access", "profile", "email", "notes"].map(String::from).to_vec(),
        secrets: vec![TokenKeys::from_root(&root()).client_secret_hash(secret.expose())],
        subject: SubjectChoice::Pairwise,
        consent: ConsentPolicy::Trusted,
        tier: Tier::Standard,
        audience: None,
        lifetimes: Lifetimes::default(),
        settings: oauth::ClientSettings::default(),
    };
    let now = ambient::now();
    let mut client = Client::register(registration, &Issuer::new(ISSUER).unwrap(), now).unwrap();
    client.grants = [GrantTypes::CLIENT_CREDENTIALS, GrantTypes::DEVICE_CODE, GrantTypes::TOKEN_EXCHANGE]
        .into_iter()
        .fold(client.grants, GrantTypes::and);
    adjust(&mut client);
    let added = client_rules::addition(client);
    world.store.commit(ChangeSet::new(now, added.changes, added.audit)).unwrap().await.unwrap();
    secret.expose().clone()
}

/// The same world behind a server with other settings, as after a restart: memory is gone, the store is not.
pub(crate) fn restarted(world: World, adjust: impl FnOnce(&mut Settings)) -> World {
    let mut settings = settings(Tls::None);
    adjust(&mut settings);
    let router = server::router(settings, Arc::clone(&world.store), &root()).unwrap();
    World { router, ..world }
}

/// A form post by a client with a secret.
pub(crate) async fn post(world: &World, path: &str, client: (&str, &str), form: &str) -> Answer {
    let request = Request::post(path)
        .header(header::CONTENT_TYPE, FORM)
        .header(header::AUTHORIZATION, basic(client.0, client.1))
        .body(form.to_owned().into())
        .unwrap();
    world.send(request).await
}

/// `GET /userinfo` with an Authorization header.
pub(crate) async fn userinfo(world: &World, authorization: &str, proof: Option<&str>) -> Answer {
    let mut request = Request::get("/userinfo").header(header::AUTHORIZATION, authorization);
    if let Some(proof) = proof {
        request = request.header("dpop", proof);
    }
    world.send(request.body(Default::default()).unwrap()).await
}

/// What a JWT says.
pub(crate) fn claims(jwt: &str) -> Value {
    serde_json::from_slice(&crypto::from_b64u(jwt.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// A key of somebody else's, with what is signed by it.
pub(crate) struct Signer(SigningKey);

impl Signer {
    pub(crate) fn fresh() -> Self {
        Self(SigningKey::generate(ambient::now(), &mut ambient::entropy()))
    }

    pub(crate) fn keys(&self) -> ClientKeys {
        ClientKeys::Inline(InlineKeys::parse(format!("{{\"keys\":[{}]}}", self.0.jwk_json())).unwrap())
    }

    fn jwk(&self) -> Value {
        let whole: Value = serde_json::from_str(self.0.jwk_json()).unwrap();
        json!({ "kty": whole["kty"], "crv": whole["crv"], "x": whole["x"], "y": whole["y"] })
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = format!("{}.{}", b64u(header.to_string().as_bytes()), b64u(claims.to_string().as_bytes()));
        format!("{input}.{}", b64u(&self.0.sign_raw(input.as_bytes())))
    }

    /// A client assertion (RFC 7523) as form parameters.
    pub(crate) fn assertion(&self, client: &str, jti: &str) -> String {
        let now = ambient::now().seconds();
        let claims = json!({ "iss": client, "sub": client, "aud": ISSUER, "jti": jti, "iat": now, "exp": now + 60 });
        let jwt = self.sign(&json!({ "alg": "ES256" }), &claims);
        format!(
            "client_assertion={jwt}&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        )
    }

    /// A DPoP proof (RFC 9449 §4.2).
    pub(crate) fn proof(
        &self,
        method: &str,
        path: &str,
        jti: &str,
        nonce: Option<&str>,
        token: Option<&str>,
    ) -> String {
        let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk() });
        let mut claims =
            json!({ "jti": jti, "htm": method, "htu": format!("{ISSUER}{path}"), "iat": ambient::now().seconds() });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        if let Some(token) = token {
            claims["ath"] = b64u(&crypto::sha256(token.as_bytes())).into();
        }
        self.sign(&header, &claims)
    }
}
