//! Devices, what counts once, clients that come and go, imported subjects, receipts.

use context::{Claim, ClaimSet, Receipt};
use model::{ClientId, DeviceGrantId, FamilyId, PersonId, ReceiptId, SessionId, Timestamp};
use oauth::{
    Change, ClientSettings, ScopeSet,
    client::ClientOrigin,
    device::{DeviceAnswer, DeviceApproval, DeviceGrant, DeviceState},
    registration::{InitialAccess, RegistrationPolicy},
    subject_map::{MappedAt, MappedSubject, SubjectMapping},
};
use store::{PreconditionFailed as Lost, Store};

use super::Engine;
use crate::fixture::*;

fn device(client: &ClientId) -> DeviceGrant {
    DeviceGrant {
        id: DeviceGrantId::fresh(NOW, &mut entropy()),
        client: client.clone(),
        device_hash: hash(),
        user_hash: hash(),
        scope: ScopeSet::parse("openid profile").unwrap(),
        details: oauth::GrantDetails { resources: vec!["https://api.example".into()], ..Default::default() },
        place: "203.0.113.0/24".into(),
        created: NOW,
        expires: NOW.plus_seconds(600),
        interval_seconds: 5,
        polled: None,
        look_ups: 0,
        state: DeviceState::Pending,
    }
}

fn yes(person: PersonId) -> DeviceAnswer {
    DeviceAnswer::Approved(DeviceApproval {
        person,
        session: SessionId::fresh(NOW, &mut entropy()),
        authentication: authentication(person),
        at: NOW.plus_seconds(10),
    })
}

pub(crate) fn a_device_is_answered_and_redeemed_once<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (client, person) = (some_client(store, "tv"), someone(store));
    let grant = device(&client);
    let id = grant.id;
    done(store, [Change::InsertDeviceGrant(Box::new(grant.clone()))]);
    assert_eq!(lost(store, [Change::InsertDeviceGrant(Box::new(grant.clone()))]), Lost::IdTaken);
    let mut same_code = device(&client);
    same_code.user_hash = grant.user_hash;
    assert_eq!(lost(store, [Change::InsertDeviceGrant(Box::new(same_code))]), Lost::IdTaken);
    assert_eq!(store.device_grant(&grant.device_hash).unwrap().as_ref(), Some(&grant));
    assert_eq!(store.device_grant_by_user_code(&grant.user_hash).unwrap().as_ref(), Some(&grant));

    done(store, [Change::CountDeviceLookUp { id, from: 0 }]);
    assert_eq!(lost(store, [Change::CountDeviceLookUp { id, from: 0 }]), Lost::DeviceMoved);
    done(store, [Change::PollDeviceGrant { id, at: NOW, interval_seconds: 10 }]);
    let family = FamilyId::fresh(NOW, &mut entropy());
    let redeem = || Change::RedeemDeviceGrant { id, family, at: NOW };
    assert_eq!(lost(store, [redeem()]), Lost::DeviceMoved, "nobody said yes");

    let answer = yes(person);
    done(store, [Change::AnswerDeviceGrant { id, answer: answer.clone() }]);
    assert_eq!(lost(store, [Change::AnswerDeviceGrant { id, answer: yes(person) }]), Lost::DeviceMoved);
    assert_eq!(
        lost(store, [Change::AnswerDeviceGrant { id, answer: DeviceAnswer::Denied { at: NOW } }]),
        Lost::DeviceMoved
    );
    let engine = engine.restart(NOW);
    let store = engine.store();
    let kept = store.device_grant(&grant.device_hash).unwrap().unwrap();
    assert_eq!(kept.state, DeviceState::from(answer));
    assert_eq!((kept.look_ups, kept.polled, kept.interval_seconds), (1, Some(NOW), 10));
    done(store, [redeem()]);
    assert_eq!(lost(store, [redeem()]), Lost::DeviceMoved);
    let kept = store.device_grant(&grant.device_hash).unwrap().unwrap();
    assert_eq!(kept.state, DeviceState::Redeemed { family, at: NOW });
}

