//! Who may register applications by themselves.

use model::{Actor, AuditEvent, AuditKind, Secret};
use oauth::{
    Change, GrantTypes, Scope,
    registration::{RegistrationPolicy, initial_access_hash, issue},
    resource_name::is_resource_name,
};
use serde::{Deserialize, Serialize};

use super::{
    Desk, secret_text,
    wire::{Refused, Reply, failed},
};
use crate::ambient;

/// Most items of any list of a policy.
const LIST_MAX: usize = 64;

/// What can be asked about registration.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RegistrationRequest {
    /// Issue an initial access token (RFC 7591 §1.2).
    AddToken {
        /// Grants that may be registered, by their registered names.
        grants: Vec<String>,
        /// Scopes that may be registered.
        scopes: Vec<String>,
        /// Hosts that redirect URIs may have; none: any.
        redirect_hosts: Vec<String>,
        /// Values of `resource` that may be named.
        resources: Vec<String>,
        /// How many applications it may register.
        uses: u32,
        /// How long it works, in hours.
        hours: u32,
    },
    /// Take one back.
    RevokeToken {
        /// The token.
        #[serde(with = "secret_text")]
        token: Secret<String>,
    },
}

pub(super) fn run(desk: &Desk, request: RegistrationRequest) -> Result<Reply, Refused> {
    match request {
        RegistrationRequest::AddToken { grants, scopes, redirect_hosts, resources, uses, hours } => {
            add(desk, RegistrationPolicy { grants, scopes, redirect_hosts, resources }, uses, hours)
        }
        RegistrationRequest::RevokeToken { token } => revoke(desk, &token),
    }
}

fn add(desk: &Desk, policy: RegistrationPolicy, uses: u32, hours: u32) -> Result<Reply, Refused> {
    let lists = [&policy.grants, &policy.scopes, &policy.redirect_hosts, &policy.resources];
    if lists.into_iter().any(|list| list.len() > LIST_MAX) {
        return Err(Refused::new(format_args!("at most {LIST_MAX} of each can be allowed")));
    }
    if let Some(grant) = policy.grants.iter().find(|name| GrantTypes::from_name(name).is_none()) {
        return Err(Refused::new(format_args!("the grant {grant} does not exist here")));
    }
    if let Some(scope) = policy.scopes.iter().find(|scope| Scope::parse(scope).is_err()) {
        return Err(Refused::new(format_args!("{scope} is no scope")));
    }
    if let Some(host) = policy.redirect_hosts.iter().find(|host| !is_host(host)) {
        return Err(Refused::new(format_args!(
            "{host} is no host; write app.example.com, or .example.com for all below"
        )));
    }
    if let Some(resource) = policy.resources.iter().find(|resource| !is_resource_name(resource)) {
        return Err(Refused::new(format_args!("{resource} is no absolute URI without fragment")));
    }
    let (now, mut entropy) = (ambient::now(), ambient::entropy());
    let issued = issue(policy, i64::from(hours) * 3_600, uses, &desk.tokens, now, &mut entropy)
        .map_err(|fault| Refused::new(format_args!("no token was made: {fault}")))?;
    let issued = desk.commit(issued)?;
    let words = format!("Initial access token for {uses} applications within {hours} hours. It is shown only now:");
    Ok(Reply::default().telling("registration", words, issued.token))
}

fn is_host(text: &str) -> bool {
    let host = text.strip_prefix('.').unwrap_or(text);
    !host.is_empty()
        && host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
}

fn revoke(desk: &Desk, token: &Secret<String>) -> Result<Reply, Refused> {
    let hash = initial_access_hash(&desk.tokens, token.expose().trim());
    if desk.store.initial_access(&hash).map_err(failed("look the token up"))?.is_none() {
        return Err(Refused::new("this token is not known"));
    }
    let event = AuditEvent::new(AuditKind::InitialAccessRevoked, Actor::Operator);
    desk.write(ambient::now(), vec![Change::RevokeInitialAccess { hash }.into()], vec![event])?;
    Ok(Reply::said("Taken back: it registers nothing any more. Applications that it registered stay."))
}
