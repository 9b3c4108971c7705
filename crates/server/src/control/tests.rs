//! Requests carried out on a store of their own, as a command would without a server.

use std::sync::Arc;

use model::Secret;
use serde_json::{Value, json};
use store::{Store, StoreConfig};
use tempfile::TempDir;

use super::{
    ClientForm, ClientsRequest, Desk, ExceptionForm, ExceptionsRequest, KeysRequest, NewPersonForm, PeopleRequest,
    RegistrationRequest, Reply, Request, Response, SubjectsRequest, Verdict, run,
};
use crate::ambient;

/// A desk over a fresh store, which goes with it.
struct World {
    _folder: TempDir,
    desk: Desk,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = StoreConfig::new(folder.path().join("data"), folder.path().join("keys"));
        let root = store::create_root_key(&places, &mut ambient::entropy()).unwrap();
        let store = Store::create(&places, &root, ambient::now(), &mut ambient::entropy()).unwrap();
        let desk = Desk::new(Arc::new(store), &root, "http://localhost:8400").unwrap();
        Self { _folder: folder, desk }
    }

    fn done(&self, request: Request) -> Reply {
        match run(&self.desk, request) {
            Response::Done(reply) => reply,
            Response::Refused(refused) => panic!("refused: {refused:?}"),
        }
    }

    /// Refused, with each of `words` somewhere in what it says.
    fn refused(&self, request: Request, words: &[&str]) {
        match run(&self.desk, request) {
            Response::Done(reply) => panic!("done: {reply:?}"),
            Response::Refused(refused) => {
                let said = format!("{} {}", refused.what, refused.remarks.join(" "));
                for word in words {
                    assert!(said.contains(word), "{said:?} lacks {word:?}");
                }
            }
        }
    }

    fn person(&self, name: &str, groups: &[&str]) {
        self.done(Request::People(PeopleRequest::Add(NewPersonForm {
            name: name.to_owned(),
            display: name.to_owned(),
            employment: "workforce".to_owned(),
            privileged: false,
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            ends: None,
            link: false,
        })));
    }

    fn add_client(&self, form: Value) -> Reply {
        self.done(Request::Clients(ClientsRequest::Add(Box::new(serde_json::from_value(form).unwrap()))))
    }

    fn set_client(id: &str, form: Value, clear: &[&str]) -> Request {
        Request::Clients(ClientsRequest::Set {
            id: id.to_owned(),
            form: Box::new(serde_json::from_value(form).unwrap()),
            clear: clear.iter().map(|name| (*name).to_owned()).collect(),
        })
    }

    fn shown(&self, id: &str) -> Value {
        self.done(Request::Clients(ClientsRequest::Show { id: id.to_owned() })).document.unwrap()
    }

    fn rows(&self, request: Request) -> Vec<Vec<Value>> {
        self.done(request).listing.unwrap().rows
    }

    fn audited(&self, word: &str) -> usize {
        self.desk.store().audit_tail(1000).unwrap().iter().filter(|row| row.kind == word).count()
    }
}

fn web(id: &str) -> Value {
    json!({"client_id": id, "client_name": id, "redirect_uris": ["https://rota.example/cb"], "lockgate": {"kind": "web"}})
}

fn import(text: &Value, dry_run: bool, replace: bool) -> Request {
    Request::Clients(ClientsRequest::Import { text: Secret::new(text.to_string()), dry_run, replace })
}

