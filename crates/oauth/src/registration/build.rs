//! From what a client says about itself to a client, by the rules that every client is judged by.

use crypto::SigningAlg;
use model::{ClientId, Tier, Timestamp};

use super::{RegistrationFault, RegistrationPolicy, metadata::Metadata};
use crate::{
    Client, ClientAuth, ClientKind, ClientSettings, ConsentPolicy, GrantTypes, Issuer, RedirectKind, RedirectUri,
    client::{ClientKeys, ClientOrigin},
    client_rules::{ClientShape, Lifetimes, Registration, SubjectChoice},
};

/// What is decided before the rules are asked.
pub(crate) struct Frame<'a> {
    pub(crate) id: &'a ClientId,
    pub(crate) secrets: Vec<[u8; 32]>,
    pub(crate) sector: Option<String>,
    pub(crate) origin: ClientOrigin,
    pub(crate) policy: &'a RegistrationPolicy,
    pub(crate) issuer: &'a Issuer,
    /// With what we can sign.
    pub(crate) signs: &'a [SigningAlg],
    pub(crate) now: Timestamp,
}

/// How the client will authenticate. RFC 7591 §2: with a secret in the header, when it does not say; but a program that can keep no
/// secret is registered without one, and the answer tells it.
pub(crate) fn auth(metadata: &Metadata) -> Result<ClientAuth, RegistrationFault> {
    const NAME: &str = "token_endpoint_auth_method";
    let auth = match metadata.auth_method.as_deref() {
        Some(word) => ClientAuth::from_word(word).ok_or(RegistrationFault::Unsupported(NAME))?,
        None if is_native(metadata) => ClientAuth::None,
        None => ClientAuth::SecretBasic,
    };
    match auth {
        ClientAuth::PrivateKeyJwt | ClientAuth::SelfSignedTls if metadata.keys == ClientKeys::None => {
            Err(RegistrationFault::ProofMissing("jwks or jwks_uri"))
        }
        // RFC 8705 §2.1.2: exactly one; more were refused when they were read.
        ClientAuth::TlsClientAuth if metadata.tls_subject.is_none() => {
            Err(RegistrationFault::ProofMissing("one tls_client_auth subject member"))
        }
        ClientAuth::None
        | ClientAuth::SecretBasic
        | ClientAuth::SecretPost
        | ClientAuth::PrivateKeyJwt
        | ClientAuth::TlsClientAuth
        | ClientAuth::SelfSignedTls => Ok(auth),
    }
}

/// Whether that way of authenticating needs a secret of ours.
pub(crate) const fn wants_secret(auth: ClientAuth) -> bool {
    match auth {
        ClientAuth::SecretBasic | ClientAuth::SecretPost => true,
        ClientAuth::None | ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTls => false,
    }
}

/// The client, when every rule holds and nothing goes beyond the policy.
pub(crate) fn client(metadata: &Metadata, frame: Frame<'_>) -> Result<Client, RegistrationFault> {
    let auth = auth(metadata)?;
    let grants = metadata.grant_types.clone().unwrap_or_else(|| vec!["authorization_code".to_owned()]);
    let shape = ClientShape {
        auth_method: Some(auth.as_str().to_owned()),
        redirect_uris: Some(metadata.redirect_uris.clone().unwrap_or_default()),
        response_types: metadata.response_types.clone(),
        ..ClientShape::new(frame.id.as_str(), name(metadata, frame.id), kind(metadata, auth, &grants)?)
    };
    let own_sector = answers_prove_no_host(metadata, &frame.origin, &grants);
    // A document lists addresses; it says nothing about answers that go elsewhere.
    if own_sector && frame.sector.is_some() {
        return Err(RegistrationFault::Sector);
    }
    let registration = Registration {
        shape: ClientShape { grant_types: Some(grants), ..shape },
        scopes: scopes(metadata, frame.policy),
        secrets: frame.secrets,
        subject: match (metadata.subject_type.as_deref(), frame.sector) {
            (Some("public"), _) => SubjectChoice::Public,
            (None | Some("pairwise"), Some(sector)) => SubjectChoice::PairwiseIn(sector),
            (None | Some("pairwise"), None) if own_sector => SubjectChoice::PairwiseIn(format!("client:{}", frame.id)),
            (None | Some("pairwise"), None) => SubjectChoice::Pairwise,
            (Some(_), _) => return Err(RegistrationFault::Unsupported("subject_type")),
        },
        // Nobody registers trust: people are asked, and nothing sensitive opens.
        consent: ConsentPolicy::Ask,
        tier: Tier::Standard,
        audience: None,
        lifetimes: Lifetimes::default(),
        settings: settings(metadata, frame.origin, frame.policy, frame.signs)?,
    };
    let client = Client::register(registration, frame.issuer, frame.now).map_err(RegistrationFault::Rules)?;
    match frame.policy.beyond(&client) {
        Some(beyond) => Err(beyond.into()),
        None => Ok(client),
    }
}

