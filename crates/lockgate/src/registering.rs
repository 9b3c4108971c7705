//! Registering applications, for the command line and the demo.

use anyhow::{Result, anyhow, bail};
use model::{Secret, Tier};
use oauth::{
    Client, ClientKind, ConsentPolicy, Issuer, TokenKeys,
    client_rules::{self, ClientShape, Lifetimes, Registration, SubjectChoice},
};
use server::ambient;

use crate::{installation::Installation, terminal};

/// An application to be registered.
pub(crate) struct Application<'a> {
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: ClientKind,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) subject: SubjectChoice,
    pub(crate) consent: ConsentPolicy,
    pub(crate) tier: Tier,
}

/// Registers an application. A kind that can keep a secret gets one: it is returned, and only its hash is kept.
pub(crate) fn register(installation: &Installation, application: Application<'_>) -> Result<Option<Secret<String>>> {
    if installation.store.client(application.id).is_some() {
        bail!("there is a client {} already; choose another id", application.id);
    }
    let secret = match application.kind {
        ClientKind::Web | ClientKind::Service => Some(oauth::client_secret::fresh(&mut ambient::entropy())),
        ClientKind::Browser | ClientKind::Native => None,
    };
    let keys = TokenKeys::from_root(&installation.root);
    let mut shape = ClientShape::new(application.id, application.name, application.kind);
    shape.redirect_uris = Some(application.redirect_uris);
    let registration = Registration {
        shape,
        scopes: application.scopes,
        secrets: secret.iter().map(|secret| keys.client_secret_hash(secret.expose())).collect(),
        subject: application.subject,
        consent: application.consent,
        tier: application.tier,
        audience: None,
        lifetimes: Lifetimes::default(),
        settings: oauth::ClientSettings::default(),
    };
    let issuer = Issuer::new(&installation.issuer).map_err(|fault| anyhow!("the issuer can't be used: {fault}"))?;
    let client = Client::register(registration, &issuer, ambient::now()).map_err(|broken| {
        for rule in &broken {
            let subject = rule.subject.as_ref().map_or(String::new(), |subject| format!(" {subject}:"));
            terminal::complain(format_args!("{}:{subject} {}\n  → {}", rule.rule, rule.explanation, rule.fix));
        }
        anyhow!("the application was not registered")
    })?;
    installation.commit(client_rules::addition(client))?;
    Ok(secret)
}