#[test]
fn a_client_keeps_everything_that_is_written_about_it() {
    let world = World::new();
    let mut form = web("full");
    let more = json!({
        "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:token-exchange"],
        "scope": "email openid",
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://rota.example/keys",
        "token_endpoint_auth_signing_alg": "PS256",
        "dpop_bound_access_tokens": true,
        "require_pushed_authorization_requests": true,
        "require_signed_request_object": true,
        "default_max_age": 3600,
        "default_acr_values": ["phr"],
        "post_logout_redirect_uris": ["https://rota.example/bye"],
        "backchannel_logout_uri": "https://rota.example/logout",
        "backchannel_logout_session_required": true,
        "contacts": ["rota@example.com"],
    });
    form.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    form["lockgate"] = json!({
        "kind": "web", "tier": "sensitive", "consent": "trusted", "sector": "example.com", "audience": "https://api.example",
        "access_token_seconds": 120, "refresh_idle_seconds": 600, "refresh_absolute_seconds": 6000,
        "resources": ["https://api.example/a"], "serves": ["https://rota.example"], "groups": ["boats"], "claims": ["email"],
        "purpose": "To write to you.", "response_modes": ["query", "query.jwt"],
        "exchange": [{"subject_from": "own", "audiences": ["https://api.example"], "scopes": "read", "impersonation": false}],
    });
    let reply = world.add_client(form.clone());
    assert!(reply.told_once.is_empty(), "it proves itself with its own key");
    let shown = world.shown("full");
    for (name, value) in form.as_object().unwrap().iter().filter(|(name, _)| *name != "lockgate") {
        assert_eq!(&shown[name], value, "{name}");
    }
    for (name, value) in form["lockgate"].as_object().unwrap() {
        assert_eq!(&shown["lockgate"][name], value, "lockgate.{name}");
    }
    // What is shown can be imported again, but for what is shown only.
    let mut again = shown.clone();
    again["lockgate"].as_object_mut().unwrap().remove("status");
    world.done(import(&json!([again]), false, true));
    assert_eq!(world.shown("full"), shown);
}

#[test]
fn changing_a_client_touches_what_is_named_and_nothing_else() {
    let world = World::new();
    let secret = world.add_client(web("rota")).told_once.remove(0).secret;
    let before = world.shown("rota");
    world.done(World::set_client("rota", json!({"lockgate": {"groups": ["boats"]}, "default_max_age": 60}), &[]));
    let after = world.shown("rota");
    assert_eq!(after["lockgate"]["groups"], json!(["boats"]));
    assert_eq!(after["redirect_uris"], before["redirect_uris"]);
    let hash = |world: &World| world.desk.store().client("rota").unwrap().secrets.clone();
    assert_eq!(hash(&world), [world.desk.tokens.client_secret_hash(secret.expose())], "the secret goes on working");

    world.done(World::set_client("rota", json!({}), &["lockgate.groups", "default_max_age"]));
    assert_eq!(world.shown("rota"), before);
    world.refused(World::set_client("rota", json!({}), &["default_max_age"]), &["no member default_max_age"]);
    world.refused(
        World::set_client("rota", json!({"redirect_uris": ["http://rota.example/cb"]}), &[]),
        &["http_redirect"],
    );
    world.refused(World::set_client("rota", json!({"token_endpoint_auth_method": "private_key_jwt"}), &[]), &["jwks"]);
    world.refused(World::set_client("rota", json!({"client_id": "other"}), &[]), &["can't be changed"]);
    world.refused(World::set_client("nobody", json!({}), &[]), &["there is no client nobody"]);
    assert_eq!(world.shown("rota"), before, "refused changes leave nothing");
    // A client that begins to use its own key loses the secrets, and gets a fresh one when it comes back.
    world.done(World::set_client(
        "rota",
        json!({"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://rota.example/k"}),
        &[],
    ));
    assert!(hash(&world).is_empty());
    let back = world.done(World::set_client("rota", json!({"token_endpoint_auth_method": "client_secret_post"}), &[]));
    assert_eq!(back.told_once.len(), 1);
}

#[test]
fn secrets_overlap_until_the_older_is_removed() {
    let world = World::new();
    let secrets = |world: &World| world.desk.store().client("rota").unwrap().secrets.clone();
    let first = world.add_client(web("rota")).told_once.remove(0).secret;
    let rotate = || Request::Clients(ClientsRequest::RotateSecret { id: "rota".to_owned() });
    let remove = || Request::Clients(ClientsRequest::RemoveOldSecrets { id: "rota".to_owned() });
    world.refused(remove(), &["no older secret"]);
    let second = world.done(rotate()).told_once.remove(0).secret;
    let hash = |secret: &Secret<String>| world.desk.tokens.client_secret_hash(secret.expose());
    assert_eq!(secrets(&world), [hash(&second), hash(&first)]);
    let third = world.done(rotate()).told_once.remove(0).secret;
    assert_eq!(secrets(&world), [hash(&third), hash(&second)], "never more than two");
    world.done(remove());
    assert_eq!(secrets(&world), [hash(&third)]);
    world.add_client(
        json!({"client_id": "spa", "redirect_uris": ["https://spa.example/"], "lockgate": {"kind": "browser"}}),
    );
    world.refused(Request::Clients(ClientsRequest::RotateSecret { id: "spa".to_owned() }), &["spa has no secret"]);
}

