//! An application as it is written: the members of RFC 7591 §2 and of the specifications that add to it, and ours below `lockgate`.

use model::Secret;
use oauth::{
    Client, ClientKind, Exception, ScopeSet, SubjectKind,
    client::{ClientKeys, SenderRule, SubjectFrom, TlsSubject},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::control::{
    desk::written,
    secret_text,
    wire::{Refused, failed},
};

/// An application as it is written. A member that is missing says nothing; an empty list says "none". Unknown members are refused.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each member has the name that its specification gives it")]
pub struct ClientForm {
    pub client_id: Option<String>,
    pub client_name: Option<String>,
    /// Accepted from files only, where an application keeps the secret that it has; at least 32 characters.
    #[serde(with = "secret_text::optional")]
    pub client_secret: Option<Secret<String>>,
    pub redirect_uris: Option<Vec<String>>,
    pub application_type: Option<String>,
    pub token_endpoint_auth_method: Option<String>,
    pub token_endpoint_auth_signing_alg: Option<String>,
    pub grant_types: Option<Vec<String>>,
    pub response_types: Option<Vec<String>>,
    pub scope: Option<String>,
    pub subject_type: Option<String>,
    pub contacts: Option<Vec<String>>,
    pub client_uri: Option<String>,
    pub logo_uri: Option<String>,
    pub policy_uri: Option<String>,
    pub tos_uri: Option<String>,
    pub software_id: Option<String>,
    pub software_version: Option<String>,
    pub jwks: Option<Value>,
    pub jwks_uri: Option<String>,
    pub tls_client_auth_subject_dn: Option<String>,
    pub tls_client_auth_san_dns: Option<String>,
    pub tls_client_auth_san_uri: Option<String>,
    pub tls_client_auth_san_ip: Option<String>,
    pub tls_client_auth_san_email: Option<String>,
    pub tls_client_certificate_bound_access_tokens: Option<bool>,
    pub dpop_bound_access_tokens: Option<bool>,
    pub id_token_signed_response_alg: Option<String>,
    pub require_pushed_authorization_requests: Option<bool>,
    pub require_signed_request_object: Option<bool>,
    pub default_max_age: Option<i64>,
    pub require_auth_time: Option<bool>,
    pub default_acr_values: Option<Vec<String>>,
    pub authorization_details_types: Option<Vec<String>>,
    pub post_logout_redirect_uris: Option<Vec<String>>,
    pub backchannel_logout_uri: Option<String>,
    pub backchannel_logout_session_required: Option<bool>,
    /// What no specification names.
    pub lockgate: OwnForm,
}

/// What Lockgate knows about an application besides.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnForm {
    /// `web`, `browser`, `native` or `service`.
    pub kind: Option<String>,
    /// `standard`, `sensitive` or `critical`.
    pub tier: Option<String>,
    /// `ask` or `trusted`.
    pub consent: Option<String>,
    /// The sector whose clients see the same pairwise subjects.
    pub sector: Option<String>,
    /// Whom its access tokens are for.
    pub audience: Option<String>,
    /// Lifetime of its access tokens, in seconds.
    pub access_token_seconds: Option<i64>,
    /// Longest time a refresh token may lie unused, in seconds.
    pub refresh_idle_seconds: Option<i64>,
    /// Longest life of a refresh family, in seconds.
    pub refresh_absolute_seconds: Option<i64>,
    /// What its `resource` parameters may name.
    pub resources: Option<Vec<String>>,
    /// The resources that it is itself.
    pub serves: Option<Vec<String>>,
    /// Groups of which a person must be in one.
    pub groups: Option<Vec<String>>,
    /// Claims that it may ever be told.
    pub claims: Option<Vec<String>>,
    /// What it needs them for, as shown to people.
    pub purpose: Option<String>,
    /// The response modes it may ask for.
    pub response_modes: Option<Vec<String>>,
    /// Whose tokens it may exchange.
    pub exchange: Option<Vec<ExchangeForm>>,
    /// Rules that are relaxed for it. Taken from files; `lockgate exception` changes them one by one.
    pub exceptions: Option<Vec<ExceptionForm>>,
    /// Whether it may be used. Shown only.
    pub status: Option<String>,
}

/// One allowed kind of token exchange.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeForm {
    /// `own`, or the client id that the subject tokens were issued to.
    pub subject_from: String,
    /// For whom the new token may be meant.
    pub audiences: Vec<String>,
    /// The most that it may do, as a scope parameter.
    pub scopes: String,
    /// Whether it may hide who acts.
    #[serde(default)]
    pub impersonation: bool,
}

