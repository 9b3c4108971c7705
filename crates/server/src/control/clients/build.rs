//! From what is written about an application to a client, by the rules that every client is judged by.

use context::Claim;
use crypto::{KeyState, SigningAlg};
use model::{Secret, Tier, Timestamp};
use oauth::{
    Client, ClientAuth, ClientKind, ClientSettings, ConsentPolicy, Exception, RedirectUri, ScopeSet,
    client::{
        About, AccessRule, ClientOrigin, Delegation, ExchangeRule, LogoutRules, RequestRules, ResponseMode, SubjectFrom,
    },
    client_rules::{ClientShape, Lifetimes, Registration, SubjectChoice},
    resource_name::is_resource_name,
};

use super::{
    ClientForm, ExchangeForm,
    form::kind_of,
    keys_of::{address, proof},
};
use crate::control::{Desk, people::fits, wire::Refused};

/// Most items of any list.
const LIST_MAX: usize = 32;
/// Longest text, in characters.
const TEXT_CHARS_MAX: usize = 2048;
/// Longest purpose, which people read on a page, in characters.
const PURPOSE_CHARS_MAX: usize = 200;
/// Longest age of a sign-in that can be asked for, in seconds.
const MAX_AGE_SECONDS_MAX: i64 = 366 * 86_400;

/// What is not written in the form.
pub(super) struct Kept {
    /// Keyed hashes of the secrets that it has, newest first.
    pub(super) secrets: Vec<[u8; 32]>,
    /// How it came here.
    pub(super) origin: ClientOrigin,
    /// Rules that are relaxed for it.
    pub(super) exceptions: Vec<Exception>,
}

/// The way of authenticating that a form asks for, or that suits its kind.
pub(super) fn auth_of(form: &ClientForm) -> Option<ClientAuth> {
    match form.token_endpoint_auth_method.as_deref() {
        Some(word) => ClientAuth::from_word(word),
        None => Some(match kind_of(form)? {
            ClientKind::Web | ClientKind::Service => ClientAuth::SecretBasic,
            ClientKind::Browser | ClientKind::Native => ClientAuth::None,
        }),
    }
}

/// Whether a way of authenticating needs a secret of ours.
pub(super) const fn wants_secret(auth: ClientAuth) -> bool {
    match auth {
        ClientAuth::SecretBasic | ClientAuth::SecretPost => true,
        ClientAuth::None | ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTls => false,
    }
}

/// Makes a client of a form. When the way of authenticating needs a secret and none is kept, a fresh one is made and returned.
pub(super) fn client(
    desk: &Desk,
    form: &ClientForm,
    kept: Kept,
    now: Timestamp,
) -> Result<(Client, Option<Secret<String>>), Refused> {
    let mut remarks = Vec::new();
    let kind = kind_of(form);
    if kind.is_none() {
        remarks.push(
            "lockgate.kind: nobody said what kind of program it is\n  → say web, browser, native or service".to_owned(),
        );
    }
    let auth = auth_of(form).unwrap_or_else(|| {
        remarks.push(
            "token_endpoint_auth_method: there is no such way\n  → choose from none, client_secret_basic, client_secret_post, private_key_jwt, tls_client_auth, self_signed_tls_client_auth"
                .to_owned(),
        );
        ClientAuth::None
    });
    let (secrets, fresh) = match wants_secret(auth) {
        false => (Vec::new(), None),
        true if kept.secrets.is_empty() => {
            let fresh = oauth::client_secret::fresh(&mut crate::ambient::entropy());
            (vec![desk.tokens.client_secret_hash(fresh.expose())], Some(fresh))
        }
        true => (kept.secrets, None),
    };
    let settings = settings(desk, form, auth, kept.origin, kept.exceptions, &mut remarks);
    let own = &form.lockgate;
    let default = Lifetimes::default();
    let registration = Registration {
        shape: ClientShape {
            kind,
            auth_method: Some(auth.as_str().to_owned()),
            redirect_uris: Some(form.redirect_uris.clone().unwrap_or_default()),
            grant_types: Some(form.grant_types.clone().unwrap_or_else(|| usual_grants(kind))),
            response_types: form.response_types.clone(),
            id: form.client_id.clone().unwrap_or_default(),
            name: form.client_name.clone().or_else(|| form.client_id.clone()).unwrap_or_default(),
            ..ClientShape::default()
        },
        scopes: match &form.scope {
            Some(scope) => scope.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect(),
            None => vec!["openid".to_owned()],
        },
        secrets,
        subject: subject(form, &mut remarks),
        consent: word(
            own.consent.as_deref(),
            ConsentPolicy::Ask,
            ConsentPolicy::from_word,
            "lockgate.consent",
            "ask or trusted",
            &mut remarks,
        ),
        tier: word(
            own.tier.as_deref(),
            Tier::Standard,
            Tier::from_word,
            "lockgate.tier",
            "standard, sensitive or critical",
            &mut remarks,
        ),
        audience: own.audience.clone(),
        lifetimes: Lifetimes {
            access_token_seconds: own.access_token_seconds.unwrap_or(default.access_token_seconds),
            refresh_idle_seconds: own.refresh_idle_seconds.unwrap_or(default.refresh_idle_seconds),
            refresh_absolute_seconds: own.refresh_absolute_seconds.unwrap_or(default.refresh_absolute_seconds),
        },
        settings,
    };
    match Client::register(registration, &desk.issuer, now) {
        Ok(client) if remarks.is_empty() => Ok((client, fresh)),
        Ok(_) => Err(Refused::because("the application was not registered", remarks)),
        Err(broken) => {
            remarks.extend(broken.iter().map(|rule| {
                let subject = rule.subject.as_ref().map_or(String::new(), |subject| format!(" {subject}:"));
                format!("{}:{subject} {}\n  → {}", rule.rule, rule.explanation, rule.fix)
            }));
            Err(Refused::because("the application was not registered", remarks))
        }
    }
}