#[test]
fn a_client_is_disabled_enabled_and_removed() {
    let world = World::new();
    world.add_client(web("rota"));
    let id = || "rota".to_owned();
    world.done(Request::Clients(ClientsRequest::Disable { id: id() }));
    assert_eq!(world.shown("rota")["lockgate"]["status"], "disabled");
    // Changing it does not let it in again.
    world.done(World::set_client("rota", json!({"client_name": "Rota"}), &[]));
    assert_eq!(world.shown("rota")["lockgate"]["status"], "disabled");
    world.done(Request::Clients(ClientsRequest::Enable { id: id() }));
    assert_eq!(world.shown("rota")["lockgate"]["status"], "active");
    world.done(Request::Clients(ClientsRequest::Remove { id: id() }));
    world.refused(Request::Clients(ClientsRequest::Show { id: id() }), &["there is no client"]);
    assert_eq!((world.audited("client.updated"), world.audited("client.removed")), (3, 1));
}

#[test]
fn a_file_is_imported_whole_or_not_at_all() {
    let world = World::new();
    let mut kept = web("kept");
    kept["client_secret"] = json!("a-secret-that-the-application-has-1");
    kept["lockgate"]["exceptions"] = json!([
        {"rule": "pkce_with_nonce", "reason": "old library", "owner": "Ann", "approved_by": "Bob", "days": 30}
    ]);
    let good = json!({"clients": [kept, web("fresh")]});
    let dry = world.done(import(&good, true, false));
    assert_eq!(dry.verdict, Verdict::Yes);
    assert!(world.desk.store().clients().is_empty(), "looking changes nothing");

    let reply = world.done(import(&good, false, false));
    assert_eq!(reply.told_once.iter().map(|told| told.whose.as_str()).collect::<Vec<_>>(), ["fresh"]);
    let client = world.desk.store().client("kept").unwrap();
    assert_eq!(client.secrets, [world.desk.tokens.client_secret_hash("a-secret-that-the-application-has-1")]);
    assert!(client.excepts(oauth::ExceptionRule::PkceWithNonce, ambient::now()));
    assert_eq!(world.audited("exception.added"), 1);
    world.refused(import(&good, false, false), &["already", "--replace"]);

    for (bad, words) in [
        (json!([web("a"), web("a")]), &["same id"][..]),
        (json!([web("a"), {"client_id": "b", "typo": 1}]), &["application 2 (b)", "typo"]),
        (
            json!([{"client_id": "b", "client_secret": "short", "redirect_uris": ["https://b.example/"]}]),
            &["32 to 256"],
        ),
        (json!([{"client_id": "b", "redirect_uris": ["http://b.example/"]}]), &["http_redirect"]),
        (
            json!([{"client_id": "b", "jwks": {"keys": [{"kty": "oct", "k": "AA"}]}, "redirect_uris": ["https://b.example/"]}]),
            &["jwks"],
        ),
        (json!({"clients": 1}), &["array"]),
        (json!("x"), &["array"]),
    ] {
        world.refused(import(&bad, false, false), words);
    }
    assert_eq!(world.desk.store().clients().len(), 2);
    let remarks = world.done(import(&json!([web("a"), web("a")]), true, false));
    assert_eq!(remarks.verdict, Verdict::No, "a dry run tells the same");
}

