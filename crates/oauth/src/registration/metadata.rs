//! A client's metadata (RFC 7591 §2 and the specifications that add to it), read once and bounded.
//!
//! Members that we don't know are ignored, as RFC 7591 §2 asks; the answer shows what was taken. Members that would change what the
//! client can rely on, and that we can't keep, are refused by name.

use crypto::{
    Alg, SigningAlg,
    json::{Bounds, Object, Value, parse_object},
};

use model::Secret;

use super::RegistrationFault;
use crate::{
    RedirectUri,
    client::{About, ClientKeys, InlineKeys, LogoutRules, SenderRule, TlsSubject},
    json_text::text_of,
};

/// Most bytes of a registration request.
pub const METADATA_BYTES_MAX: usize = 64 * 1024;
/// Deepest nesting: the object, `jwks`, `keys`, a key, and an array in it.
const DEPTH_MAX: usize = 6;
/// Longest text member, in bytes.
const TEXT_BYTES_MAX: usize = 2048;
/// Most members of a list.
const LIST_MAX: usize = 32;

/// Members that ask for something that does not exist here. To ignore them would leave the client believing in it.
const REFUSED: [&str; 11] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "introspection_encrypted_response_alg",
    "request_uris",
];

/// What a client says about itself. Nothing of it is believed yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metadata {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<Secret<String>>,
    pub(crate) redirect_uris: Option<Vec<String>>,
    pub(crate) auth_method: Option<String>,
    pub(crate) grant_types: Option<Vec<String>>,
    pub(crate) response_types: Option<Vec<String>>,
    pub(crate) application_type: Option<String>,
    pub(crate) client_name: Option<String>,
    pub(crate) scope: Option<String>,
    pub(crate) subject_type: Option<String>,
    pub(crate) sector_identifier_uri: Option<String>,
    pub(crate) about: About,
    pub(crate) keys: ClientKeys,
    pub(crate) sender: SenderRule,
    pub(crate) assertion_alg: Option<Alg>,
    pub(crate) signing: Option<SigningAlg>,
    pub(crate) tls_subject: Option<TlsSubject>,
    pub(crate) logout: LogoutRules,
    pub(crate) default_max_age: Option<i64>,
    pub(crate) require_auth_time: bool,
    pub(crate) default_acr_values: Vec<String>,
    pub(crate) require_par: bool,
    pub(crate) require_signed: bool,
    pub(crate) authorization_details_types: Vec<String>,
    /// Every member's name, for rules about what may not be said at all.
    names: Vec<String>,
}

impl Metadata {
    /// Reads a JSON object of at most `bytes_max` bytes.
    pub(crate) fn parse(json: &[u8], bytes_max: usize) -> Result<Self, RegistrationFault> {
        let object =
            parse_object(json, Bounds { bytes_max, depth_max: DEPTH_MAX }).map_err(RegistrationFault::NotJson)?;
        let read = Reader(&object);
        // RFC 7591 §2.3: a statement that we can't judge is refused, not skipped; it may have been meant to narrow the rest.
        if object.has("software_statement") {
            return Err(RegistrationFault::SoftwareStatement);
        }
        if let Some(name) = REFUSED.iter().find(|name| object.has(name)) {
            return Err(RegistrationFault::Unsupported(name));
        }
        // Request objects are verified with whatever fits the client's keys; an algorithm that nobody verifies would lock it out.
        read.alg("request_object_signing_alg")?;
        Ok(Self {
            client_id: read.text("client_id")?,
            client_secret: read.text("client_secret")?.map(Secret::new),
            redirect_uris: read.texts("redirect_uris")?,
            auth_method: read.text("token_endpoint_auth_method")?,
            grant_types: read.texts("grant_types")?,
            response_types: read.texts("response_types")?,
            application_type: read.text("application_type")?,
            client_name: read.text("client_name")?,
            scope: read.text("scope")?,
            subject_type: read.text("subject_type")?,
            sector_identifier_uri: read.text("sector_identifier_uri")?,
            about: About {
                contacts: read.texts("contacts")?.unwrap_or_default(),
                client_uri: read.address("client_uri")?,
                logo_uri: read.address("logo_uri")?,
                policy_uri: read.address("policy_uri")?,
                tos_uri: read.address("tos_uri")?,
                software_id: read.text("software_id")?,
                software_version: read.text("software_version")?,
            },
            keys: keys(&read)?,
            sender: sender(&read)?,
            assertion_alg: read.alg("token_endpoint_auth_signing_alg")?,
            signing: signing(&read)?,
            tls_subject: tls_subject(&read)?,
            logout: LogoutRules {
                post_logout_redirect_uris: redirects(&read)?,
                backchannel_uri: read.address("backchannel_logout_uri")?,
                backchannel_session_required: read.boolean("backchannel_logout_session_required")?,
            },
            default_max_age: read.seconds("default_max_age")?,
            require_auth_time: read.boolean("require_auth_time")?,
            default_acr_values: read.texts("default_acr_values")?.unwrap_or_default(),
            require_par: read.boolean("require_pushed_authorization_requests")?,
            require_signed: read.boolean("require_signed_request_object")?,
            authorization_details_types: read.texts("authorization_details_types")?.unwrap_or_default(),
            names: object.names().map(str::to_owned).collect(),
        })
    }

