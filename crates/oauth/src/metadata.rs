//! What we say about ourselves (OpenID Connect Discovery §3, RFC 8414 §2): all of it true, nothing that does not exist.

use crate::{Issuer, answer::JsonObject};

/// The document at `/.well-known/openid-configuration`. Built once; it only changes with the program or the issuer.
#[must_use]
pub fn openid_configuration(issuer: &Issuer) -> String {
    let mut json = common(issuer);
    json.string("userinfo_endpoint", &at(issuer, "/userinfo"));
    json.strings("subject_types_supported", ["pairwise", "public"]);
    // Differs: Discovery §3 wants RS256 listed. We sign with ES256 alone, and saying otherwise would break whoever believed it.
    json.strings("id_token_signing_alg_values_supported", ["ES256"]);
    json.strings("claim_types_supported", ["normal"]);
    json.strings("claims_supported", ["iss", "sub", "aud", "exp", "iat", "nonce", "auth_time", "acr", "amr"]);
    // `phrh` is not promised: it needs an attested key, and no maker's root can be trusted by configuration yet.
    json.strings("acr_values_supported", ["phr"]);
    json.strings("prompt_values_supported", ["none", "login", "consent", "select_account"]);
    // Said aloud because the default of request_uri_parameter_supported is true.
    json.boolean("claims_parameter_supported", false);
    json.boolean("request_parameter_supported", false);
    json.boolean("request_uri_parameter_supported", false);
    json.finish()
}

/// The document at `/.well-known/oauth-authorization-server`.
#[must_use]
pub fn authorization_server(issuer: &Issuer) -> String {
    common(issuer).finish()
}

/// What both documents say.
fn common(issuer: &Issuer) -> JsonObject {
    let mut json = JsonObject::with_capacity(1536);
    // RFC 8414 §3.3: identical to the issuer that the client began with.
    json.string("issuer", issuer.url());
    json.string("authorization_endpoint", &at(issuer, "/authorize"));
    json.string("token_endpoint", &at(issuer, "/token"));
    json.string("jwks_uri", &at(issuer, "/jwks.json"));
    json.strings("scopes_supported", [crate::scope::OPENID, crate::scope::OFFLINE_ACCESS]);
    json.strings("response_types_supported", ["code"]);
    json.strings("response_modes_supported", ["query"]);
    json.strings("grant_types_supported", ["authorization_code", "refresh_token"]);
    json.strings("token_endpoint_auth_methods_supported", ["client_secret_basic", "client_secret_post", "none"]);
    // draft-ietf-oauth-v2-1-16 §7.10.
    json.strings("code_challenge_methods_supported", ["S256"]);
    // RFC 9207 §3.
    json.boolean("authorization_response_iss_parameter_supported", true);
    json
}

fn at(issuer: &Issuer, path: &str) -> String {
    format!("{}{path}", issuer.url())
}
