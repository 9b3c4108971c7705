//! The device authorization grant: the code that passes, the nearest that must not, and the race.

use model::{AuditKind, Decision, FamilyId, Outcome};
use oauth::{
    AuthenticatedClient, Change, Client, ClientStatus, CodeFact, GrantTypes, RawParams, RevocationReason, TokenFacts,
    authentication::{AuthenticationFacts, Credentials, KeyFact, authenticate},
    device::{
        DeviceAnswer, DeviceGrant, DeviceState, GRANT_TYPE, LOOK_UPS_MAX, UserCode,
        approve::{self, DeviceNeed, DevicePageFacts, DevicePageFault, DeviceShown, Said},
        device_code_hash,
        redeem::{self, DeviceRefusal},
        start::{self, DeviceStartFacts, DeviceStartFault, DeviceStarted},
    },
};
use proptest::prelude::*;

use crate::world::{Form, SECRET, World, entropy};

/// The client as the door of every endpoint that clients call by themselves lets it through.
pub(crate) fn authenticated<'a>(client: &'a Client, world: &'a World) -> AuthenticatedClient<'a> {
    let mut form = Form::new().with("client_id", client.id.as_str());
    if client.is_confidential() {
        form = form.with("client_secret", SECRET);
    }
    let text = form.text();
    let params = RawParams::parse(&text).unwrap();
    let facts = AuthenticationFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client: Some(client),
        client_keys: KeyFact::NotLoaded,
        assertion_spent: false,
    };
    authenticate(&Credentials::read(None, &params, None).unwrap(), &facts, "/token", world.now).unwrap()
}

fn world() -> World {
    let mut world = World::native();
    world.client.grants = GrantTypes::DEVICE_CODE.and(GrantTypes::REFRESH_TOKEN);
    world
}

fn wish() -> Form {
    Form::new().with("scope", "openid orders")
}

fn try_start(world: &World, form: &Form) -> Result<Outcome<DeviceStarted, Change>, DeviceStartFault> {
    let text = form.text();
    let params = RawParams::parse(&text).unwrap();
    let facts = DeviceStartFacts { issuer: &world.issuer, keys: &world.keys, place: "192.0.2.0/24, <b>Bern</b>" };
    match start::start(&params, &authenticated(&world.client, world), &facts, world.now, &mut entropy(3)) {
        Decision::Done(outcome) => Ok(outcome),
        Decision::Refused(outcome) => Err(outcome.reply),
        Decision::Need(never) => match never {},
    }
}

fn started(world: &World) -> (DeviceStarted, DeviceGrant) {
    let outcome = try_start(world, &wish()).unwrap();
    let [Change::InsertDeviceGrant(grant)] = outcome.changes.as_slice() else { panic!("one grant") };
    let grant = (**grant).clone();
    (outcome.reply, grant)
}

fn page<'a>(world: &'a World, grant: &'a DeviceGrant) -> DevicePageFacts<'a> {
    DevicePageFacts {
        keys: &world.keys,
        grant: Some(grant),
        client: Some(&world.client),
        session: world.session.as_ref(),
        person: Some(&world.person),
        requirement_met: true,
    }
}

#[derive(Debug, PartialEq)]
enum Page<T> {
    Done(T),
    Fault(DevicePageFault),
    Need(DeviceNeed),
}

fn looked_up(world: &World, typed: &str, facts: &DevicePageFacts<'_>) -> Page<DeviceShown> {
    match approve::look_up(typed, facts, world.now) {
        Decision::Done(outcome) => Page::Done(outcome.reply),
        Decision::Refused(outcome) => {
            assert!(outcome.changes.is_empty());
            Page::Fault(outcome.reply)
        }
        Decision::Need(need) => Page::Need(need),
    }
}

fn answered(world: &World, typed: &str, said: Said, facts: &DevicePageFacts<'_>) -> Page<Outcome<Said, Change>> {
    match approve::answer(typed, said, facts, world.now) {
        Decision::Done(Outcome { reply, changes, audit }) => Page::Done(Outcome { reply: reply.said, changes, audit }),
        Decision::Refused(outcome) => Page::Fault(outcome.reply),
        Decision::Need(need) => Page::Need(need),
    }
}