/// One relaxed rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionForm {
    /// Which rule.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Who agreed.
    pub approved_by: String,
    /// How long it holds, in days. Taken.
    pub days: Option<i64>,
    /// When it ends. Shown.
    pub ends: Option<String>,
}

impl ClientForm {
    /// What is written about a client. Secrets are not: nobody has them.
    pub(super) fn of(client: &Client) -> Self {
        let settings = &client.settings;
        let (proof, requests, logout, about) = (&settings.proof, &settings.requests, &settings.logout, &settings.about);
        let (jwks, jwks_uri) = match &proof.keys {
            ClientKeys::None => (None, None),
            ClientKeys::Inline(keys) => (serde_json::from_str(keys.text()).ok(), None),
            ClientKeys::Uri(uri) => (None, Some(uri.clone())),
        };
        let (dpop, tls) = match proof.sender {
            SenderRule::Any => (false, false),
            SenderRule::Dpop => (true, false),
            SenderRule::Mtls => (false, true),
            SenderRule::DpopOrMtls => (true, true),
        };
        let mut form = Self {
            client_id: Some(client.id.as_str().to_owned()),
            client_name: Some(client.name.clone()),
            redirect_uris: Some(client.redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect()),
            token_endpoint_auth_method: Some(client.auth.as_str().to_owned()),
            token_endpoint_auth_signing_alg: proof.signing_alg.map(|alg| alg.as_str().to_owned()),
            grant_types: Some(client.grants.names().map(str::to_owned).collect()),
            scope: Some(ScopeSet::from_scopes(&client.scopes).as_str().to_owned()),
            subject_type: Some(
                match client.subject {
                    SubjectKind::Public => "public",
                    SubjectKind::Pairwise { .. } => "pairwise",
                }
                .to_owned(),
            ),
            contacts: some(&about.contacts),
            client_uri: about.client_uri.clone(),
            logo_uri: about.logo_uri.clone(),
            policy_uri: about.policy_uri.clone(),
            tos_uri: about.tos_uri.clone(),
            software_id: about.software_id.clone(),
            software_version: about.software_version.clone(),
            jwks,
            jwks_uri,
            tls_client_certificate_bound_access_tokens: Some(tls),
            dpop_bound_access_tokens: Some(dpop),
            id_token_signed_response_alg: Some(settings.signing.as_str().to_owned()),
            require_pushed_authorization_requests: Some(requests.require_par),
            require_signed_request_object: Some(requests.require_signed),
            default_max_age: requests.default_max_age,
            require_auth_time: Some(requests.require_auth_time),
            default_acr_values: some(&requests.default_acr_values),
            authorization_details_types: some(&requests.authorization_details_types),
            post_logout_redirect_uris: some(
                &logout.post_logout_redirect_uris.iter().map(|uri| uri.as_str().to_owned()).collect::<Vec<_>>(),
            ),
            backchannel_logout_uri: logout.backchannel_uri.clone(),
            backchannel_logout_session_required: Some(logout.backchannel_session_required),
            lockgate: OwnForm::of(client),
            ..Self::default()
        };
        match &proof.tls_subject {
            None => {}
            Some(TlsSubject::Dn(name)) => form.tls_client_auth_subject_dn = Some(name.clone()),
            Some(TlsSubject::SanDns(name)) => form.tls_client_auth_san_dns = Some(name.clone()),
            Some(TlsSubject::SanUri(uri)) => form.tls_client_auth_san_uri = Some(uri.clone()),
            Some(TlsSubject::SanIp(address)) => form.tls_client_auth_san_ip = Some(address.clone()),
            Some(TlsSubject::SanEmail(address)) => form.tls_client_auth_san_email = Some(address.clone()),
        }
        form
    }

    /// The JSON form, without members that say nothing.
    pub(super) fn to_json(&self) -> Result<Map<String, Value>, Refused> {
        let Value::Object(mut members) = serde_json::to_value(self).map_err(failed("write the application down"))?
        else {
            return Err(Refused::new("failed to write the application down"));
        };
        if let Some(Value::Object(own)) = members.get_mut("lockgate") {
            own.retain(|_, value| !value.is_null());
        }
        members.retain(|_, value| !value.is_null());
        Ok(members)
    }

