//! A store in a directory of its own, and the smallest things to put into it.

use std::{
    cell::Cell,
    future::Future,
    sync::{
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    thread,
    time::Duration,
};

use crypto::RootKey;
use model::{
    Actor, Amr, AuditEvent, AuditKind, Authentication, ClientId, Detail, Employment, Entropy, FamilyId, PassId,
    PasskeyId, Person, PersonId, PersonStatus, Secret, Session, SessionId, Strength, Tier, Timestamp,
};
use oauth::{
    Client, ClientAuth, ClientKind, ClientStatus, ConsentPolicy, FamilyState, GrantTypes, RedirectUri, RefreshFamily,
    Scope, ScopeSet, SubjectKind,
};
use passkey::{Algorithm, Passkey, Transport};
use signin::EnrolmentPass;
use store::{Change, ChangeSet, CommitError, Pending, PreconditionFailed, Store, StoreConfig};
use tempfile::TempDir;

/// Noon of some day.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

thread_local!(static SEED: Cell<u64> = const { Cell::new(1) });

/// Entropy that never repeats within a test, and is the same in every run.
pub(crate) fn entropy() -> Entropy {
    let seed = SEED.with(|seed| seed.replace(seed.get() + 1));
    let mut bytes = [0; 256];
    for (i, chunk) in bytes.chunks_mut(32).enumerate() {
        let block = crypto::sha256(&[seed.to_be_bytes(), (i as u64).to_be_bytes()].concat());
        chunk.copy_from_slice(&block);
    }
    Entropy::new(bytes)
}

pub(crate) fn hash() -> [u8; 32] {
    entropy().take()
}

pub(crate) fn root() -> RootKey {
    RootKey::new(Secret::new([7; 32]))
}

/// A directory with a store in it.
pub(crate) struct Home {
    _dir: TempDir,
    pub(crate) config: StoreConfig,
}

impl Home {
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = StoreConfig::new(dir.path().join("data"), dir.path().join("keys"));
        Self { _dir: dir, config }
    }

    pub(crate) fn create() -> (Self, Store) {
        let home = Self::empty();
        let store = Store::create(&home.config, &root(), NOW, &mut entropy()).unwrap();
        (home, store)
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.config, &root(), NOW).unwrap()
    }

    /// The same files as they are on the disk at this moment, as after a power cut.
    pub(crate) fn snapshot(&self) -> Self {
        let copy = Self::empty();
        for (from, to) in
            [(&self.config.data_dir, &copy.config.data_dir), (&self.config.keys_dir, &copy.config.keys_dir)]
        {
            std::fs::create_dir_all(to).unwrap();
            for file in std::fs::read_dir(from).unwrap() {
                let file = file.unwrap();
                // The shared-memory index is rebuilt from the log; it is never on the disk after a power cut.
                if !file.file_name().to_string_lossy().ends_with("-shm") {
                    std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
                }
            }
        }
        copy
    }

    /// A connection of a stranger, for looking at or meddling with the files.
    pub(crate) fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.config.database_path()).unwrap()
    }
}

pub(crate) fn event(kind: AuditKind) -> AuditEvent {
    AuditEvent::new(kind, Actor::System)
}

pub(crate) fn set<C: Into<Change>>(changes: impl IntoIterator<Item = C>) -> ChangeSet {
    ChangeSet::new(NOW, changes, vec![event(AuditKind::SignedIn).detail("step", Detail::Number(1))])
}

pub(crate) fn person() -> Person {
    let mut entropy = entropy();
    Person {
        id: PersonId::fresh(NOW, &mut entropy),
        status: PersonStatus::Active,
        employment: Employment::Contractor,
        privileged: true,
        groups: vec!["staff".into(), "quo\"te".into()],
        user_handle: entropy.take(),
        ends: Some(NOW.plus_seconds(86_400)),
        created: NOW,
    }
}

pub(crate) fn insert_person(person: &Person) -> Change {
    signin::Change::InsertPerson { person: person.clone(), sealed_display: vec![1, 2, 3] }.into()
}

/// Commits changes that must be refused, and says why they were.
pub(crate) fn lost<C: Into<Change>>(store: &Store, changes: impl IntoIterator<Item = C>) -> PreconditionFailed {
    match store.commit_blocking(set(changes)) {
        Err(CommitError::Lost(why)) => why,
        other => panic!("expected a lost precondition, got {other:?}"),
    }
}

/// Commits changes that must be accepted.
pub(crate) fn done<C: Into<Change>>(store: &Store, changes: impl IntoIterator<Item = C>) {
    store.commit_blocking(set(changes)).unwrap();
}

/// Waits until `met`, for at most ten seconds.
pub(crate) fn wait_until(what: &str, met: impl Fn() -> bool + Sync) {
    let given_up = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, met_at_last) = mpsc::channel();
        let (met, given_up) = (&met, &given_up);
        scope.spawn(move || {
            while !met() && !given_up.load(Relaxed) {
                thread::yield_now();
            }
            let _ = sender.send(());
        });
        let waited = met_at_last.recv_timeout(Duration::from_secs(10));
        given_up.store(true, Relaxed);
        assert!(waited.is_ok(), "waited in vain until {what}");
    });
}