/// A grant that a person approved, with its device code.
fn approved(world: &World) -> (String, DeviceGrant) {
    let (reply, mut grant) = started(world);
    grant.look_ups = 1;
    let Page::Done(outcome) = answered(world, reply.user_code.expose(), Said::Approve, &page(world, &grant)) else {
        panic!("approved")
    };
    let [Change::AnswerDeviceGrant { id, answer }] = outcome.changes.as_slice() else { panic!("one answer") };
    assert_eq!(*id, grant.id);
    grant.state = answer.clone().into();
    (reply.device_code.expose().clone(), grant)
}

fn poll(world: &World, code: &str, grant: Option<&DeviceGrant>) -> Result<Change, Outcome<DeviceRefusal, Change>> {
    let text = Form::new().with("device_code", code).text();
    let params = RawParams::parse(&text).unwrap();
    let family = FamilyId::from_bytes([9; 16]);
    redeem::redeemable(&params, &world.client, &world.keys, grant, world.now)
        .map(|redeemable| redeemable.redemption(family, world.now))
}

#[track_caller]
fn refused(world: &World, code: &str, grant: Option<&DeviceGrant>, refusal: DeviceRefusal) -> Vec<Change> {
    let outcome = poll(world, code, grant).unwrap_err();
    assert_eq!(outcome.reply, refusal);
    outcome.changes
}

#[test]
fn a_device_gets_two_codes_and_a_place_to_go() {
    let world = world();
    let (reply, grant) = started(&world);
    let answer: serde_json::Value = serde_json::from_str(&reply.render()).unwrap();
    assert_eq!(answer["verification_uri"], "https://id.example.com/device");
    assert_eq!((answer["expires_in"].as_i64(), answer["interval"].as_i64()), (Some(600), Some(5)));
    assert_eq!(answer["user_code"].as_str().unwrap().len(), 9);
    // RFC 8628 §5.4, and no code in a URL: there is nothing to click that has the code in it.
    assert!(answer.get("verification_uri_complete").is_none());
    assert_eq!(grant.device_hash, device_code_hash(&world.keys, reply.device_code.expose()));
    assert_eq!(grant.user_hash, UserCode::parse(reply.user_code.expose()).unwrap().hash(&world.keys));
    assert_eq!((grant.scope.as_str(), grant.place.as_str()), ("openid orders", "192.0.2.0/24, bBern/b"));
    assert!(!format!("{reply:?}").contains(reply.device_code.expose()));
}

#[test]
fn a_device_may_ask_only_for_what_its_client_may() {
    let check = |form: Form, fault| assert_eq!(try_start(&world(), &form).unwrap_err(), fault);
    check(wish().without("scope"), DeviceStartFault::ScopeMissing);
    check(wish().with("scope", "admin"), DeviceStartFault::ScopeNotAllowed);
    check(wish().with("scope", "a\"b"), DeviceStartFault::ScopeMalformed);
    check(wish().again("scope", "orders"), DeviceStartFault::Repeated("scope"));
    check(wish().with("resource", "https://other.example.com"), DeviceStartFault::Target);
    check(wish().with("authorization_details", "[]"), DeviceStartFault::Details);
    for (fault, code) in [
        (DeviceStartFault::GrantNotAllowed, "unauthorized_client"),
        (DeviceStartFault::Target, "invalid_target"),
        (DeviceStartFault::Details, "invalid_authorization_details"),
    ] {
        assert!(fault.answer().status == 400 && fault.answer().body.contains(code));
    }
    let mut world = world();
    world.client.grants = GrantTypes::AUTHORIZATION_CODE;
    assert_eq!(try_start(&world, &wish()).unwrap_err(), DeviceStartFault::GrantNotAllowed);
    world.client.grants = GrantTypes::DEVICE_CODE;
    world.client.settings.requests.resources = vec!["https://api.example.com".to_owned()];
    let outcome = try_start(&world, &wish().with("resource", "https://api.example.com")).unwrap();
    let [Change::InsertDeviceGrant(grant)] = outcome.changes.as_slice() else { panic!("one grant") };
    assert_eq!(grant.details.resources, ["https://api.example.com"]);
}

