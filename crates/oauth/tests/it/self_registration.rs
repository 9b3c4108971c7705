//! Clients that register and manage themselves.

use crypto::SigningAlg;
use model::{AuditKind, Decision, Outcome};
use oauth::{
    Change, Client, ClientAuth, ClientKind, ClientStatus, ConsentPolicy, Exception, ExceptionRule, GrantTypes,
    SubjectKind,
    client::{ClientOrigin, SenderRule},
    registration::{
        AccessFact, InitialAccess, METADATA_BYTES_MAX, ManageFacts, Managed, RegisterFacts, Registered,
        RegistrationFault, RegistrationNeed, RegistrationPolicy, SectorFact, issue, manage, register,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::world::{World, entropy};

const TOKEN_SECONDS: i64 = 86_400;

fn policy() -> RegistrationPolicy {
    RegistrationPolicy {
        grants: ["authorization_code", "refresh_token", "client_credentials"].map(str::to_owned).to_vec(),
        scopes: ["openid", "orders"].map(str::to_owned).to_vec(),
        redirect_hosts: ["app.example.com", ".apps.example.com", "127.0.0.1"].map(str::to_owned).to_vec(),
        resources: vec!["https://api.example.com".to_owned()],
    }
}

struct Office {
    world: World,
    token: String,
    access: InitialAccess,
    sector: Option<(String, Vec<u8>)>,
}

fn office() -> Office {
    let world = World::new();
    let outcome = issue(policy(), TOKEN_SECONDS, 2, &world.keys, world.now, &mut entropy(5)).unwrap();
    let [Change::InsertInitialAccess(access)] = outcome.changes.as_slice() else { panic!("one token") };
    let access = (**access).clone();
    assert_eq!(access.hash, outcome.reply.hash);
    Office { token: outcome.reply.token.expose().clone(), access, world, sector: None }
}

fn web() -> Value {
    json!({ "client_name": "An app", "redirect_uris": ["https://app.example.com/cb"], "scope": "openid" })
}

fn sector(known: &Option<(String, Vec<u8>)>) -> SectorFact<'_> {
    match known {
        None => SectorFact::NotFetched,
        Some((url, body)) => SectorFact::Fetched { url, body },
    }
}

impl Office {
    fn decide(&self, json: &[u8]) -> Decision<Registered, RegistrationFault, RegistrationNeed, Change> {
        let facts = RegisterFacts {
            issuer: &self.world.issuer,
            keys: &self.world.keys,
            signs: &[SigningAlg::Es256, SigningAlg::EdDsa],
            access: AccessFact::Shown { token: &self.token, access: Some(&self.access) },
            sector: sector(&self.sector),
        };
        register(json, &facts, self.world.now, &mut entropy(6))
    }

    fn register(&self, json: &Value) -> Result<Outcome<Registered, Change>, RegistrationFault> {
        match self.decide(json.to_string().as_bytes()) {
            Decision::Done(outcome) => Ok(outcome),
            Decision::Refused(outcome) => {
                assert!(outcome.changes.is_empty());
                Err(outcome.reply)
            }
            Decision::Need(need) => panic!("unexpected {need:?}"),
        }
    }

    /// A registered client, what it was told, and its own token.
    fn registered(&self, json: &Value) -> (Client, Value, String) {
        let reply = self.register(json).unwrap().reply;
        let told: Value = serde_json::from_str(&reply.render()).unwrap();
        let token = told["registration_access_token"].as_str().unwrap().to_owned();
        (reply.client, told, token)
    }

    fn manage<'a>(&'a self, client: Option<&'a Client>, token: Option<&'a str>) -> ManageFacts<'a> {
        ManageFacts {
            issuer: &self.world.issuer,
            keys: &self.world.keys,
            signs: &[SigningAlg::Es256],
            client,
            token,
            sector: sector(&self.sector),
        }
    }

    fn replace(
        &self,
        client: &Client,
        token: &str,
        json: &Value,
    ) -> Result<Outcome<Managed, Change>, RegistrationFault> {
        let facts = self.manage(Some(client), Some(token));
        match manage::replace(json.to_string().as_bytes(), &facts, self.world.now, &mut entropy(7)) {
            Decision::Done(outcome) => Ok(outcome),
            Decision::Refused(outcome) => Err(outcome.reply),
            Decision::Need(need) => panic!("unexpected {need:?}"),
        }
    }
}

