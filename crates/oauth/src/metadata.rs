//! What we say about ourselves (OpenID Connect Discovery §3, RFC 8414 §2): all of it true, nothing that does not exist.

mod facts;

pub use facts::{Features, MetadataFacts};

use crypto::Alg;

use crate::{
    Issuer,
    answer::JsonObject,
    authorization_details::DetailType,
    client::{ClientAuth, ResponseMode},
    scope::{OFFLINE_ACCESS, OPENID},
};

/// The claims that we tell about every sign-in.
const OWN_CLAIMS: [&str; 9] = ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "acr", "amr"];

/// The document at `/.well-known/openid-configuration`.
#[must_use]
pub fn openid_configuration(facts: &MetadataFacts<'_>) -> String {
    let features = facts.features;
    let mut json = common(facts);
    json.string("userinfo_endpoint", &at(facts.issuer, "/userinfo"));
    json.strings("subject_types_supported", ["pairwise", "public"]);
    // Differs: Discovery §3 wants RS256 listed. It is when there is such a key; saying it without one would break whoever believed it.
    json.strings("id_token_signing_alg_values_supported", facts.signing_algs.iter().map(|alg| alg.as_str()));
    json.strings("claim_types_supported", ["normal"]);
    let told = if features.claims { facts.claims } else { &[] };
    json.strings("claims_supported", OWN_CLAIMS.iter().chain(told).copied());
    // `phrh` needs an attested key, and is promised only where a maker's root is trusted.
    let acr: &[&str] = if features.attestation { &["phr", "phrh"] } else { &["phr"] };
    json.strings("acr_values_supported", acr.iter().copied());
    // `create` is not among them: nobody registers themselves here.
    json.strings("prompt_values_supported", ["none", "login", "consent", "select_account"]);
    json.boolean("claims_parameter_supported", features.claims);
    json.boolean("request_parameter_supported", features.client_keys);
    // Said aloud because the default is true: we fetch no requests; `request_uri` works for what was pushed.
    json.boolean("request_uri_parameter_supported", false);
    if features.logout {
        json.string("end_session_endpoint", &at(facts.issuer, "/logout"));
        json.boolean("backchannel_logout_supported", true);
        json.boolean("backchannel_logout_session_supported", true);
    }
    json.finish()
}

/// The document at `/.well-known/oauth-authorization-server`.
#[must_use]
pub fn authorization_server(facts: &MetadataFacts<'_>) -> String {
    common(facts).finish()
}

/// What both documents say.
fn common(facts: &MetadataFacts<'_>) -> JsonObject {
    let (issuer, features) = (facts.issuer, facts.features);
    let mut json = JsonObject::with_capacity(4096);
    // RFC 8414 §3.3: identical to the issuer that the client began with.
    json.string("issuer", issuer.url());
    json.string("authorization_endpoint", &at(issuer, "/authorize"));
    json.string("token_endpoint", &at(issuer, "/token"));
    json.string("jwks_uri", &at(issuer, "/jwks.json"));
    json.strings("scopes_supported", [OPENID, OFFLINE_ACCESS].iter().chain(facts.scopes).copied());
    json.strings("response_types_supported", ["code"]);
    json.strings("response_modes_supported", response_modes(features));
    json.strings("grant_types_supported", grants(features));
    authentication(&mut json, "token_endpoint", features, true);
    // draft-ietf-oauth-v2-1-16 §7.10.
    json.strings("code_challenge_methods_supported", ["S256"]);
    // RFC 9207 §3.
    json.boolean("authorization_response_iss_parameter_supported", true);
    requests(&mut json, facts);
    tokens(&mut json, facts);
    registration(&mut json, facts);
    json
}

/// JARM §2.3: `jwt` is the short word for the signed query.
fn response_modes(features: Features) -> impl Iterator<Item = &'static str> {
    let plain = [ResponseMode::Query, ResponseMode::FormPost].map(ResponseMode::as_str);
    let signed = [ResponseMode::QueryJwt.as_str(), ResponseMode::FormPostJwt.as_str(), "jwt"];
    plain.into_iter().chain(signed.into_iter().filter(move |_| features.signed_responses))
}

fn grants(features: Features) -> impl Iterator<Item = &'static str> {
    use crate::GrantTypes as Grants;
    let mut grants = Grants::AUTHORIZATION_CODE.and(Grants::REFRESH_TOKEN);
    for (there, grant) in [
        (features.client_credentials, Grants::CLIENT_CREDENTIALS),
        (features.device, Grants::DEVICE_CODE),
        (features.token_exchange, Grants::TOKEN_EXCHANGE),
    ] {
        if there {
            grants = grants.and(grant);
        }
    }
    grants.names()
}

