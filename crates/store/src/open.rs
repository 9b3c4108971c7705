//! Creating a store and opening it: lock, schema, root key, memory, then the writer.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use crypto::{RootKey, SealingKey, SigningKey, equal};
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, KeyId, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::{
    Change, OpenError, ReadError, Store, StoreConfig,
    apply::{ApplyError, apply},
    audit::Chain,
    checkpoint::Checkpoint,
    connection, files,
    group::Ledger,
    lock::ProcessLock,
    memory::{ClientMap, Loaded, Memory, PublishedKey},
    migrate::migrate,
    personal::PersonKeys,
    queue::Queue,
    readers::Readers,
    rows,
    seals::Seals,
    stats::Counters,
    writer::{self, Shared},
};

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Database(error) => Self::Database(error),
            ReadError::Damaged(what) => Self::Damaged(what),
            ReadError::Personal(_) => Self::Damaged("person keys"),
        }
    }
}

impl From<ApplyError> for OpenError {
    fn from(error: ApplyError) -> Self {
        match error {
            ApplyError::Lost(_) => Self::Damaged("a new store has rows already"),
            ApplyError::Storage(error) => Self::Database(error),
        }
    }
}

impl Store {
    /// Creates the store of a new installation and opens it. Its first signing key is made here, so that tokens and audit
    /// checkpoints can be signed from the first moment. Takes 70 bytes of entropy.
    ///
    /// # Errors
    /// [`OpenError::Exists`] when there is one, [`OpenError::Locked`] when a process has it open.
    pub fn create(
        config: &StoreConfig,
        root: &RootKey,
        now: Timestamp,
        entropy: &mut Entropy,
    ) -> Result<Self, OpenError> {
        connection::check_version()?;
        files::private_dir(&config.data_dir).map_err(OpenError::Io)?;
        files::private_dir(&config.keys_dir).map_err(OpenError::Io)?;
        let lock = ProcessLock::take(config)?;
        let path = config.database_path();
        if !path.exists() {
            files::private_new_file(&path).map_err(OpenError::Io)?;
        }
        let mut conn = connection::writer(&path)?;
        migrate(&mut conn, now)?;
        PersonKeys::create(&config.person_keys_path(), root)?;
        found(&mut conn, root, now, entropy)?;
        files::sync_dir(&config.data_dir).map_err(OpenError::Io)?;
        files::sync_dir(&config.keys_dir).map_err(OpenError::Io)?;
        assemble(config, root, now, lock, conn)
    }

    /// Opens the store of an installation.
    ///
    /// # Errors
    /// [`OpenError::NotCreated`] when there is none, [`OpenError::Locked`] when another process has it open,
    /// [`OpenError::WrongRootKey`] when the root key is another installation's.
    pub fn open(config: &StoreConfig, root: &RootKey, now: Timestamp) -> Result<Self, OpenError> {
        connection::check_version()?;
        if !config.database_path().exists() {
            return Err(OpenError::NotCreated);
        }
        let lock = ProcessLock::take(config)?;
        let mut conn = connection::writer(&config.database_path())?;
        migrate(&mut conn, now)?;
        assemble(config, root, now, lock, conn)
    }
}

/// Writes what makes an empty schema an installation, in one transaction: a creation that was cut short can be repeated.
fn found(conn: &mut Connection, root: &RootKey, now: Timestamp, entropy: &mut Entropy) -> Result<(), OpenError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let installation: [u8; 16] = entropy.take();
    let touched = tx.execute(
        "INSERT INTO installation (one, id, root_check, created) VALUES (1, ?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![installation, root_check(root, &installation), now.millis()],
    )?;
    if touched == 0 {
        return Err(OpenError::Exists);
    }
    let key = Arc::new(SigningKey::generate(now, entropy));
    let id = key.id();
    let sealed = key.to_sealed(&key_seal(root), entropy);
    let mut effects = Vec::new();
    let seals = Seals::from_root(root);
    apply(&tx, &seals, &Change::InsertKey { key: Arc::clone(&key), sealed }, &mut effects)?;
    apply(&tx, &seals, &Change::ActivateKey { id, at: now }, &mut effects)?;
    let mut chain = Chain::load(&tx, &installation)?;
    let created = AuditEvent::new(AuditKind::StoreCreated, Actor::Operator);
    let key_created = AuditEvent::new(AuditKind::KeyCreated, Actor::System).detail("key", Detail::Key(id));
    chain.append(&tx, now, &created)?;
    chain.append(&tx, now, &key_created)?;
    Checkpoint::sign(&installation, chain.head(), now, &key).write(&tx)?;
    tx.commit()?;
    Ok(())
}