#[test]
fn what_cannot_be_kept_is_refused_by_name() {
    let world = World::new();
    let wrong = |members: Value| {
        let mut form = web("x");
        for (name, value) in members.as_object().unwrap() {
            match name.strip_prefix("lockgate.") {
                Some(own) => form["lockgate"][own] = value.clone(),
                None => form[name] = value.clone(),
            }
        }
        let form: ClientForm = serde_json::from_value(form).unwrap();
        Request::Clients(ClientsRequest::Add(Box::new(form)))
    };
    for (members, word) in [
        (json!({"id_token_signed_response_alg": "RS256"}), "keys rotate --alg RS256"),
        (json!({"id_token_signed_response_alg": "HS256"}), "HS256"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), "tls_client_auth_"),
        (json!({"token_endpoint_auth_method": "plain"}), "there is no such way"),
        (json!({"jwks": {"keys": []}, "jwks_uri": "https://x.example/k"}), "both"),
        (json!({"jwks_uri": "https://x.example/k#f"}), "jwks_uri"),
        (json!({"tls_client_auth_san_ip": "nowhere"}), "tls_client_auth"),
        (json!({"backchannel_logout_uri": "app:/x"}), "backchannel_logout_uri"),
        (json!({"post_logout_redirect_uris": ["https://x.example/*"]}), "post_logout_redirect_uris"),
        (json!({"subject_type": "secret"}), "subject_type"),
        (json!({"default_max_age": -1}), "default_max_age"),
        (json!({"lockgate.claims": ["shoe_size"]}), "shoe_size"),
        (json!({"lockgate.resources": ["api"]}), "lockgate.resources"),
        (json!({"lockgate.response_modes": ["fragment"]}), "fragment"),
        (json!({"lockgate.tier": "enormous"}), "lockgate.tier"),
        (json!({"lockgate.access_token_seconds": 301}), "lifetime"),
        (json!({"lockgate.exchange": [{"subject_from": "own", "audiences": [], "scopes": "a"}]}), "lockgate.exchange"),
        (json!({"lockgate.groups": vec!["g"; 33]}), "lockgate.groups"),
        (json!({"grant_types": ["password"]}), "password"),
    ] {
        world.refused(wrong(members), &[word]);
    }
    assert!(world.desk.store().clients().is_empty());
}

#[test]
fn exceptions_name_two_people_and_end() {
    let world = World::new();
    world.add_client(web("rota"));
    let add = |owner: &str, days: i64| {
        Request::Exceptions(ExceptionsRequest::Add {
            client: "rota".to_owned(),
            exception: ExceptionForm {
                rule: "pkce_with_nonce".to_owned(),
                reason: "its library is old".to_owned(),
                owner: owner.to_owned(),
                approved_by: "Bob".to_owned(),
                days: Some(days),
                ends: None,
            },
        })
    };
    world.refused(add("bob", 30), &["other than the owner"]);
    world.refused(add("Ann", 367), &["366 days"]);
    world.refused(add("Ann", -1), &["366 days"]);
    world.done(add("Ann", 30));
    let live = |world: &World| {
        world.desk.store().client("rota").unwrap().excepts(oauth::ExceptionRule::PkceWithNonce, ambient::now())
    };
    assert!(live(&world));
    let rows = world.rows(Request::Exceptions(ExceptionsRequest::List));
    assert_eq!((&rows[0][1], &rows[0][2]), (&json!("pkce_with_nonce"), &json!(true)));
    let end = |id: &str| Request::Exceptions(ExceptionsRequest::End { client: "rota".to_owned(), id: id.to_owned() });
    world.refused(end("nothing"), &["has no exception"]);
    world.done(end(rows[0][7].as_str().unwrap()));
    assert!(!live(&world));
    assert_eq!((world.audited("exception.added"), world.audited("exception.ended")), (1, 1));
}