#[test]
fn a_code_is_typed_in_any_case_and_with_any_gaps() {
    let code = UserCode::parse("BCDF-GHJK").unwrap();
    for typed in ["bcdfghjk", " bcdf ghjk ", "B-C-D-F-G-H-J-K", "bcdf.ghjk"] {
        assert!(UserCode::parse(typed).unwrap() == code, "{typed}");
    }
    for typed in ["", "BCDF-GHJ", "BCDF-GHJKL", "ACDF-GHJK", "BCDF-GHJ1", "BCDFGHJ\u{212a}", &"-".repeat(65)] {
        assert!(UserCode::parse(typed).is_err(), "{typed}");
    }
    assert_eq!(format!("{code:?}"), "UserCode(…)");
}

proptest! {
    #[test]
    fn every_fresh_code_is_read_back(seed in any::<u8>()) {
        let code = UserCode::fresh(&mut entropy(seed));
        prop_assert!(UserCode::parse(&code.shown()).unwrap() == code);
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in ".{0,80}") {
        if let Ok(code) = UserCode::parse(&typed) {
            prop_assert!(UserCode::parse(&code.shown()).unwrap() == code);
        }
    }
}

#[test]
fn a_signed_in_person_sees_who_asks_from_where() {
    let world = world();
    let (reply, grant) = started(&world);
    let Page::Done(shown) = looked_up(&world, reply.user_code.expose(), &page(&world, &grant)) else { panic!("shown") };
    assert_eq!((shown.client_name.as_str(), shown.scope.as_str()), ("The app", "openid orders"));
    assert_eq!((shown.started, shown.expires), (world.now, world.now.plus_seconds(600)));
    assert!(shown.place.starts_with("192.0.2.0/24"));
}

#[test]
fn nobody_learns_anything_about_a_code_before_signing_in() {
    let world = world();
    let (reply, grant) = started(&world);
    let known = DevicePageFacts { session: None, person: None, ..page(&world, &grant) };
    let mut over = world.session.clone().unwrap();
    over.expires = world.now;
    let ended = DevicePageFacts { session: Some(&over), ..page(&world, &grant) };
    for facts in [known, DevicePageFacts { grant: None, ..known }, ended] {
        for typed in [reply.user_code.expose(), "nonsense"] {
            assert_eq!(looked_up(&world, typed, &facts), Page::Need(DeviceNeed::SignIn));
        }
    }
}

#[test]
fn every_code_that_is_no_good_reads_alike() {
    let mut world = world();
    let (reply, grant) = started(&world);
    let code = reply.user_code.expose();
    let fault = |world: &World, grant: &DeviceGrant, fault: DevicePageFault| {
        assert_eq!(looked_up(world, code, &page(world, grant)), Page::Fault(fault));
        assert!(fault.is_guess());
        assert_eq!(fault.for_person(), DevicePageFault::Unknown.for_person());
    };
    assert_eq!(looked_up(&world, "x", &page(&world, &grant)), Page::Fault(DevicePageFault::NotACode));
    let nothing = DevicePageFacts { grant: None, ..page(&world, &grant) };
    assert_eq!(looked_up(&world, code, &nothing), Page::Fault(DevicePageFault::Unknown));
    assert_eq!(looked_up(&world, "BCDF-GHJK", &page(&world, &grant)), Page::Fault(DevicePageFault::Unknown));
    fault(
        &world,
        &DeviceGrant { state: DeviceState::Denied { at: world.now }, ..grant.clone() },
        DevicePageFault::Answered,
    );
    fault(&world, &approved(&world).1, DevicePageFault::Answered);
    world.now = world.now.plus_seconds(600);
    fault(&world, &grant, DevicePageFault::Expired);
    world.now = world.now.plus_seconds(-601);
    fault(&world, &grant, DevicePageFault::Expired);
}

#[test]
fn a_code_that_was_sent_around_dies() {
    let world = world();
    let (reply, mut grant) = started(&world);
    let code = reply.user_code.expose();
    for look_ups in 0..LOOK_UPS_MAX {
        grant.look_ups = look_ups;
        let Decision::Done(outcome) = approve::look_up(code, &page(&world, &grant), world.now) else { panic!("shown") };
        assert_eq!(outcome.changes, [Change::CountDeviceLookUp { id: grant.id, from: look_ups }]);
    }
    grant.look_ups = LOOK_UPS_MAX;
    assert_eq!(looked_up(&world, code, &page(&world, &grant)), Page::Fault(DevicePageFault::TooManyLookUps));
    // The one who saw it last may still answer.
    assert!(matches!(answered(&world, code, Said::Deny, &page(&world, &grant)), Page::Done(_)));
    grant.look_ups += 1;
    assert_eq!(answered(&world, code, Said::Deny, &page(&world, &grant)), Page::Fault(DevicePageFault::TooManyLookUps));
}

