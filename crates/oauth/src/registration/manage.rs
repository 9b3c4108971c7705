//! A client reads, replaces or removes its registration (RFC 7592 §2), with the token that it got when it registered.

use crypto::{SigningAlg, equal};
use model::{Actor, AuditEvent, AuditKind, Decision, Entropy, Outcome, Secret, Timestamp};

use super::{
    RegistrationFault, RegistrationNeed, RegistrationPolicy, SectorFact,
    build::{self, Frame},
    metadata::{METADATA_BYTES_MAX, Metadata},
    register::{fresh_registration_token, registration_token_hash},
    reply::{Credentials, render},
    sector::{NoSector, sector_of},
};
use crate::{Change, Client, ClientStatus, ConsentPolicy, Issuer, TokenKeys, client::ClientOrigin, client_secret};

/// What only the server says; a replacement that holds it mixes up who decides what (RFC 7592 §2.2).
const SERVERS_OWN: [&str; 4] =
    ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

/// Facts for one management request.
#[derive(Clone, Copy)]
pub struct ManageFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// With what we can sign (`KeySet::algs`).
    pub signs: &'a [SigningAlg],
    /// The client that the address names, if it exists.
    pub client: Option<&'a Client>,
    /// The token in the Authorization header, if there is one.
    pub token: Option<&'a str>,
    /// The sector document, for a replacement.
    pub sector: SectorFact<'a>,
}