#[test]
fn keys_move_on_without_a_gap() {
    let world = World::new();
    let keys = |world: &World, alg: &str| -> Vec<(String, String)> {
        let rows = world.rows(Request::Keys(KeysRequest::List));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        rows.iter().filter(|row| row[0] == alg).map(|row| (text(&row[1]), text(&row[4]))).collect()
    };
    let rotate = |alg: &str, at_once| Request::Keys(KeysRequest::Rotate { alg: alg.to_owned(), at_once });
    let first = keys(&world, "ES256")[0].1.clone();
    world.done(rotate("ES256", false));
    let states = |world: &World, alg: &str| keys(world, alg).into_iter().map(|(state, _)| state).collect::<Vec<_>>();
    assert_eq!(states(&world, "ES256"), ["active", "pending"]);
    world.refused(rotate("ES256", false), &["not seen it yet", "--at-once"]);
    world.done(rotate("ES256", true));
    assert_eq!(states(&world, "ES256"), ["active", "retiring"]);
    assert_ne!(keys(&world, "ES256")[0].1, first);

    // A first key of another algorithm signs at once, and clients may have it.
    world.done(rotate("EdDSA", false));
    assert_eq!(states(&world, "EdDSA"), ["active"]);
    let mut form = web("ed");
    form["id_token_signed_response_alg"] = json!("EdDSA");
    world.add_client(form);

    // A key that got away goes at once, and another takes its place.
    let active = keys(&world, "ES256")[0].1.clone();
    world.done(Request::Keys(KeysRequest::Withdraw { id: active.clone() }));
    assert!(keys(&world, "ES256").iter().all(|(_, id)| *id != active));
    assert!(states(&world, "ES256").contains(&"active".to_owned()));
    world.refused(Request::Keys(KeysRequest::Withdraw { id: active }), &["no key"]);
    world.refused(rotate("HS256", false), &["ES256"]);
    assert_eq!(world.audited("key.withdrawn"), 1);
}

#[test]
fn subjects_come_along_whole_or_not_at_all() {
    let world = World::new();
    world.add_client(web("rota"));
    world.person("ann", &[]);
    world.person("bob", &[]);
    let import = |list: &str, dry_run| {
        Request::Subjects(SubjectsRequest::Import {
            client: "rota".to_owned(),
            list: Secret::new(list.to_owned()),
            dry_run,
        })
    };
    let wrong = "sign_in_name,subject\nann,1001\nnobody,1002\nbob,1001\n";
    let dry = world.done(import(wrong, true));
    assert_eq!(dry.verdict, Verdict::No);
    assert!(
        dry.lines.iter().any(|line| line.starts_with("line 3:"))
            && dry.lines.iter().any(|line| line.starts_with("line 4:"))
    );
    assert!(!dry.lines.join(" ").contains("nobody,"), "reports repeat no name");
    world.refused(import(wrong, false), &["nothing was imported", "line 3", "line 4"]);
    world.refused(import("name,subject\n", false), &["the first line must be"]);
    world.refused(import("sign_in_name,subject\nann,rota\n", false), &["id of a client"]);

    world.done(import("sign_in_name,subject\nann,1001\n", false));
    let client = world.desk.store().client("rota").unwrap();
    let ann = world.desk.person_named("ann").unwrap().unwrap();
    assert_eq!(world.desk.store().mapped_subject(&client, ann.id).unwrap().unwrap().as_str(), "1001");
    // The same again is no change; another one for the same person is none either.
    world.done(import("sign_in_name,subject\nann,1001\nbob,1002\n", false));
    world.refused(import("sign_in_name,subject\nann,1003\n", false), &["another subject"]);
    // Nobody gets what somebody else is called by computation.
    let bob = world.desk.person_named("bob").unwrap().unwrap();
    let computed = oauth::subject::computed(&client.subject, bob.id, &world.desk.tokens);
    world.person("cyd", &[]);
    world.refused(import(&format!("sign_in_name,subject\ncyd,{computed}\n"), false), &["computed subject"]);
}

