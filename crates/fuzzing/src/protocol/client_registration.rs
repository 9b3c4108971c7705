//! Clients that register themselves: JSON about redirects, keys, certificates and grants, from whoever holds a token for it.

use std::sync::LazyLock;

use ::oauth::{
    Client, ClientSettings, ConsentPolicy,
    registration::{
        AccessFact, InitialAccess, METADATA_BYTES_MAX, RegisterFacts, RegistrationPolicy, SectorFact,
        initial_access_hash, register,
    },
};
use crypto::SigningAlg;
use model::{Decision, Entropy, Tier};
use serde_json::Value;

use super::{
    redirect_uri::is_what_browsers_see,
    stage::{KEYS, NOW, SIGNER, US},
};
use crate::Verdict;

const TOKEN: &str = "lgi_token";

pub(super) static POLICY: LazyLock<RegistrationPolicy> = LazyLock::new(|| RegistrationPolicy {
    grants: ["authorization_code", "refresh_token", "client_credentials"].map(str::to_owned).to_vec(),
    scopes: ["openid", "orders"].map(str::to_owned).to_vec(),
    redirect_hosts: [".example.com", "app.example.com", "127.0.0.1", "com.example.app"].map(str::to_owned).to_vec(),
    resources: Vec::new(),
});

pub(crate) fn check(json: &[u8]) -> Verdict {
    let access = InitialAccess {
        hash: initial_access_hash(&KEYS, TOKEN),
        policy: POLICY.clone(),
        created: NOW,
        expires: NOW.plus_seconds(60),
        uses: 0,
        uses_max: 1,
    };
    let facts = RegisterFacts {
        issuer: &US,
        keys: &KEYS,
        signs: &SigningAlg::ALL,
        access: AccessFact::Shown { token: TOKEN, access: Some(&access) },
        sector: SectorFact::NotFetched,
    };
    let none = RegisterFacts { access: AccessFact::NotShown, ..facts };
    assert!(matches!(register(json, &none, NOW, &mut entropy()), Decision::Refused(_)), "registered without a token");
    match register(json, &facts, NOW, &mut entropy()) {
        Decision::Done(outcome) => {
            assert!(json.len() <= METADATA_BYTES_MAX);
            is_bounded(&outcome.reply.client);
            let told: Value = serde_json::from_str(&outcome.reply.render()).expect("we write JSON");
            assert_eq!(told["client_id"], outcome.reply.client.id.as_str());
            Verdict::Taken
        }
        Decision::Refused(outcome) => {
            assert!(outcome.changes.is_empty(), "a refusal that writes");
            Verdict::Refused
        }
        Decision::Need(_) => Verdict::Refused,
    }
}

fn entropy() -> Entropy {
    Entropy::new([9; 256])
}

/// What holds of every client that was made of a stranger's words.
pub(super) fn is_bounded(client: &Client) {
    assert_eq!((client.consent, client.tier), (ConsentPolicy::Ask, Tier::Standard), "nobody registers trust");
    assert!(client.grants.names().all(|name| POLICY.grants.iter().any(|allowed| allowed == name)));
    assert!(client.scopes.iter().all(|scope| POLICY.scopes.iter().any(|allowed| allowed == scope.as_str())));
    for uri in client.redirect_uris.iter().chain(&client.settings.logout.post_logout_redirect_uris) {
        let host = uri.host();
        assert!(host.ends_with(".example.com") || matches!(host, "127.0.0.1" | "com.example.app"), "{host}");
        is_what_browsers_see(uri);
    }
    assert!(!client.name.is_empty() && client.name.len() <= 2048 && !client.name.chars().any(char::is_control));
    assert!(client.settings.exceptions.is_empty() && client.settings.claims.is_empty());
    let stored = client.settings.to_json();
    assert!(ClientSettings::from_json(&stored).is_ok_and(|settings| settings == client.settings), "not what is stored");
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let jwk = SIGNER.jwk_json();
    let keys = format!(
        r#"{{"redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks":{{"keys":[{jwk}]}}}}"#
    );
    [
        r#"{"redirect_uris":["https://app.example.com/cb"],"client_name":"App","scope":"openid"}"#,
        r#"{"redirect_uris":["http://127.0.0.1/cb","com.example.app:/cb"],"application_type":"native","token_endpoint_auth_method":"none"}"#,
        r#"{"grant_types":["client_credentials"],"response_types":[],"token_endpoint_auth_method":"tls_client_auth","tls_client_auth_subject_dn":"CN=app"}"#,
        r#"{"redirect_uris":["https://a.example.com/cb"],"sector_identifier_uri":"https://app.example.com/s.json"}"#,
        r#"{"redirect_uris":["https://evilexample.com/cb"]}"#,
        r#"{"redirect_uris":["https://app.example.com/cb"],"grant_types":["implicit"],"response_types":["token"]}"#,
        r#"{"redirect_uris":["https://app.example.com/cb"],"grant_types":["authorization_code","refresh_token"],"response_types":["code"],"contacts":["a@b"],"client_uri":"https://app.example.com/","logo_uri":"https://app.example.com/l.png","backchannel_logout_uri":"https://app.example.com/bc","post_logout_redirect_uris":["https://app.example.com/out"],"default_max_age":60,"require_auth_time":true,"dpop_bound_access_tokens":true,"id_token_signed_response_alg":"RS256","jwks_uri":"https://app.example.com/k","require_pushed_authorization_requests":true}"#,
        r#"{"software_statement":"x"}"#,
        keys.as_str(),
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
