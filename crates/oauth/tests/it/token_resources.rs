//! `resource` at the token endpoint (RFC 8707 §2.2).

use oauth::{AccessTokenFacts, Change, CodeFact, RefreshFamily, TokenRefusal};
use serde_json::{Value, json};

use crate::world::{Form, ISSUER, World};

const API: &str = "https://api.example.com";
const STOCK: &str = "https://stock.example.com";

fn with_all(form: Form, resources: &[&str]) -> Form {
    resources.iter().fold(form, |form, resource| form.again("resource", resource))
}

/// `aud` of the access token for a code with these `granted` resources when these are `wanted`; and the family.
fn redeemed(granted: &[&str], wanted: &[&str]) -> Result<(Value, RefreshFamily, World, String), TokenRefusal> {
    let mut world = World::new();
    let (code, mut record) = world.code(&world.query());
    record.details.resources = granted.iter().map(|resource| (*resource).to_owned()).collect();
    world.client.settings.requests.resources.clone_from(&record.details.resources);
    let form = with_all(world.redemption(&code), wanted);
    let outcome =
        world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).map_err(|outcome| outcome.reply)?;
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
    let claims: Value = serde_json::from_str(outcome.reply.access_claims()).unwrap();
    AccessTokenFacts::parse(outcome.reply.access_claims().as_bytes()).unwrap();
    let token = outcome.reply.refresh_token().unwrap().expose().clone();
    Ok((claims["aud"].clone(), (**family).clone(), world, token))
}

#[test]
fn a_token_is_for_part_of_what_was_granted() {
    let aud = |granted: &[&str], wanted: &[&str]| redeemed(granted, wanted).map(|found| found.0);
    assert_eq!(aud(&[], &[]), Ok(json!(ISSUER)));
    assert_eq!(aud(&[], &[ISSUER]), Ok(json!(ISSUER)));
    assert_eq!(aud(&[API], &[]), Ok(json!(API)));
    assert_eq!(aud(&[API, STOCK], &[]), Ok(json!([API, STOCK])));
    assert_eq!(aud(&[API, STOCK], &[STOCK]), Ok(json!(STOCK)));
    assert_eq!(aud(&[API, STOCK], &[STOCK, API]), Ok(json!([STOCK, API])));
    for (granted, wanted) in [
        (&[][..], &[API][..]),
        (&[API], &[STOCK]),
        (&[API], &[API, STOCK]),
        (&[API], &[ISSUER]),
        (&[API], &["https://api.example.com/"]),
    ] {
        assert_eq!(aud(granted, wanted), Err(TokenRefusal::TargetInvalid), "{granted:?} {wanted:?}");
    }
}

#[test]
fn refreshing_narrows_one_token_and_not_the_grant() {
    let (_, family, world, token) = redeemed(&[API, STOCK], &[API]).unwrap();
    assert_eq!(family.details.resources, [API, STOCK], "the family keeps what was granted");
    let aud = |wanted: &[&str]| {
        let form = with_all(world.refreshing(&token), wanted);
        let outcome = world.token(&form, None, &world.facts(CodeFact::Unknown, Some(&family)));
        outcome
            .map(|outcome| serde_json::from_str::<Value>(outcome.reply.access_claims()).unwrap()["aud"].clone())
            .map_err(|outcome| outcome.reply)
    };
    assert_eq!(aud(&[]), Ok(json!([API, STOCK])));
    assert_eq!(aud(&[STOCK]), Ok(json!(STOCK)));
    assert_eq!(aud(&["https://other.example"]), Err(TokenRefusal::TargetInvalid));
}

#[test]
fn what_the_client_was_deregistered_for_is_gone_whatever_was_granted() {
    let (_, family, mut world, token) = redeemed(&[API, STOCK], &[]).unwrap();
    let aud = |world: &World, wanted: &[&str]| {
        let form = with_all(world.refreshing(&token), wanted);
        let outcome = world.token(&form, None, &world.facts(CodeFact::Unknown, Some(&family)));
        outcome
            .map(|outcome| serde_json::from_str::<Value>(outcome.reply.access_claims()).unwrap()["aud"].clone())
            .map_err(|outcome| outcome.reply)
    };
    world.client.settings.requests.resources = vec![STOCK.to_owned()];
    assert_eq!(aud(&world, &[]), Ok(json!(STOCK)));
    assert_eq!(aud(&world, &[API]), Err(TokenRefusal::TargetInvalid));
    // Nothing is left: not even its own audience, which was not granted.
    world.client.settings.requests.resources.clear();
    assert_eq!(aud(&world, &[]), Err(TokenRefusal::TargetInvalid));
    assert_eq!(aud(&world, &[ISSUER]), Err(TokenRefusal::TargetInvalid));
}

