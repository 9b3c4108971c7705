//! Userinfo: who gets an answer.

use std::sync::Arc;

use crypto::{JwtType, KeySet, SigningKey};
use model::PersonStatus;
use oauth::{
    ClientStatus, FamilyState, RefreshFamily, RevocationReason,
    userinfo::{AccessTokenFacts, UserinfoFacts, UserinfoRefusal, bearer, check},
};

use crate::world::{World, entropy};

/// A world, the claims of a fresh access token, and its family.
fn started(scope: &str) -> (World, String, RefreshFamily) {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query().with("scope", scope));
    let claims = reply.access_claims().to_owned();
    (world, claims, family)
}

fn ask(world: &World, claims: &str, family: Option<&RefreshFamily>) -> Result<String, UserinfoRefusal> {
    let token = AccessTokenFacts::parse(claims.as_bytes())?;
    let facts = UserinfoFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        family,
        client: world.known.then_some(&world.client),
        person: Some(&world.person),
    };
    check(&token, &facts, world.now)
}

#[test]
fn a_live_token_gets_the_subject_of_the_id_token() {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query());
    let answer: serde_json::Value =
        serde_json::from_str(&ask(&world, reply.access_claims(), Some(&family)).unwrap()).unwrap();
    let id: serde_json::Value = serde_json::from_str(reply.id_claims().unwrap()).unwrap();
    assert_eq!(answer["sub"], id["sub"]);
    assert_eq!(answer.as_object().unwrap().len(), 1, "nothing but the subject");
}

#[test]
fn a_token_counts_until_it_expires() {
    let (mut world, claims, family) = started("openid");
    world.now = world.now.plus_seconds(299);
    assert!(ask(&world, &claims, Some(&family)).is_ok());
    world.now = world.now.plus_seconds(1);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::TokenExpired));
    world.now = world.now.plus_seconds(-301);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::TokenExpired), "nor before it was issued");
}

#[test]
fn a_token_for_another_audience_or_issuer_is_none_of_ours() {
    let mut world = World::new();
    world.client.audience = "https://api.example.com".to_owned();
    let (reply, family, _) = world.redeemed(&world.query());
    assert_eq!(ask(&world, reply.access_claims(), Some(&family)), Err(UserinfoRefusal::TokenForOthers));
    let (world, claims, family) = started("openid");
    let other = claims.replacen("https://id.example.com", "https://id.example.org", 1);
    assert_ne!(other, claims);
    assert_eq!(ask(&world, &other, Some(&family)), Err(UserinfoRefusal::TokenForOthers));
}

#[test]
fn a_revocation_counts_at_once() {
    let (world, claims, mut family) = started("openid");
    assert_eq!(ask(&world, &claims, None), Err(UserinfoRefusal::GrantEnded));
    family.state = FamilyState::Revoked { at: world.now, reason: RevocationReason::CodeReplayed };
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::GrantEnded));
}

#[test]
fn another_family_does_not_vouch_for_a_token() {
    let (world, claims, mut family) = started("openid");
    family.id = model::FamilyId::from_bytes([9; 16]);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::GrantEnded));
}

#[test]
fn a_family_at_its_end_or_of_another_client_or_person_does_not_vouch() {
    let (mut world, claims, family) = started("openid");
    let ended = RefreshFamily { expires: world.now, ..family.clone() };
    assert_eq!(ask(&world, &claims, Some(&ended)), Err(UserinfoRefusal::GrantEnded));
    let other = RefreshFamily { client: model::ClientId::parse("other").unwrap(), ..family.clone() };
    assert_eq!(ask(&world, &claims, Some(&other)), Err(UserinfoRefusal::GrantEnded));
    world.person.id = model::PersonId::from_bytes([9; 16]);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::Disabled));
}

#[test]
fn a_disabled_person_or_client_ends_the_answer() {
    let (mut world, claims, family) = started("openid");
    world.person.status = PersonStatus::Disabled;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::Disabled));
    world.person.status = PersonStatus::Active;
    world.client.status = ClientStatus::Disabled;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::Disabled));
    world.known = false;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(UserinfoRefusal::Disabled));
}