pub(crate) fn devices_of_one_client_leave_room_for_others<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (flooded, other) = (some_client(store, "anybodys"), some_client(store, "tv"));
    let insert = |grant: DeviceGrant| Change::InsertDeviceGrant(Box::new(grant));
    for _ in 0..10 {
        done(store, (0..100).map(|_| insert(device(&flooded))));
    }
    assert_eq!(lost(store, [insert(device(&flooded))]), Lost::IdTaken);
    done(store, [insert(device(&other))]);
    // What is over makes room, before it is swept.
    let later = NOW.plus_seconds(600);
    done(store, [insert(DeviceGrant { created: later, expires: later.plus_seconds(600), ..device(&flooded) })]);
}

pub(crate) fn a_late_answer_to_a_device_is_lost<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let grant = device(&some_client(store, "tv"));
    done(store, [Change::InsertDeviceGrant(Box::new(grant.clone()))]);
    let late = DeviceAnswer::Denied { at: grant.expires };
    assert_eq!(lost(store, [Change::AnswerDeviceGrant { id: grant.id, answer: late }]), Lost::DeviceMoved);
    store.sweep(grant.expires.plus_seconds(3601)).unwrap().wait().unwrap();
    assert_eq!(store.device_grant(&grant.device_hash).unwrap(), None);
}

pub(crate) fn an_assertion_is_spent_once_also_after_a_restart<E: Engine>() {
    let engine = E::create();
    let client = some_client(engine.store(), "worker");
    let (jti_hash, until) = (hash(), NOW.plus_seconds(60));
    let spend = || Change::SpendAssertion { client: client.clone(), jti_hash, until };
    done(engine.store(), [spend()]);
    assert_eq!(lost(engine.store(), [spend()]), Lost::Spent);
    let engine = engine.restart(NOW);
    assert_eq!(lost(engine.store(), [spend()]), Lost::Spent);
    engine.store().sweep(until).unwrap().wait().unwrap();
    done(engine.store(), [spend()]);
}

pub(crate) fn a_revoked_token_is_known_at_once_and_forgotten_when_it_has_expired<E: Engine>() {
    let engine = E::create();
    let (jti, until) = ([3; 16], NOW.plus_seconds(300));
    assert!(!engine.store().token_revoked(&jti));
    done(engine.store(), [Change::RevokeToken { jti, until }, Change::RevokeToken { jti, until }]);
    assert!(engine.store().token_revoked(&jti));
    let engine = engine.restart(NOW);
    assert!(engine.store().token_revoked(&jti), "after a restart as well");
    engine.store().sweep(until).unwrap().wait().unwrap();
    assert!(!engine.store().token_revoked(&jti));
}

pub(crate) fn a_client_is_replaced_and_removed_with_what_hangs_on_it<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (id, person) = (some_client(store, "tides"), someone(store));
    let mut changed = client("tides");
    changed.name = "High tides".into();
    changed.created = Timestamp::from_seconds(1);
    changed.settings = ClientSettings { claims: vec!["email".into()], ..ClientSettings::default() };
    done(store, [Change::ReplaceClient(Box::new(changed.clone()))]);
    let kept = store.client("tides").unwrap();
    assert_eq!((kept.name.as_str(), kept.created), ("High tides", client("tides").created));
    assert_eq!(kept.settings, changed.settings);
    let mut registered = changed.clone();
    registered.settings.origin = ClientOrigin::Registered { token_hash: hash(), policy: RegistrationPolicy::default() };
    assert_eq!(lost(store, [Change::ReplaceClient(Box::new(registered))]), Lost::ClientTaken, "of another origin");
    assert_eq!(lost(store, [Change::ReplaceClient(Box::new(client("nobody")))]), Lost::ClientMissing);
    assert_eq!(lost(store, [Change::KeepDocumentClient(Box::new(client("tides")))]), Lost::ClientTaken);

    let family = family(&id, person);
    let grant = device(&id);
    let consent =
        Change::RememberConsent { person, client: id.clone(), scope: ScopeSet::parse("openid").unwrap(), at: NOW };
    done(store, [insert_family(&family), Change::InsertDeviceGrant(Box::new(grant.clone())).into(), consent.into()]);
    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(store.client("tides").unwrap().settings, changed.settings);
    done(store, [Change::RemoveClient { id: id.clone(), at: NOW }]);
    assert_eq!(lost(store, [Change::RemoveClient { id: id.clone(), at: NOW }]), Lost::ClientMissing);
    assert!(store.client("tides").is_none());
    assert_eq!(store.family(family.id).unwrap(), None);
    assert_eq!(store.device_grant(&grant.device_hash).unwrap(), None);
    assert_eq!(store.consent(person, &id).unwrap(), None);
    // A family that was ended with its client never begins again, even if a client of that name comes back.
    some_client(store, "tides");
    assert_eq!(lost(store, [insert_family(&family)]), Lost::FamilyUsed);
}

