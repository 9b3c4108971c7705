//! Registering a client: every rule must hold, and nothing may stay unknown.

use model::{Actor, AuditEvent, AuditKind, ClientId, Outcome, Tier, Timestamp};

use super::{ClientShape, RULES, Verdict, settings};
use crate::{
    Change, Client, ClientAuth, ClientKind, ClientSettings, ClientStatus, ConsentPolicy, GrantTypes, Issuer,
    RedirectUri, Scope, SubjectKind, client::ClientKeys, shown_text::is_plain,
};

/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 120;
/// Most redirect URIs, scopes and secrets of one client.
pub(super) const LIST_MAX: usize = 32;

/// A wish to register a client.
#[derive(Debug, Clone)]
pub struct Registration {
    /// What it is. Kind and redirect URIs must be known; grant types default to code and refresh token, PKCE is enforced here
    /// whatever is said, and the authentication method follows from whether there are secrets.
    pub shape: ClientShape,
    /// Scopes that it may ask for.
    pub scopes: Vec<String>,
    /// Keyed hashes of its secrets ([`crate::TokenKeys::client_secret_hash`]); empty for a public client.
    pub secrets: Vec<[u8; 32]>,
    /// Which subjects it sees.
    pub subject: SubjectChoice,
    /// Whether people are asked.
    pub consent: ConsentPolicy,
    /// How much is at stake behind it.
    pub tier: Tier,
    /// Whom its access tokens are for; the issuer when nobody says.
    pub audience: Option<String>,
    /// How long its tokens live.
    pub lifetimes: Lifetimes,
    /// Everything beyond the ordinary.
    pub settings: ClientSettings,
}

/// Which subjects a client sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectChoice {
    /// Its own, by the host of its redirect URIs.
    Pairwise,
    /// Shared within a sector that the operator names (OpenID Connect Core §8.1).
    PairwiseIn(String),
    /// The public one.
    Public,
}

/// How long tokens live, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// Access tokens; 1 to 300.
    pub access_token_seconds: i64,
    /// Refresh tokens without use; at least as long as access tokens.
    pub refresh_idle_seconds: i64,
    /// Refresh families in all; at least as long as the idle time, at most a year.
    pub refresh_absolute_seconds: i64,
}

impl Default for Lifetimes {
    /// Five minutes; a day without use; thirty days in all.
    fn default() -> Self {
        Self { access_token_seconds: 300, refresh_idle_seconds: 86_400, refresh_absolute_seconds: 30 * 86_400 }
    }
}

/// A rule that a registration breaks, for the person who registers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{explanation} {fix}")]
pub struct Broken {
    /// The rule's id.
    pub rule: &'static str,
    /// The value that breaks it, if there is one.
    pub subject: Option<String>,
    /// What is wrong.
    pub explanation: String,
    /// What to do.
    pub fix: String,
}

impl Broken {
    pub(super) fn new(
        rule: &'static str,
        subject: Option<&str>,
        explanation: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { rule, subject: subject.map(str::to_owned), explanation: explanation.into(), fix: fix.into() }
    }
}

impl Client {
    /// Makes a client of a registration that breaks no rule.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn register(registration: Registration, issuer: &Issuer, now: Timestamp) -> Result<Self, Vec<Broken>> {
        let mut broken = Vec::new();
        let shape = known(&registration);
        for rule in &RULES {
            match (rule.judge)(&shape) {
                Verdict::Holds => {}
                Verdict::Breaks { evidence } if evidence.is_empty() => {
                    broken.push(Broken::new(rule.id, None, rule.explanation, rule.fix));
                }
                Verdict::Breaks { evidence } => {
                    broken.extend(evidence.iter().map(|value| of_rule(rule, value)));
                }
                Verdict::Unknown => broken.push(Broken::new(
                    rule.id,
                    None,
                    "This can't be judged, because the registration does not say enough.",
                    rule.fix,
                )),
            }
        }

