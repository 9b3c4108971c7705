//! `grant_type=client_credentials`.

use model::{AuditKind, ClientId, Outcome};
use oauth::{
    Change, ClientAuth, CodeFact, GrantTypes, Scope, TokenRefusal, TokenReply, client::SenderRule,
    confirmation::BindingFault,
};
use serde_json::{Value, json};

use crate::world::{Form, ISSUER, SECRET, World};

fn service() -> World {
    let mut world = World::new();
    world.client.grants = GrantTypes::CLIENT_CREDENTIALS;
    world.client.settings.requests.resources =
        vec!["https://api.example.com".to_owned(), "https://stock.example.com".to_owned()];
    world
}

fn ask(
    world: &World,
    change: impl FnOnce(Form) -> Form,
) -> Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>> {
    let form = Form::new().with("grant_type", "client_credentials").with("client_id", world.client.id.as_str());
    let form = if world.client.secrets.is_empty() { form } else { form.with("client_secret", SECRET) };
    world.token(&change(form), None, &world.facts(CodeFact::Unknown, None))
}

fn claims(outcome: &Outcome<TokenReply, Change>) -> Value {
    serde_json::from_str(outcome.reply.access_claims()).unwrap()
}

#[track_caller]
fn refused(world: &World, change: impl FnOnce(Form) -> Form, refusal: TokenRefusal) {
    assert_eq!(ask(world, change).expect_err("must be refused"), Outcome::plain(refusal));
}

#[test]
fn a_client_gets_a_token_of_its_own() {
    let outcome = ask(&service(), |form| form).unwrap();
    assert!(outcome.changes.is_empty());
    assert_eq!(outcome.audit.iter().map(|event| event.kind).collect::<Vec<_>>(), [AuditKind::TokenIssued]);
    assert_eq!((outcome.reply.family(), outcome.audit[0].person), (None, None));
    assert!(outcome.reply.refresh_token().is_none() && outcome.reply.id_claims().is_none());
    let claims = claims(&outcome);
    assert_eq!((&claims["sub"], &claims["client_id"], &claims["aud"]), (&json!("app"), &json!("app"), &json!(ISSUER)));
    assert_eq!(claims["scope"], "orders", "nothing that speaks of a person");
    for absent in ["fam", "auth_time", "acr", "amr", "cnf"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn only_a_client_that_proves_itself_gets_one() {
    let mut world = service();
    world.client.auth = ClientAuth::None;
    world.client.secrets.clear();
    refused(&world, |form| form, TokenRefusal::NotConfidential);
    let mut world = service();
    world.client.grants = GrantTypes::AUTHORIZATION_CODE;
    refused(&world, |form| form, TokenRefusal::GrantNotAllowed);
}

#[test]
fn a_client_id_that_looks_like_a_person_gets_none() {
    let mut world = service();
    let person = oauth::subject::subject(&world.client, world.person.id, None, &world.keys);
    world.client.id = ClientId::parse(&person).unwrap();
    refused(&world, |form| form, TokenRefusal::SubjectLikePerson);
}

#[test]
fn scopes_are_the_clients_own() {
    let world = service();
    for scope in ["openid", "offline_access", "orders openid", "admin", "orders admin"] {
        refused(&world, |form| form.with("scope", scope), TokenRefusal::ScopeTooWide);
    }
    refused(&world, |form| form.with("scope", "a  b"), TokenRefusal::ScopeMalformed);
    assert_eq!(claims(&ask(&world, |form| form.with("scope", "orders")).unwrap())["scope"], "orders");
    let mut bare = service();
    bare.client.scopes = vec![Scope::parse("openid").unwrap()];
    refused(&bare, |form| form, TokenRefusal::ScopeTooWide);
}

#[test]
fn a_token_is_for_the_resources_that_are_registered() {
    let world = service();
    let aud = |resources: &[&str]| {
        let outcome = ask(&world, |form| resources.iter().fold(form, |form, r| form.again("resource", r)));
        outcome.map(|outcome| claims(&outcome)["aud"].clone()).map_err(|outcome| outcome.reply)
    };
    let (api, stock) = ("https://api.example.com", "https://stock.example.com");
    assert_eq!(aud(&[]), Ok(json!(ISSUER)), "its own audience, unless it asks");
    assert_eq!(aud(&[ISSUER]), Ok(json!(ISSUER)));
    assert_eq!(aud(&[api]), Ok(json!(api)));
    assert_eq!(aud(&[api, stock, api]), Ok(json!([api, stock])));
    for wrong in ["https://api.example.com/", "https://API.example.com", "https://other.example"] {
        assert_eq!(aud(&[wrong]), Err(TokenRefusal::TargetInvalid));
        assert_eq!(aud(&[api, wrong]), Err(TokenRefusal::TargetInvalid));
    }
}

#[test]
fn details_are_not_settled_here_and_keys_may_be_needed() {
    let mut world = service();
    refused(&world, |form| form.with("authorization_details", "[]"), TokenRefusal::DetailsUnchangeable);
    world.client.settings.proof.sender = SenderRule::Dpop;
    refused(&world, |form| form, TokenRefusal::Binding(BindingFault::ProofMissing));
}
