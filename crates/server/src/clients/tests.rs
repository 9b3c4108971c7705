//! Clients that are read from documents: in memory until somebody agrees, on disk from then on.

use model::{Employment, Secret};
use oauth::{Issuer, metadata_document::RedirectReach, registration::RegistrationPolicy};
use signin::NewPerson;
use store::{PersonalKind, Store, StoreConfig};

use super::*;
use crate::{
    ambient,
    outbound::OutboundSettings,
    settings::{Settings, Tls},
    settings_oauth::OauthSettings,
};

const ID: &str = "https://app.example.com/client.json";
const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
const ISSUER: &str = "http://localhost:8400";

fn settings() -> Settings {
    let documents = ClientDocuments {
        hosts: vec!["app.example.com".into()],
        policy: RegistrationPolicy {
            grants: vec!["authorization_code".into(), "refresh_token".into()],
            scopes: vec!["openid".into()],
            ..RegistrationPolicy::default()
        },
        redirects: RedirectReach::SameHost,
    };
    Settings {
        issuer: ISSUER.into(),
        listen: "127.0.0.1:0".parse().expect("an address"),
        tls: Tls::None,
        rp_id: "localhost".into(),
        rp_name: "Lockgate".into(),
        origins: vec![ISSUER.into()],
        top_origins: Vec::new(),
        organisation: "Example".into(),
        policy: policy::Policy::default(),
        password_cost: crypto::password::Params::DEFAULT,
        breach_list: None,
        mail: None,
        demo: None,
        control: None,
        oauth: OauthSettings { client_documents: Some(documents), ..OauthSettings::default() },
        outbound: OutboundSettings::default(),
    }
}

/// A server whose store is on disk, made away from the runtime: setting up waits.
fn app(dir: &std::path::Path) -> Arc<App> {
    std::thread::scope(|scope| {
        let made = scope.spawn(|| {
            let root = crypto::RootKey::new(Secret::new([7; 32]));
            let config = StoreConfig::new(dir.join("data"), dir.join("keys"));
            let store = Store::create(&config, &root, ambient::now(), &mut ambient::entropy()).expect("a store");
            Arc::new(App::new(settings(), Arc::new(store), &root).expect("an app"))
        });
        made.join().expect("it was made")
    })
}

/// What the document says, as if it had been fetched.
fn read(app: &App, now: Timestamp) -> Arc<Client> {
    let body = format!(
        r#"{{"client_id":"{ID}","client_name":"Notes","redirect_uris":["https://app.example.com/cb"],"scope":"openid",
        "token_endpoint_auth_method":"none"}}"#
    );
    let documents = app.settings.oauth.client_documents.as_ref().expect("it is on");
    let rules = rules(documents, &app.keys.live());
    let fact = DocumentFact::Fetched { body: body.as_bytes(), at: now, fresh_until: now.plus_seconds(600) };
    let issuer = Issuer::new(ISSUER).expect("an issuer");
    match metadata_document::load(ID, None, fact, Some(&rules), &issuer, now) {
        Decision::Done(outcome) => Arc::new(outcome.reply),
        other => panic!("a client, not {other:?}"),
    }
}

async fn person(app: &App, now: Timestamp) -> model::PersonId {
    let new = NewPerson { employment: Employment::Workforce, privileged: false, groups: Vec::new(), ends: None };
    let person = signin::draft(new, now, &mut ambient::entropy());
    let (store, id) = (app.store.clone(), person.id);
    let sealed = tokio::task::spawn_blocking(move || {
        store.seal_for(id, PersonalKind::DisplayName, b"Ada", now, &mut ambient::entropy()).expect("sealed")
    });
    let added = signin::add_person(model::Actor::Operator, person, sealed.await.expect("sealed"), Vec::new());
    crate::commit::commit(app, ChangeSet::new(now, added.changes, added.audit)).await.expect("committed");
    id
}

#[tokio::test]
async fn a_document_comes_to_stay_with_the_first_grant_and_not_before() {
    let dir = tempfile::tempdir().expect("a directory");
    let app = app(dir.path());
    let now = ambient::now();
    remember(&app, &read(&app, now), now);
    let found = find(&app, ID, HERE, now).await.expect("from memory: nothing is fetched while it is fresh");
    assert!(app.store.client(ID).is_none(), "looking leaves no trace");
    let nothing = with_client(&app, Some(&found), Vec::new(), Vec::new(), now);
    assert!(nothing.changes.is_empty(), "a refusal leaves none either");

    let consent = oauth::Change::RememberConsent {
        person: person(&app, now).await,
        client: found.id.clone(),
        scope: oauth::ScopeSet::parse("openid").expect("a scope"),
        at: now,
    };
    let set = with_client(&app, Some(&found), vec![consent.clone()], Vec::new(), now);
    assert_eq!(set.changes.len(), 2, "the client first: what follows refers to it");
    crate::commit::commit(&app, set).await.expect("committed");
    assert_eq!(app.store.client(ID).map(|kept| kept.name.clone()).as_deref(), Some("Notes"));
    assert_eq!(with_client(&app, Some(&found), vec![consent], Vec::new(), now).changes.len(), 1, "once");
}

#[tokio::test]
async fn a_host_that_is_not_listed_is_never_asked() {
    let dir = tempfile::tempdir().expect("a directory");
    let app = app(dir.path());
    assert!(find(&app, "https://evil.example.net/client.json", HERE, ambient::now()).await.is_none());
}

#[tokio::test]
async fn who_names_too_many_documents_makes_us_fetch_no_more() {
    let dir = tempfile::tempdir().expect("a directory");
    let app = app(dir.path());
    let now = ambient::now();
    let kind = LimitKind::DocumentFetched;
    // Nothing listens behind these names, so each is a fetch that fails.
    for n in 0..kind.rates().narrow.burst {
        assert!(app.limits.peek(kind, HERE, now).is_ok(), "{n}");
        assert!(find(&app, &format!("https://app.example.com/{n}.json"), HERE, now).await.is_none());
    }
    assert!(app.limits.peek(kind, HERE, now).is_err());
    assert!(app.limits.peek(kind, [198, 51, 100, 1].into(), now).is_ok(), "others are not held up");
    remember(&app, &read(&app, now), now);
    assert!(find(&app, ID, HERE, now).await.is_some(), "what needs no fetch is still found");
}