#[test]
fn details_of_a_type_that_the_client_lost_are_refreshed_no_more() {
    let mut world = World::new();
    let (code, mut record) = world.code(&world.query());
    let (payment, report) =
        (json!({"type": "payment", "amount": "1.00"}), json!({"type": "report", "locations": [API]}));
    record.details.authorization_details = Some(json!([payment, report]).to_string());
    let outcome = world.token(&world.redemption(&code), None, &world.facts(CodeFact::Live(&record), None)).unwrap();
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
    let token = outcome.reply.refresh_token().unwrap().expose().clone();
    let details = |world: &World| {
        let facts = world.facts(CodeFact::Unknown, Some(family));
        let outcome = world.token(&world.refreshing(&token), None, &facts).unwrap();
        let claims: Value = serde_json::from_str(outcome.reply.access_claims()).unwrap();
        let answer: Value = serde_json::from_str(&outcome.reply.render(|_, _| String::new())).unwrap();
        assert_eq!(claims.get("authorization_details"), answer.get("authorization_details"));
        claims.get("authorization_details").cloned()
    };
    let requests = |world: &mut World, types: &[&str], resources: &[&str]| {
        let requests = &mut world.client.settings.requests;
        requests.authorization_details_types = types.iter().map(|name| (*name).to_owned()).collect();
        requests.resources = resources.iter().map(|name| (*name).to_owned()).collect();
    };
    requests(&mut world, &["payment", "report"], &[API]);
    assert_eq!(details(&world), Some(json!([payment, report])));
    requests(&mut world, &["payment", "report"], &[]);
    assert_eq!(details(&world), Some(json!([payment])), "its location is gone");
    requests(&mut world, &["report"], &[API]);
    assert_eq!(details(&world), Some(json!([report])));
    requests(&mut world, &[], &[API]);
    assert_eq!(details(&world), None);
}

#[test]
fn granted_details_are_in_the_token_and_in_the_answer() {
    let world = World::new();
    let (code, mut record) = world.code(&world.query());
    let details = json!([{"type": "payment", "amount": "1.00"}]);
    record.details.authorization_details = Some(details.to_string());
    record.acr = Some("phr".to_owned());
    let outcome = world.token(&world.redemption(&code), None, &world.facts(CodeFact::Live(&record), None)).unwrap();
    let claims: Value = serde_json::from_str(outcome.reply.access_claims()).unwrap();
    assert_eq!((&claims["authorization_details"], &claims["acr"]), (&details, &json!("phr")));
    let answer: Value = serde_json::from_str(&outcome.reply.render(|_, _| String::new())).unwrap();
    assert_eq!(answer["authorization_details"], details);
    let form = world.redemption(&code).with("authorization_details", &details.to_string());
    let found = world.token(&form, None, &world.facts(CodeFact::Live(&record), None)).unwrap_err();
    assert_eq!(found.reply, TokenRefusal::DetailsUnchangeable);
}

#[test]
fn the_id_token_names_the_session_for_clients_that_want_to_hear_of_its_end() {
    let mut world = World::new();
    let sid = |world: &World| {
        let (reply, family, _) = world.redeemed(&world.query());
        let claims: Value = serde_json::from_str(reply.id_claims().unwrap()).unwrap();
        (claims.get("sid").cloned(), family.details.sid)
    };
    assert_eq!(sid(&world), (None, None));
    world.client.settings.logout.backchannel_uri = Some("https://app.example.com/logout".to_owned());
    let session = world.session.as_ref().unwrap().id;
    let expected = world.keys.sid(session, &world.client.id);
    assert_eq!(sid(&world), (Some(json!(expected)), Some(session)));
    let other = model::ClientId::parse("other").unwrap();
    assert_ne!(world.keys.sid(session, &other), expected, "two clients can't compare");
}