fn assemble(
    config: &StoreConfig,
    root: &RootKey,
    now: Timestamp,
    lock: ProcessLock,
    conn: Connection,
) -> Result<Store, OpenError> {
    let path = config.database_path();
    let installation = check_installation(&conn, root)?;
    if !config.person_keys_path().exists() {
        return Err(OpenError::PersonKeysMissing);
    }
    let person_keys = PersonKeys::open(&config.person_keys_path(), root)?;
    let readers = Readers::open(&path)?;
    let memory = Memory::load(Loaded {
        sessions: load_sessions(&readers, now)?,
        clients: load_clients(&readers)?,
        keys: load_keys(&conn, root)?,
        revoked_tokens: load_revoked(&readers, now)?,
        mapped_places: load_mapped(&readers)?,
    });
    let shared = Arc::new(Shared { queue: Queue::new(config.queue_max), memory, counters: Counters::default() });
    let ledger = Ledger::load(conn, Seals::from_root(root), installation)?;
    let checkpointer = connection::checkpointer(&path)?;
    let writer = writer::start(ledger, checkpointer, Arc::clone(&shared), config.group_max).map_err(OpenError::Io)?;
    Ok(Store {
        shared,
        readers,
        person_keys,
        key_seal: key_seal(root),
        seals: Seals::from_root(root),
        writer: Some(writer),
        _lock: lock,
    })
}

/// Makes sure that the root key is the one of this installation, before anything is opened or written with it.
pub(crate) fn check_installation(conn: &Connection, root: &RootKey) -> Result<[u8; 16], OpenError> {
    let row: Option<([u8; 16], [u8; 32])> = conn
        .query_row("SELECT id, root_check FROM installation", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (installation, stored) = row.ok_or(OpenError::NotCreated)?;
    if equal(&stored, &root_check(root, &installation)) { Ok(installation) } else { Err(OpenError::WrongRootKey) }
}

fn root_check(root: &RootKey, installation: &[u8; 16]) -> [u8; 32] {
    root.hash_key("installation").hash("root check", &[installation])
}

pub(crate) fn key_seal(root: &RootKey) -> SealingKey {
    root.sealing_key("signing keys")
}

fn load_sessions(readers: &Readers, now: Timestamp) -> Result<Vec<(model::Session, Timestamp)>, ReadError> {
    let sql = format!("SELECT {} FROM session WHERE ended IS NULL AND expires > ?1", rows::SESSION);
    readers.all(&sql, [now.millis()], rows::session)
}

fn load_clients(readers: &Readers) -> Result<ClientMap, ReadError> {
    let clients = readers.all(&format!("SELECT {} FROM client", rows::CLIENT), [], rows::client)?;
    Ok(clients.into_iter().map(|client| (client.id.clone(), Arc::new(client))).collect::<HashMap<_, _>>())
}

fn load_revoked(readers: &Readers, now: Timestamp) -> Result<HashMap<[u8; 16], Timestamp>, ReadError> {
    let sql = "SELECT jti, until FROM revoked_token WHERE until > ?1";
    let tokens = readers.all(sql, [now.millis()], |row| Ok((row.get::<_, [u8; 16]>(0)?, rows::time(row, 1)?)))?;
    Ok(tokens.into_iter().collect())
}

fn load_mapped(readers: &Readers) -> Result<HashSet<String>, ReadError> {
    let places: Vec<String> = readers.all("SELECT DISTINCT place FROM subject_mapping", [], |row| Ok(row.get(0)?))?;
    Ok(places.into_iter().collect())
}

fn load_keys(conn: &Connection, root: &RootKey) -> Result<Vec<PublishedKey>, OpenError> {
    let seal = key_seal(root);
    let mut statement = conn
        .prepare("SELECT id, sealed, created, active_from, retiring_from FROM signing_key WHERE retired_at IS NULL")?;
    let mut rows = statement.query([])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let sealed: Vec<u8> = row.get(1)?;
        let (id, created) = (KeyId::from_bytes(row.get(0)?), rows::time(row, 2)?);
        let key = SigningKey::from_sealed(id, created, &seal, &sealed).map_err(|_| OpenError::SigningKeyDamaged)?;
        let (active_from, retiring_from) = (rows::optional_time(row, 3)?, rows::optional_time(row, 4)?);
        keys.push(PublishedKey { key: Arc::new(key), active_from, retiring_from });
    }
    Ok(keys)
}