#[test]
fn password_hashes_come_along_whole_or_not_at_all() {
    const BCRYPT: &str = "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    const ARGON2: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZWhhc2hzb21laGFzaHNvbWVoYXNoc29tZWhhc2g";
    let world = World::new();
    world.person("ann", &[]);
    world.person("bob", &[]);
    let import = |list: String, dry_run, replace| {
        Request::People(PeopleRequest::ImportPasswords { list: Secret::new(list), dry_run, replace })
    };
    let wrong = format!("name,hash\nann,{BCRYPT}\nnobody,{BCRYPT}\nbob,letmein\nann,{BCRYPT}\nbob\n");
    let dry = world.done(import(wrong.clone(), true, false));
    for line in ["line 3: nobody has", "line 4: this hash", "line 5: line 2 is", "line 6: expected"] {
        assert!(dry.lines.iter().any(|said| said.starts_with(line)), "{:?} lacks {line}", dry.lines);
    }
    assert_eq!(dry.verdict, Verdict::No);
    assert!(!dry.lines.join(" ").contains("letmein"), "reports repeat no hash");
    world.refused(import(wrong, false, false), &["not imported"]);
    let ann = world.desk.person_named("ann").unwrap().unwrap();
    assert!(world.desk.store().password_of(ann.id).unwrap().is_none());

    // A hash may have commas, with quotation marks around it or without.
    world.done(import(format!("ann,{ARGON2}\n\"bob\",\"{ARGON2}\"\n"), false, false));
    assert!(world.desk.store().password_of(ann.id).unwrap().unwrap().imported);
    world.refused(import(format!("ann,{BCRYPT}\n"), false, false), &["has a password already"]);
    world.done(import(format!("ann,{BCRYPT}\n"), false, true));
}

#[test]
fn people_are_kept_out_and_let_in() {
    let world = World::new();
    world.person("ann", &["boats"]);
    let name = || "ann".to_owned();
    let status = |world: &World| world.rows(Request::People(PeopleRequest::List))[0][2].clone();
    world.done(Request::People(PeopleRequest::Disable { name: name() }));
    assert_eq!(status(&world), "disabled");
    world.refused(
        Request::People(PeopleRequest::Link { name: name(), hours: 24, remove_passkeys: false }),
        &["may not sign in"],
    );
    world.done(Request::People(PeopleRequest::Enable { name: name() }));
    assert_eq!(status(&world), "active");
    let left = world.done(Request::People(PeopleRequest::SetGroups { name: name(), groups: vec!["it".to_owned()] }));
    assert!(left.lines.join(" ").contains("sessions have ended"));
    assert_eq!(world.desk.person_named("ann").unwrap().unwrap().groups, ["it"]);
    world.done(Request::People(PeopleRequest::EndSessions { name: name() }));
    world.done(Request::People(PeopleRequest::ResetThrottle { name: name() }));
    world.done(Request::People(PeopleRequest::ResetFallbacks { name: name() }));
    assert_eq!(world.audited("person.throttle_reset"), 1);
    world.refused(Request::People(PeopleRequest::Disable { name: "zed".to_owned() }), &["nobody has"]);
}

#[test]
fn the_throttle_forgets_the_streak_and_the_account() {
    use signin::throttle::{Account, Counter, Keys, Kind, Scope};
    let world = World::new();
    world.person("ann", &[]);
    let ann = world.desk.person_named("ann").unwrap().unwrap();
    let keys = Keys::of(Kind::Password, &Account::Person(ann.id), [192, 0, 2, 1].into(), &world.desk.signin);
    let now = ambient::now();
    let counter = Counter { failures: 100, last: now, until: now.plus_seconds(900) };
    let set = |key, scope| signin::Change::SetCounter { key, scope, before: Counter::NONE, after: counter }.into();
    let (account, streak) = (keys.account.unwrap(), keys.streak.unwrap());
    let changes = vec![set(account, Scope::Account), set(streak, Scope::Streak), set(keys.address, Scope::Address)];
    world.desk.write(now, changes, Vec::new()).unwrap();
    world.done(Request::People(PeopleRequest::ResetThrottle { name: "ann".to_owned() }));
    let failures = |key: &[u8; 32]| world.desk.store().counter(key).unwrap().failures;
    assert_eq!((failures(&account), failures(&streak), failures(&keys.address)), (0, 0, 100));
}