/// Holds the writer still until the guard is dropped.
pub(crate) fn pause(store: &Store) -> mpsc::Sender<()> {
    let (resume, until) = mpsc::channel();
    store.inject(store::faults::Fault::Pause(until));
    resume
}

/// Whether a pending answer is still on its way.
pub(crate) fn unanswered(pending: &mut Pending) -> bool {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::Pin::new(pending).poll(&mut context).is_pending()
}

/// A person who is in the store.
pub(crate) fn someone(store: &Store) -> PersonId {
    let person = person();
    store.commit_blocking(set([insert_person(&person)])).unwrap();
    person.id
}

pub(crate) fn passkey(person: PersonId) -> Passkey {
    let mut entropy = entropy();
    Passkey {
        id: PasskeyId::fresh(NOW, &mut entropy),
        person,
        credential_id: entropy.take::<40>().to_vec(),
        public_key: entropy.take::<77>().to_vec(),
        algorithm: Algorithm::Es256,
        sign_count: 4_000_000_000,
        backup_eligible: true,
        backed_up: false,
        user_verified: true,
        aaguid: entropy.take(),
        transports: vec![Transport::Hybrid, Transport::SmartCard],
        attested: true,
        attestation_object: vec![9; 300],
        binding: Strength::Passkey,
        created: NOW,
        last_used: None,
        label: vec![4, 5, 6],
        noticed: None,
        confirmed: None,
    }
}

pub(crate) fn insert_passkey(passkey: &Passkey) -> Change {
    signin::Change::InsertPasskey(Box::new(passkey.clone())).into()
}

pub(crate) fn pass(person: PersonId) -> EnrolmentPass {
    EnrolmentPass {
        id: PassId::fresh(NOW, &mut entropy()),
        hash: hash(),
        person,
        binding: Strength::TwoFactor,
        created: NOW,
        expires: NOW.plus_seconds(3600),
        spent: None,
    }
}

pub(crate) fn authentication(person: PersonId) -> Authentication {
    Authentication {
        person,
        at: NOW.plus_seconds(-5),
        strength: Strength::DeviceBoundClaimed,
        amr: Amr::POP.and(Amr::USER),
        passkey: Some(PasskeyId::fresh(NOW, &mut entropy())),
    }
}

pub(crate) fn session(person: PersonId) -> Session {
    Session {
        id: SessionId::fresh(NOW, &mut entropy()),
        cookie_hash: hash(),
        authentication: authentication(person),
        created: NOW,
        expires: NOW.plus_seconds(12 * 3600),
        idle_seconds: 3600,
    }
}

pub(crate) fn insert_session(session: &Session) -> Change {
    signin::Change::InsertSession(session.clone()).into()
}

pub(crate) fn client(id: &str) -> Client {
    Client {
        id: ClientId::parse(id).unwrap(),
        name: "Tide tables".into(),
        kind: ClientKind::Web,
        secrets: vec![[1; 32], [2; 32]],
        auth: ClientAuth::SecretBasic,
        redirect_uris: vec![
            RedirectUri::parse("https://tides.example/callback").unwrap(),
            RedirectUri::parse("http://127.0.0.1/callback?x=1").unwrap(),
        ],
        scopes: vec![Scope::parse("openid").unwrap(), Scope::parse("offline_access").unwrap()],
        grants: GrantTypes::AUTHORIZATION_CODE.and(GrantTypes::REFRESH_TOKEN),
        subject: SubjectKind::Pairwise { sector: "tides.example".into() },
        consent: ConsentPolicy::Ask,
        tier: Tier::Sensitive,
        status: ClientStatus::Active,
        access_token_seconds: 300,
        refresh_idle_seconds: 3600,
        refresh_absolute_seconds: 86_400,
        audience: "https://api.tides.example".into(),
        created: NOW,
        settings: Default::default(),
    }
}

/// A client that is in the store.
pub(crate) fn some_client(store: &Store, id: &str) -> ClientId {
    let client = client(id);
    let id = client.id.clone();
    store.commit_blocking(set([oauth::Change::InsertClient(Box::new(client))])).unwrap();
    id
}

pub(crate) fn family(client: &ClientId, person: PersonId) -> RefreshFamily {
    RefreshFamily {
        id: FamilyId::fresh(NOW, &mut entropy()),
        client: client.clone(),
        person,
        session: Some(SessionId::fresh(NOW, &mut entropy())),
        authentication: authentication(person),
        scope: ScopeSet::parse("offline_access openid").unwrap(),
        details: Default::default(),
        generation: 0,
        token_hash: hash(),
        created: NOW,
        rotated: NOW,
        idle_seconds: 3600,
        expires: NOW.plus_seconds(86_400),
        state: FamilyState::Live,
    }
}

pub(crate) fn insert_family(family: &RefreshFamily) -> Change {
    oauth::Change::InsertFamily(Box::new(family.clone())).into()
}

pub(crate) fn rotate(family: &RefreshFamily, from_generation: u32) -> Change {
    oauth::Change::RotateFamily { id: family.id, from_generation, token_hash: hash(), at: NOW.plus_seconds(1) }.into()
}