fn settings(
    metadata: &Metadata,
    origin: ClientOrigin,
    policy: &RegistrationPolicy,
    signs: &[SigningAlg],
) -> Result<ClientSettings, RegistrationFault> {
    let mut settings = ClientSettings { origin, about: metadata.about.clone(), ..ClientSettings::default() };
    settings.proof.keys = metadata.keys.clone();
    settings.proof.tls_subject = metadata.tls_subject.clone();
    settings.proof.sender = metadata.sender;
    settings.proof.signing_alg = metadata.assertion_alg;
    if let Some(signing) = metadata.signing {
        if !signs.contains(&signing) {
            return Err(RegistrationFault::Unsupported("id_token_signed_response_alg"));
        }
        settings.signing = signing;
    }
    settings.logout = metadata.logout.clone();
    settings.requests.default_max_age = metadata.default_max_age;
    settings.requests.require_auth_time = metadata.require_auth_time;
    settings.requests.default_acr_values = metadata.default_acr_values.clone();
    settings.requests.require_par = metadata.require_par;
    settings.requests.require_signed = metadata.require_signed;
    settings.requests.authorization_details_types = metadata.authorization_details_types.clone();
    settings.requests.resources = policy.resources.clone();
    Ok(settings)
}

/// The name that people see; the id when there is none, because an empty line on a consent page says nothing.
fn name(metadata: &Metadata, id: &ClientId) -> String {
    match metadata.client_name.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() => name.to_owned(),
        Some(_) | None => id.as_str().to_owned(),
    }
}

/// RFC 7591 §2: without a wish the server chooses; here, everything that the policy allows.
fn scopes(metadata: &Metadata, policy: &RegistrationPolicy) -> Vec<String> {
    match &metadata.scope {
        Some(scope) => scope.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        None => policy.scopes.clone(),
    }
}

/// OpenID Connect Registration §2 knows `web` and `native`. Whether a web client runs in the browser shows in whether it can keep a secret.
fn kind(metadata: &Metadata, auth: ClientAuth, grants: &[String]) -> Result<ClientKind, RegistrationFault> {
    match metadata.application_type.as_deref() {
        None | Some("web" | "native") => {}
        Some(_) => return Err(RegistrationFault::Unsupported("application_type")),
    }
    if is_native(metadata) {
        return Ok(ClientKind::Native);
    }
    let needs_person = |grant: &String| grant != "client_credentials" && !grant.ends_with(":token-exchange");
    Ok(match auth {
        ClientAuth::None => ClientKind::Browser,
        _ if !grants.iter().any(needs_person) => ClientKind::Service,
        ClientAuth::SecretBasic
        | ClientAuth::SecretPost
        | ClientAuth::PrivateKeyJwt
        | ClientAuth::TlsClientAuth
        | ClientAuth::SelfSignedTls => ClientKind::Web,
    })
}

/// Whether a client that registered itself may learn about people without receiving anything at the hosts of its redirect URIs: on a
/// device, or at a private scheme, which any program can claim. Then those hosts say nothing about whose client it is, and it sees people
/// by identifiers of its own. An operator, or a document's host, answers for the others.
fn answers_prove_no_host(metadata: &Metadata, origin: &ClientOrigin, grants: &[String]) -> bool {
    let registered_itself = match origin {
        ClientOrigin::Registered { .. } => true,
        ClientOrigin::Operator | ClientOrigin::MetadataDocument { .. } => false,
    };
    let is_private = |uri: &String| RedirectUri::parse(uri).is_ok_and(|uri| uri.kind() == RedirectKind::PrivateScheme);
    let on_devices = grants.iter().any(|grant| GrantTypes::from_name(grant) == Some(GrantTypes::DEVICE_CODE));
    registered_itself && (on_devices || metadata.redirect_uris.iter().flatten().any(is_private))
}

/// It says so, or every answer goes to a program on somebody's device.
fn is_native(metadata: &Metadata) -> bool {
    let on_device = |uri: &String| {
        RedirectUri::parse(uri).is_ok_and(|uri| match uri.kind() {
            RedirectKind::Loopback | RedirectKind::PrivateScheme => true,
            RedirectKind::Https | RedirectKind::Localhost => false,
        })
    };
    match metadata.application_type.as_deref() {
        Some(kind) => kind == "native",
        None => metadata.redirect_uris.as_ref().is_some_and(|uris| !uris.is_empty() && uris.iter().all(on_device)),
    }
}