#[test]
fn addresses_and_attributes_are_kept_and_checked() {
    let world = World::new();
    world.person("ann", &[]);
    let address = |text: &str| (("ann").to_owned(), Secret::new(text.to_owned()));
    let add = |text| {
        let (name, address) = address(text);
        Request::People(PeopleRequest::AddAddress { name, address })
    };
    world.done(add("Ann@mail.example"));
    world.refused(add("ann@mail.example"), &["nothing was changed"]);
    world.refused(add("no address"), &["no mail address"]);
    assert_eq!(
        world.rows(Request::People(PeopleRequest::ListAddresses { name: "ann".to_owned() })),
        [[json!("Ann@mail.example")]]
    );
    let remove = |text| {
        let (name, address) = address(text);
        Request::People(PeopleRequest::RemoveAddress { name, address })
    };
    world.refused(remove("bob@mail.example"), &["not told"]);
    world.done(remove("ANN@mail.example"));

    let attributes = |json: &str| {
        Request::People(PeopleRequest::SetAttributes { name: "ann".to_owned(), json: Secret::new(json.to_owned()) })
    };
    world.done(attributes(r#"{"email": "ann@mail.example", "given_name": "Ann"}"#));
    let ann = world.desk.person_named("ann").unwrap().unwrap();
    assert_eq!(world.desk.store().attributes_of(ann.id).unwrap().unwrap().0.known().count(), 2);
    world.refused(attributes(r#"{"shoe_size": 40}"#), &["shoe_size"]);
}

#[test]
fn an_initial_access_token_is_told_once_and_taken_back() {
    let world = World::new();
    let add = |scopes: &[&str], hosts: &[&str], uses| {
        Request::Registration(RegistrationRequest::AddToken {
            grants: vec!["authorization_code".to_owned()],
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            redirect_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            resources: Vec::new(),
            uses,
            hours: 1,
        })
    };
    let token = world.done(add(&["openid"], &[".example.com"], 2)).told_once.remove(0).secret;
    let revoke = || Request::Registration(RegistrationRequest::RevokeToken { token: token.clone() });
    let kept = oauth::registration::initial_access_hash(&world.desk.tokens, token.expose());
    assert_eq!(world.desk.store().initial_access(&kept).unwrap().unwrap().uses_max, 2);
    world.done(revoke());
    world.refused(revoke(), &["not known"]);
    world.refused(add(&["two words"], &[], 1), &["no scope"]);
    world.refused(add(&["openid"], &["https://x"], 1), &["no host"]);
    world.refused(add(&["openid"], &[], 0), &["no token was made"]);
}

#[test]
fn secrets_hide_themselves_wherever_a_request_is_printed() {
    let request = import(&json!([{"client_secret": "a-secret-that-the-application-has-1"}]), true, false);
    assert!(!format!("{request:?}").contains("a-secret"));
    let world = World::new();
    let reply = world.add_client(web("rota"));
    assert!(!format!("{reply:?}").contains("lgs_"));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_answers_through_its_socket_and_nobody_else_may_open_it() {
    use std::os::unix::fs::PermissionsExt;

    use super::{CallError, call, listener::listen};

    let world = World::new();
    let path = world._folder.path().join("data/control.sock");
    assert!(matches!(call(&path, &Request::WorkstationLink), Err(CallError::NotThere)));
    // What an earlier server left behind is in nobody's way.
    std::fs::write(&path, b"").unwrap();
    let listening = listen(&path, world.desk.clone()).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let asked = path.clone();
    let reply = tokio::task::spawn_blocking(move || call(&asked, &Request::People(PeopleRequest::List))).await.unwrap();
    assert!(matches!(reply.unwrap(), Response::Done(reply) if reply.listing.is_some()));

    // Nonsense is dropped, and the next request is answered all the same.
    let nonsense = path.clone();
    let heard = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Write};
        let mut stream = std::os::unix::net::UnixStream::connect(&nonsense).unwrap();
        stream.write_all(&[0, 0, 0, 2, b'{', b'}']).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        rest
    });
    assert!(heard.await.unwrap().is_empty());
    let asked = path.clone();
    let link = tokio::task::spawn_blocking(move || call(&asked, &Request::WorkstationLink)).await.unwrap().unwrap();
    assert!(
        matches!(link, Response::Done(reply) if reply.told_once[0].secret.expose().contains("/shared-computer#lgw_"))
    );
    drop(listening);
    assert!(!path.exists());
}