#[track_caller]
fn refused(change: impl FnOnce(&mut Value), code: &str) -> RegistrationFault {
    let mut metadata = web();
    change(&mut metadata);
    let fault = office().register(&metadata).unwrap_err();
    assert_eq!(fault.code(), code, "{fault}");
    let answer = fault.answer();
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((answer.status, body["error"].as_str()), (400, Some(code)));
    assert!(!body["error_description"].as_str().unwrap().is_empty());
    fault
}

#[test]
fn a_registration_is_answered_with_everything_that_was_registered() {
    let office = office();
    let outcome = office.register(&web()).unwrap();
    let [Change::SpendInitialAccess { hash, .. }, Change::InsertClient(client)] = outcome.changes.as_slice() else {
        panic!("the token is spent with the client's insertion")
    };
    assert_eq!((*hash, &**client), (office.access.hash, &outcome.reply.client));
    assert_eq!(outcome.audit[0].kind, AuditKind::ClientRegistered);
    let told: Value = serde_json::from_str(&outcome.reply.render()).unwrap();
    assert_eq!(told["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(told["client_secret_expires_at"], 0);
    let secret = told["client_secret"].as_str().unwrap();
    assert_eq!(client.secrets, [office.world.keys.client_secret_hash(secret)]);
    assert_eq!(told["redirect_uris"], json!(["https://app.example.com/cb"]));
    assert_eq!(told["grant_types"], json!(["authorization_code"]));
    assert_eq!(told["response_types"], json!(["code"]));
    assert_eq!((told["scope"].as_str(), told["client_name"].as_str()), (Some("openid"), Some("An app")));
    let id = client.id.as_str();
    assert_eq!(told["registration_client_uri"], format!("https://id.example.com/register/{id}"));
    // OAuth 2.1 §7.4: no client id looks like a person's subject.
    assert!(id.starts_with("c_") && id.len() != 43);
    assert_eq!((client.consent, client.kind), (ConsentPolicy::Ask, ClientKind::Web));
    assert_eq!(client.settings.requests.resources, ["https://api.example.com"]);
    assert!(!format!("{:?}", outcome.reply).contains(secret));
}

#[test]
fn clients_on_devices_get_no_secret() {
    let office = office();
    for change in [json!({"application_type": "native"}), json!({"redirect_uris": ["http://127.0.0.1/cb"]})] {
        let mut metadata = web();
        metadata.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (client, told, _) = office.registered(&metadata);
        assert_eq!((client.kind, client.auth), (ClientKind::Native, ClientAuth::None));
        assert!(told.get("client_secret").is_none() && client.secrets.is_empty());
        assert_eq!(told["application_type"], "native");
        metadata["token_endpoint_auth_method"] = json!("client_secret_basic");
        assert!(matches!(office.register(&metadata), Err(RegistrationFault::Rules(_))));
    }
    let mut browser = web();
    browser["token_endpoint_auth_method"] = json!("none");
    assert_eq!(office.registered(&browser).0.kind, ClientKind::Browser);
}

#[test]
fn what_specifications_add_is_kept_and_told() {
    let mut metadata = web();
    metadata.as_object_mut().unwrap().extend(
        json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "PS256",
            "jwks_uri": "https://app.example.com/jwks.json",
            "dpop_bound_access_tokens": true,
            "require_pushed_authorization_requests": true,
            "require_auth_time": true,
            "default_max_age": 600,
            "default_acr_values": ["phr"],
            "id_token_signed_response_alg": "EdDSA",
            "post_logout_redirect_uris": ["https://app.example.com/bye"],
            "backchannel_logout_uri": "https://app.example.com/logout",
            "backchannel_logout_session_required": true,
            "contacts": ["ops@example.com"],
            "client_uri": "https://app.example.com/",
            "software_id": "an-app",
            "something_unknown": {"is": ["ignored"]},
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    let (client, told, _) = office().registered(&metadata);
    assert_eq!((client.auth, client.settings.signing), (ClientAuth::PrivateKeyJwt, SigningAlg::EdDsa));
    assert_eq!(client.settings.proof.sender, SenderRule::Dpop);
    assert!(client.settings.requests.require_par && client.settings.logout.is_used() && client.secrets.is_empty());
    metadata.as_object_mut().unwrap().remove("something_unknown");
    for (name, value) in metadata.as_object().unwrap() {
        assert_eq!(&told[name], value, "{name}");
    }
}

#[test]
fn keys_come_one_way_and_are_public() {
    let key = json!({"keys": [{"kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]});
    let with = |change: Value| {
        let mut metadata = web();
        metadata["token_endpoint_auth_method"] = json!("private_key_jwt");
        metadata.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        office().register(&metadata)
    };
    let told = with(json!({ "jwks": key })).unwrap().reply.render();
    assert!(told.contains("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"), "{told}");
    assert_eq!(with(json!({})).unwrap_err(), RegistrationFault::ProofMissing("jwks or jwks_uri"));
    let both = with(json!({"jwks": key, "jwks_uri": "https://app.example.com/jwks.json"}));
    assert_eq!(both.unwrap_err(), RegistrationFault::KeysTwice);
    let mut private = key.clone();
    private["keys"][0]["d"] = json!("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI");
    assert!(matches!(with(json!({ "jwks": private })), Err(RegistrationFault::Keys(_))));
    let plain = with(json!({"jwks_uri": "http://app.example.com/jwks.json"}));
    assert_eq!(plain.unwrap_err(), RegistrationFault::Address("jwks_uri"));
}

#[test]
fn the_rules_for_every_client_hold_here() {
    refused(|m| m["redirect_uris"] = json!(["http://app.example.com/cb"]), "invalid_redirect_uri");
    refused(|m| m["redirect_uris"] = json!(["https://app.example.com/cb#x"]), "invalid_redirect_uri");
    refused(|m| m["redirect_uris"] = json!([]), "invalid_redirect_uri");
    refused(|m| m["grant_types"] = json!(["implicit", "authorization_code"]), "invalid_client_metadata");
    refused(|m| m["grant_types"] = json!(["password"]), "invalid_client_metadata");
    refused(|m| m["response_types"] = json!(["code", "token"]), "invalid_client_metadata");
    refused(|m| m["client_name"] = json!("x".repeat(121)), "invalid_client_metadata");
    let fault = refused(
        |m| {
            m["grant_types"] = json!(["authorization_code", "client_credentials"]);
            m["token_endpoint_auth_method"] = json!("none");
        },
        "invalid_client_metadata",
    );
    assert!(fault.to_string().contains("grant_of_public_client"), "{fault}");
}

#[test]
fn nothing_goes_beyond_the_tokens_policy() {
    refused(|m| m["redirect_uris"] = json!(["https://evil.example/cb"]), "invalid_redirect_uri");
    refused(|m| m["redirect_uris"] = json!(["https://evilapps.example.com/cb"]), "invalid_redirect_uri");
    refused(|m| m["redirect_uris"] = json!(["https://apps.example.com/cb"]), "invalid_redirect_uri");
    refused(|m| m["post_logout_redirect_uris"] = json!(["https://evil.example/bye"]), "invalid_redirect_uri");
    refused(|m| m["backchannel_logout_uri"] = json!("https://evil.example/out"), "invalid_redirect_uri");
    refused(|m| m["scope"] = json!("openid admin"), "invalid_client_metadata");
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    refused(|m| m["grant_types"] = json!(["authorization_code", device]), "invalid_client_metadata");
    let mut inside = web();
    inside["redirect_uris"] = json!(["https://one.apps.example.com/cb"]);
    inside.as_object_mut().unwrap().remove("scope");
    let (client, ..) = office().registered(&inside);
    assert_eq!(client.scopes.len(), 2, "without a wish, what the policy allows");
}

#[test]
fn software_statements_and_encryption_are_refused_by_name() {
    refused(|m| m["software_statement"] = json!("e.e.e"), "unapproved_software_statement");
    let fault = refused(|m| m["id_token_encrypted_response_alg"] = json!("RSA-OAEP"), "invalid_client_metadata");
    assert_eq!(fault, RegistrationFault::Unsupported("id_token_encrypted_response_alg"));
    refused(|m| m["token_endpoint_auth_method"] = json!("client_secret_jwt"), "invalid_client_metadata");
    refused(|m| m["id_token_signed_response_alg"] = json!("none"), "invalid_client_metadata");
    refused(|m| m["id_token_signed_response_alg"] = json!("RS256"), "invalid_client_metadata");
    refused(|m| m["subject_type"] = json!("weird"), "invalid_client_metadata");
}

#[test]
fn hostile_json_is_refused_before_anything_is_believed() {
    let office = office();
    let deep = format!("{{\"client_name\":{}1{}}}", "[".repeat(200), "]".repeat(200));
    let long = format!("{{\"client_name\":\"{}\"}}", "a".repeat(METADATA_BYTES_MAX));
    let twice = r#"{"redirect_uris":["https://app.example.com/cb"],"redirect_uris":["https://evil.example/cb"]}"#;
    for json in [deep.as_str(), long.as_str(), twice, "", "[]", "null", "{", "{}x"] {
        let Decision::Refused(outcome) = office.decide(json.as_bytes()) else { panic!("{json:.40} was taken") };
        assert!(matches!(outcome.reply, RegistrationFault::NotJson(_)), "{json:.40}");
    }
    refused(|m| m["redirect_uris"] = json!("https://app.example.com/cb"), "invalid_client_metadata");
    refused(|m| m["redirect_uris"] = json!([1]), "invalid_client_metadata");
    refused(|m| m["contacts"] = json!(vec!["a"; 33]), "invalid_client_metadata");
    refused(|m| m["software_id"] = json!("a\u{0}b"), "invalid_client_metadata");
    refused(|m| m["require_auth_time"] = json!("yes"), "invalid_client_metadata");
}

proptest! {
    #[test]
    fn no_registration_panics_or_escapes_the_policy(
        name in ".{0,140}",
        uri in "(https://(app|evil)\\.example\\.com/[a-z.%#*]{0,6}|[ -~]{0,20})",
        scope in "(openid|orders|admin| |\"){0,6}",
        method in "(none|client_secret_basic|private_key_jwt|x)",
    ) {
        let json = json!({"client_name": name, "redirect_uris": [uri], "scope": scope, "token_endpoint_auth_method": method});
        if let Ok(outcome) = office().register(&json) {
            let client = outcome.reply.client;
            prop_assert!(client.scopes.iter().all(|scope| ["openid", "orders"].contains(&scope.as_str())));
            prop_assert!(client.redirect_uris.iter().all(|uri| ["app.example.com", "127.0.0.1"].contains(&uri.host())));
        }
    }
}

#[test]
fn who_shows_no_good_token_registers_nothing() {
    let check = |change: fn(&mut Office)| {
        let mut office = office();
        change(&mut office);
        let fault = office.register(&web()).unwrap_err();
        assert_eq!(fault, RegistrationFault::TokenRefused);
        assert_eq!(fault.answer().status, 401);
    };
    check(|office| office.access.expires = office.world.now);
    check(|office| office.access.uses = office.access.uses_max);
    check(|office| office.access.hash = [0; 32]);
    check(|office| office.token.push('x'));
    check(|office| office.world.now = office.world.now.plus_seconds(-1));
    let office = office();
    let facts = RegisterFacts {
        issuer: &office.world.issuer,
        keys: &office.world.keys,
        signs: &[],
        access: AccessFact::NotShown,
        sector: SectorFact::NotFetched,
    };
    let Decision::Refused(outcome) = register(b"not even read", &facts, office.world.now, &mut entropy(1)) else {
        panic!("refused")
    };
    assert_eq!(outcome.reply, RegistrationFault::TokenMissing);
    assert_eq!(outcome.reply.answer().www_authenticate, Some("Bearer realm=\"client registration\""));
}

#[test]
fn initial_access_is_bounded() {
    let world = World::new();
    let issue = |seconds, uses| issue(policy(), seconds, uses, &world.keys, world.now, &mut entropy(1)).is_ok();
    assert!(issue(1, 1) && issue(90 * 86_400, 10_000));
    assert!(!issue(0, 1) && !issue(90 * 86_400 + 1, 1) && !issue(1, 0) && !issue(1, 10_001));
}

#[test]
fn a_sector_is_proved_by_its_document() {
    let url = "https://app.example.com/sector.json";
    let mut metadata = web();
    metadata["redirect_uris"] = json!(["https://app.example.com/cb", "https://one.apps.example.com/cb"]);
    let mut office = office();
    assert!(matches!(office.register(&metadata), Err(RegistrationFault::Rules(_))), "several hosts and no sector");
    metadata["sector_identifier_uri"] = json!(url);
    let text = metadata.to_string();
    let Decision::Need(RegistrationNeed::FetchSector { url: wanted }) = office.decide(text.as_bytes()) else {
        panic!("the document is needed")
    };
    assert_eq!(wanted, url);
    let listed = metadata["redirect_uris"].to_string().into_bytes();
    for (from, body, holds) in [
        (url, listed.clone(), true),
        (url, b"[\"https://app.example.com/cb\"]".to_vec(), false),
        (url, b"{}".to_vec(), false),
        (url, vec![b' '; 64 * 1024 + 1], false),
    ] {
        office.sector = Some((from.to_owned(), body));
        match office.register(&metadata) {
            Ok(outcome) => {
                assert!(holds);
                assert_eq!(
                    outcome.reply.client.subject,
                    SubjectKind::Pairwise { sector: "app.example.com".to_owned() }
                );
            }
            Err(fault) => assert!(!holds && fault == RegistrationFault::Sector, "{fault}"),
        }
    }
    office.sector = Some(("https://other.example.com/".to_owned(), listed));
    assert!(matches!(office.decide(text.as_bytes()), Decision::Need(_)), "an answer to another question");
    metadata["sector_identifier_uri"] = json!("http://app.example.com/sector.json");
    assert_eq!(office.register(&metadata).unwrap_err(), RegistrationFault::Sector);
}

#[test]
fn a_client_without_addresses_joins_nobodys_sector() {
    let mut office = office();
    office.access.policy.grants.push("urn:ietf:params:oauth:grant-type:device_code".to_owned());
    // Another organisation's sector document, which names none of this client's addresses, because it has none.
    let theirs = "https://shop.example.org/sector.json";
    for listed in ["[]", "[\"https://shop.example.org/cb\"]"] {
        office.sector = Some((theirs.to_owned(), listed.as_bytes().to_vec()));
        for grant in ["client_credentials", "urn:ietf:params:oauth:grant-type:device_code"] {
            let metadata = json!({
                "client_name": "A television", "grant_types": [grant], "scope": "openid", "sector_identifier_uri": theirs,
            });
            assert_eq!(office.register(&metadata).unwrap_err(), RegistrationFault::Sector, "{grant} {listed}");
        }
    }
}

#[test]
fn a_client_whose_answers_prove_no_host_has_a_sector_of_its_own() {
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let mut office = office();
    office.access.policy.grants.push(device.to_owned());
    office.access.policy.redirect_hosts.clear();
    let sector_of = |office: &Office, metadata: &Value| {
        let client = office.register(metadata).unwrap().reply.client;
        let SubjectKind::Pairwise { sector } = client.subject else { panic!("pairwise") };
        (sector, format!("client:{}", client.id))
    };
    // Somebody else's address, where it will never receive anything: its tokens come on a device.
    let mut metadata = web();
    metadata["redirect_uris"] = json!(["https://shop.example.org/cb"]);
    assert_eq!(sector_of(&office, &metadata).0, "shop.example.org", "a code goes there and nowhere else");
    metadata["grant_types"] = json!(["authorization_code", device]);
    let (sector, own) = sector_of(&office, &metadata);
    assert_eq!(sector, own);
    // Nor by the document that lists that address.
    let listed = "https://shop.example.org/sector.json";
    metadata["sector_identifier_uri"] = json!(listed);
    office.sector = Some((listed.to_owned(), b"[\"https://shop.example.org/cb\"]".to_vec()));
    assert_eq!(office.register(&metadata).unwrap_err(), RegistrationFault::Sector);
    // Any program can claim a scheme.
    let claimed = json!({ "client_name": "An app", "redirect_uris": ["org.example.shop:/cb"], "scope": "openid" });
    let (sector, own) = sector_of(&office, &claimed);
    assert_eq!(sector, own);
}

#[test]
fn a_name_that_hides_or_turns_text_is_refused() {
    for name in ["A\u{202e}ppa", "A\u{200b}pp", "An app\u{2028}by Example", "\u{3164}", "A\u{ad}pp", "A\u{e0041}pp"] {
        refused(|metadata| metadata["client_name"] = json!(name), "invalid_client_metadata");
    }
    let office = office();
    let (client, _, token) = office.registered(&web());
    let mut next = web();
    next["client_id"] = json!(client.id.as_str());
    next["client_name"] = json!("moc.elpmaxe\u{202e}");
    assert!(office.replace(&client, &token, &next).is_err());
}

#[test]
fn a_client_reads_its_registration_with_its_own_token_only() {
    let office = office();
    let (client, told, token) = office.registered(&web());
    let read = manage::read(&office.manage(Some(&client), Some(&token))).unwrap().render();
    let read: Value = serde_json::from_str(&read).unwrap();
    for (name, value) in read.as_object().unwrap() {
        assert_eq!(value, &told[name], "{name}");
    }
    assert!(read.get("client_secret").is_none(), "only its hash is kept");
    let fault = |client: Option<&Client>, token: Option<&str>| manage::read(&office.manage(client, token)).unwrap_err();
    assert_eq!(fault(Some(&client), None), RegistrationFault::TokenMissing);
    assert_eq!(fault(None, Some(&token)), RegistrationFault::TokenRefused);
    assert_eq!(fault(Some(&client), Some("lgm_other")), RegistrationFault::TokenRefused);
    assert_eq!(fault(Some(&office.world.client), Some(&token)), RegistrationFault::TokenRefused);
    let disabled = Client { status: ClientStatus::Disabled, ..client };
    assert_eq!(fault(Some(&disabled), Some(&token)), RegistrationFault::TokenRefused);
}

#[test]
fn a_replacement_replaces_everything_but_what_operators_decided() {
    let office = office();
    let mut first = web();
    first["contacts"] = json!(["ops@example.com"]);
    let (mut client, _, token) = office.registered(&first);
    client.tier = model::Tier::Sensitive;
    client.settings.access.groups = vec!["buyers".to_owned()];
    client.settings.requests.response_modes = vec![oauth::client::ResponseMode::QueryJwt];
    client.settings.exceptions = vec![Exception {
        id: model::ExceptionId::from_bytes([1; 16]),
        rule: ExceptionRule::NoRotation,
        reason: "a reason".to_owned(),
        owner: "an owner".to_owned(),
        approved_by: "somebody else".to_owned(),
        created: client.created,
        expires: client.created.plus_seconds(60),
    }];
    let mut next = web();
    next["client_id"] = json!(client.id.as_str());
    next["client_name"] = json!("A better app");
    let outcome = office.replace(&client, &token, &next).unwrap();
    let [Change::ReplaceClient(after)] = outcome.changes.as_slice() else { panic!("one replacement") };
    assert_eq!((after.id.clone(), after.name.as_str()), (client.id.clone(), "A better app"));
    assert!(after.settings.about.contacts.is_empty(), "what is left out is gone");
    assert_eq!((after.tier, &after.settings.access), (client.tier, &client.settings.access));
    assert_eq!(after.settings.exceptions, client.settings.exceptions);
    assert_eq!(after.settings.requests.response_modes, client.settings.requests.response_modes);
    assert_eq!((&after.secrets, &after.settings.origin), (&client.secrets, &client.settings.origin));
    assert_eq!(outcome.audit[0].kind, AuditKind::ClientUpdated);
}

#[test]
fn an_operators_trust_does_not_follow_a_client_to_other_places() {
    let office = office();
    let (mut client, _, token) = office.registered(&web());
    client.consent = ConsentPolicy::Trusted;
    let consent = |change: Value| {
        let mut next = web();
        next["client_id"] = json!(client.id.as_str());
        next.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let outcome = office.replace(&client, &token, &next).unwrap();
        let [Change::ReplaceClient(after)] = outcome.changes.as_slice() else { panic!("one replacement") };
        after.consent
    };
    assert_eq!(consent(json!({"client_name": "A better app"})), ConsentPolicy::Trusted);
    for change in [
        json!({"redirect_uris": ["https://app.example.com/other"]}),
        json!({"redirect_uris": ["https://app.example.com/cb", "https://app.example.com/other"]}),
        json!({"token_endpoint_auth_method": "none"}),
        json!({"jwks_uri": "https://app.example.com/keys.json"}),
    ] {
        assert_eq!(consent(change.clone()), ConsentPolicy::Ask, "{change}");
    }
}

#[test]
fn a_replacement_can_not_reach_beyond_the_first_registration() {
    let office = office();
    let (client, told, token) = office.registered(&web());
    let id = client.id.as_str();
    let fault = |change: Value| {
        let mut next = web();
        next["client_id"] = json!(id);
        next.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        office.replace(&client, &token, &next).unwrap_err()
    };
    assert_eq!(fault(json!({"scope": "openid admin"})), RegistrationFault::ScopeBeyond("admin".to_owned()));
    assert_eq!(fault(json!({"client_id": "app"})), RegistrationFault::Mismatch);
    assert_eq!(fault(json!({"client_id": null})), RegistrationFault::Mismatch);
    assert_eq!(fault(json!({"client_secret": "of my own choice"})), RegistrationFault::Mismatch);
    for name in
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"]
    {
        assert_eq!(fault(json!({ name: "x" })), RegistrationFault::ServersOwn(name));
    }
    // Its own secret may come along, and is then told again.
    let mut next = web();
    next["client_id"] = json!(id);
    next["client_secret"] = told["client_secret"].clone();
    let reply = office.replace(&client, &token, &next).unwrap().reply;
    assert!(reply.render().contains(told["client_secret"].as_str().unwrap()));
}

#[test]
fn a_client_that_begins_to_need_a_secret_gets_one() {
    let office = office();
    let mut public = web();
    public["token_endpoint_auth_method"] = json!("none");
    let (client, _, token) = office.registered(&public);
    let mut next = web();
    next["client_id"] = json!(client.id.as_str());
    let reply = office.replace(&client, &token, &next).unwrap().reply;
    let told: Value = serde_json::from_str(&reply.render()).unwrap();
    let secret = told["client_secret"].as_str().unwrap();
    assert_eq!(reply.client.secrets, [office.world.keys.client_secret_hash(secret)]);
    let mut back = public.clone();
    back["client_id"] = json!(client.id.as_str());
    assert!(office.replace(&reply.client, &token, &back).unwrap().reply.client.secrets.is_empty());
}

#[test]
fn a_removed_client_takes_its_grants_along() {
    let office = office();
    let (client, _, token) = office.registered(&web());
    let outcome = manage::remove(&office.manage(Some(&client), Some(&token)), office.world.now).unwrap();
    assert_eq!(outcome.changes, [Change::RemoveClient { id: client.id.clone(), at: office.world.now }]);
    assert_eq!(outcome.audit[0].kind, AuditKind::ClientRemoved);
    assert!(manage::remove(&office.manage(Some(&client), Some("x")), office.world.now).is_err());
}

#[test]
fn a_reissued_token_replaces_the_old_one() {
    let office = office();
    let (mut client, _, old) = office.registered(&web());
    let outcome = manage::reissue_token(&client, &office.world.keys, &mut entropy(9));
    let [Change::SetRegistrationToken { token_hash: new_hash, .. }] = outcome.changes.as_slice() else {
        panic!("one change")
    };
    let ClientOrigin::Registered { token_hash, .. } = &mut client.settings.origin else { panic!("registered") };
    *token_hash = *new_hash;
    assert!(manage::read(&office.manage(Some(&client), Some(&old))).is_err());
    assert!(manage::read(&office.manage(Some(&client), Some(outcome.reply.expose()))).is_ok());
}

#[test]
fn a_service_acts_for_itself() {
    let mut metadata = web();
    metadata["grant_types"] = json!(["client_credentials"]);
    metadata.as_object_mut().unwrap().remove("redirect_uris");
    let (client, told, _) = office().registered(&metadata);
    assert_eq!((client.kind, client.grants), (ClientKind::Service, GrantTypes::CLIENT_CREDENTIALS));
    assert_eq!(told["response_types"], json!([]));
}
