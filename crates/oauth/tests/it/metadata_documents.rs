//! Clients whose id leads to a document about themselves.

use crypto::SigningAlg;
use model::{AuditKind, Decision, Outcome};
use oauth::{
    Change, Client, ClientAuth, ClientStatus, ConsentPolicy, SubjectKind,
    client::ClientOrigin,
    metadata_document::{
        ClientIdUrl, DOCUMENT_BYTES_MAX, DocumentFact, DocumentFault, DocumentNeed, DocumentRules, RedirectReach,
        UrlFault, is_document_id, keep, load, shown_host,
    },
    registration::{RegistrationFault, RegistrationPolicy},
};
use serde_json::{Value, json};

use crate::world::World;

const URL: &str = "https://tools.example.com/client.json";

fn rules() -> DocumentRules {
    DocumentRules {
        hosts: Vec::new(),
        policy: RegistrationPolicy {
            grants: ["authorization_code", "refresh_token"].map(str::to_owned).to_vec(),
            scopes: vec!["openid".to_owned()],
            ..RegistrationPolicy::default()
        },
        signs: vec![SigningAlg::Es256],
        redirects: RedirectReach::SameHost,
    }
}

fn document() -> Value {
    json!({"client_id": URL, "client_name": "A tool", "redirect_uris": ["https://tools.example.com/cb", "http://127.0.0.1/cb"]})
}

fn decide(
    world: &World,
    known: Option<&Client>,
    fact: DocumentFact<'_>,
) -> Result<Outcome<Client, Change>, DocumentFault> {
    match load(URL, known, fact, Some(&rules()), &world.issuer, world.now) {
        Decision::Done(outcome) => Ok(outcome),
        Decision::Refused(outcome) => Err(outcome.reply),
        Decision::Need(need) => panic!("unexpected {need:?}"),
    }
}

fn read(world: &World, document: &Value) -> Result<Client, RegistrationFault> {
    let body = document.to_string();
    let fact = DocumentFact::Fetched { body: body.as_bytes(), at: world.now, fresh_until: world.now.plus_seconds(600) };
    match decide(world, None, fact) {
        Ok(outcome) => {
            // A stranger's request leaves no trace.
            assert!(outcome.changes.is_empty() && outcome.audit.is_empty());
            Ok(outcome.reply)
        }
        Err(DocumentFault::Document(fault)) => Err(fault),
        Err(other) => panic!("unexpected {other}"),
    }
}

#[test]
fn a_document_makes_a_public_client_that_people_are_asked_about() {
    let client = read(&World::new(), &document()).unwrap();
    assert_eq!((client.id.as_str(), client.name.as_str()), (URL, "A tool"));
    assert_eq!((client.auth, client.consent), (ClientAuth::None, ConsentPolicy::Ask));
    assert_eq!(client.subject, SubjectKind::Pairwise { sector: "tools.example.com".to_owned() });
    assert_eq!(shown_host(&client), Some("tools.example.com"));
    assert_eq!(shown_host(&World::new().client), None);
}

#[test]
fn only_plain_https_addresses_are_client_ids() {
    for good in [URL, "https://a.example/", "https://a.example:8443/x/y"] {
        assert_eq!(ClientIdUrl::parse(good).unwrap().as_str(), good);
        assert!(is_document_id(good));
    }
    assert!(!is_document_id("app") && !is_document_id("http://a.example/x"));
    for (bad, query) in [
        ("https://a.example", false),
        ("http://a.example/x", false),
        ("https://a.example/x#f", false),
        ("https://u:p@a.example/x", false),
        ("https://a.example/x/../y", false),
        ("https://a.example/./y", false),
        ("https://a.example/%2e%2e/y", false),
        ("https://A.example/x", false),
        ("https://127.0.0.1/x", false),
        ("https://[::1]/x", false),
        ("https://localhost/x", false),
        ("https://intranet/x", false),
        ("https://printer.local/x", false),
        ("https://metadata.internal/x", false),
        ("https://a.example/x?y=1", true),
    ] {
        let fault = ClientIdUrl::parse(bad).unwrap_err();
        assert_eq!(fault == UrlFault::Query, query, "{bad}: {fault}");
    }
    let long = format!("https://a.example/{}", "x".repeat(200));
    assert_eq!(ClientIdUrl::parse(&long), Err(UrlFault::TooLong));
}

