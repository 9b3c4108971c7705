//! Token exchange: never more than what went in, and only where an operator agreed.

use model::{AuditKind, ClientId, FamilyId, Outcome};
use oauth::{
    Client, ClientAuth, ClientKind, CodeFact, Confirmation, ConsentFact, CredentialFact, EndedBecause, FamilyState,
    GrantDetails, GrantTypes, RawParams, RefreshFamily, RevocationReason, ScopeSet, TokenFacts,
    client::{ExchangeRule, SubjectFrom},
    exchange::{
        ACCESS_TOKEN_TYPE, ExchangeFacts, ExchangeRefusal, Exchanged, GRANT_TYPE, PresentedToken, TokenFact,
        check_list, exchange,
    },
};
use serde_json::{Value, json};

use crate::{
    devices::authenticated,
    world::{Form, ISSUER, SECRET, World, entropy},
};

/// A service `orders` that receives the app's tokens and exchanges them for the warehouse.
struct Shop {
    world: World,
    service: Client,
    family: RefreshFamily,
    subject: Value,
    actor: Option<Value>,
    confirmation: Option<Confirmation>,
    mapped: Option<String>,
}

fn shop() -> Shop {
    let world = World::new();
    let mut service = world.client.clone();
    service.id = ClientId::parse("orders").unwrap();
    service.kind = ClientKind::Service;
    service.grants = GrantTypes::TOKEN_EXCHANGE;
    service.settings.delegation.exchange = vec![ExchangeRule {
        subject_from: SubjectFrom::Client(world.client.id.clone()),
        audiences: vec!["https://warehouse.example.com".to_owned()],
        scopes: ScopeSet::parse("orders stock").unwrap(),
        impersonation: false,
    }];
    let session = world.session.as_ref().unwrap();
    let family = RefreshFamily {
        id: FamilyId::from_bytes([6; 16]),
        client: world.client.id.clone(),
        person: world.person.id,
        session: Some(session.id),
        authentication: session.authentication.clone(),
        scope: ScopeSet::parse("openid orders").unwrap(),
        details: GrantDetails::default(),
        generation: 0,
        token_hash: [0; 32],
        created: world.now,
        rotated: world.now,
        idle_seconds: 3600,
        expires: world.now.plus_seconds(3600),
        state: FamilyState::Live,
    };
    let now = world.now.seconds();
    let subject = json!({
        "iss": ISSUER, "sub": "a-subject-at-the-app", "aud": "orders", "client_id": "app", "scope": "openid orders profile",
        "iat": now, "exp": now + 200, "jti": crypto::b64u(&[1; 16]), "fam": crypto::b64u(&[6; 16]),
    });
    Shop { world, service, family, subject, actor: None, confirmation: None, mapped: None }
}

fn wish() -> Form {
    Form::new().with("subject_token", "a token").with("subject_token_type", ACCESS_TOKEN_TYPE)
}

impl Shop {
    fn ask(&self, form: &Form) -> Result<Outcome<Exchanged, oauth::Change>, ExchangeRefusal> {
        self.with_facts(|facts| {
            let text = form.text();
            let params = RawParams::parse(&text).unwrap();
            let caller = authenticated(&self.service, &self.world);
            exchange(&params, &caller, facts, self.world.now, &mut entropy(4)).map_err(|outcome| {
                assert!(outcome.changes.is_empty() && outcome.audit.is_empty());
                outcome.reply
            })
        })
    }