crate::quiet::quiet! { ManageFacts<'_> }

/// What is registered now.
#[derive(Debug)]
pub struct Managed {
    /// The client.
    pub client: Client,
    secret: Option<Secret<String>>,
    token: Secret<String>,
    issuer: Issuer,
}

impl Managed {
    /// The JSON answer, with status 200 and [`crate::token::NO_STORE`]. The text may hold secrets.
    ///
    /// Differs: a secret is shown when it is made and when the client itself sent it along, not on every reading (RFC 7592 §3): we
    /// keep its hash only.
    #[must_use]
    pub fn render(&self) -> String {
        render(
            &self.client,
            &self.issuer,
            &Credentials { secret: self.secret.as_ref(), registration_token: Some(self.token.expose()) },
        )
    }
}

/// The registration is gone: status 204, and the family of every grant with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed;

/// Reads a registration (RFC 7592 §2.1). Nothing changes.
///
/// # Errors
/// When the token is not this client's.
pub fn read(facts: &ManageFacts<'_>) -> Result<Managed, RegistrationFault> {
    let (client, token, _) = owner(facts)?;
    Ok(Managed {
        client: client.clone(),
        secret: None,
        token: Secret::new(token.to_owned()),
        issuer: facts.issuer.clone(),
    })
}

/// Replaces a registration as a whole (RFC 7592 §2.2): what is left out is gone. Takes at most 32 bytes of entropy.
pub fn replace(
    json: &[u8],
    facts: &ManageFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Managed, RegistrationFault, RegistrationNeed, Change> {
    match decide(json, facts, now, entropy) {
        Ok(outcome) => Decision::Done(outcome),
        Err(NoSector::Need(need)) => Decision::Need(need),
        Err(NoSector::Fault(fault)) => Decision::Refused(Outcome::plain(fault)),
    }
}

/// Removes a registration (RFC 7592 §2.3), and ends every grant that it holds.
///
/// # Errors
/// When the token is not this client's.
pub fn remove(facts: &ManageFacts<'_>, now: Timestamp) -> Result<Outcome<Removed, Change>, RegistrationFault> {
    let (client, _, _) = owner(facts)?;
    let id = client.id.clone();
    let event = AuditEvent::new(AuditKind::ClientRemoved, Actor::Client(id.clone())).client(id.clone());
    Ok(Outcome { reply: Removed, changes: vec![Change::RemoveClient { id, at: now }], audit: vec![event] })
}

/// Gives a registered client a new registration access token, for an operator who took the old one away. Takes 32 bytes of entropy.
pub fn reissue_token(client: &Client, keys: &TokenKeys, entropy: &mut Entropy) -> Outcome<Secret<String>, Change> {
    let token = fresh_registration_token(entropy);
    let token_hash = registration_token_hash(keys, token.expose());
    let event = AuditEvent::new(AuditKind::ClientUpdated, Actor::Operator).client(client.id.clone());
    Outcome {
        reply: token,
        changes: vec![Change::SetRegistrationToken { client: client.id.clone(), token_hash }],
        audit: vec![event],
    }
}

fn decide(
    json: &[u8],
    facts: &ManageFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<Managed, Change>, NoSector> {
    let (before, token, policy) = owner(facts)?;
    let metadata = Metadata::parse(json, METADATA_BYTES_MAX)?;
    if let Some(name) = metadata.says_any(&SERVERS_OWN) {
        return Err(RegistrationFault::ServersOwn(name).into());
    }
    // §2.2: the id is required and must agree; a secret that is sent must be the current one, never a new one of the client's choice.
    if metadata.client_id.as_deref() != Some(before.id.as_str()) {
        return Err(RegistrationFault::Mismatch.into());
    }
    let sent = metadata.client_secret.clone();
    if let Some(sent) = &sent {
        let hash = facts.keys.client_secret_hash(sent.expose());
        if !before.secrets.iter().fold(false, |known, kept| known | equal(kept, &hash)) {
            return Err(RegistrationFault::Mismatch.into());
        }
    }
    let sector = match &metadata.sector_identifier_uri {
        None => None,
        Some(url) => Some(sector_of(url, metadata.redirect_uris.as_deref().unwrap_or_default(), facts.sector)?),
    };
    let wants_secret = build::wants_secret(build::auth(&metadata)?);
    let fresh = (wants_secret && before.secrets.is_empty()).then(|| client_secret::fresh(entropy));
    let secrets = match (wants_secret, &fresh) {
        (false, _) => Vec::new(),
        (true, None) => before.secrets.clone(),
        (true, Some(fresh)) => vec![facts.keys.client_secret_hash(fresh.expose())],
    };
    let mut client = build::client(
        &metadata,
        Frame {
            id: &before.id,
            secrets,
            sector,
            origin: before.settings.origin.clone(),
            policy,
            issuer: facts.issuer,
            signs: facts.signs,
            now,
        },
    )?;
    keep_operators_part(&mut client, before);
    let event = AuditEvent::new(AuditKind::ClientUpdated, Actor::Client(client.id.clone())).client(client.id.clone());
    let secret = if wants_secret { fresh.or(sent) } else { None };
    Ok(Outcome {
        changes: vec![Change::ReplaceClient(Box::new(client.clone()))],
        audit: vec![event],
        reply: Managed { client, secret, token: Secret::new(token.to_owned()), issuer: facts.issuer.clone() },
    })
}

/// What an operator decided about the client is not the client's to change.
pub(crate) fn keep_operators_part(client: &mut Client, before: &Client) {
    client.created = before.created;
    client.consent = trust_left(client, before);
    client.tier = before.tier;
    client.status = before.status;
    client.audience = before.audience.clone();
    client.access_token_seconds = before.access_token_seconds;
    client.refresh_idle_seconds = before.refresh_idle_seconds;
    client.refresh_absolute_seconds = before.refresh_absolute_seconds;
    let settings = &before.settings;
    client.settings.access = settings.access.clone();
    client.settings.delegation = settings.delegation.clone();
    client.settings.exceptions = settings.exceptions.clone();
    client.settings.claims = settings.claims.clone();
    client.settings.serves = settings.serves.clone();
    client.settings.purpose = settings.purpose.clone();
    client.settings.requests.resources = settings.requests.resources.clone();
    client.settings.requests.response_modes = settings.requests.response_modes.clone();
}

/// An operator who trusts a client for its people trusts where its answers go and how it proves itself. A client that changes these by
/// itself, or whoever found its registration token, asks people again until an operator has looked.
fn trust_left(client: &Client, before: &Client) -> ConsentPolicy {
    let same_places = client.redirect_uris.iter().all(|uri| before.redirect_uris.contains(uri));
    let same_proof = client.auth == before.auth
        && client.settings.proof.keys == before.settings.proof.keys
        && client.settings.proof.tls_subject == before.settings.proof.tls_subject;
    match before.consent {
        ConsentPolicy::Trusted if same_places && same_proof => ConsentPolicy::Trusted,
        ConsentPolicy::Trusted | ConsentPolicy::Ask => ConsentPolicy::Ask,
    }
}

/// RFC 7592 §2: the token is this client's. Whatever is wrong, the answer is the same, so that ids can't be tried out.
fn owner<'a>(facts: &ManageFacts<'a>) -> Result<(&'a Client, &'a str, &'a RegistrationPolicy), RegistrationFault> {
    let token = facts.token.ok_or(RegistrationFault::TokenMissing)?;
    let hash = registration_token_hash(facts.keys, token);
    let client = facts.client.ok_or(RegistrationFault::TokenRefused)?;
    match (&client.settings.origin, client.status) {
        (ClientOrigin::Registered { token_hash, policy }, ClientStatus::Active) if equal(token_hash, &hash) => {
            Ok((client, token, policy))
        }
        (
            ClientOrigin::Registered { .. } | ClientOrigin::Operator | ClientOrigin::MetadataDocument { .. },
            ClientStatus::Active | ClientStatus::Disabled,
        ) => Err(RegistrationFault::TokenRefused),
    }
}
