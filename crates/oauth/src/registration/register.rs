//! A client registers itself (RFC 7591 §3).

use crypto::{SigningAlg, b64u, b64u_into, equal};
use model::{Actor, AuditEvent, AuditKind, ClientId, Decision, Entropy, Outcome, Secret, Timestamp};

use super::{
    InitialAccess, RegistrationFault, RegistrationNeed, SectorFact,
    build::{self, Frame},
    initial_access_hash,
    metadata::{METADATA_BYTES_MAX, Metadata},
    reply::{Credentials, render},
    sector::{NoSector, sector_of},
};
use crate::{Change, Client, Issuer, TokenKeys, client::ClientOrigin, client_secret};

/// Who may register.
#[derive(Clone, Copy)]
pub enum AccessFact<'a> {
    /// The request shows no token.
    NotShown,
    /// It shows one; this is what stands under its hash ([`initial_access_hash`]).
    Shown {
        /// The token, as shown.
        token: &'a str,
        /// What is kept of it, if it is known.
        access: Option<&'a InitialAccess>,
    },
}

crate::quiet::quiet! { AccessFact<'_> }

/// Facts for one registration.
#[derive(Debug, Clone, Copy)]
pub struct RegisterFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// With what we can sign (`KeySet::algs`).
    pub signs: &'a [SigningAlg],
    /// The initial access token.
    pub access: AccessFact<'a>,
    /// The sector document.
    pub sector: SectorFact<'a>,
}

/// A registered client, with what is told once.
#[derive(Debug)]
pub struct Registered {
    /// The client.
    pub client: Client,
    secret: Option<Secret<String>>,
    registration_token: Secret<String>,
    issuer: Issuer,
}

impl Registered {
    /// The JSON answer, with status 201 and [`crate::token::NO_STORE`]. The text holds the secrets.
    #[must_use]
    pub fn render(&self) -> String {
        render(
            &self.client,
            &self.issuer,
            &Credentials { secret: self.secret.as_ref(), registration_token: Some(self.registration_token.expose()) },
        )
    }
}

/// Under which a registration access token is kept (RFC 7592 §3).
pub(super) fn registration_token_hash(keys: &TokenKeys, token: &str) -> [u8; 32] {
    keys.kept_hash("registration access token", token.as_bytes())
}

/// A fresh registration access token: `lgm_` and 256 random bits.
pub(super) fn fresh_registration_token(entropy: &mut Entropy) -> Secret<String> {
    Secret::new(format!("lgm_{}", b64u(&entropy.take::<32>())))
}

/// Decides one registration. Takes at most 80 bytes of entropy.
pub fn register(
    json: &[u8],
    facts: &RegisterFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Registered, RegistrationFault, RegistrationNeed, Change> {
    match decide(json, facts, now, entropy) {
        Ok(outcome) => Decision::Done(outcome),
        Err(NoSector::Need(need)) => Decision::Need(need),
        Err(NoSector::Fault(fault)) => Decision::Refused(Outcome::plain(fault)),
    }
}

impl From<RegistrationFault> for NoSector {
    fn from(fault: RegistrationFault) -> Self {
        Self::Fault(fault)
    }
}

fn decide(
    json: &[u8],
    facts: &RegisterFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<Registered, Change>, NoSector> {
    // 1. RFC 7591 §3: who may. Before anything that a stranger sent is read, let alone fetched.
    let access = usable(facts, now)?;
    // 2. What is said, within bounds.
    let metadata = Metadata::parse(json, METADATA_BYTES_MAX)?;
    // 3. OpenID Connect Registration §5: the sector, if one is named.
    let sector = match &metadata.sector_identifier_uri {
        None => None,
        Some(url) => Some(sector_of(url, metadata.redirect_uris.as_deref().unwrap_or_default(), facts.sector)?),
    };
    // 4. The rules for every client, and the bounds of the token. §3.2.1: id and secret are ours, whatever the request proposes.
    let mut id = String::from("c_");
    b64u_into(&entropy.take::<16>(), &mut id);
    let id = ClientId::parse(&id).map_err(|_| RegistrationFault::Incomplete)?;
    let secret = build::wants_secret(build::auth(&metadata)?).then(|| client_secret::fresh(entropy));
    let registration_token = fresh_registration_token(entropy);
    let client = build::client(
        &metadata,
        Frame {
            id: &id,
            secrets: secret.iter().map(|secret| facts.keys.client_secret_hash(secret.expose())).collect(),
            sector,
            origin: ClientOrigin::Registered {
                token_hash: registration_token_hash(facts.keys, registration_token.expose()),
                policy: access.policy.clone(),
            },
            policy: &access.policy,
            issuer: facts.issuer,
            signs: facts.signs,
            now,
        },
    )?;
    let event = AuditEvent::new(AuditKind::ClientRegistered, Actor::System).client(id);
    Ok(Outcome {
        changes: vec![
            Change::SpendInitialAccess { hash: access.hash, at: now },
            Change::InsertClient(Box::new(client.clone())),
        ],
        audit: vec![event],
        reply: Registered { client, secret, registration_token, issuer: facts.issuer.clone() },
    })
}

fn usable<'a>(facts: &RegisterFacts<'a>, now: Timestamp) -> Result<&'a InitialAccess, RegistrationFault> {
    match facts.access {
        AccessFact::NotShown => Err(RegistrationFault::TokenMissing),
        AccessFact::Shown { token, access } => {
            let hash = initial_access_hash(facts.keys, token);
            access
                .filter(|access| equal(&access.hash, &hash) && access.is_usable(now))
                .ok_or(RegistrationFault::TokenRefused)
        }
    }
}
