//! Userinfo: who gets an answer.

use std::sync::Arc;

use crypto::{JwtType, KeySet, SigningKey};
use model::PersonStatus;
use oauth::{
    AccessTokenFacts, ClientStatus, ConsentFact, CredentialFact, EndedBecause, FamilyState, RefreshFamily,
    RevocationReason,
    confirmation::{BindingFault, ShownKeys},
    dpop::DpopFault,
    resource::{PresentedAccess, ResourceFacts, ResourceRefusal, Scheme, presented},
    still::Standing,
    userinfo::{UserinfoFacts, check},
};

use crate::world::{World, entropy};

/// A world, the claims of a fresh access token, and its family.
fn started(scope: &str) -> (World, String, RefreshFamily) {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query().with("scope", scope));
    let claims = reply.access_claims().to_owned();
    (world, claims, family)
}

fn ask(world: &World, claims: &str, family: Option<&RefreshFamily>) -> Result<String, ResourceRefusal> {
    ask_with(world, claims, family, |_| {})
}

fn ask_with(
    world: &World,
    claims: &str,
    family: Option<&RefreshFamily>,
    change: impl for<'a> FnOnce(&mut ResourceFacts<'a>),
) -> Result<String, ResourceRefusal> {
    let token = AccessTokenFacts::parse(claims.as_bytes())?;
    let client = world.known.then_some(&world.client);
    let mut resource = ResourceFacts {
        issuer: &world.issuer,
        scheme: Scheme::Bearer,
        shown: ShownKeys::default(),
        token_revoked: false,
        family,
        client,
        family_client: client,
        standing: Standing {
            person: Some(&world.person),
            consent: ConsentFact::NotNeeded,
            credential: CredentialFact::Present,
            requirement_met: true,
            session_live: true,
        },
    };
    change(&mut resource);
    let facts = UserinfoFacts { resource, keys: &world.keys, mapped_subject: world.mapped.as_deref() };
    check(&token, &facts, world.now).map(|told| told.to_json([]))
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
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::TokenExpired));
    world.now = world.now.plus_seconds(-301);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::TokenExpired), "nor before it was issued");
}

#[test]
fn a_token_for_another_audience_or_issuer_is_none_of_ours() {
    let mut world = World::new();
    world.client.audience = "https://api.example.com".to_owned();
    let (reply, family, _) = world.redeemed(&world.query());
    assert_eq!(ask(&world, reply.access_claims(), Some(&family)), Err(ResourceRefusal::TokenForOthers));
    let (world, claims, family) = started("openid");
    let other = claims.replacen("https://id.example.com", "https://id.example.org", 1);
    assert_ne!(other, claims);
    assert_eq!(ask(&world, &other, Some(&family)), Err(ResourceRefusal::TokenForOthers));
}

#[test]
fn a_revocation_counts_at_once() {
    let (world, claims, mut family) = started("openid");
    assert_eq!(ask(&world, &claims, None), Err(ResourceRefusal::GrantEnded));
    family.state = FamilyState::Revoked { at: world.now, reason: RevocationReason::CodeReplayed };
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::GrantEnded));
}

#[test]
fn another_family_does_not_vouch_for_a_token() {
    let (world, claims, mut family) = started("openid");
    family.id = model::FamilyId::from_bytes([9; 16]);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::GrantEnded));
}

#[test]
fn a_family_at_its_end_or_of_another_client_or_person_does_not_vouch() {
    let (mut world, claims, family) = started("openid");
    let ended = RefreshFamily { expires: world.now, ..family.clone() };
    assert_eq!(ask(&world, &claims, Some(&ended)), Err(ResourceRefusal::GrantEnded));
    let other = RefreshFamily { client: model::ClientId::parse("other").unwrap(), ..family.clone() };
    assert_eq!(ask(&world, &claims, Some(&other)), Err(ResourceRefusal::GrantEnded));
    world.person.id = model::PersonId::from_bytes([9; 16]);
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::Ended(EndedBecause::PersonRefused)));
}

