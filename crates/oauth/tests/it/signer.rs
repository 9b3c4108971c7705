//! A client that signs: its key, and whatever it is made to say with it.

use std::sync::Arc;

use crypto::{JwkSet, SigningKey, b64u};
use oauth::client::{ClientKeys, InlineKeys};
use serde_json::{Value, json};

use crate::world::{ISSUER, World, entropy};

/// A key of a client.
pub(crate) struct Signer(Arc<SigningKey>);

impl Signer {
    /// Another key for each seed.
    pub(crate) fn new(world: &World, seed: u8) -> Self {
        Self(Arc::new(SigningKey::generate(world.now, &mut entropy(seed))))
    }

    /// Its JWK Set.
    pub(crate) fn jwks(&self) -> String {
        format!(r#"{{"keys":[{}]}}"#, self.0.jwk_json())
    }

    /// The same, parsed.
    pub(crate) fn set(&self) -> JwkSet {
        JwkSet::parse(self.jwks().as_bytes()).unwrap()
    }

    /// Registers it with the world's client.
    pub(crate) fn register(&self, world: &mut World) {
        world.client.settings.proof.keys = ClientKeys::Inline(InlineKeys::parse(self.jwks()).unwrap());
    }

    /// A compact JWS over `claims`, with `typ` where there is one.
    pub(crate) fn sign(&self, typ: Option<&str>, claims: &Value) -> String {
        let mut header = json!({"alg": "ES256", "kid": self.0.kid()});
        if let Some(typ) = typ {
            header["typ"] = json!(typ);
        }
        let input = format!("{}.{}", b64u(header.to_string().as_bytes()), b64u(claims.to_string().as_bytes()));
        let signature = b64u(&self.0.sign_raw(input.as_bytes()));
        format!("{input}.{signature}")
    }
}

/// The claims of an ordinary request object: everything that the world's ordinary query says, signed for a minute.
pub(crate) fn request_claims(world: &World) -> Value {
    let query = world.query();
    let mut claims = json!({
        "iss": world.client.id.as_str(),
        "aud": ISSUER,
        "nbf": world.now.seconds(),
        "exp": world.now.seconds() + 60,
    });
    let names = [
        "response_type",
        "client_id",
        "redirect_uri",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ];
    for name in names {
        claims[name] = json!(query.value(name).unwrap());
    }
    claims
}