#[test]
fn a_document_must_be_about_its_own_address_and_hold_no_secret() {
    let world = World::new();
    let check = |change: Value, fault: RegistrationFault| {
        let mut document = document();
        document.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(read(&world, &document).unwrap_err(), fault);
    };
    check(json!({"client_id": "https://tools.example.com/client.json/"}), RegistrationFault::Mismatch);
    check(json!({"client_id": null}), RegistrationFault::Mismatch);
    check(json!({"client_secret": "x"}), RegistrationFault::SecretInDocument("client_secret"));
    check(json!({"client_secret_expires_at": 0}), RegistrationFault::SecretInDocument("client_secret_expires_at"));
    for method in ["client_secret_basic", "client_secret_post", "client_secret_jwt"] {
        check(
            json!({"token_endpoint_auth_method": method}),
            RegistrationFault::Unsupported("token_endpoint_auth_method"),
        );
    }
    check(json!({"scope": "openid admin"}), RegistrationFault::ScopeBeyond("admin".to_owned()));
    // Nobody compares people across sectors because a document says so.
    check(json!({"subject_type": "public"}), RegistrationFault::Unsupported("subject_type"));
    let elsewhere = json!({"redirect_uris": ["https://evil.example/cb"]});
    let posted = json!({"backchannel_logout_uri": "https://evil.example/out"});
    check(posted, RegistrationFault::RedirectBeyond("evil.example".to_owned()));
    check(elsewhere, RegistrationFault::RedirectBeyond("evil.example".to_owned()));
}

#[test]
fn a_document_brings_no_grant_that_begins_without_a_person() {
    let world = World::new();
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let mut rules = rules();
    rules.policy.grants.extend([device, "client_credentials"].map(str::to_owned));
    for (grant, method) in [(device, "none"), ("client_credentials", "private_key_jwt")] {
        let mut document = document();
        document["grant_types"] = json!(["authorization_code", grant]);
        document["token_endpoint_auth_method"] = json!(method);
        document["jwks_uri"] = json!("https://tools.example.com/keys.json");
        let body = document.to_string();
        let fresh_until = world.now.plus_seconds(600);
        let fact = DocumentFact::Fetched { body: body.as_bytes(), at: world.now, fresh_until };
        let Decision::Refused(outcome) = load(URL, None, fact, Some(&rules), &world.issuer, world.now) else {
            panic!("{grant} was taken")
        };
        assert_eq!(outcome.reply, DocumentFault::Document(RegistrationFault::GrantBeyond(grant)));
    }
}

#[test]
fn a_document_with_keys_makes_a_confidential_client() {
    let mut document = document();
    document["token_endpoint_auth_method"] = json!("private_key_jwt");
    document["jwks_uri"] = json!("https://tools.example.com/jwks.json");
    document["redirect_uris"] = json!(["https://tools.example.com/cb"]);
    assert!(read(&World::new(), &document).unwrap().is_confidential());
}

#[test]
fn long_documents_are_refused() {
    let mut document = document();
    document["something"] = json!("x".repeat(DOCUMENT_BYTES_MAX));
    assert!(matches!(read(&World::new(), &document), Err(RegistrationFault::NotJson(_))));
}