        let id = ClientId::parse(&shape.id).map_err(|_| {
            broken.push(Broken::new(
                "client_id",
                None,
                "The client id is empty, longer than 128 characters, or holds spaces or characters outside ASCII.",
                "Choose a short id of letters, digits and hyphens.",
            ));
        });
        if shape.name.trim().is_empty() || shape.name.len() > NAME_BYTES_MAX || !is_plain(&shape.name) {
            broken.push(Broken::new(
                "client_name",
                None,
                "The name is empty, longer than 120 bytes, or holds control characters or others that hide or turn text. People see it on the consent page.",
                "Use the name by which people know the application.",
            ));
        }
        let kind = shape.kind.ok_or_else(|| {
            broken.push(Broken::new(
                "client_kind",
                None,
                "Nobody said what kind of program it is.",
                "Say web, browser or native.",
            ));
        });
        let grants = grants(&shape, &mut broken);
        let redirect_uris = redirects(&shape, grants, &mut broken);
        let scopes = scopes(&registration, &mut broken);
        let auth = authentication(&shape, &registration, &mut broken);
        own_grants(grants, auth, &mut broken);
        settings::judge(&shape.id, &registration.settings, grants, &mut broken);
        let subject = subject(&registration, &redirect_uris, &mut broken);
        lifetimes(registration.lifetimes, &mut broken);

        let (Ok(id), Ok(kind), true) = (id, kind, broken.is_empty()) else { return Err(broken) };
        Ok(Self {
            id,
            name: shape.name,
            kind,
            secrets: registration.secrets,
            auth,
            redirect_uris,
            scopes,
            grants,
            subject,
            consent: registration.consent,
            tier: registration.tier,
            status: ClientStatus::Active,
            access_token_seconds: registration.lifetimes.access_token_seconds,
            refresh_idle_seconds: registration.lifetimes.refresh_idle_seconds,
            refresh_absolute_seconds: registration.lifetimes.refresh_absolute_seconds,
            audience: registration.audience.unwrap_or_else(|| issuer.url().to_owned()),
            created: now,
            settings: registration.settings,
        })
    }
}

/// Adding a registered client, with its record.
pub fn addition(client: Client) -> Outcome<ClientId, Change> {
    let id = client.id.clone();
    Outcome {
        reply: id.clone(),
        changes: vec![Change::InsertClient(Box::new(client))],
        audit: vec![AuditEvent::new(AuditKind::ClientAdded, Actor::Operator).client(id)],
    }
}

/// Fills in what registration here decides by itself.
fn known(registration: &Registration) -> ClientShape {
    let mut shape = registration.shape.clone();
    shape.has_secret = Some(!registration.secrets.is_empty());
    shape.pkce.get_or_insert(super::PkceUse::S256);
    shape.grant_types.get_or_insert_with(|| vec!["authorization_code".to_owned(), "refresh_token".to_owned()]);
    shape.response_types.get_or_insert_with(|| vec!["code".to_owned()]);
    shape.redirect_uris.get_or_insert_default();
    // Another server's way of comparing addresses, and doubts about it, end at this door.
    (shape.varying_redirect_uris, shape.doubts) = (None, super::Doubts::default());
    shape
}

/// A broken rule with the value that breaks it; for redirect URIs with the exact fault.
fn of_rule(rule: &super::Rule, value: &str) -> Broken {
    match RedirectUri::parse(value) {
        Err(fault) if rule.id.ends_with("_redirect") => {
            Broken::new(rule.id, Some(value), format!("This redirect URI can't be registered: {fault}."), rule.fix)
        }
        Ok(_) | Err(_) => Broken::new(rule.id, Some(value), rule.explanation, rule.fix),
    }
}