fn usual_grants(kind: Option<ClientKind>) -> Vec<String> {
    let names: &[&str] = match kind {
        Some(ClientKind::Service) => &["client_credentials"],
        Some(ClientKind::Web | ClientKind::Browser | ClientKind::Native) | None => {
            &["authorization_code", "refresh_token"]
        }
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn subject(form: &ClientForm, remarks: &mut Vec<String>) -> SubjectChoice {
    match (form.subject_type.as_deref(), &form.lockgate.sector) {
        (Some("public"), _) => SubjectChoice::Public,
        (None | Some("pairwise"), Some(sector)) => SubjectChoice::PairwiseIn(sector.clone()),
        (None | Some("pairwise"), None) => SubjectChoice::Pairwise,
        (Some(_), _) => {
            remarks.push("subject_type: there is no such type\n  → choose public or pairwise".to_owned());
            SubjectChoice::Pairwise
        }
    }
}

fn settings(
    desk: &Desk,
    form: &ClientForm,
    auth: ClientAuth,
    origin: ClientOrigin,
    exceptions: Vec<Exception>,
    remarks: &mut Vec<String>,
) -> ClientSettings {
    let own = &form.lockgate;
    bounded(form, remarks);
    ClientSettings {
        proof: proof(form, auth, remarks),
        requests: requests(form, remarks),
        logout: LogoutRules {
            post_logout_redirect_uris: redirects(form.post_logout_redirect_uris.as_deref(), remarks),
            backchannel_uri: form
                .backchannel_logout_uri
                .clone()
                .inspect(|uri| address("backchannel_logout_uri", uri, remarks)),
            backchannel_session_required: form.backchannel_logout_session_required.unwrap_or(false),
        },
        delegation: Delegation { exchange: exchange(own.exchange.as_deref().unwrap_or_default(), remarks) },
        signing: signing(desk, form, remarks),
        serves: own.serves.clone().unwrap_or_default(),
        access: AccessRule { groups: own.groups.clone().unwrap_or_default() },
        claims: claims(own.claims.as_deref().unwrap_or_default(), remarks),
        purpose: own.purpose.clone().unwrap_or_default(),
        exceptions,
        origin,
        about: About {
            contacts: form.contacts.clone().unwrap_or_default(),
            client_uri: form.client_uri.clone(),
            logo_uri: form.logo_uri.clone(),
            policy_uri: form.policy_uri.clone(),
            tos_uri: form.tos_uri.clone(),
            software_id: form.software_id.clone(),
            software_version: form.software_version.clone(),
        },
    }
}

fn requests(form: &ClientForm, remarks: &mut Vec<String>) -> RequestRules {
    if form.default_max_age.is_some_and(|age| !(0..=MAX_AGE_SECONDS_MAX).contains(&age)) {
        remarks.push("default_max_age: out of bounds\n  → write seconds, at most a year".to_owned());
    }
    let mut response_modes = Vec::new();
    for name in form.lockgate.response_modes.iter().flatten() {
        match ResponseMode::from_word(name) {
            Some(mode) => response_modes.push(mode),
            None => remarks.push(format!(
                "lockgate.response_modes: {name} does not exist\n  → choose from query, form_post, query.jwt, form_post.jwt"
            )),
        }
    }
    let resources = form.lockgate.resources.clone().unwrap_or_default();
    for resource in resources.iter().filter(|resource| !is_resource_name(resource)) {
        remarks.push(format!(
            "lockgate.resources: {resource} is no absolute URI without fragment\n  → mend it (RFC 8707 §2)"
        ));
    }
    RequestRules {
        require_par: form.require_pushed_authorization_requests.unwrap_or(false),
        require_signed: form.require_signed_request_object.unwrap_or(false),
        response_modes,
        default_max_age: form.default_max_age,
        require_auth_time: form.require_auth_time.unwrap_or(false),
        default_acr_values: form.default_acr_values.clone().unwrap_or_default(),
        authorization_details_types: form.authorization_details_types.clone().unwrap_or_default(),
        resources,
    }
}

/// What signs for it must have a key, or nobody could sign in.
fn signing(desk: &Desk, form: &ClientForm, remarks: &mut Vec<String>) -> SigningAlg {
    let Some(name) = form.id_token_signed_response_alg.as_deref() else { return SigningAlg::Es256 };
    let Some(alg) = SigningAlg::from_name(name) else {
        remarks.push(format!(
            "id_token_signed_response_alg: nothing is signed with {name} here\n  → choose from {}",
            SigningAlg::ALL.map(SigningAlg::as_str).join(", ")
        ));
        return SigningAlg::Es256;
    };
    let signs = |(entry, state): &(store::PublishedKey, KeyState)| *state == KeyState::Active && entry.key.alg() == alg;
    if !desk.store.published_keys().iter().any(signs) {
        remarks.push(format!(
            "id_token_signed_response_alg: there is no key for {name} yet\n  → make one: lockgate keys rotate --alg {name}"
        ));
    }
    alg
}

fn exchange(forms: &[ExchangeForm], remarks: &mut Vec<String>) -> Vec<ExchangeRule> {
    let mut rules = Vec::new();
    for form in forms {
        let subject_from = match form.subject_from.as_str() {
            "own" => Some(SubjectFrom::Own),
            id => model::ClientId::parse(id).ok().map(SubjectFrom::Client),
        };
        match (subject_from, ScopeSet::parse(&form.scopes)) {
            (Some(subject_from), Ok(scopes)) if !form.audiences.is_empty() => rules.push(ExchangeRule {
                subject_from,
                audiences: form.audiences.clone(),
                scopes,
                impersonation: form.impersonation,
            }),
            (Some(_) | None, Ok(_) | Err(_)) => remarks.push(
                "lockgate.exchange: a rule names whose tokens (own, or a client id), one audience or more, and scopes\n  → mend it"
                    .to_owned(),
            ),
        }
    }
    rules
}

fn claims(names: &[String], remarks: &mut Vec<String>) -> Vec<String> {
    for name in names.iter().filter(|name| Claim::from_name(name).is_none()) {
        remarks.push(format!(
            "lockgate.claims: {name} is no claim that is known here\n  → use names of OpenID Connect Core §5.1"
        ));
    }
    names.to_vec()
}

fn redirects(texts: Option<&[String]>, remarks: &mut Vec<String>) -> Vec<RedirectUri> {
    let mut uris = Vec::new();
    for text in texts.unwrap_or_default() {
        match RedirectUri::parse(text) {
            Ok(uri) => uris.push(uri),
            Err(fault) => remarks.push(format!("post_logout_redirect_uris: {text}: {fault}\n  → mend the address")),
        }
    }
    uris
}

/// A word of ours, or its default.
fn word<T>(
    given: Option<&str>,
    default: T,
    read: impl Fn(&str) -> Option<T>,
    name: &str,
    choices: &str,
    remarks: &mut Vec<String>,
) -> T {
    let Some(text) = given else { return default };
    read(text).unwrap_or_else(|| {
        remarks.push(format!("{name}: there is no such choice\n  → choose {choices}"));
        default
    })
}

/// Lists and texts that no rule below bounds.
fn bounded(form: &ClientForm, remarks: &mut Vec<String>) {
    let own = &form.lockgate;
    let lists = [
        ("contacts", &form.contacts),
        ("default_acr_values", &form.default_acr_values),
        ("authorization_details_types", &form.authorization_details_types),
        ("post_logout_redirect_uris", &form.post_logout_redirect_uris),
        ("lockgate.resources", &own.resources),
        ("lockgate.serves", &own.serves),
        ("lockgate.groups", &own.groups),
        ("lockgate.claims", &own.claims),
        ("lockgate.response_modes", &own.response_modes),
    ];
    for (name, list) in lists {
        let items = list.as_deref().unwrap_or_default();
        if items.len() > LIST_MAX || !items.iter().all(|item| fits(item, TEXT_CHARS_MAX)) {
            remarks
                .push(format!("{name}: too long, or holds something empty or invisible\n  → at most {LIST_MAX} items"));
        }
    }
    if own.exchange.as_ref().is_some_and(|rules| rules.len() > LIST_MAX) {
        remarks.push(format!("lockgate.exchange: too long\n  → at most {LIST_MAX} rules"));
    }
    let texts = [
        ("software_id", &form.software_id, TEXT_CHARS_MAX),
        ("software_version", &form.software_version, TEXT_CHARS_MAX),
        ("lockgate.audience", &own.audience, TEXT_CHARS_MAX),
        ("lockgate.purpose", &own.purpose, PURPOSE_CHARS_MAX),
    ];
    for (name, text, chars_max) in texts {
        if text.as_deref().is_some_and(|text| !fits(text, chars_max)) {
            remarks.push(format!("{name}: empty, invisible or too long\n  → 1 to {chars_max} visible characters"));
        }
    }
    let links = [
        ("client_uri", &form.client_uri),
        ("logo_uri", &form.logo_uri),
        ("policy_uri", &form.policy_uri),
        ("tos_uri", &form.tos_uri),
    ];
    for (name, uri) in links {
        if let Some(uri) = uri {
            address(name, uri, remarks);
        }
    }
}
