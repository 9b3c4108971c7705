//! What the demo's store begins with: people and applications, put in by the same engines that real ones go through.

use anyhow::{Context, Result};
use model::{Actor, Employment, Secret, Tier};
use oauth::{ClientKind, ConsentPolicy, client_rules::SubjectChoice};
use server::ambient;

use super::people::{Example, PEOPLE};
use crate::{
    installation::Installation,
    people::{self, Newcomer},
    registering::{self, Application},
};

/// The example application's client id.
pub(super) const APP_CLIENT: &str = "harbour-notes";
/// Contractors of the demo leave after this many days.
const CONTRACT_DAYS: i64 = 180;

/// Fills an empty store; returns the example application's secret.
pub(super) fn seed(installation: &Installation, app_url: &str) -> Result<Secret<String>> {
    for example in &PEOPLE {
        people::add(installation, newcomer(example), Actor::System)
            .with_context(|| format!("failed to add the example person {}", example.name))?;
    }
    let mut harbour = None;
    for application in applications(app_url) {
        let id = application.id;
        let secret = registering::register(installation, application)
            .with_context(|| format!("failed to register the example application {id}"))?;
        if id == APP_CLIENT {
            harbour = secret;
        }
    }
    harbour.context("the example application was given no secret")
}

fn newcomer(example: &Example) -> Newcomer<'_> {
    Newcomer {
        name: example.name,
        display: example.display,
        employment: example.employment,
        privileged: example.privileged,
        groups: example.groups.iter().map(|group| (*group).to_owned()).collect(),
        ends: match example.employment {
            Employment::Contractor => Some(ambient::now().plus_seconds(CONTRACT_DAYS * 86_400)),
            Employment::Workforce | Employment::Partner => None,
        },
    }
}

/// Six applications of different kinds and tiers. Only the first one runs.
fn applications(app_url: &str) -> Vec<Application<'static>> {
    let app = |id, name, kind, tier, redirects: &[&str], consent| Application {
        id,
        name,
        kind,
        redirect_uris: redirects.iter().map(|uri| (*uri).to_owned()).collect(),
        scopes: vec!["openid".to_owned()],
        subject: SubjectChoice::Pairwise,
        consent,
        tier,
    };
    let harbour = format!("{app_url}/callback");
    vec![
        app(APP_CLIENT, "Harbour Notes", ClientKind::Web, Tier::Standard, &[&harbour], ConsentPolicy::Ask),
        app(
            "keeper-rota",
            "Keeper Rota",
            ClientKind::Web,
            Tier::Sensitive,
            &["https://rota.lowwater.example/signed-in"],
            ConsentPolicy::Trusted,
        ),
        app(
            "tide-tables",
            "Tide Tables",
            ClientKind::Browser,
            Tier::Standard,
            &["https://tides.lowwater.example/callback"],
            ConsentPolicy::Ask,
        ),
        app(
            "towpath",
            "Towpath for phones",
            ClientKind::Native,
            Tier::Standard,
            &["example.lowwater.towpath:/signed-in"],
            ConsentPolicy::Ask,
        ),
        app(
            "ledger",
            "Ledger",
            ClientKind::Web,
            Tier::Critical,
            &["https://ledger.lowwater.example/oauth/callback"],
            ConsentPolicy::Trusted,
        ),
        app(
            "sluice-control",
            "Sluice Control",
            ClientKind::Web,
            Tier::Critical,
            &["https://sluices.lowwater.example/callback"],
            ConsentPolicy::Trusted,
        ),
    ]
}
