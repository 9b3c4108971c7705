//! What the demo's store begins with: people and applications, put in by the same engines that real ones go through.

use anyhow::{Context, Result, anyhow};
use model::{Actor, Employment, Secret, Tier};
use oauth::{ClientKind, ConsentPolicy};
use server::{
    ambient,
    control::{ClientForm, Desk, NewPersonForm, OwnForm, PeopleRequest, Refused, Request, Response, run},
};

use super::people::{Example, PEOPLE};

/// The example application's client id.
pub(super) const APP_CLIENT: &str = "harbour-notes";
/// Contractors of the demo leave after this many days.
const CONTRACT_DAYS: i64 = 180;
/// What everybody's made-up mail address ends with. Nobody can have one there (RFC 2606 §3).
const MAIL_DOMAIN: &str = "lowwater.example";
/// Who writes to them. The letters stay in a folder.
pub(super) const MAIL_FROM: &str = "help@lowwater.example";

/// Fills an empty store; returns the example application's secret.
pub(super) fn seed(desk: &Desk, app_url: &str) -> Result<Secret<String>> {
    for example in &PEOPLE {
        add(desk, example).with_context(|| format!("failed to add the example person {}", example.name))?;
    }
    let mut harbour = None;
    for application in applications(app_url) {
        let id = application.client_id.clone().unwrap_or_default();
        let secret = desk
            .add_client(&application)
            .map_err(words)
            .with_context(|| format!("failed to register the example application {id}"))?;
        if id == APP_CLIENT {
            harbour = secret;
        }
    }
    harbour.context("the example application was given no secret")
}

fn add(desk: &Desk, example: &Example) -> Result<()> {
    let person = desk.add_person(&newcomer(example), Actor::System).map_err(words)?;
    let (given, family) = example.display.split_once(' ').unwrap_or((example.display, ""));
    let attributes = serde_json::json!({
        "name": example.display,
        "given_name": given,
        "family_name": family,
        "preferred_username": example.name,
        "email": format!("{}@{MAIL_DOMAIN}", example.name),
        "email_verified": true,
    });
    desk.set_attributes(&person, &attributes.to_string()).map_err(words)?;
    let address = Secret::new(format!("{}@{MAIL_DOMAIN}", example.name));
    let request = Request::People(PeopleRequest::AddAddress { name: example.name.to_owned(), address });
    match run(desk, request) {
        Response::Done(_) => Ok(()),
        Response::Refused(refused) => Err(words(refused)),
    }
}

fn words(refused: Refused) -> anyhow::Error {
    anyhow!("{}{}", refused.what, refused.remarks.iter().map(|remark| format!("\n  {remark}")).collect::<String>())
}

fn newcomer(example: &Example) -> NewPersonForm {
    NewPersonForm {
        name: example.name.to_owned(),
        display: example.display.to_owned(),
        employment: example.employment.as_str().to_owned(),
        privileged: example.privileged,
        groups: example.groups.iter().map(|group| (*group).to_owned()).collect(),
        ends: match example.employment {
            Employment::Contractor => Some(ambient::now().plus_seconds(CONTRACT_DAYS * 86_400).seconds()),
            Employment::Workforce | Employment::Partner => None,
        },
        link: false,
    }
}

/// Six applications of different kinds and tiers. Only the first one runs.
fn applications(app_url: &str) -> Vec<ClientForm> {
    let app =
        |id: &str, name: &str, kind: ClientKind, tier: Tier, redirects: &[&str], consent: ConsentPolicy| ClientForm {
            client_id: Some(id.to_owned()),
            client_name: Some(name.to_owned()),
            redirect_uris: Some(redirects.iter().map(|uri| (*uri).to_owned()).collect()),
            lockgate: OwnForm {
                kind: Some(kind.as_str().to_owned()),
                tier: Some(tier.as_str().to_owned()),
                consent: Some(consent.as_str().to_owned()),
                ..OwnForm::default()
            },
            ..ClientForm::default()
        };
    let harbour = format!("{app_url}/callback");
    let mut harbour =
        app(APP_CLIENT, "Harbour Notes", ClientKind::Web, Tier::Standard, &[&harbour], ConsentPolicy::Ask);
    harbour.scope = Some("openid profile email".to_owned());
    harbour.lockgate.claims = Some(["name", "given_name", "email"].map(str::to_owned).to_vec());
    harbour.lockgate.purpose = Some("To put your name on your notes.".to_owned());
    vec![
        harbour,
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