pub(crate) fn details_of_a_grant_come_back<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let mut family = family(&some_client(store, "bank"), someone(store));
    family.details = oauth::GrantDetails {
        confirmation: Some(oauth::Confirmation::Jkt([5; 32])),
        resources: vec!["https://a.example".into()],
        claims: Some("{}".into()),
        ..Default::default()
    };
    done(store, [insert_family(&family)]);
    assert_eq!(engine.restart(NOW).store().family(family.id).unwrap(), Some(family));
}

pub(crate) fn registering_uses_a_token_up<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let access = InitialAccess {
        hash: hash(),
        policy: RegistrationPolicy { scopes: vec!["openid".into()], ..Default::default() },
        created: NOW,
        expires: NOW.plus_seconds(60),
        uses: 0,
        uses_max: 2,
    };
    done(store, [Change::InsertInitialAccess(Box::new(access.clone()))]);
    assert_eq!(store.initial_access(&access.hash).unwrap(), Some(access.clone()));
    let spend = |at| Change::SpendInitialAccess { hash: access.hash, at };
    assert_eq!(lost(store, [spend(access.expires)]), Lost::AccessUsedUp, "expired");
    done(store, [spend(NOW), spend(NOW)]);
    assert_eq!(lost(store, [spend(NOW)]), Lost::AccessUsedUp);
    done(store, [Change::RevokeInitialAccess { hash: access.hash }]);
    assert_eq!(store.initial_access(&access.hash).unwrap(), None);

    let mut own = client("mcp");
    own.settings.origin = ClientOrigin::Registered { token_hash: [1; 32], policy: RegistrationPolicy::default() };
    done(store, [Change::InsertClient(Box::new(own.clone()))]);
    done(store, [Change::SetRegistrationToken { client: own.id.clone(), token_hash: [2; 32] }]);
    let expected = ClientOrigin::Registered { token_hash: [2; 32], policy: RegistrationPolicy::default() };
    assert_eq!(engine.restart(NOW).store().client("mcp").unwrap().settings.origin, expected);
}

pub(crate) fn an_imported_subject_is_one_persons_alone<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (id, ada, bob) = (some_client(store, "tides"), someone(store), someone(store));
    let at = MappedAt::Client(id);
    let map = |person, subject: &str| {
        let subject = MappedSubject::parse(subject).unwrap();
        Change::InsertSubjectMapping(Box::new(SubjectMapping { place: at.clone(), person, subject }))
    };
    let client = store.client("tides").unwrap();
    assert_eq!(store.mapped_subject(&client, ada).unwrap(), None);
    done(store, [map(ada, "user-17")]);
    assert_eq!(lost(store, [map(bob, "user-17")]), Lost::SubjectTaken);
    assert_eq!(lost(store, [map(ada, "user-18")]), Lost::SubjectTaken);
    let engine = engine.restart(NOW);
    let store = engine.store();
    let subject = MappedSubject::parse("user-17").unwrap();
    assert_eq!(store.mapped_subject(&client, ada).unwrap(), Some(subject.clone()));
    assert_eq!(store.mapped_subject(&client, bob).unwrap(), None);
    assert_eq!(store.person_of_subject(&at, &subject).unwrap(), Some(ada));
    assert_eq!(store.person_of_subject(&MappedAt::Sector("tides".into()), &subject).unwrap(), None);
}

