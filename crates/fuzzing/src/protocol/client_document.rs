//! Clients whose id is the address of a document: anybody may send anybody's address.

use ::oauth::{
    ClientAuth, RedirectKind,
    metadata_document::{DOCUMENT_BYTES_MAX, DocumentFact, DocumentRules, RedirectReach, load, shown_host},
};
use crypto::SigningAlg;
use model::Decision;

use super::{
    client_registration::{POLICY, is_bounded},
    stage::{NOW, US},
};
use crate::Verdict;

const ADDRESS: &str = "https://app.example.com/client.json";

pub(crate) fn check(body: &[u8]) -> Verdict {
    let rules = DocumentRules {
        hosts: Vec::new(),
        policy: POLICY.clone(),
        signs: SigningAlg::ALL.to_vec(),
        redirects: RedirectReach::SameHost,
    };
    let fact = DocumentFact::Fetched { body, at: NOW, fresh_until: NOW.plus_seconds(i64::from(u32::MAX)) };
    match load(ADDRESS, None, fact, Some(&rules), &US, NOW) {
        Decision::Done(outcome) => {
            let client = &outcome.reply;
            assert!(body.len() <= DOCUMENT_BYTES_MAX && outcome.changes.is_empty(), "a stranger makes us write");
            is_bounded(client);
            assert_eq!((client.id.as_str(), shown_host(client)), (ADDRESS, Some("app.example.com")));
            assert!(client.secrets.is_empty(), "everybody can read the document");
            assert!(!matches!(client.auth, ClientAuth::SecretBasic | ClientAuth::SecretPost));
            for uri in &client.redirect_uris {
                assert!(uri.kind() != RedirectKind::Https || uri.host() == "app.example.com");
            }
            Verdict::Taken
        }
        Decision::Refused(outcome) => {
            assert!(outcome.changes.is_empty());
            Verdict::Refused
        }
        Decision::Need(_) => panic!("the document was fetched"),
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let document = |rest: &str| format!(r#"{{"client_id":"{ADDRESS}",{rest}}}"#).into_bytes();
    vec![
        document(r#""redirect_uris":["https://app.example.com/cb"],"client_name":"App""#),
        document(
            r#""redirect_uris":["http://127.0.0.1/cb"],"token_endpoint_auth_method":"none","application_type":"native""#,
        ),
        document(
            r#""redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://app.example.com/k""#,
        ),
        document(r#""redirect_uris":["https://other.example.com/cb"]"#),
        document(r#""redirect_uris":["https://app.example.com/cb"],"client_secret":"x""#),
        document(
            r#""redirect_uris":["https://app.example.com/cb"],"token_endpoint_auth_method":"client_secret_basic""#,
        ),
        br#"{"client_id":"https://evil.example/","redirect_uris":["https://app.example.com/cb"]}"#.to_vec(),
    ]
}
