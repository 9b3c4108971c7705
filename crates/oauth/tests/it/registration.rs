//! Registering clients: what is accepted, and what the person is told.

use model::{AuditKind, Tier};
use oauth::{
    Change, Client, ClientAuth, ClientKind, ConsentPolicy, GrantTypes, SubjectKind,
    client::{ClientKeys, TlsSubject},
    client_rules::{ClientShape, Lifetimes, PkceUse, Registration, SubjectChoice, addition},
};

use crate::world::{ISSUER, World};

fn web() -> Registration {
    Registration {
        shape: ClientShape {
            redirect_uris: Some(vec!["https://app.example.com/cb".to_owned()]),
            ..ClientShape::new("app", "The app", ClientKind::Web)
        },
        scopes: vec!["openid".to_owned(), "orders".to_owned()],
        secrets: vec![[7; 32]],
        subject: SubjectChoice::Pairwise,
        consent: ConsentPolicy::Trusted,
        tier: Tier::Standard,
        audience: None,
        lifetimes: Lifetimes::default(),
        settings: oauth::ClientSettings::default(),
    }
}

fn register(change: impl FnOnce(&mut Registration)) -> Result<Client, Vec<&'static str>> {
    let world = World::new();
    let mut registration = web();
    change(&mut registration);
    Client::register(registration, &world.issuer, world.now).map_err(|broken| {
        assert!(broken.iter().all(|b| !b.explanation.is_empty() && !b.fix.is_empty() && !b.to_string().is_empty()));
        broken.iter().map(|b| b.rule).collect()
    })
}

#[track_caller]
fn broken(change: impl FnOnce(&mut Registration), rules: &[&str]) {
    assert_eq!(register(change).expect_err("must be refused"), rules);
}

#[test]
fn a_web_client_gets_safe_defaults() {
    let client = register(|_| {}).unwrap();
    assert_eq!(client.auth, ClientAuth::SecretBasic);
    assert_eq!(client.grants, GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN));
    assert_eq!(client.subject, SubjectKind::Pairwise { sector: "app.example.com".to_owned() });
    assert_eq!(client.audience, ISSUER);
    assert_eq!((client.access_token_seconds, client.refresh_idle_seconds), (300, 86_400));
    assert!(client.is_confidential() && client.has_only_https_redirects());
}

#[test]
fn native_and_browser_clients_are_public() {
    let public = |kind| {
        move |r: &mut Registration| {
            r.shape.kind = Some(kind);
            r.secrets.clear();
        }
    };
    for kind in [ClientKind::Native, ClientKind::Browser] {
        let client = register(public(kind)).unwrap();
        assert_eq!((client.auth, client.is_confidential()), (ClientAuth::None, false));
        broken(|r| r.shape.kind = Some(kind), &["secret_in_public_client"]);
        broken(
            |r| {
                public(kind)(r);
                r.shape.auth_method = Some("client_secret_post".to_owned());
            },
            &["secret_in_public_client"],
        );
    }
}

#[test]
fn the_kind_must_be_known() {
    broken(|r| r.shape.kind = None, &["secret_in_public_client", "client_kind"]);
}

#[test]
fn implicit_password_and_missing_pkce_can_not_be_registered() {
    let grants = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    broken(|r| r.shape.grant_types = grants(&["authorization_code", "implicit"]), &["implicit"]);
    broken(|r| r.shape.response_types = grants(&["code", "token"]), &["implicit"]);
    broken(|r| r.shape.grant_types = grants(&["authorization_code", "password"]), &["password_grant"]);
    broken(|r| r.shape.pkce = Some(PkceUse::Missing), &["pkce_missing"]);
    broken(|r| r.shape.grant_types = grants(&["authorization_code", "urn:example:grant"]), &["grant_unsupported"]);
    broken(|r| r.shape.grant_types = grants(&["refresh_token"]), &["grant_useless"]);
}