fn grants(shape: &ClientShape, broken: &mut Vec<Broken>) -> GrantTypes {
    let mut grants = GrantTypes::default();
    for name in shape.grant_types.iter().flatten() {
        match GrantTypes::from_name(name) {
            Some(grant) => grants = grants.and(grant),
            // These have rules of their own, which have spoken.
            None if matches!(name.as_str(), "implicit" | "password") => {}
            None => broken.push(Broken::new(
                "grant_unsupported",
                Some(name),
                "This grant does not exist here.",
                "Choose from authorization_code, refresh_token, client_credentials, device_code and token-exchange.",
            )),
        }
    }
    // Refreshing and exchanging need something to begin with; exchanging alone may begin with what others bring.
    let begins = [
        GrantTypes::AUTHORIZATION_CODE,
        GrantTypes::CLIENT_CREDENTIALS,
        GrantTypes::DEVICE_CODE,
        GrantTypes::TOKEN_EXCHANGE,
    ];
    if !begins.into_iter().any(|grant| grants.contains(grant)) && broken.is_empty() {
        broken.push(Broken::new(
            "grant_useless",
            None,
            "With refresh_token alone the client can never obtain anything.",
            "Add the grant by which it begins, usually authorization_code.",
        ));
    }
    grants
}

/// OAuth 2.1 §4.2, RFC 8693 §5: where no person takes part, everything hangs on the client's own proof.
fn own_grants(grants: GrantTypes, auth: ClientAuth, broken: &mut Vec<Broken>) {
    let proves_itself = match auth {
        ClientAuth::None => false,
        ClientAuth::SecretBasic
        | ClientAuth::SecretPost
        | ClientAuth::PrivateKeyJwt
        | ClientAuth::TlsClientAuth
        | ClientAuth::SelfSignedTls => true,
    };
    for grant in [GrantTypes::CLIENT_CREDENTIALS, GrantTypes::TOKEN_EXCHANGE] {
        if grants.contains(grant) && !proves_itself {
            broken.push(Broken::new(
                "grant_of_public_client",
                grant.names().next(),
                "A client that can't prove who it is may not obtain tokens without a person.",
                "Give it a key or a secret, if it runs where one can be kept, or leave the grant out.",
            ));
        }
    }
}

fn redirects(shape: &ClientShape, grants: GrantTypes, broken: &mut Vec<Broken>) -> Vec<RedirectUri> {
    let uris: Vec<RedirectUri> =
        shape.redirect_uris.iter().flatten().filter_map(|uri| RedirectUri::parse(uri).ok()).collect();
    let said = shape.redirect_uris.as_ref().map_or(0, Vec::len);
    if said == 0 && grants.contains(GrantTypes::AUTHORIZATION_CODE) {
        broken.push(Broken::new(
            "redirect_missing",
            None,
            "There is no redirect URI, so there is nowhere to send an answer.",
            "Register the full address that receives the code.",
        ));
    }
    if said > LIST_MAX {
        broken.push(too_many("redirect_uris"));
    }
    uris
}

fn scopes(registration: &Registration, broken: &mut Vec<Broken>) -> Vec<Scope> {
    let mut scopes = Vec::new();
    for text in &registration.scopes {
        match Scope::parse(text) {
            Ok(scope) if !scopes.contains(&scope) => scopes.push(scope),
            Ok(_) => {}
            Err(fault) => broken.push(Broken::new(
                "scope_malformed",
                Some(text),
                "This is not a scope name.",
                format!("Registration {fault}; list each scope by itself."),
            )),
        }
    }
    if registration.scopes.is_empty() {
        broken.push(Broken::new(
            "scope_missing",
            None,
            "The client may ask for nothing.",
            "Allow at least openid, or a scope of its own.",
        ));
    }
    if registration.scopes.len() > LIST_MAX {
        broken.push(too_many("scopes"));
    }
    scopes
}

