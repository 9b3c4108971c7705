//! One issuer, and one client of each kind that proves itself.

use std::sync::LazyLock;

use ::oauth::{
    Client, ClientAuth, ClientKind, ClientSettings, ClientStatus, ConsentPolicy, GrantTypes, Issuer, RedirectUri,
    Scope, SubjectKind, TokenKeys,
    client::{ClientKeys, InlineKeys},
};
use crypto::{HashKey, KeyKind, SigningKey, b64u};
use model::{ClientId, Tier, Timestamp};

pub(super) const ISSUER: &str = "https://id.example.com";
pub(super) const CALLBACK: &str = "https://app.example.com/cb";
pub(super) const SECRET: &str = "lgs_a secret+of%the:app";
/// The present second.
pub(super) const NOW_SECONDS: i64 = 1_800_000_000;
pub(super) const NOW: Timestamp = Timestamp::from_seconds(NOW_SECONDS);

/// Us.
pub(super) static US: LazyLock<Issuer> = LazyLock::new(|| Issuer::new(ISSUER).expect("a plain origin"));
/// Our keyed hashes.
pub(super) static KEYS: LazyLock<TokenKeys> =
    LazyLock::new(|| TokenKeys::new(HashKey::new(&[7; 32]), HashKey::new(&[8; 32])));
/// The client's key: Ed25519, so that each message has one signature.
pub(super) static SIGNER: LazyLock<SigningKey> = LazyLock::new(|| crate::jose::key(KeyKind::EdDsa, 11));

/// A client called `app` with a secret and a key, which proves itself by `auth`.
pub(super) fn client(auth: ClientAuth) -> Client {
    let mut settings = ClientSettings::default();
    let keys = InlineKeys::parse(format!(r#"{{"keys":[{}]}}"#, SIGNER.jwk_json())).expect("a set of one key");
    settings.proof.keys = ClientKeys::Inline(keys);
    settings.requests.resources = vec!["https://api.example.com/".to_owned()];
    Client {
        id: ClientId::parse("app").expect("a short name"),
        name: "The app".to_owned(),
        kind: ClientKind::Web,
        secrets: vec![KEYS.client_secret_hash(SECRET)],
        auth,
        redirect_uris: vec![RedirectUri::parse(CALLBACK).expect("a plain address")],
        scopes: ["openid", "orders"].map(|scope| Scope::parse(scope).expect("a plain word")).to_vec(),
        grants: GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN),
        subject: SubjectKind::Public,
        consent: ConsentPolicy::Ask,
        tier: Tier::Standard,
        status: ClientStatus::Active,
        access_token_seconds: 300,
        refresh_idle_seconds: 3600,
        refresh_absolute_seconds: 86_400,
        audience: ISSUER.to_owned(),
        created: NOW,
        settings,
    }
}

/// A message of the client: `claims` need not be claims at all.
pub(super) fn sign(typ: &str, more: &str, claims: &[u8]) -> String {
    let header = format!(r#"{{"alg":"EdDSA","typ":"{typ}"{more}}}"#);
    let input = format!("{}.{}", b64u(header.as_bytes()), b64u(claims));
    let signature = SIGNER.sign_raw(input.as_bytes());
    format!("{input}.{}", b64u(&signature))
}

/// A text as a value of a form.
pub(super) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
