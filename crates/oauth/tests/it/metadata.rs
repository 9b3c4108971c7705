//! What we say about ourselves is true.

use crypto::SigningAlg;
use oauth::{
    Issuer, RawParams, TokenRefusal, TokenRequest,
    authorization_details::DetailType,
    client::ClientAuth,
    metadata::{Features, MetadataFacts, authorization_server, openid_configuration},
    scope::{OFFLINE_ACCESS, OPENID},
};
use serde_json::{Value, json};

use crate::world::{Answer, World};

/// Both documents of an installation with these features, the OpenID one first.
fn documents_with(features: Features) -> [Value; 2] {
    let issuer = Issuer::new("https://id.example.com").unwrap();
    let types = [DetailType::new("payment", Vec::new(), "Pay").unwrap()];
    let facts = MetadataFacts {
        issuer: &issuer,
        signing_algs: &[SigningAlg::Es256, SigningAlg::Rs256],
        scopes: &["email"],
        claims: &["email", "email_verified"],
        detail_types: &types,
        mtls_origin: Some("https://mtls.id.example.com"),
        features,
    };
    [openid_configuration(&facts), authorization_server(&facts)].map(|text| serde_json::from_str(&text).unwrap())
}

fn documents() -> [Value; 2] {
    documents_with(Features::ALL)
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
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
        assert_eq!(document["scopes_supported"], json!([OPENID, OFFLINE_ACCESS, "email"]));
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
        let modes = world.granted(&world.query().with("response_mode", mode.as_str().unwrap())).reply.response.mode();
        assert!(mode == "jwt" || modes.as_str() == mode);
    }
}

#[test]
fn advertised_grants_are_those_that_exist() {
    let world = World::new();
    let known = |grant: &str| {
        let body = format!("grant_type={grant}&client_id=app&client_secret={}", crate::world::SECRET);
        let params = oauth::token::form(body.as_bytes()).unwrap();
        let request = TokenRequest::read(&params, None, None).unwrap();
        let facts = world.facts(oauth::CodeFact::Unknown, None);
        match oauth::token::handle(&request, &facts, world.now, &mut crate::world::entropy(1)) {
            model::Decision::Refused(outcome) => outcome.reply != TokenRefusal::GrantTypeUnsupported,
            model::Decision::Done(_) | model::Decision::Need(_) => true,
        }
    };
    for document in documents() {
        let grants = texts(&document["grant_types_supported"]).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(grants.len(), 5);
        for grant in grants {
            assert!(oauth::GrantTypes::from_name(&grant).is_some(), "{grant}");
        }
        assert!(known("authorization_code") && known("refresh_token"));
    }
    assert!(!known("password") && !known("implicit"));
}

#[test]
fn what_is_not_there_is_not_said() {
    let [openid, plain] = documents_with(Features::default());
    for name in ["request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported"] {
        assert_eq!(openid[name], false);
    }
    assert_eq!(openid["claims_supported"].as_array().unwrap().len(), 9, "only what every sign-in tells");
    for document in [openid, plain] {
        let endpoints: Vec<_> =
            document.as_object().unwrap().keys().filter(|name| name.ends_with("_endpoint")).collect();
        assert!(endpoints.iter().all(|name| {
            ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"].contains(&name.as_str())
        }));
        for absent in [
            "tls_client_certificate_bound_access_tokens",
            "mtls_endpoint_aliases",
            "dpop_signing_alg_values_supported",
            "request_object_signing_alg_values_supported",
            "authorization_signing_alg_values_supported",
            "client_id_metadata_document_supported",
            "backchannel_logout_supported",
        ] {
            assert_eq!(document.get(absent), None, "{absent}");
        }
        assert_eq!(texts(&document["grant_types_supported"]), ["authorization_code", "refresh_token"]);
        assert_eq!(texts(&document["response_modes_supported"]), ["query", "form_post"]);
        assert_eq!(
            texts(&document["token_endpoint_auth_methods_supported"]),
            ["client_secret_basic", "client_secret_post", "none"]
        );
    }
}

#[test]
fn what_is_there_is_said_in_both() {
    for document in documents() {
        for (name, path) in [
            ("pushed_authorization_request_endpoint", "/par"),
            ("introspection_endpoint", "/introspect"),
            ("revocation_endpoint", "/revoke"),
            ("device_authorization_endpoint", "/device_authorization"),
            ("registration_endpoint", "/register"),
        ] {
            assert_eq!(document[name], format!("https://id.example.com{path}"));
            if name != "registration_endpoint" {
                assert_eq!(document["mtls_endpoint_aliases"][name], format!("https://mtls.id.example.com{path}"));
            }
        }
        assert_eq!(document["require_pushed_authorization_requests"], false);
        assert_eq!(document["authorization_details_types_supported"], json!(["payment"]));
        assert_eq!(document["authorization_signing_alg_values_supported"], json!(["ES256", "RS256"]));
        assert_eq!(document["introspection_signing_alg_values_supported"], json!(["ES256", "RS256"]));
        for name in texts(&document["token_endpoint_auth_methods_supported"]) {
            assert!(ClientAuth::from_word(name).is_some(), "{name}");
        }
        assert!(!texts(&document["introspection_endpoint_auth_methods_supported"]).contains(&"none"));
        let text = document.to_string();
        assert!(!text.contains("\"token\"") && !text.contains("implicit") && !text.contains("password"));
    }
    let [openid, plain] = documents();
    assert_eq!(openid["end_session_endpoint"], "https://id.example.com/logout");
    assert_eq!(openid["claims_parameter_supported"], true);
    assert_eq!(openid["id_token_signing_alg_values_supported"], json!(["ES256", "RS256"]));
    assert_eq!(plain.get("userinfo_endpoint"), None);
}

#[test]
fn nobody_is_told_of_unsigned_or_symmetric_signatures() {
    for document in documents() {
        let lists: Vec<_> =
            document.as_object().unwrap().iter().filter(|(name, _)| name.contains("_alg_values_supported")).collect();
        assert!(lists.len() >= 6);
        for (name, list) in lists {
            // RFC 8414 §2: `none` must not be used for client authentication; RFC 8725 §3.2: nor anywhere else.
            assert!(texts(list).iter().all(|alg| *alg != "none" && !alg.starts_with("HS")), "{name}");
        }
    }
}

#[test]
fn an_acr_is_promised_where_it_can_be_earned() {
    let acr = |features| texts(&documents_with(features)[0]["acr_values_supported"]).len();
    assert_eq!(acr(Features::ALL), 1);
    assert_eq!(acr(Features { attestation: true, ..Features::ALL }), 2);
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
    let location = crate::world::location(&world.granted(&world.query()).reply.response);
    let params = RawParams::parse(location.split_once('?').unwrap().1).unwrap();
    assert_eq!(params.value("iss"), Some("https://id.example.com"));
}