    /// The first of `names` that the object holds, with whatever value.
    pub(crate) fn says_any(&self, names: &[&'static str]) -> Option<&'static str> {
        names.iter().copied().find(|name| self.names.iter().any(|said| said == name))
    }
}

/// Reads members by type. A member that is `null` counts as absent: RFC 7592 §2.2 treats the two alike.
struct Reader<'a>(&'a Object);

impl Reader<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !matches!(value, Value::Null))
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, RegistrationFault> {
        let Some(value) = self.get(name) else { return Ok(None) };
        match value.as_text() {
            Some(text) if text.len() <= TEXT_BYTES_MAX && !text.chars().any(char::is_control) => {
                Ok(Some(text.to_owned()))
            }
            Some(_) | None => Err(RegistrationFault::Member(name)),
        }
    }

    fn texts(&self, name: &'static str) -> Result<Option<Vec<String>>, RegistrationFault> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let texts = value.as_texts().ok_or(RegistrationFault::Member(name))?;
        let fits = |text: &&str| text.len() <= TEXT_BYTES_MAX && !text.chars().any(char::is_control);
        if texts.len() > LIST_MAX || !texts.iter().all(fits) {
            return Err(RegistrationFault::Member(name));
        }
        Ok(Some(texts.into_iter().map(str::to_owned).collect()))
    }

    fn boolean(&self, name: &'static str) -> Result<bool, RegistrationFault> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(_) => Err(RegistrationFault::Member(name)),
        }
    }

    fn seconds(&self, name: &'static str) -> Result<Option<i64>, RegistrationFault> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Integer(value)) if (0..=366 * 86_400).contains(value) => Ok(Some(*value)),
            Some(_) => Err(RegistrationFault::Member(name)),
        }
    }

    fn alg(&self, name: &'static str) -> Result<Option<Alg>, RegistrationFault> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        Alg::from_name(&text).map(Some).ok_or(RegistrationFault::Unsupported(name))
    }

    /// An address that is shown as a link, or that we call: plain `https`, read as strictly as a redirect URI.
    fn address(&self, name: &'static str) -> Result<Option<String>, RegistrationFault> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        if super::sector::is_https(&text) { Ok(Some(text)) } else { Err(RegistrationFault::Address(name)) }
    }
}

/// RFC 7591 §2: `jwks` or `jwks_uri`, never both.
fn keys(read: &Reader<'_>) -> Result<ClientKeys, RegistrationFault> {
    match (read.get("jwks"), read.address("jwks_uri")?) {
        (None, None) => Ok(ClientKeys::None),
        (None, Some(uri)) => Ok(ClientKeys::Uri(uri)),
        (Some(_), Some(_)) => Err(RegistrationFault::KeysTwice),
        (Some(set), None) => {
            let text = text_of(set);
            Ok(ClientKeys::Inline(InlineKeys::parse(text).map_err(RegistrationFault::Keys)?))
        }
    }
}

/// One algorithm signs everything that we sign for a client; who asks for several can't have them.
fn signing(read: &Reader<'_>) -> Result<Option<SigningAlg>, RegistrationFault> {
    let mut found = None;
    for name in
        ["id_token_signed_response_alg", "authorization_signed_response_alg", "introspection_signed_response_alg"]
    {
        let Some(text) = read.text(name)? else { continue };
        let alg = SigningAlg::from_name(&text).ok_or(RegistrationFault::Unsupported(name))?;
        if found.replace(alg).is_some_and(|other| other != alg) {
            return Err(RegistrationFault::Unsupported(name));
        }
    }
    Ok(found)
}

/// RFC 9449 §5.2 and RFC 8705 §3.4.
fn sender(read: &Reader<'_>) -> Result<SenderRule, RegistrationFault> {
    let dpop = read.boolean("dpop_bound_access_tokens")?;
    Ok(match (dpop, read.boolean("tls_client_certificate_bound_access_tokens")?) {
        (false, false) => SenderRule::Any,
        (true, false) => SenderRule::Dpop,
        (false, true) => SenderRule::Mtls,
        (true, true) => SenderRule::DpopOrMtls,
    })
}

/// RFC 8705 §2.1.2: exactly one of five ways to name the certificate's subject.
fn tls_subject(read: &Reader<'_>) -> Result<Option<TlsSubject>, RegistrationFault> {
    type Kind = fn(String) -> TlsSubject;
    let kinds: [(&'static str, Kind); 5] = [
        ("tls_client_auth_subject_dn", TlsSubject::Dn),
        ("tls_client_auth_san_dns", TlsSubject::SanDns),
        ("tls_client_auth_san_uri", TlsSubject::SanUri),
        ("tls_client_auth_san_ip", TlsSubject::SanIp),
        ("tls_client_auth_san_email", TlsSubject::SanEmail),
    ];
    let mut found = None;
    for (name, kind) in kinds {
        if let Some(text) = read.text(name)?
            && found.replace(kind(text)).is_some()
        {
            return Err(RegistrationFault::Member(name));
        }
    }
    Ok(found)
}

fn redirects(read: &Reader<'_>) -> Result<Vec<RedirectUri>, RegistrationFault> {
    const NAME: &str = "post_logout_redirect_uris";
    let texts = read.texts(NAME)?.unwrap_or_default();
    texts.iter().map(|text| RedirectUri::parse(text).map_err(|_| RegistrationFault::Address(NAME))).collect()
}