/// How clients authenticate at one endpoint, and with what they may sign.
fn authentication(json: &mut JsonObject, endpoint: &'static str, features: Features, public_too: bool) {
    let (methods_name, algs_name) = match endpoint {
        "introspection_endpoint" => (
            "introspection_endpoint_auth_methods_supported",
            "introspection_endpoint_auth_signing_alg_values_supported",
        ),
        "revocation_endpoint" => {
            ("revocation_endpoint_auth_methods_supported", "revocation_endpoint_auth_signing_alg_values_supported")
        }
        _ => ("token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported"),
    };
    let mut methods = vec![ClientAuth::SecretBasic, ClientAuth::SecretPost];
    if features.client_keys {
        methods.push(ClientAuth::PrivateKeyJwt);
    }
    if features.tls_client_auth {
        methods.push(ClientAuth::TlsClientAuth);
    }
    if features.mtls {
        methods.push(ClientAuth::SelfSignedTls);
    }
    if public_too {
        methods.push(ClientAuth::None);
    }
    json.strings(methods_name, methods.into_iter().map(ClientAuth::as_str));
    if features.client_keys {
        json.strings(algs_name, Alg::names());
    }
}

/// How requests may come, and how answers are signed.
fn requests(json: &mut JsonObject, facts: &MetadataFacts<'_>) {
    let features = facts.features;
    if features.pushed_requests {
        json.string("pushed_authorization_request_endpoint", &at(facts.issuer, "/par"));
        json.boolean("require_pushed_authorization_requests", features.pushed_requests_required);
    }
    if features.client_keys {
        json.strings("request_object_signing_alg_values_supported", Alg::names());
        // RFC 9101 §10.5: each client's own rule, not everybody's.
        json.boolean("require_signed_request_object", false);
    }
    if features.signed_responses {
        json.strings("authorization_signing_alg_values_supported", facts.signing_algs.iter().map(|alg| alg.as_str()));
    }
    if !facts.detail_types.is_empty() {
        json.strings("authorization_details_types_supported", facts.detail_types.iter().map(DetailType::name));
    }
    if features.dpop {
        json.strings("dpop_signing_alg_values_supported", crate::dpop::DPOP_ALGS);
    }
}

/// What can be done with tokens, and to which keys they can be bound.
fn tokens(json: &mut JsonObject, facts: &MetadataFacts<'_>) {
    let (issuer, features) = (facts.issuer, facts.features);
    if features.introspection {
        json.string("introspection_endpoint", &at(issuer, "/introspect"));
        authentication(json, "introspection_endpoint", features, false);
        json.strings("introspection_signing_alg_values_supported", facts.signing_algs.iter().map(|alg| alg.as_str()));
    }
    if features.revocation {
        json.string("revocation_endpoint", &at(issuer, "/revoke"));
        authentication(json, "revocation_endpoint", features, true);
    }
    if features.device {
        json.string("device_authorization_endpoint", &at(issuer, "/device_authorization"));
    }
    if features.mtls {
        json.boolean("tls_client_certificate_bound_access_tokens", true);
        if let Some(origin) = facts.mtls_origin {
            json.raw("mtls_endpoint_aliases", &aliases(origin, features));
        }
    }
}

/// RFC 8705 §5: the endpoints that a client may call with its certificate, on the listener that asks for it.
fn aliases(origin: &str, features: Features) -> String {
    let mut json = JsonObject::with_capacity(512);
    for (there, name, path) in [
        (true, "token_endpoint", "/token"),
        (true, "userinfo_endpoint", "/userinfo"),
        (features.pushed_requests, "pushed_authorization_request_endpoint", "/par"),
        (features.introspection, "introspection_endpoint", "/introspect"),
        (features.revocation, "revocation_endpoint", "/revoke"),
        (features.device, "device_authorization_endpoint", "/device_authorization"),
    ] {
        if there {
            json.string(name, &format!("{origin}{path}"));
        }
    }
    json.finish()
}

/// How clients come to be known.
fn registration(json: &mut JsonObject, facts: &MetadataFacts<'_>) {
    if facts.features.registration {
        json.string("registration_endpoint", &at(facts.issuer, "/register"));
    }
    if facts.features.client_id_documents {
        json.boolean("client_id_metadata_document_supported", true);
    }
}

fn at(issuer: &Issuer, path: &str) -> String {
    format!("{}{path}", issuer.url())
}