    /// This form with the members of `change` in place of its own, and without those that `clear` names.
    pub(super) fn changed(&self, change: &Self, clear: &[String]) -> Result<Self, Refused> {
        let mut members = self.to_json()?;
        for name in clear {
            let gone = match name.strip_prefix("lockgate.") {
                Some(own) => members.get_mut("lockgate").and_then(Value::as_object_mut).and_then(|all| all.remove(own)),
                None => members.remove(name),
            };
            if gone.is_none() {
                return Err(Refused::new(format_args!(
                    "there is no member {name} to clear; `lockgate client show` lists those that are set"
                )));
            }
        }
        for (name, value) in change.to_json()? {
            match (name.as_str(), value) {
                ("lockgate", Value::Object(own)) => {
                    let kept = members.entry("lockgate").or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(kept) = kept {
                        kept.extend(own);
                    }
                }
                (_, value) => {
                    members.insert(name, value);
                }
            }
        }
        serde_json::from_value(Value::Object(members)).map_err(failed("put the changes together"))
    }
}

impl OwnForm {
    fn of(client: &Client) -> Self {
        let settings = &client.settings;
        Self {
            kind: Some(client.kind.as_str().to_owned()),
            tier: Some(client.tier.as_str().to_owned()),
            consent: Some(client.consent.as_str().to_owned()),
            sector: match &client.subject {
                SubjectKind::Public => None,
                SubjectKind::Pairwise { sector } => Some(sector.clone()),
            },
            audience: Some(client.audience.clone()),
            access_token_seconds: Some(client.access_token_seconds),
            refresh_idle_seconds: Some(client.refresh_idle_seconds),
            refresh_absolute_seconds: Some(client.refresh_absolute_seconds),
            resources: some(&settings.requests.resources),
            serves: some(&settings.serves),
            groups: some(&settings.access.groups),
            claims: some(&settings.claims),
            purpose: Some(settings.purpose.clone()).filter(|purpose| !purpose.is_empty()),
            response_modes: some(
                &settings.requests.response_modes.iter().map(|mode| mode.as_str().to_owned()).collect::<Vec<_>>(),
            ),
            exchange: Some(settings.delegation.exchange.iter().map(ExchangeForm::of).collect::<Vec<_>>())
                .filter(|rules| !rules.is_empty()),
            exceptions: Some(settings.exceptions.iter().map(ExceptionForm::of).collect::<Vec<_>>())
                .filter(|exceptions| !exceptions.is_empty()),
            status: Some(client.status.as_str().to_owned()),
        }
    }
}

impl ExchangeForm {
    fn of(rule: &oauth::client::ExchangeRule) -> Self {
        Self {
            subject_from: match &rule.subject_from {
                SubjectFrom::Own => "own".to_owned(),
                SubjectFrom::Client(id) => id.as_str().to_owned(),
            },
            audiences: rule.audiences.clone(),
            scopes: rule.scopes.as_str().to_owned(),
            impersonation: rule.impersonation,
        }
    }
}

impl ExceptionForm {
    fn of(exception: &Exception) -> Self {
        Self {
            rule: exception.rule.as_str().to_owned(),
            reason: exception.reason.clone(),
            owner: exception.owner.clone(),
            approved_by: exception.approved_by.clone(),
            days: None,
            ends: Some(written(exception.expires)),
        }
    }
}

fn some(list: &[String]) -> Option<Vec<String>> {
    if list.is_empty() { None } else { Some(list.to_vec()) }
}

/// The kind, where only RFC 7591's words are given: what runs on a device or in a browser keeps no secret.
pub(super) fn kind_of(form: &ClientForm) -> Option<ClientKind> {
    match (&form.lockgate.kind, form.application_type.as_deref()) {
        (Some(word), _) => ClientKind::from_word(word),
        (None, Some("native")) => Some(ClientKind::Native),
        (None, Some("web") | None) => {
            let public = form.token_endpoint_auth_method.as_deref() == Some("none");
            let person = form.grant_types.as_ref().is_none_or(|grants| {
                grants.iter().any(|grant| grant != "client_credentials" && !grant.ends_with(":token-exchange"))
            });
            Some(match (public, person) {
                (true, _) => ClientKind::Browser,
                (false, true) => ClientKind::Web,
                (false, false) => ClientKind::Service,
            })
        }
        (None, Some(_)) => None,
    }
}