fn receipt(person: PersonId) -> Receipt {
    Receipt {
        id: ReceiptId::fresh(NOW, &mut entropy()),
        person,
        client: ClientId::parse("harbour").unwrap(),
        claims: ClaimSet::EMPTY.with(Claim::Email).with(Claim::Name),
        purpose: "to label boats".into(),
        first: NOW,
        last: NOW,
        times: 1,
    }
}

fn keep(store: &Store, receipt: &Receipt) {
    done(store, [context::Change::InsertReceipt(Box::new(receipt.clone()))]);
}

pub(crate) fn a_receipt_is_kept_once_and_counted<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let person = someone(store);
    let first = receipt(person);
    keep(store, &first);
    let again = context::Change::InsertReceipt(Box::new(receipt(person)));
    assert_eq!(lost(store, [again]), Lost::ReceiptKept);
    let later = NOW.plus_seconds(60);
    done(store, [context::Change::CountReceipt { id: first.id, at: later }]);
    store.count_receipt(first.id, NOW, 5);
    let engine = engine.restart(NOW);
    let store = engine.store();
    let expected = Receipt { last: later, times: 7, ..first.clone() };
    assert_eq!(store.receipts_of(person).unwrap(), std::slice::from_ref(&expected));
    assert_eq!(store.receipts_at(person, &first.client).unwrap(), [expected]);
    assert_eq!(store.receipts_at(person, &ClientId::parse("other").unwrap()).unwrap(), []);
    store.sweep(later.plus_seconds(397 * 86_400)).unwrap().wait().unwrap();
    assert_eq!(store.receipts_of(person).unwrap(), []);
}

pub(crate) fn a_session_takes_its_grants_along<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (id, person) = (some_client(store, "tides"), someone(store));
    let session = SessionId::fresh(NOW, &mut entropy());
    let bound = oauth::RefreshFamily { session: Some(session), ..family(&id, person) };
    let offline = oauth::RefreshFamily { session: None, ..family(&id, person) };
    done(store, [insert_family(&bound), insert_family(&offline)]);
    assert_eq!(store.families_of_session(session).unwrap(), std::slice::from_ref(&bound));
    done(store, [Change::RevokeSessionFamilies { session, at: NOW }]);
    assert_eq!((store.family_lives(bound.id).unwrap(), store.family_lives(offline.id).unwrap()), (false, true));
    assert!(store.families_of_session(session).unwrap().is_empty());
}

pub(crate) fn the_ground_moves_when_something_is_taken_away<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let (id, person) = (some_client(store, "tides"), someone(store));
    let (family, passkey, session) = (family(&id, person), passkey(person), session(person));
    let before = store.ground();
    done(store, [insert_family(&family), insert_passkey(&passkey), insert_session(&session)]);
    assert_eq!(store.ground(), before, "what only adds");
    let disabled = model::PersonStatus::Disabled;
    let taken: [store::Change; 6] = [
        Change::RevokeToken { jti: [1; 16], until: NOW }.into(),
        Change::ForgetConsent { person, client: id.clone(), at: NOW }.into(),
        signin::Change::RemovePasskey { id: passkey.id, person, keep_one: false }.into(),
        signin::Change::EndSession { id: session.id, at: NOW }.into(),
        signin::Change::SetPersonGroups { id: person, groups: Vec::new() }.into(),
        signin::Change::SetPersonStatus { id: person, status: disabled }.into(),
    ];
    for (change, rises) in taken.into_iter().zip(1..) {
        done(store, [change]);
        assert_eq!(store.ground(), before + rises);
    }
}