    fn with_facts<R>(&self, ask: impl FnOnce(&ExchangeFacts<'_>) -> R) -> R {
        let subject = PresentedToken::parse(self.subject.to_string().as_bytes()).unwrap();
        let actor = self.actor.as_ref().map(|actor| PresentedToken::parse(actor.to_string().as_bytes()).unwrap());
        ask(&ExchangeFacts {
            issuer: &self.world.issuer,
            keys: &self.world.keys,
            subject: TokenFact::Says(&subject),
            actor: actor.as_ref().map_or(TokenFact::NotSent, TokenFact::Says),
            family: Some(&self.family),
            family_client: Some(&self.world.client),
            person: Some(&self.world.person),
            consent: ConsentFact::NotNeeded,
            credential: CredentialFact::Present,
            requirement_met: true,
            session_live: self.world.session.is_some(),
            actor_family: None,
            confirmation: self.confirmation,
            mapped_subject: self.mapped.as_deref(),
        })
    }

    fn claims(&self, form: &Form) -> Value {
        serde_json::from_str(self.ask(form).unwrap().reply.access_claims()).unwrap()
    }

    #[track_caller]
    fn refuses(&self, form: &Form, refusal: ExchangeRefusal) {
        assert_eq!(self.ask(form).unwrap_err(), refusal);
    }
}

#[test]
fn a_service_gets_a_token_for_the_next_service_that_names_who_acts() {
    let shop = shop();
    let claims = shop.claims(&wish());
    assert_eq!(claims["aud"], "https://warehouse.example.com");
    assert_eq!(claims["client_id"], "orders");
    assert_eq!(claims["scope"], "orders");
    assert_eq!(claims["act"], json!({"sub": "orders", "client_id": "orders"}));
    assert_eq!(claims["fam"], crypto::b64u(&[6; 16]));
    assert!(claims["auth_time"].is_i64() && claims.get("cnf").is_none());
    let outcome = shop.ask(&wish()).unwrap();
    assert!(outcome.changes.is_empty());
    assert_eq!(outcome.audit[0].kind, AuditKind::TokenExchanged);
    assert_eq!(outcome.reply.family(), shop.family.id);
}

#[test]
fn the_token_endpoint_answers_with_the_type_of_what_it_issued() {
    let shop = shop();
    let form = wish().with("grant_type", GRANT_TYPE).with("client_id", "orders").with("client_secret", SECRET);
    let outcome = shop.with_facts(|exchange| {
        let facts = TokenFacts {
            client: Some(&shop.service),
            exchange: Some(exchange),
            ..shop.world.facts(CodeFact::Unknown, None)
        };
        shop.world.token(&form, None, &facts).unwrap()
    });
    assert!(outcome.changes.is_empty(), "it dies with the family that is there already");
    let answer: Value = serde_json::from_str(&outcome.reply.render(|_, _| "signed".to_owned())).unwrap();
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN_TYPE);
    assert_eq!((answer["token_type"].as_str(), answer["access_token"].as_str()), (Some("Bearer"), Some("signed")));
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
}

#[test]
fn what_comes_out_never_outlives_what_went_in() {
    let mut shop = shop();
    let now = shop.world.now.seconds();
    assert_eq!(shop.claims(&wish())["exp"], now + 200);
    shop.subject["exp"] = json!(now + 900);
    assert_eq!(shop.claims(&wish())["exp"], now + 300);
    shop.family.expires = shop.world.now.plus_seconds(50);
    assert_eq!(shop.claims(&wish())["exp"], now + 50);
}

#[test]
fn the_scope_only_shrinks() {
    let mut shop = shop();
    assert_eq!(shop.claims(&wish().with("scope", "orders"))["scope"], "orders");
    // `stock` is in the rule and not in the token; `profile` the other way round; `openid` belongs to the app.
    for scope in ["stock", "profile", "openid", "orders stock"] {
        shop.refuses(&wish().with("scope", scope), ExchangeRefusal::ScopeTooWide);
    }
    shop.refuses(&wish().with("scope", "\""), ExchangeRefusal::ScopeMalformed);
    shop.subject["scope"] = json!("profile");
    shop.refuses(&wish(), ExchangeRefusal::ScopeTooWide);
}

#[test]
fn only_agreed_targets_and_sources_are_served() {
    let mut shop = shop();
    assert_eq!(shop.claims(&wish().with("audience", "https://warehouse.example.com"))["client_id"], "orders");
    assert_eq!(shop.claims(&wish().with("resource", "https://warehouse.example.com"))["client_id"], "orders");
    shop.refuses(&wish().with("audience", "https://payroll.example.com"), ExchangeRefusal::Target);
    let both =
        wish().with("audience", "https://warehouse.example.com").again("resource", "https://payroll.example.com");
    shop.refuses(&both, ExchangeRefusal::Target);
    shop.service.settings.delegation.exchange[0].audiences.push("https://stock.example.com".to_owned());
    shop.refuses(&wish(), ExchangeRefusal::Target);
    let both = wish().with("audience", "https://warehouse.example.com").again("audience", "https://stock.example.com");
    assert_eq!(shop.claims(&both)["aud"], json!(["https://warehouse.example.com", "https://stock.example.com"]));
    shop.service.settings.delegation.exchange[0].subject_from = SubjectFrom::Own;
    shop.refuses(&wish(), ExchangeRefusal::NoRule);
    shop.service.settings.delegation.exchange.clear();
    shop.refuses(&wish(), ExchangeRefusal::NoRule);
}