#[test]
fn a_document_is_fetched_once_per_freshness_period() {
    let mut world = World::new();
    let need = |world: &World, known: Option<&Client>| {
        let decision = load(URL, known, DocumentFact::NotFetched, Some(&rules()), &world.issuer, world.now);
        matches!(decision, Decision::Need(DocumentNeed::Fetch { url }) if url == URL)
    };
    assert!(need(&world, None));
    let client = read(&world, &document()).unwrap();
    world.now = world.now.plus_seconds(599);
    assert!(!need(&world, Some(&client)));
    world.now = world.now.plus_seconds(1);
    assert!(need(&world, Some(&client)));
    // What it said last is not believed when it can't be read again.
    assert_eq!(decide(&world, Some(&client), DocumentFact::Unavailable).unwrap_err(), DocumentFault::Unavailable);
}

#[test]
fn freshness_has_a_floor_and_a_ceiling() {
    let world = World::new();
    let body = document().to_string();
    for (said, kept) in [(0, 60), (-5, 60), (600, 600), (10_000_000, 86_400)] {
        let fresh_until = world.now.plus_seconds(said);
        let fact = DocumentFact::Fetched { body: body.as_bytes(), at: world.now, fresh_until };
        let client = decide(&world, None, fact).unwrap().reply;
        let ClientOrigin::MetadataDocument { fresh_until, .. } = client.settings.origin else { panic!("a document") };
        assert_eq!(fresh_until, world.now.plus_seconds(kept));
    }
}

#[test]
fn a_kept_client_follows_its_document_but_not_out_of_an_operators_hand() {
    let mut world = World::new();
    let mut known = read(&world, &document()).unwrap();
    known.status = ClientStatus::Disabled;
    known.settings.access.groups = vec!["buyers".to_owned()];
    world.now = world.now.plus_seconds(3600);
    let mut document = document();
    document["client_name"] = json!("Another name");
    let body = document.to_string();
    let fact = DocumentFact::Fetched { body: body.as_bytes(), at: world.now, fresh_until: world.now };
    let outcome = decide(&world, Some(&known), fact).unwrap();
    let client = &outcome.reply;
    assert_eq!(outcome.changes, [Change::KeepDocumentClient(Box::new(client.clone()))]);
    assert_eq!((client.name.as_str(), client.status), ("Another name", ClientStatus::Disabled));
    assert_eq!(client.settings.access, known.settings.access);
    assert_eq!(keep(client).audit[0].kind, AuditKind::ClientDocumentKept);
}

#[test]
fn documents_can_be_off_limited_to_hosts_and_never_replace_registered_clients() {
    let world = World::new();
    let fault = |rules: Option<&DocumentRules>, known: Option<&Client>| match load(
        URL,
        known,
        DocumentFact::NotFetched,
        rules,
        &world.issuer,
        world.now,
    ) {
        Decision::Refused(outcome) => outcome.reply,
        other => panic!("unexpected {other:?}"),
    };
    assert_eq!(fault(None, None), DocumentFault::Off);
    let other = DocumentRules { hosts: vec![".example.org".to_owned(), "example.com".to_owned()], ..rules() };
    assert_eq!(fault(Some(&other), None), DocumentFault::Host);
    assert_eq!(fault(Some(&rules()), Some(&world.client)), DocumentFault::Registered);
    let below = DocumentRules { hosts: vec![".example.com".to_owned()], ..rules() };
    let need = load(URL, None, DocumentFact::NotFetched, Some(&below), &world.issuer, world.now);
    assert!(matches!(need, Decision::Need(_)));
}

#[test]
fn answers_may_go_elsewhere_only_where_people_are_shown_both_hosts() {
    let world = World::new();
    let mut document = document();
    document["redirect_uris"] = json!(["https://elsewhere.example/cb"]);
    let body = document.to_string();
    let fact = DocumentFact::Fetched { body: body.as_bytes(), at: world.now, fresh_until: world.now };
    let shown = DocumentRules { redirects: RedirectReach::Shown, ..rules() };
    let Decision::Done(outcome) = load(URL, None, fact, Some(&shown), &world.issuer, world.now) else {
        panic!("loaded")
    };
    assert_eq!(outcome.reply.redirect_uris[0].host(), "elsewhere.example");
    assert_eq!(shown_host(&outcome.reply), Some("tools.example.com"));
}
