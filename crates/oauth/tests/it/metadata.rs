//! What we say about ourselves is true.

use oauth::{
    Issuer, RawParams, TokenRefusal, TokenRequest,
    metadata::{authorization_server, openid_configuration},
    scope::{OFFLINE_ACCESS, OPENID},
};
use serde_json::{Value, json};

use crate::world::{Answer, World};

fn documents() -> [Value; 2] {
    let issuer = Issuer::new("https://id.example.com").unwrap();
    [openid_configuration(&issuer), authorization_server(&issuer)].map(|text| serde_json::from_str(&text).unwrap())
}

#[test]
fn both_documents_name_the_issuer_exactly_and_endpoints_below_it() {
    for document in documents() {
        assert_eq!(document["issuer"], "https://id.example.com");
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                assert!(value.as_str().unwrap().starts_with("https://id.example.com/"), "{name}");
            }
        }
        assert_eq!(document["scopes_supported"], json!([OPENID, OFFLINE_ACCESS]));
    }
}

#[test]
fn advertised_pkce_methods_are_those_that_work() {
    let world = World::new();
    for document in documents() {
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    }
    assert!(matches!(world.authorize(&world.query().with("code_challenge_method", "plain")), Answer::Back { .. }));
}

#[test]
fn advertised_prompts_and_response_types_are_those_that_work() {
    let [openid, _] = documents();
    let world = World::new();
    for prompt in openid["prompt_values_supported"].as_array().unwrap() {
        let query = world.query().with("prompt", prompt.as_str().unwrap());
        assert!(!matches!(world.authorize(&query), Answer::Back { .. } | Answer::Page(_)), "{prompt}");
    }
    for response_type in openid["response_types_supported"].as_array().unwrap() {
        world.passes(&world.query().with("response_type", response_type.as_str().unwrap()));
    }
    for mode in openid["response_modes_supported"].as_array().unwrap() {
        world.passes(&world.query().with("response_mode", mode.as_str().unwrap()));
    }
}

#[test]
fn advertised_grants_are_those_that_exist() {
    let world = World::new();
    let known = |grant: &str| {
        let body = format!("grant_type={grant}&client_id=app&client_secret={}", crate::world::SECRET);
        let request = TokenRequest::parse(body.as_bytes(), None).unwrap();
        let facts = world.facts(oauth::CodeFact::Unknown, None);
        match oauth::token::handle(&request, &facts, world.now, &mut crate::world::entropy(1)) {
            model::Decision::Refused(outcome) => outcome.reply != TokenRefusal::GrantTypeUnsupported,
            model::Decision::Done(_) | model::Decision::Need(_) => true,
        }
    };
    for document in documents() {
        assert!(
            document["grant_types_supported"].as_array().unwrap().iter().all(|grant| known(grant.as_str().unwrap()))
        );
    }
    assert!(!known("client_credentials"));
}

#[test]
fn what_is_not_supported_is_said() {
    let [openid, plain] = documents();
    for name in ["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"] {
        assert_eq!(openid[name], false);
    }
    for document in [openid, plain] {
        for absent in [
            "registration_endpoint",
            "introspection_endpoint",
            "revocation_endpoint",
            "pushed_authorization_request_endpoint",
        ] {
            assert_eq!(document.get(absent), None);
        }
        let text = document.to_string();
        assert!(!text.contains("\"token\"") && !text.contains("implicit") && !text.contains("password"));
    }
}

#[test]
fn an_issuer_is_an_origin() {
    for right in [
        "https://id.example.com",
        "https://id.example.com:8443",
        "http://localhost:8400",
        "http://127.0.0.1:8400",
        "http://[::1]",
    ] {
        assert_eq!(Issuer::new(right).unwrap().url(), right);
    }
    for wrong in [
        "",
        "id.example.com",
        "https://id.example.com/",
        "https://id.example.com/a",
        "https://id.example.com?x",
        "https://id.example.com#x",
        "http://id.example.com",
        "https://u@id.example.com",
        "HTTPS://id.example.com",
        "https://ID.example.com",
        "ftp://id.example.com",
        "https://",
        "javascript:x",
        "https://id.example.com:0",
        "http://localhost.evil.example",
    ] {
        assert!(Issuer::new(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn iss_is_written_so_that_it_reads_back() {
    let world = World::new();
    let location = world.granted(&world.query()).reply.location.expose().clone();
    let params = RawParams::parse(location.split_once('?').unwrap().1).unwrap();
    assert_eq!(params.value("iss"), Some("https://id.example.com"));
}
