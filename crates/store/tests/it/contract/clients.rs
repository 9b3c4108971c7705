use std::sync::Arc;

use crypto::{KeySet, SigningKey};
use oauth::SubjectKind;
use store::{Change, PreconditionFailed as Lost};

use super::Engine;
use crate::fixture::*;

fn insert(client: &oauth::Client) -> oauth::Change {
    oauth::Change::InsertClient(Box::new(client.clone()))
}

pub(crate) fn a_client_comes_back_as_it_was<E: Engine>() {
    let engine = E::create();
    let confidential = client("tides");
    let mut public = client("boats");
    public.secrets.clear();
    public.auth = oauth::ClientAuth::None;
    public.subject = SubjectKind::Public;
    let before = engine.store().clients();
    done(engine.store(), [insert(&confidential), insert(&public)]);
    assert!(before.is_empty(), "a snapshot never changes");
    let check = |store: &store::Store| {
        assert_eq!(store.client("tides").as_deref(), Some(&confidential));
        assert_eq!(store.client("boats").as_deref(), Some(&public));
        assert_eq!(store.client("tide"), None);
        assert_eq!(store.clients().len(), 2);
    };
    check(engine.store());
    check(engine.restart(NOW).store());
}

pub(crate) fn a_client_id_is_used_once<E: Engine>() {
    let engine = E::create();
    let first = client("tides");
    done(engine.store(), [insert(&first)]);
    let second = oauth::Client { name: "Someone else".into(), ..client("tides") };
    assert_eq!(lost(engine.store(), [insert(&second)]), Lost::ClientTaken);
    assert_eq!(engine.store().client("tides").as_deref(), Some(&first));
}

pub(crate) fn keys_are_published_then_active_then_retired<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let ids = |store: &store::Store| store.signing_keys().iter().map(|key| key.id()).collect::<Vec<_>>();
    let [first] = ids(store)[..] else { panic!("a new store has one key") };

    let next = SigningKey::generate(NOW, &mut entropy());
    let (id, kid) = (next.id(), next.kid().to_owned());
    let add = store.key_change(next, &mut entropy());
    done(store, [add.clone()]);
    assert_eq!(lost(store, [add]), Lost::IdTaken);
    assert_eq!(ids(store), [first, id], "published, and not yet signing");
    assert_eq!(lost(store, [Change::RetireKey { id: first, at: NOW }]), Lost::KeyUnfit);

    done(store, [Change::ActivateKey { id, at: NOW.plus_seconds(1) }]);
    assert_eq!(ids(store), [id, first]);
    let engine = engine.restart(NOW);
    let store = engine.store();
    assert_eq!(ids(store), [id, first]);
    let keys = KeySet::new(store.signing_keys()).unwrap();
    assert_eq!(keys.active().kid(), kid);

    let retire = |id| Change::RetireKey { id, at: NOW.plus_seconds(2) };
    assert_eq!(lost(store, [retire(id)]), Lost::KeyUnfit, "no other key signs from then on");
    done(store, [retire(first)]);
    assert_eq!(ids(store), [id, first], "still published");
    assert_eq!(lost(store, [retire(first)]), Lost::KeyUnfit);
    let states: Vec<_> = store.published_keys().iter().map(|(_, state)| *state).collect();
    assert_eq!(states, [crypto::KeyState::Active, crypto::KeyState::Retiring]);
    assert_eq!(lost(store, [Change::RemoveKey { id, at: NOW }]), Lost::KeyUnfit, "it alone signs");
    assert_eq!(lost(store, [Change::WithdrawKey { id, at: NOW }]), Lost::KeyUnfit, "it alone signs");
    done(store, [Change::RemoveKey { id: first, at: NOW.plus_seconds(3) }]);
    assert_eq!(ids(store), [id]);
    assert_eq!(lost(store, [Change::RemoveKey { id: first, at: NOW }]), Lost::KeyUnfit);
    assert_eq!(lost(store, [Change::ActivateKey { id: first, at: NOW }]), Lost::KeyUnfit);
    let engine = engine.restart(NOW);
    assert_eq!(ids(engine.store()), [id]);
    assert_eq!(Arc::strong_count(&engine.store().signing_keys()[0]), 2);
}

pub(crate) fn a_withdrawn_key_is_gone_at_once_and_whoever_watches_hears_it<E: Engine>() {
    let engine = E::create();
    let store = engine.store();
    let watched = store.keys_changed();
    let first = store.signing_keys()[0].id();
    let next = SigningKey::generate(NOW, &mut entropy());
    let id = next.id();
    let at = NOW.plus_seconds(1);
    let add = store.key_change(next, &mut entropy());
    done(store, [add, Change::ActivateKey { id, at }, Change::WithdrawKey { id: first, at }]);
    assert!(watched.has_changed().unwrap());
    let ids = |store: &store::Store| store.signing_keys().iter().map(|key| key.id()).collect::<Vec<_>>();
    assert_eq!(ids(store), [id]);
    assert_eq!(ids(engine.restart(NOW).store()), [id]);
}