fn authentication(shape: &ClientShape, registration: &Registration, broken: &mut Vec<Broken>) -> ClientAuth {
    let has_secret = !registration.secrets.is_empty();
    if registration.secrets.len() > LIST_MAX {
        broken.push(too_many("secrets"));
    }
    let Some(word) = shape.auth_method.as_deref() else {
        return if has_secret { ClientAuth::SecretBasic } else { ClientAuth::None };
    };
    let Some(auth) = ClientAuth::from_word(word) else {
        broken.push(Broken::new(
            "auth_unsupported",
            Some(word),
            "This way of authenticating does not exist here.",
            "Choose from none, client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth and self_signed_tls_client_auth.",
        ));
        return ClientAuth::None;
    };
    let wants_secret = match auth {
        ClientAuth::None => false,
        ClientAuth::SecretBasic | ClientAuth::SecretPost => true,
        ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTls => false,
    };
    let proof = &registration.settings.proof;
    let lacks_proof = match auth {
        ClientAuth::PrivateKeyJwt | ClientAuth::SelfSignedTls => proof.keys == ClientKeys::None,
        ClientAuth::TlsClientAuth => proof.tls_subject.is_none(),
        ClientAuth::None | ClientAuth::SecretBasic | ClientAuth::SecretPost => false,
    };
    if lacks_proof {
        broken.push(Broken::new(
            "auth_without_keys",
            Some(word),
            "The client would prove itself with a key or a certificate that nobody here knows.",
            "Register its public keys (jwks or jwks_uri), or the one subject that its certificate carries.",
        ));
    }
    // A public client of a kind that keeps no secrets is the other rule's business.
    if wants_secret != has_secret && shape.kind.is_none_or(|kind| matches!(kind, ClientKind::Web | ClientKind::Service))
    {
        broken.push(Broken::new(
            "auth_without_secret",
            Some(word),
            "The way of authenticating and the secrets do not fit together.",
            "Give it a secret, or register it as a public client with none.",
        ));
    }
    auth
}

fn subject(registration: &Registration, redirects: &[RedirectUri], broken: &mut Vec<Broken>) -> SubjectKind {
    match &registration.subject {
        SubjectChoice::Public => SubjectKind::Public,
        SubjectChoice::PairwiseIn(sector) if !sector.is_empty() && sector.len() <= 253 => {
            SubjectKind::Pairwise { sector: sector.clone() }
        }
        SubjectChoice::PairwiseIn(_) => {
            broken.push(Broken::new(
                "sector",
                None,
                "The sector is empty or too long.",
                "Name the host that the clients of this sector share.",
            ));
            SubjectKind::Public
        }
        // OpenID Connect Core §8.1: the host of the redirect URIs; with several hosts the sector must be named.
        SubjectChoice::Pairwise => match redirects {
            // Nowhere to be sent to, and so nobody to share a sector with.
            [] => SubjectKind::Pairwise { sector: format!("client:{}", registration.shape.id) },
            // Compared by sector, not by host: the two loopback addresses of RFC 8252 §7.3 are one device.
            [first, rest @ ..]
                if rest
                    .iter()
                    .all(|uri| sector_of(uri, &registration.shape.id) == sector_of(first, &registration.shape.id)) =>
            {
                SubjectKind::Pairwise { sector: sector_of(first, &registration.shape.id) }
            }
            _ => {
                broken.push(Broken::new(
                    "sector",
                    None,
                    "The redirect URIs have different hosts, so it is not clear which clients may compare people.",
                    "Name a sector, or choose public subjects.",
                ));
                SubjectKind::Public
            }
        },
    }
}

/// The host, where it belongs to someone. Every program on a device shares the loopback addresses, so there the client itself is the sector.
fn sector_of(uri: &RedirectUri, client_id: &str) -> String {
    match uri.kind() {
        crate::RedirectKind::Https | crate::RedirectKind::PrivateScheme => uri.host().to_owned(),
        crate::RedirectKind::Loopback | crate::RedirectKind::Localhost => format!("client:{client_id}"),
    }
}

fn lifetimes(lifetimes: Lifetimes, broken: &mut Vec<Broken>) {
    let Lifetimes { access_token_seconds: access, refresh_idle_seconds: idle, refresh_absolute_seconds: absolute } =
        lifetimes;
    if !(1..=300).contains(&access) || idle < access || absolute < idle || absolute > 366 * 86_400 {
        broken.push(Broken::new(
            "lifetime",
            None,
            "The lifetimes do not fit: access tokens live 1 to 300 seconds, refresh tokens longer, and nothing longer than a year.",
            "Leave them out to get five minutes, a day without use, and thirty days in all.",
        ));
    }
}

pub(super) fn too_many(what: &'static str) -> Broken {
    Broken::new(
        "too_many",
        Some(what),
        "There are more than 32 of them.",
        "Split the application into several clients.",
    )
}
