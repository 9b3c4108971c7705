//! The answer to a registration: everything that was registered, so that the client sees what it got (RFC 7591 §3.2.1).

use model::Secret;

use crate::{
    Client, Issuer, SubjectKind,
    answer::JsonObject,
    client::{ClientKeys, SenderRule, TlsSubject},
};

/// Where registrations are made and managed, below the issuer.
pub const REGISTRATION_PATH: &str = "/register";

/// What is told once besides the metadata.
pub(super) struct Credentials<'a> {
    pub(super) secret: Option<&'a Secret<String>>,
    pub(super) registration_token: Option<&'a str>,
}

/// Where a client manages itself (RFC 7592 §3).
pub(super) fn management_uri(issuer: &Issuer, client: &Client) -> String {
    format!("{}{REGISTRATION_PATH}/{}", issuer.url(), client.id)
}

/// Writes the client information response.
pub(super) fn render(client: &Client, issuer: &Issuer, credentials: &Credentials<'_>) -> String {
    let mut json = JsonObject::with_capacity(1024);
    json.string("client_id", client.id.as_str());
    json.number("client_id_issued_at", client.created.seconds());
    if let Some(secret) = credentials.secret {
        json.string("client_secret", secret.expose());
        // RFC 7591 §3.2.1: required with a secret; zero means that it does not expire.
        json.number("client_secret_expires_at", 0);
    }
    if let Some(token) = credentials.registration_token {
        json.string("registration_access_token", token);
        json.string("registration_client_uri", &management_uri(issuer, client));
    }
    json.string("client_name", &client.name);
    json.strings("redirect_uris", client.redirect_uris.iter().map(crate::RedirectUri::as_str));
    json.string("token_endpoint_auth_method", client.auth.as_str());
    json.strings("grant_types", client.grants.names());
    let has_code = client.grants.contains(crate::GrantTypes::AUTHORIZATION_CODE);
    json.strings("response_types", has_code.then_some("code"));
    json.string("scope", crate::ScopeSet::from_scopes(&client.scopes).as_str());
    json.string("application_type", if client.kind == crate::ClientKind::Native { "native" } else { "web" });
    json.string(
        "subject_type",
        match client.subject {
            SubjectKind::Public => "public",
            SubjectKind::Pairwise { .. } => "pairwise",
        },
    );
    json.string("id_token_signed_response_alg", client.settings.signing.as_str());
    about(&mut json, client);
    proof(&mut json, client);
    requests(&mut json, client);
    logout(&mut json, client);
    json.finish()
}

fn about(json: &mut JsonObject, client: &Client) {
    let about = &client.settings.about;
    if !about.contacts.is_empty() {
        json.strings("contacts", about.contacts.iter().map(String::as_str));
    }
    let texts = [
        ("client_uri", &about.client_uri),
        ("logo_uri", &about.logo_uri),
        ("policy_uri", &about.policy_uri),
        ("tos_uri", &about.tos_uri),
        ("software_id", &about.software_id),
        ("software_version", &about.software_version),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            json.string(name, text);
        }
    }
}

fn proof(json: &mut JsonObject, client: &Client) {
    let proof = &client.settings.proof;
    match &proof.keys {
        ClientKeys::None => {}
        ClientKeys::Inline(set) => json.raw("jwks", set.text()),
        ClientKeys::Uri(uri) => json.string("jwks_uri", uri),
    }
    let (dpop, tls) = match proof.sender {
        SenderRule::Any => (false, false),
        SenderRule::Dpop => (true, false),
        SenderRule::Mtls => (false, true),
        SenderRule::DpopOrMtls => (true, true),
    };
    json.boolean("dpop_bound_access_tokens", dpop);
    json.boolean("tls_client_certificate_bound_access_tokens", tls);
    if let Some(alg) = proof.signing_alg {
        json.string("token_endpoint_auth_signing_alg", alg.as_str());
    }
    match &proof.tls_subject {
        None => {}
        Some(TlsSubject::Dn(name)) => json.string("tls_client_auth_subject_dn", name),
        Some(TlsSubject::SanDns(name)) => json.string("tls_client_auth_san_dns", name),
        Some(TlsSubject::SanUri(name)) => json.string("tls_client_auth_san_uri", name),
        Some(TlsSubject::SanIp(name)) => json.string("tls_client_auth_san_ip", name),
        Some(TlsSubject::SanEmail(name)) => json.string("tls_client_auth_san_email", name),
    }
}

fn requests(json: &mut JsonObject, client: &Client) {
    let requests = &client.settings.requests;
    if let Some(seconds) = requests.default_max_age {
        json.number("default_max_age", seconds);
    }
    json.boolean("require_auth_time", requests.require_auth_time);
    if !requests.default_acr_values.is_empty() {
        json.strings("default_acr_values", requests.default_acr_values.iter().map(String::as_str));
    }
    json.boolean("require_pushed_authorization_requests", requests.require_par);
    json.boolean("require_signed_request_object", requests.require_signed);
    if !requests.authorization_details_types.is_empty() {
        json.strings("authorization_details_types", requests.authorization_details_types.iter().map(String::as_str));
    }
}

fn logout(json: &mut JsonObject, client: &Client) {
    let logout = &client.settings.logout;
    if !logout.post_logout_redirect_uris.is_empty() {
        json.strings(
            "post_logout_redirect_uris",
            logout.post_logout_redirect_uris.iter().map(crate::RedirectUri::as_str),
        );
    }
    if let Some(uri) = &logout.backchannel_uri {
        json.string("backchannel_logout_uri", uri);
        json.boolean("backchannel_logout_session_required", logout.backchannel_session_required);
    }
}