#[test]
fn a_token_that_was_not_meant_for_the_caller_is_refused() {
    let mut shop = shop();
    shop.subject["aud"] = json!("billing");
    shop.refuses(&wish(), ExchangeRefusal::SubjectOfOthers);
    shop.service.settings.serves = vec!["https://orders.example.com".to_owned()];
    shop.subject["aud"] = json!(["billing", "https://orders.example.com"]);
    assert_eq!(shop.claims(&wish())["client_id"], "orders");
}

#[test]
fn only_confidential_clients_that_are_registered_for_it_exchange() {
    let mut shop = shop();
    shop.service.grants = GrantTypes::CLIENT_CREDENTIALS;
    shop.refuses(&wish(), ExchangeRefusal::ClientNotAllowed);
    shop.service.grants = GrantTypes::TOKEN_EXCHANGE;
    shop.service.auth = ClientAuth::None;
    shop.service.secrets.clear();
    shop.refuses(&wish(), ExchangeRefusal::ClientNotAllowed);
}

#[test]
fn other_types_of_token_are_not_exchanged() {
    let shop = shop();
    let id_token = "urn:ietf:params:oauth:token-type:id_token";
    shop.refuses(&wish().without("subject_token"), ExchangeRefusal::SubjectMissing);
    shop.refuses(&wish().without("subject_token_type"), ExchangeRefusal::TypeUnsupported("subject_token_type"));
    shop.refuses(&wish().with("subject_token_type", id_token), ExchangeRefusal::TypeUnsupported("subject_token_type"));
    shop.refuses(
        &wish().with("requested_token_type", id_token),
        ExchangeRefusal::TypeUnsupported("requested_token_type"),
    );
    shop.refuses(&wish().with("actor_token", "x"), ExchangeRefusal::ActorIncomplete);
    shop.refuses(&wish().with("actor_token_type", ACCESS_TOKEN_TYPE), ExchangeRefusal::ActorIncomplete);
    shop.refuses(&wish().again("subject_token", "x"), ExchangeRefusal::Repeated("subject_token"));
    assert_eq!(shop.claims(&wish().with("requested_token_type", ACCESS_TOKEN_TYPE))["client_id"], "orders");
}

#[test]
fn a_subject_token_must_be_ours_in_time_and_about_a_person() {
    let change = |change: fn(&mut Shop)| {
        let mut shop = shop();
        change(&mut shop);
        shop.refuses(&wish(), ExchangeRefusal::SubjectWorthless);
    };
    change(|shop| shop.subject["iss"] = json!("https://evil.example"));
    change(|shop| shop.subject["exp"] = json!(shop.world.now.seconds()));
    change(|shop| shop.subject["iat"] = json!(shop.world.now.seconds() + 1));
    change(|shop| shop.subject["fam"] = json!(null));
    change(|shop| shop.subject["fam"] = json!(crypto::b64u(&[7; 16])));
    change(|shop| shop.family.expires = shop.world.now);
    change(|shop| {
        shop.family.state = FamilyState::Revoked { at: shop.world.now, reason: RevocationReason::ConsentWithdrawn };
    });
}

#[test]
fn a_grant_that_ended_is_not_exchanged() {
    let mut shop = shop();
    shop.world.person.status = model::PersonStatus::Disabled;
    shop.refuses(&wish(), ExchangeRefusal::SubjectEnded(EndedBecause::PersonRefused));
    shop.world.person.status = model::PersonStatus::Active;
    shop.world.session = None;
    shop.refuses(&wish(), ExchangeRefusal::SubjectEnded(EndedBecause::SessionEnded));
    shop.family.session = None;
    assert!(shop.ask(&wish()).is_ok());
    shop.service.settings.access.groups = vec!["buyers".to_owned()];
    shop.refuses(&wish(), ExchangeRefusal::PersonNotAdmitted);
}