#[test]
fn a_disabled_person_or_client_ends_the_answer() {
    let (mut world, claims, family) = started("openid");
    world.person.status = PersonStatus::Disabled;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::Ended(EndedBecause::PersonRefused)));
    world.person.status = PersonStatus::Active;
    world.client.status = ClientStatus::Disabled;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::Ended(EndedBecause::ClientDisabled)));
    world.known = false;
    assert_eq!(ask(&world, &claims, Some(&family)), Err(ResourceRefusal::Ended(EndedBecause::ClientDisabled)));
}

#[test]
fn a_token_opens_what_it_holds_and_not_what_its_grant_holds() {
    let (mut world, claims, family) = started("openid orders");
    let narrowed = claims.replace("\"scope\":\"openid orders\"", "\"scope\":\"openid\"");
    assert_ne!(narrowed, claims);
    let scope = |world: &World, claims: &str| {
        let token = AccessTokenFacts::parse(claims.as_bytes()).unwrap();
        let facts = ResourceFacts {
            issuer: &world.issuer,
            scheme: Scheme::Bearer,
            shown: ShownKeys::default(),
            token_revoked: false,
            family: Some(&family),
            client: Some(&world.client),
            family_client: Some(&world.client),
            standing: Standing {
                person: Some(&world.person),
                consent: ConsentFact::NotNeeded,
                credential: CredentialFact::Present,
                requirement_met: true,
                session_live: true,
            },
        };
        let access = oauth::resource::check(&token, &facts, world.now).unwrap();
        assert_eq!(access.family.scope.as_str(), "openid orders");
        access.scope.as_str().to_owned()
    };
    assert_eq!(scope(&world, &claims), "openid orders");
    assert_eq!(scope(&world, &narrowed), "openid");
    // What the client lost since then is not in it either.
    world.client.scopes.retain(|scope| scope.as_str() != "orders");
    assert_eq!(scope(&world, &claims), "openid");
}

#[test]
fn without_openid_the_scope_is_insufficient() {
    let (world, claims, family) = started("orders");
    let refusal = ask(&world, &claims, Some(&family)).unwrap_err();
    assert_eq!((refusal, refusal.status()), (ResourceRefusal::ScopeMissing, 403));
    assert!(refusal.www_authenticate(Scheme::Bearer).contains("insufficient_scope"));
}

#[test]
fn claims_that_are_not_an_access_tokens_are_refused() {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query());
    assert_eq!(ask(&world, reply.id_claims().unwrap(), Some(&family)), Err(ResourceRefusal::TokenInvalid));
    for claims in ["", "{}", "[]", "null", r#"{"iss":1}"#] {
        assert_eq!(ask(&world, claims, Some(&family)), Err(ResourceRefusal::TokenInvalid), "{claims}");
    }
    let sub = oauth::subject::subject(&world.client, world.person.id, None, &world.keys);
    let altered = reply.access_claims().replace(&sub, "somebody-else");
    assert_eq!(ask(&world, &altered, Some(&family)), Err(ResourceRefusal::TokenInvalid));
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
fn only_the_authorization_header_carries_a_token() {
    let as_bearer = PresentedAccess { scheme: Scheme::Bearer, token: "abc" };
    assert_eq!(presented(Some("Bearer abc")), Ok(as_bearer));
    assert_eq!(presented(Some("bearer abc")), Ok(as_bearer));
    assert_eq!(presented(Some("DPoP abc")), Ok(PresentedAccess { scheme: Scheme::Dpop, token: "abc" }));
    for none in [None, Some(""), Some("Basic abc"), Some("abc")] {
        assert_eq!(presented(none), Err(ResourceRefusal::NoCredentials), "{none:?}");
    }
    for broken in ["Bearer ", "Bearer a b", "Bearer a,b", "DPoP a b"] {
        assert_eq!(presented(Some(broken)), Err(ResourceRefusal::HeaderBroken), "{broken}");
    }
    assert_eq!(presented(Some(&format!("Bearer {}", "a".repeat(9000)))), Err(ResourceRefusal::HeaderBroken));
    assert!(!format!("{as_bearer:?}").contains("abc"), "tokens don't print themselves");
}

