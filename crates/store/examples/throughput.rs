//! How many durable change sets a second this machine gives, and how many of them share an fsync.
//!
//! `cargo run --release -p store --example throughput -- [CALLERS] [CHANGE_SETS]`: so many callers each rotate a family of
//! their own and wait for each rotation (one UPDATE and one audit row).

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::{error::Error, time::Instant};

use crypto::RootKey;
use model::{
    Actor, Amr, AuditEvent, AuditKind, Authentication, ClientId, Detail, Employment, Entropy, FamilyId, Person,
    PersonId, PersonStatus, Secret, Strength, Tier, Timestamp, entropy::ENTROPY_BYTES,
};
use oauth::{
    Client, ClientAuth, ClientKind, ClientStatus, ConsentPolicy, FamilyState, GrantTypes, RefreshFamily, ScopeSet,
    SubjectKind,
};
use store::{Change, ChangeSet, CommitError, Store, StoreConfig};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let callers: u8 = arguments.next().map_or(Ok(32), |text| text.parse())?;
    let change_sets: u32 = arguments.next().map_or(Ok(20_000), |text| text.parse())?;
    let each = change_sets / u32::from(callers.max(1));

    let dir = tempfile::tempdir()?;
    let config = StoreConfig::new(dir.path().join("data"), dir.path().join("keys"));
    let root = RootKey::new(Secret::new([7; 32]));
    let store = Store::create(&config, &root, NOW, &mut Entropy::new([5; ENTROPY_BYTES]))?;
    let (person, client) = (person(), client()?);
    let (person_id, client_id) = (person.id, client.id.clone());
    store.commit_blocking(ChangeSet::new(
        NOW,
        [signin::Change::InsertPerson { person, sealed_display: Vec::new() }],
        Vec::new(),
    ))?;
    store.commit_blocking(ChangeSet::new(NOW, [oauth::Change::InsertClient(Box::new(client))], Vec::new()))?;

    let before = store.stats();
    #[expect(clippy::disallowed_methods, reason = "a stopwatch, outside the product")]
    let started = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..callers)
            .map(|caller| {
                scope.spawn({
                    let (store, client_id) = (&store, &client_id);
                    move || rotate(store, caller, client_id, person_id, each)
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| CommitError::Failed)?)
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let (done, groups) = (store.stats().change_sets - before.change_sets, store.stats().groups - before.groups);
    let log = std::fs::metadata(config.data_dir.join("lockgate.db-wal"))?.len();
    println!(
        "{callers} callers: {:.0} change sets a second, {:.1} to an fsync, {:.0} µs each; log {:.1} MB",
        done as f64 / seconds,
        done as f64 / groups as f64,
        seconds * 1e6 / done as f64,
        log as f64 / 1e6
    );
    Ok(())
}

/// One caller: a family, and so many rotations of it, each waited for.
fn rotate(store: &Store, caller: u8, client: &ClientId, person: PersonId, rotations: u32) -> Result<(), CommitError> {
    let family = family(caller, client, person);
    let id = family.id;
    store.commit_blocking(ChangeSet::new(NOW, [oauth::Change::InsertFamily(Box::new(family))], Vec::new()))?;
    for from_generation in 0..rotations {
        let change = oauth::Change::RotateFamily { id, from_generation, token_hash: [caller; 32], at: NOW };
        let event = AuditEvent::new(AuditKind::TokenRefreshed, Actor::Client(client.clone()))
            .person(person)
            .client(client.clone())
            .detail("family", Detail::Family(id));
        store.commit_blocking(ChangeSet { at: NOW, changes: vec![Change::Oauth(change)], audit: vec![event] })?;
    }
    Ok(())
}

fn person() -> Person {
    Person {
        id: PersonId::from_bytes([1; 16]),
        status: PersonStatus::Active,
        employment: Employment::Workforce,
        privileged: false,
        groups: Vec::new(),
        user_handle: [1; 32],
        ends: None,
        created: NOW,
    }
}

fn client() -> Result<Client, Box<dyn Error>> {
    Ok(Client {
        id: ClientId::parse("throughput")?,
        name: "Throughput".into(),
        kind: ClientKind::Web,
        secrets: vec![[1; 32]],
        auth: ClientAuth::SecretBasic,
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        grants: GrantTypes::REFRESH_TOKEN,
        subject: SubjectKind::Public,
        consent: ConsentPolicy::Trusted,
        tier: Tier::Standard,
        status: ClientStatus::Active,
        access_token_seconds: 300,
        refresh_idle_seconds: 3600,
        refresh_absolute_seconds: 86_400,
        audience: "https://api.example".into(),
        created: NOW,
        settings: Default::default(),
    })
}

fn family(caller: u8, client: &ClientId, person: PersonId) -> RefreshFamily {
    let strength = Strength::Passkey;
    RefreshFamily {
        id: FamilyId::from_bytes([caller; 16]),
        client: client.clone(),
        person,
        session: None,
        authentication: Authentication { person, at: NOW, strength, amr: Amr::POP, passkey: None },
        scope: ScopeSet::empty(),
        details: Default::default(),
        generation: 0,
        token_hash: [0; 32],
        created: NOW,
        rotated: NOW,
        idle_seconds: 3600,
        expires: NOW.plus_seconds(86_400),
        state: FamilyState::Live,
    }
}