#[test]
fn those_who_acted_before_are_kept_and_are_at_most_three() {
    let mut shop = shop();
    shop.subject["act"] = json!({"sub": "billing", "client_id": "billing"});
    let act = json!({"sub": "orders", "client_id": "orders", "act": {"sub": "billing", "client_id": "billing"}});
    assert_eq!(shop.claims(&wish())["act"], act);
    shop.subject["act"] = json!({"sub": "a", "act": {"sub": "b"}});
    assert!(shop.ask(&wish()).is_ok());
    shop.subject["act"] = json!({"sub": "a", "act": {"sub": "b", "act": {"sub": "c"}}});
    shop.refuses(&wish(), ExchangeRefusal::TooManyActors);
    // Impersonation adds nobody, and hides nobody who acted before.
    shop.service.settings.delegation.exchange[0].impersonation = true;
    assert_eq!(shop.claims(&wish())["act"], shop.subject["act"]);
    shop.subject["act"] = json!(null);
    assert!(shop.claims(&wish()).get("act").is_none());
}

#[test]
fn an_actor_token_must_be_the_callers_own() {
    let mut shop = shop();
    let now = shop.world.now.seconds();
    let form = wish().with("actor_token", "another token").with("actor_token_type", ACCESS_TOKEN_TYPE);
    shop.refuses(&form, ExchangeRefusal::ActorWorthless);
    let actor = json!({
        "iss": ISSUER, "sub": "orders-worker", "aud": ISSUER, "client_id": "orders", "scope": "", "iat": now, "exp": now + 60,
    });
    shop.actor = Some(actor.clone());
    assert_eq!(shop.claims(&form)["act"], json!({"sub": "orders-worker", "client_id": "orders"}));
    // Named even where the rule would let it hide.
    shop.service.settings.delegation.exchange[0].impersonation = true;
    assert_eq!(shop.claims(&form)["act"]["sub"], "orders-worker");
    for (name, value) in [("client_id", json!("app")), ("exp", json!(now)), ("fam", json!(crypto::b64u(&[8; 16])))] {
        let mut other = actor.clone();
        other[name] = value;
        shop.actor = Some(other);
        shop.refuses(&form, ExchangeRefusal::ActorWorthless);
    }
}

#[test]
fn may_act_binds_whatever_our_rules_allow() {
    let mut shop = shop();
    for (claim, allowed) in [
        (json!({"sub": "orders"}), true),
        (json!({"client_id": "orders", "iss": ISSUER}), true),
        (json!({"sub": "billing"}), false),
        (json!({"sub": "orders", "iss": "https://evil.example"}), false),
        (json!({"iss": ISSUER}), false),
        (json!({"sub": "orders", "department": "x"}), false),
        (json!({}), false),
        (json!("orders"), false),
    ] {
        shop.subject["may_act"] = claim.clone();
        match shop.ask(&wish()) {
            Ok(_) => assert!(allowed, "{claim}"),
            Err(refusal) => assert!(!allowed && refusal == ExchangeRefusal::MayNotAct, "{claim}: {refusal}"),
        }
    }
}

#[test]
fn a_bound_token_does_not_become_a_bearer_token() {
    let mut shop = shop();
    shop.subject["cnf"] = json!({"jkt": "x"});
    shop.refuses(&wish(), ExchangeRefusal::Unbound);
    shop.confirmation = Some(Confirmation::Jkt([5; 32]));
    assert_eq!(shop.claims(&wish())["cnf"], json!({"jkt": crypto::b64u(&[5; 32])}));
    shop.confirmation = Some(Confirmation::X5t([5; 32]));
    assert_eq!(shop.claims(&wish())["cnf"], json!({"x5t#S256": crypto::b64u(&[5; 32])}));
}

#[test]
fn the_subject_is_the_one_that_the_exchanging_client_knows() {
    let mut shop = shop();
    let computed = shop.claims(&wish())["sub"].as_str().unwrap().to_owned();
    assert_eq!(computed.len(), 43);
    shop.mapped = Some("ada@old.example".to_owned());
    assert_eq!(shop.claims(&wish())["sub"], "ada@old.example");
}

#[test]
fn every_refusal_has_a_code_and_says_what_to_do() {
    for refusal in [
        ExchangeRefusal::Repeated("scope"),
        ExchangeRefusal::ClientNotAllowed,
        ExchangeRefusal::Target,
        ExchangeRefusal::ScopeTooWide,
        ExchangeRefusal::SubjectWorthless,
        ExchangeRefusal::Incomplete,
    ] {
        assert!(!refusal.code().is_empty() && !refusal.description().is_empty());
        assert_eq!(refusal.status() == 500, refusal == ExchangeRefusal::Incomplete);
    }
    for (name, clause) in check_list() {
        assert!(clause.contains('§'), "{name}: {clause}");
    }
}