#[test]
fn nothing_is_approved_that_was_not_shown() {
    let world = world();
    let (reply, grant) = started(&world);
    let answer = answered(&world, reply.user_code.expose(), Said::Approve, &page(&world, &grant));
    assert_eq!(answer, Page::Fault(DevicePageFault::TooManyLookUps));
}

#[test]
fn only_who_may_use_the_client_approves_and_only_with_enough_proof() {
    let mut world = world();
    let (reply, mut grant) = started(&world);
    grant.look_ups = 1;
    let code = reply.user_code.expose().clone();
    let try_it = |world: &World| answered(world, &code, Said::Approve, &page(world, &grant));
    world.client.settings.access.groups = vec!["buyers".to_owned()];
    assert_eq!(try_it(&world), Page::Fault(DevicePageFault::PersonRefused));
    world.person.groups = vec!["buyers".to_owned()];
    assert!(matches!(try_it(&world), Page::Done(_)));
    world.client.status = ClientStatus::Disabled;
    assert_eq!(try_it(&world), Page::Fault(DevicePageFault::ClientRefused));
    world.client.status = ClientStatus::Active;
    let weak = DevicePageFacts { requirement_met: false, ..page(&world, &grant) };
    let need = answered(&world, &code, Said::Approve, &weak);
    assert_eq!(need, Page::Need(DeviceNeed::StepUp { client: world.client.id.clone() }));
    world.person.status = model::PersonStatus::Disabled;
    assert_eq!(try_it(&world), Page::Fault(DevicePageFault::PersonRefused));
}

#[test]
fn an_answer_is_one_change_and_one_record() {
    let world = world();
    let (reply, mut grant) = started(&world);
    grant.look_ups = 1;
    for (said, kind) in [(Said::Approve, AuditKind::DeviceApproved), (Said::Deny, AuditKind::DeviceDenied)] {
        let Page::Done(outcome) = answered(&world, reply.user_code.expose(), said, &page(&world, &grant)) else {
            panic!("answered")
        };
        let [Change::AnswerDeviceGrant { answer, .. }] = outcome.changes.as_slice() else { panic!("one answer") };
        assert_eq!(matches!(answer, DeviceAnswer::Approved(_)), said == Said::Approve);
        assert_eq!((outcome.audit.len(), outcome.audit[0].kind), (1, kind));
    }
}

#[test]
fn an_approved_device_gets_its_tokens() {
    let world = world();
    let (code, grant) = approved(&world);
    let change = poll(&world, &code, Some(&grant)).unwrap();
    let family = FamilyId::from_bytes([9; 16]);
    assert_eq!(change, Change::RedeemDeviceGrant { id: grant.id, family, at: world.now });
}

#[test]
fn the_token_endpoint_turns_an_approved_device_into_a_family_once() {
    let mut world = world();
    world.client.access_token_seconds = 60;
    let (code, grant) = approved(&world);
    let form = Form::new().with("grant_type", GRANT_TYPE).with("device_code", &code).with("client_id", "app");
    let with = |grant| TokenFacts { device: Some(grant), ..world.facts(CodeFact::Unknown, None) };
    let outcome = world.token(&form, None, &with(&grant)).unwrap();
    let [Change::InsertFamily(family), Change::RedeemDeviceGrant { id, family: named, .. }] =
        outcome.changes.as_slice()
    else {
        panic!("a family and the grant's end, in one commit")
    };
    assert_eq!((*id, *named, family.person), (grant.id, family.id, world.person.id));
    assert_eq!(family.session, world.session.as_ref().map(|session| session.id));
    assert_eq!(outcome.audit[0].kind, AuditKind::DeviceRedeemed);
    assert!(outcome.reply.id_claims().is_some() && outcome.reply.refresh_token().is_some());

    let pending = DeviceGrant { state: DeviceState::Pending, ..grant.clone() };
    let refused = world.token(&form, None, &with(&pending)).unwrap_err();
    assert_eq!(refused.reply.code(), "authorization_pending");
    assert!(matches!(refused.changes.as_slice(), [Change::PollDeviceGrant { .. }]));
}