#[test]
fn redirect_uris_must_be_there_and_plain() {
    let uris = |uris: &[&str]| Some(uris.iter().map(|uri| (*uri).to_owned()).collect::<Vec<_>>());
    broken(|r| r.shape.redirect_uris = None, &["redirect_missing"]);
    broken(|r| r.shape.redirect_uris = uris(&[]), &["redirect_missing"]);
    broken(|r| r.shape.redirect_uris = uris(&["https://*.example/cb"]), &["loose_redirect"]);
    broken(
        |r| {
            // What another server says about its own way of comparing counts for nothing here.
            (r.shape.redirect_uris, r.shape.varying_redirect_uris) = (uris(&["https://*.example/cb"]), uris(&[]));
        },
        &["loose_redirect"],
    );
    broken(|r| r.shape.redirect_uris = uris(&["http://app.example.com/cb"]), &["http_redirect"]);
    broken(|r| r.shape.redirect_uris = uris(&["javascript:x", "myapp:/cb"]), &["dangerous_scheme_redirect"; 2]);
    broken(|r| r.shape.redirect_uris = Some(vec!["https://app.example.com/cb".to_owned(); 33]), &["too_many"]);
}

#[test]
fn a_refused_redirect_uri_is_named_with_its_exact_fault() {
    let world = World::new();
    let mut registration = web();
    registration.shape.redirect_uris = Some(vec!["https://a.example/cb#x".to_owned()]);
    let broken = Client::register(registration, &world.issuer, world.now).unwrap_err();
    assert_eq!(broken[0].subject.as_deref(), Some("https://a.example/cb#x"));
    assert!(broken[0].explanation.contains("fragment"), "{}", broken[0].explanation);
}

#[test]
fn names_ids_scopes_and_lifetimes_are_checked() {
    broken(|r| r.shape.id = "two words".to_owned(), &["client_id"]);
    broken(|r| r.shape.name = " ".to_owned(), &["client_name"]);
    broken(|r| r.shape.name = "a\u{202e}\u{7}".to_owned(), &["client_name"]);
    broken(|r| r.scopes.clear(), &["scope_missing"]);
    broken(|r| r.scopes.push("two words".to_owned()), &["scope_malformed"]);
    broken(|r| r.lifetimes.access_token_seconds = 301, &["lifetime"]);
    broken(|r| r.lifetimes.refresh_absolute_seconds = 10, &["lifetime"]);
    broken(|r| r.shape.auth_method = Some("client_secret_jwt".to_owned()), &["auth_unsupported"]);
    broken(|r| r.shape.auth_method = Some("none".to_owned()), &["auth_without_secret"]);
}

#[test]
fn who_proves_itself_with_a_key_must_show_it_first() {
    for method in ["private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"] {
        let wants = |r: &mut Registration| {
            r.secrets.clear();
            r.shape.auth_method = Some(method.to_owned());
        };
        broken(wants, &["auth_without_keys"]);
        let client = register(|r| {
            wants(r);
            r.settings.proof.keys = ClientKeys::Uri("https://app.example.com/jwks.json".to_owned());
            r.settings.proof.tls_subject = Some(TlsSubject::SanDns("app.example.com".to_owned()));
        });
        assert!(client.unwrap().is_confidential());
    }
}

#[test]
fn who_obtains_tokens_without_a_person_must_prove_itself() {
    let grants = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    for grant in ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"] {
        let client = register(|r| r.shape.grant_types = grants(&[grant])).unwrap();
        assert_eq!(client.grants.names().collect::<Vec<_>>(), [grant]);
        let public = |r: &mut Registration| {
            r.secrets.clear();
            r.shape.grant_types = grants(&["authorization_code", grant]);
        };
        broken(public, &["grant_of_public_client"]);
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    broken(
        |r| {
            r.shape.id.clear();
            r.shape.pkce = Some(PkceUse::Plain);
            r.scopes.clear();
        },
        &["pkce_missing", "client_id", "scope_missing"],
    );
}