#[test]
fn without_openid_the_scope_is_insufficient() {
    let (world, claims, family) = started("orders");
    let refusal = ask(&world, &claims, Some(&family)).unwrap_err();
    assert_eq!((refusal, refusal.status()), (UserinfoRefusal::ScopeMissing, 403));
    assert!(refusal.www_authenticate().contains("insufficient_scope"));
}

#[test]
fn claims_that_are_not_an_access_tokens_are_refused() {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query());
    assert_eq!(ask(&world, reply.id_claims().unwrap(), Some(&family)), Err(UserinfoRefusal::TokenInvalid));
    for claims in ["", "{}", "[]", "null", r#"{"iss":1}"#] {
        assert_eq!(ask(&world, claims, Some(&family)), Err(UserinfoRefusal::TokenInvalid), "{claims}");
    }
    let sub = oauth::subject::subject(&world.client, world.person.id, &world.keys);
    let altered = reply.access_claims().replace(&sub, "somebody-else");
    assert_eq!(ask(&world, &altered, Some(&family)), Err(UserinfoRefusal::TokenInvalid));
}

#[test]
fn only_a_signed_access_token_opens_userinfo() {
    let world = World::new();
    let key = SigningKey::generate(world.now, &mut entropy(5));
    let keys = KeySet::new(vec![Arc::new(key)]).unwrap();
    let (reply, family, _) = world.redeemed(&world.query());
    let answer: serde_json::Value =
        serde_json::from_str(&reply.render(|typ, claims| keys.sign_jwt(typ, claims))).unwrap();
    let [access, id] = ["access_token", "id_token"].map(|name| answer[name].as_str().unwrap());

    let claims = keys.verify_jwt(JwtType::AccessToken, access).unwrap();
    assert_eq!(claims, reply.access_claims().as_bytes());
    assert!(ask(&world, std::str::from_utf8(&claims).unwrap(), Some(&family)).is_ok());
    // An ID token is no access token (RFC 9068 §4), and an altered access token is nothing.
    assert!(keys.verify_jwt(JwtType::AccessToken, id).is_err());
    assert_eq!(keys.verify_jwt(JwtType::IdToken, id).unwrap(), reply.id_claims().unwrap().as_bytes());
    let (header, rest) = access.split_once('.').unwrap();
    let (_, signature) = rest.split_once('.').unwrap();
    let altered =
        format!("{header}.{}.{signature}", crypto::b64u(reply.access_claims().replace("orders", "admins").as_bytes()));
    assert!(keys.verify_jwt(JwtType::AccessToken, &altered).is_err());
}

#[test]
fn only_the_bearer_header_carries_a_token() {
    assert_eq!(bearer(Some("Bearer abc")), Ok("abc"));
    assert_eq!(bearer(Some("bearer abc")), Ok("abc"));
    for none in [None, Some(""), Some("Basic abc"), Some("abc"), Some("DPoP abc")] {
        assert_eq!(bearer(none), Err(UserinfoRefusal::NoCredentials), "{none:?}");
    }
    for broken in ["Bearer ", "Bearer a b", "Bearer a,b"] {
        assert_eq!(bearer(Some(broken)), Err(UserinfoRefusal::HeaderBroken), "{broken}");
    }
    assert_eq!(bearer(Some(&format!("Bearer {}", "a".repeat(9000)))), Err(UserinfoRefusal::HeaderBroken));
}

#[test]
fn a_refusal_carries_a_bearer_challenge_and_names_no_error_without_credentials() {
    assert_eq!(
        (UserinfoRefusal::NoCredentials.status(), UserinfoRefusal::NoCredentials.www_authenticate()),
        (401, "Bearer")
    );
    for refusal in [
        UserinfoRefusal::TokenInvalid,
        UserinfoRefusal::TokenExpired,
        UserinfoRefusal::TokenForOthers,
        UserinfoRefusal::GrantEnded,
        UserinfoRefusal::Disabled,
    ] {
        assert_eq!(refusal.status(), 401);
        assert!(refusal.www_authenticate().starts_with("Bearer error=\"invalid_token\""));
        assert_eq!(refusal.www_authenticate(), UserinfoRefusal::TokenInvalid.www_authenticate(), "one answer for all");
    }
    assert_eq!(UserinfoRefusal::HeaderBroken.status(), 400);
}