#[test]
fn a_person_who_left_in_between_gives_a_device_nothing() {
    let mut world = world();
    let (code, grant) = approved(&world);
    world.person.status = model::PersonStatus::Disabled;
    let form = Form::new().with("grant_type", GRANT_TYPE).with("device_code", &code).with("client_id", "app");
    let facts = TokenFacts { device: Some(&grant), ..world.facts(CodeFact::Unknown, None) };
    assert_eq!(world.token(&form, None, &facts).unwrap_err().reply.code(), "invalid_grant");
}

#[test]
fn a_device_waits_at_the_pace_it_was_told() {
    let mut world = world();
    let (reply, mut grant) = started(&world);
    let code = reply.device_code.expose();
    let changes = refused(&world, code, Some(&grant), DeviceRefusal::Pending);
    let poll = |interval_seconds, at| vec![Change::PollDeviceGrant { id: grant.id, at, interval_seconds }];
    assert_eq!(changes, poll(5, world.now));
    grant.polled = Some(world.now);
    world.now = world.now.plus_seconds(4);
    // RFC 8628 §3.5: five seconds more, from now on.
    assert_eq!(refused(&world, code, Some(&grant), DeviceRefusal::TooFast), poll(10, world.now));
    grant.polled = Some(world.now);
    grant.interval_seconds = 10;
    world.now = world.now.plus_seconds(9);
    assert_eq!(refused(&world, code, Some(&grant), DeviceRefusal::TooFast), poll(15, world.now));
    world.now = world.now.plus_seconds(1);
    assert_eq!(refused(&world, code, Some(&grant), DeviceRefusal::Pending), poll(10, world.now));
}

#[test]
fn a_fast_device_is_not_kept_from_its_answer() {
    let world = world();
    let (code, mut grant) = approved(&world);
    grant.polled = Some(world.now);
    assert!(poll(&world, &code, Some(&grant)).is_ok());
    grant.state = DeviceState::Denied { at: world.now };
    assert!(refused(&world, &code, Some(&grant), DeviceRefusal::Denied).is_empty());
}

#[test]
fn a_device_code_is_bound_to_its_client_and_its_time() {
    let mut world = world();
    let (code, grant) = approved(&world);
    assert!(refused(&world, &code, None, DeviceRefusal::CodeUnknown).is_empty());
    refused(&world, "lgd_other", Some(&grant), DeviceRefusal::CodeUnknown);
    refused(&world, "", Some(&grant), DeviceRefusal::CodeMissing);
    refused(
        &world,
        &code,
        Some(&DeviceGrant { client: model::ClientId::parse("x").unwrap(), ..grant.clone() }),
        DeviceRefusal::CodeOfOtherClient,
    );
    world.now = world.now.plus_seconds(600);
    refused(&world, &code, Some(&grant), DeviceRefusal::Expired);
    let codes = [DeviceRefusal::Pending, DeviceRefusal::TooFast, DeviceRefusal::Expired, DeviceRefusal::Denied]
        .map(DeviceRefusal::code);
    assert_eq!(codes, ["authorization_pending", "slow_down", "expired_token", "access_denied"]);
}

#[test]
fn a_device_code_that_comes_again_ends_what_it_became() {
    let world = world();
    let (code, mut grant) = approved(&world);
    let family = FamilyId::from_bytes([9; 16]);
    grant.state = DeviceState::Redeemed { family, at: world.now };
    let changes = refused(&world, &code, Some(&grant), DeviceRefusal::Replayed);
    assert_eq!(changes, [Change::RevokeFamily { id: family, at: world.now, reason: RevocationReason::DeviceReplayed }]);
    // Another client's replay ends nothing (OAuth 2.1 §7.5.2, by analogy).
    grant.client = model::ClientId::parse("x").unwrap();
    assert!(refused(&world, &code, Some(&grant), DeviceRefusal::CodeOfOtherClient).is_empty());
}

#[test]
fn every_device_check_names_its_clause() {
    for (name, clause) in start::check_list().chain(approve::check_list()).chain(redeem::check_list()) {
        assert!(!name.is_empty() && clause.contains('§'), "{name}: {clause}");
    }
}