#[test]
fn the_sector_is_the_host_or_must_be_named() {
    let several = |r: &mut Registration| {
        r.shape.redirect_uris.as_mut().unwrap().push("https://other.example.com/cb".to_owned());
    };
    broken(several, &["sector"]);
    let client = register(|r| {
        several(r);
        r.subject = SubjectChoice::PairwiseIn("example.com".to_owned());
    });
    assert_eq!(client.unwrap().subject, SubjectKind::Pairwise { sector: "example.com".to_owned() });
    // Every program on a device has the same loopback address, so it is no sector.
    let client = register(|r| r.shape.redirect_uris = Some(vec!["http://127.0.0.1/cb".to_owned()])).unwrap();
    assert_eq!(client.subject, SubjectKind::Pairwise { sector: "client:app".to_owned() });
    // RFC 8252 §7.3: an app listens on whichever loopback address it gets; both are the same device.
    let both = |r: &mut Registration| {
        r.shape = ClientShape {
            redirect_uris: Some(vec!["http://127.0.0.1/cb".to_owned(), "http://[::1]/cb".to_owned()]),
            ..ClientShape::new("app", "The app", ClientKind::Native)
        };
        r.secrets = Vec::new();
        r.consent = ConsentPolicy::Ask;
    };
    assert_eq!(register(both).unwrap().subject, SubjectKind::Pairwise { sector: "client:app".to_owned() });
}

#[test]
fn adding_a_client_is_one_change_and_one_record() {
    let outcome = addition(register(|_| {}).unwrap());
    assert!(matches!(outcome.changes.as_slice(), [Change::InsertClient(client)] if client.id == outcome.reply));
    assert_eq!(outcome.audit.iter().map(|event| event.kind).collect::<Vec<_>>(), [AuditKind::ClientAdded]);
}

#[test]
fn a_client_whose_id_looks_like_a_person_can_not_act_for_itself() {
    let world = World::new();
    let person = oauth::subject::subject(&world.client, world.person.id, None, &world.keys);
    let like = |grant: &'static str| {
        let person = person.clone();
        move |r: &mut Registration| {
            r.shape.id = person;
            r.shape.grant_types = Some(vec!["authorization_code".to_owned(), grant.to_owned()]);
        }
    };
    broken(like("client_credentials"), &["client_id_like_subject"]);
    assert!(register(like("refresh_token")).is_ok());
}

#[test]
fn settings_are_judged_like_everything_else() {
    use oauth::client::{ClientKeys, ExceptionRule, SenderRule, TlsSubject};
    let world = World::new();
    let uri = |uri: &str| {
        let uri = uri.to_owned();
        move |r: &mut Registration| r.settings.proof.keys = ClientKeys::Uri(uri)
    };
    assert!(register(uri("https://app.example.com/jwks.json")).is_ok());
    for wrong in ["http://app.example.com/jwks.json", "https://app.example.com/#keys", "file:///etc/keys", ""] {
        broken(uri(wrong), &["jwks_uri"]);
    }
    broken(|r| r.settings.proof.tls_subject = Some(TlsSubject::SanIp("app".to_owned())), &["tls_subject"]);
    broken(|r| r.settings.serves = vec!["api".to_owned()], &["resource_name"]);
    broken(|r| r.settings.requests.resources = vec!["https://a.example/#x".to_owned()], &["resource_name"]);
    let exception = |rule| crate::client_assertions::exception(&world, rule);
    let (kept, mut endless) = (exception(ExceptionRule::NoRotation), exception(ExceptionRule::PkceWithNonce));
    endless.expires = endless.created.plus_seconds(400 * 86_400);
    broken(|r| r.settings.exceptions = vec![endless], &["exception"]);
    broken(|r| r.settings.exceptions = vec![kept.clone()], &["exception_unbound"]);
    let bound = register(|r| (r.settings.exceptions, r.settings.proof.sender) = (vec![kept], SenderRule::Dpop));
    assert!(bound.is_ok());
}