#[test]
fn a_refusal_carries_a_challenge_and_names_no_error_without_credentials() {
    let none = ResourceRefusal::NoCredentials;
    assert_eq!(none.status(), 401);
    assert!(none.www_authenticate(Scheme::Bearer).starts_with("Bearer, DPoP algs="));
    assert!(!none.www_authenticate(Scheme::Bearer).contains("error="));
    for refusal in [
        ResourceRefusal::TokenInvalid,
        ResourceRefusal::TokenExpired,
        ResourceRefusal::TokenForOthers,
        ResourceRefusal::TokenRevoked,
        ResourceRefusal::GrantEnded,
        ResourceRefusal::Ended(EndedBecause::GroupGone),
        ResourceRefusal::WrongScheme,
        ResourceRefusal::Binding(BindingFault::OtherKey),
    ] {
        assert_eq!(refusal.status(), 401);
        for (scheme, start) in
            [(Scheme::Bearer, "Bearer error=\"invalid_token\""), (Scheme::Dpop, "DPoP error=\"invalid_token\"")]
        {
            let told = refusal.www_authenticate(scheme);
            assert!(told.starts_with(start), "{told}");
            assert_eq!(told, ResourceRefusal::TokenInvalid.www_authenticate(scheme), "one answer for all");
        }
    }
    let proof = |fault| ResourceRefusal::Proof(fault).www_authenticate(Scheme::Dpop);
    assert!(proof(DpopFault::Nonce).starts_with("DPoP error=\"use_dpop_nonce\""));
    assert!(proof(DpopFault::Replayed).starts_with("DPoP error=\"invalid_dpop_proof\""));
    assert_eq!(ResourceRefusal::HeaderBroken.status(), 400);
}

#[test]
fn a_token_that_was_revoked_by_itself_opens_nothing() {
    let (world, claims, family) = started("openid");
    let found = ask_with(&world, &claims, Some(&family), |facts| facts.token_revoked = true);
    assert_eq!(found, Err(ResourceRefusal::TokenRevoked));
}

#[test]
fn userinfo_asks_whether_the_grant_still_holds() {
    let (world, claims, family) = started("openid");
    let ended = |change: fn(&mut Standing<'_>), because| {
        let found = ask_with(&world, &claims, Some(&family), |facts| change(&mut facts.standing));
        assert_eq!(found, Err(ResourceRefusal::Ended(because)));
    };
    ended(|standing| standing.credential = CredentialFact::Gone, EndedBecause::CredentialRevoked);
    ended(|standing| standing.requirement_met = false, EndedBecause::RequirementRaised);
    ended(|standing| standing.session_live = false, EndedBecause::SessionEnded);
    ended(|standing| standing.person = None, EndedBecause::PersonRefused);
}

#[test]
fn disclosures_never_replace_the_subject() {
    let (world, claims, family) = started("openid");
    let token = AccessTokenFacts::parse(claims.as_bytes()).unwrap();
    let resource = ResourceFacts {
        issuer: &world.issuer,
        scheme: Scheme::Bearer,
        shown: ShownKeys::default(),
        token_revoked: false,
        family: Some(&family),
        client: Some(&world.client),
        family_client: Some(&world.client),
        standing: Standing {
            person: Some(&world.person),
            credential: CredentialFact::Present,
            requirement_met: true,
            session_live: true,
            ..Standing::UNKNOWN
        },
    };
    let facts = UserinfoFacts { resource, keys: &world.keys, mapped_subject: None };
    let told = check(&token, &facts, world.now).unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&told.to_json([("email", "\"a@b.example\""), ("sub", "\"x\""), ("a\"b", "{\"c\":1}")]))
            .unwrap();
    assert_eq!(json["sub"], told.subject());
    assert_eq!(json["email"], "a@b.example");
    assert_eq!(json["a\"b"]["c"], 1);
}
