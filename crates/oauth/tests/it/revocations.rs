//! Revocation: what ends, for whom, and what is said.

use model::{AuditKind, ClientId, Decision, Outcome};
use oauth::{
    AboutRefusal, AboutToken, AccessTokenFacts, Change, Client, ClientAuth, CodeFact, FamilyState, GrantTypes,
    RefreshFamily, RevocationReason, TokenReply,
    authentication::{AuthenticationFacts, ClientAuthFault, KeyFact},
    introspection::InHandFact,
    revocation::{RevocationFacts, Revoked, revoke},
    token::form,
};

use crate::world::{Form, SECRET, World};

fn decide(
    world: &World,
    caller: &Client,
    form_text: &str,
    token: InHandFact<'_>,
    family: Option<&RefreshFamily>,
) -> Result<Outcome<Revoked, Change>, Outcome<AboutRefusal, Change>> {
    let params = form(form_text.as_bytes()).unwrap();
    let request = AboutToken::read(&params, None, None).map_err(Outcome::plain)?;
    let facts = RevocationFacts {
        authentication: AuthenticationFacts {
            issuer: &world.issuer,
            keys: &world.keys,
            client: Some(caller),
            client_keys: KeyFact::NotLoaded,
            assertion_spent: false,
        },
        token,
        family,
    };
    match revoke(&request, &facts, world.now) {
        Decision::Done(outcome) => Ok(outcome),
        Decision::Refused(outcome) => Err(outcome),
        Decision::Need(need) => panic!("nothing is missing, got {need:?}"),
    }
}

fn about(caller: &Client, token: &str) -> String {
    let form = Form::new().with("token", token).with("client_id", caller.id.as_str());
    if caller.secrets.is_empty() { form.text() } else { form.with("client_secret", SECRET).text() }
}

fn started() -> (World, TokenReply, RefreshFamily, String) {
    let world = World::new();
    let (reply, family, _) = world.redeemed(&world.query());
    let token = reply.refresh_token().unwrap().expose().clone();
    (world, reply, family, token)
}

#[test]
fn a_refresh_token_takes_its_family_along() {
    let (world, _, family, token) = started();
    let caller = &world.client;
    let outcome = decide(&world, caller, &about(caller, &token), InHandFact::Refresh, Some(&family)).unwrap();
    assert_eq!(
        outcome.changes,
        [Change::RevokeFamily { id: family.id, at: world.now, reason: RevocationReason::ClientAsked }]
    );
    assert_eq!((outcome.audit.len(), outcome.audit[0].kind), (1, AuditKind::FamilyRevoked));
    // An exchanged token of the family does as well: whoever holds it is its client.
    let old = RefreshFamily { generation: 3, token_hash: [0; 32], ..family.clone() };
    let outcome = decide(&world, caller, &about(caller, &token), InHandFact::Refresh, Some(&old)).unwrap();
    assert_eq!(outcome.changes.len(), 1);
}

#[test]
fn an_access_token_goes_alone() {
    let (world, reply, _, _) = started();
    let token = AccessTokenFacts::parse(reply.access_claims().as_bytes()).unwrap();
    let caller = &world.client;
    let outcome = decide(&world, caller, &about(caller, "a.b.c"), InHandFact::Access(&token), None).unwrap();
    let [Change::RevokeToken { jti, until }] = outcome.changes.as_slice() else { panic!("one token") };
    assert_eq!(*jti, token.jti());
    assert!(*until > token.expires());
    assert_eq!((outcome.audit.len(), outcome.audit[0].kind), (1, AuditKind::TokenRevoked));
}

#[test]
fn a_clients_own_token_goes_too() {
    let mut world = World::new();
    world.client.grants = GrantTypes::CLIENT_CREDENTIALS;
    let form =
        Form::new().with("grant_type", "client_credentials").with("client_id", "app").with("client_secret", SECRET);
    let reply = world.token(&form, None, &world.facts(CodeFact::Unknown, None)).unwrap().reply;
    let token = AccessTokenFacts::parse(reply.access_claims().as_bytes()).unwrap();
    let caller = &world.client;
    let outcome = decide(&world, caller, &about(caller, "a.b.c"), InHandFact::Access(&token), None).unwrap();
    assert!(matches!(outcome.changes.as_slice(), [Change::RevokeToken { .. }]));
}

#[test]
fn what_does_not_count_any_more_needs_nothing() {
    let (mut world, reply, mut family, token) = started();
    let caller = world.client.clone();
    let nothing = Ok(Outcome::plain(Revoked));
    assert_eq!(decide(&world, &caller, &about(&caller, "unknown"), InHandFact::Nothing, None), nothing);
    assert_eq!(decide(&world, &caller, &about(&caller, &token), InHandFact::Refresh, None), nothing);
    family.state = FamilyState::Revoked { at: world.now, reason: RevocationReason::Operator };
    assert_eq!(decide(&world, &caller, &about(&caller, &token), InHandFact::Refresh, Some(&family)), nothing);
    world.now = world.now.plus_seconds(300);
    let access = AccessTokenFacts::parse(reply.access_claims().as_bytes()).unwrap();
    assert_eq!(decide(&world, &caller, &about(&caller, "a.b.c"), InHandFact::Access(&access), None), nothing);
    // A family that the token does not name is not touched, whatever the shell loaded.
    let other = RefreshFamily { id: model::FamilyId::from_bytes([9; 16]), state: FamilyState::Live, ..family };
    assert_eq!(decide(&world, &caller, &about(&caller, &token), InHandFact::Refresh, Some(&other)), nothing);
}

#[test]
fn another_client_ends_nothing() {
    let (world, reply, family, token) = started();
    let mut other = world.client.clone();
    other.id = ClientId::parse("other").unwrap();
    let refused = Err(Outcome::plain(AboutRefusal::OtherClient));
    assert_eq!(decide(&world, &other, &about(&other, &token), InHandFact::Refresh, Some(&family)), refused);
    let access = AccessTokenFacts::parse(reply.access_claims().as_bytes()).unwrap();
    assert_eq!(decide(&world, &other, &about(&other, "a.b.c"), InHandFact::Access(&access), None), refused);
    assert_eq!(AboutRefusal::OtherClient.answer().status, 400);
}

#[test]
fn a_confidential_client_proves_itself_and_a_public_one_need_not() {
    let (mut world, _, family, token) = started();
    let wrong = about(&world.client, &token).replace(SECRET.split('_').next().unwrap(), "x");
    let found = decide(&world, &world.client, &wrong, InHandFact::Refresh, Some(&family));
    assert_eq!(found, Err(Outcome::plain(AboutRefusal::Client(ClientAuthFault::SecretWrong))));
    world.client.auth = ClientAuth::None;
    world.client.secrets.clear();
    let caller = &world.client;
    assert!(decide(&world, caller, &about(caller, &token), InHandFact::Refresh, Some(&family)).is_ok());
}
