-- The first schema. Times are milliseconds since 1970-01-01T00:00:00Z. Ids are the 16 bytes of a UUID. Booleans are 0 or 1.
-- Tokens, codes, cookies and passes are stored only as keyed hashes. A column that holds something about a person says why.

-- One row: which installation this is.
CREATE TABLE installation (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- A keyed hash that only the right root key reproduces.
    root_check BLOB NOT NULL CHECK (length(root_check) = 32),
    created INTEGER NOT NULL,
    -- Written by the writer after a storage failure, to learn whether writing works again.
    probe INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE person (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    status TEXT NOT NULL,
    -- How the person belongs to the organisation: requirements are resolved by it.
    employment TEXT NOT NULL,
    -- Whether the person holds administrative power: requirements are resolved by it.
    privileged INTEGER NOT NULL CHECK (privileged IN (0, 1)),
    -- JSON array of group names: requirements are resolved by them.
    groups TEXT NOT NULL,
    -- Random; WebAuthn's user.id.
    user_handle BLOB NOT NULL UNIQUE CHECK (length(user_handle) = 32),
    -- The name shown to this person and to help desk, sealed under the person's own key.
    sealed_display BLOB NOT NULL,
    ends INTEGER,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE signin_name (
    -- Keyed hash of the normalised name: finds the person without storing the name in clear.
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    -- The name as typed, sealed under the person's own key, to show it to this person and to help desk.
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX signin_name_person ON signin_name (person);

CREATE TABLE passkey (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    credential_id BLOB NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1023),
    public_key BLOB NOT NULL,
    -- COSE algorithm number.
    algorithm INTEGER NOT NULL,
    sign_count INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL CHECK (backup_eligible IN (0, 1)),
    backed_up INTEGER NOT NULL CHECK (backed_up IN (0, 1)),
    user_verified INTEGER NOT NULL CHECK (user_verified IN (0, 1)),
    aaguid BLOB NOT NULL CHECK (length(aaguid) = 16),
    -- Words of WebAuthn L3 §5.8.4, parted by spaces.
    transports TEXT NOT NULL,
    attested INTEGER NOT NULL CHECK (attested IN (0, 1)),
    attestation_object BLOB NOT NULL,
    binding TEXT NOT NULL,
    created INTEGER NOT NULL,
    -- When it was last used: lets the person tell a forgotten passkey from a living one.
    last_used INTEGER,
    -- The person's own name for it, sealed under the person's own key.
    label BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX passkey_person ON passkey (person);

CREATE TABLE enrolment_pass (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
    person BLOB NOT NULL REFERENCES person (id),
    binding TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    spent INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    cookie_hash BLOB NOT NULL UNIQUE CHECK (length(cookie_hash) = 32),
    -- Who signed in, when and how: what the session is for.
    person BLOB NOT NULL REFERENCES person (id),
    auth_at INTEGER NOT NULL,
    strength TEXT NOT NULL,
    amr INTEGER NOT NULL,
    -- Not a reference: a removed passkey leaves the record of what it proved.
    passkey BLOB,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    idle_seconds INTEGER NOT NULL,
    -- Written at most once a minute: only the idle limit needs it.
    last_used INTEGER NOT NULL,
    ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person) WHERE ended IS NULL;
CREATE INDEX session_passkey ON session (passkey) WHERE ended IS NULL;
CREATE INDEX session_expires ON session (expires);

CREATE TABLE client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Keyed hashes of 32 bytes, one after the other, newest first; empty for a public client.
    secrets BLOB NOT NULL CHECK (length(secrets) % 32 = 0),
    auth TEXT NOT NULL,
    -- JSON array of URIs.
    redirect_uris TEXT NOT NULL,
    -- Scope names, parted by spaces.
    scopes TEXT NOT NULL,
    -- Bits of the grants it may use.
    grants INTEGER NOT NULL,
    -- Sector of its pairwise subjects; NULL for public ones.
    sector TEXT,
    consent TEXT NOT NULL,
    tier TEXT NOT NULL,
    status TEXT NOT NULL,
    access_token_seconds INTEGER NOT NULL,
    refresh_idle_seconds INTEGER NOT NULL,
    refresh_absolute_seconds INTEGER NOT NULL,
    audience TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE consent (
    -- Whom the person allowed what: so that they are not asked again and can take it back.
    person BLOB NOT NULL REFERENCES person (id),
    client TEXT NOT NULL REFERENCES client (id),
    scope TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person, client)
) STRICT, WITHOUT ROWID;

-- A row with only id, revoked_at and reason is a tombstone: the family was revoked before it was inserted, and never will be.
CREATE TABLE refresh_family (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    client TEXT REFERENCES client (id),
    -- On whose behalf the client acts.
    person BLOB REFERENCES person (id),
    -- Not a reference: the session may be forgotten before the family is.
    session BLOB,
    auth_at INTEGER,
    strength TEXT,
    amr INTEGER,
    passkey BLOB,
    scope TEXT,
    generation INTEGER,
    token_hash BLOB,
    created INTEGER,
    rotated INTEGER,
    idle_seconds INTEGER,
    expires INTEGER,
    -- When the row has nothing left to say: `expires`, or the moment of the revocation that left the tombstone.
    ends INTEGER NOT NULL,
    revoked_at INTEGER,
    reason TEXT,
    CHECK ((revoked_at IS NULL) = (reason IS NULL)),
    CHECK (revoked_at IS NOT NULL OR (client IS NOT NULL AND person IS NOT NULL AND auth_at IS NOT NULL
        AND strength IS NOT NULL AND amr IS NOT NULL AND scope IS NOT NULL AND generation IS NOT NULL
        AND token_hash IS NOT NULL AND created IS NOT NULL AND rotated IS NOT NULL AND idle_seconds IS NOT NULL
        AND expires IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_family_person ON refresh_family (person, client);
CREATE INDEX refresh_family_ends ON refresh_family (ends);

CREATE TABLE signing_key (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    -- The private key, sealed under the root key, which is kept elsewhere.
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL,
    -- When it began to sign; NULL while it is only published.
    active_from INTEGER,
    -- When it stopped being published. The row stays: old audit checkpoints name it.
    retired_at INTEGER
) STRICT, WITHOUT ROWID;

-- Append-only hash chain; see audit.rs for the bytes that are hashed.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- `person:ID`, `client:ID`, `operator` or `system`: who answers for the event.
    actor TEXT NOT NULL,
    -- Whom the event concerns: a person may ask what was done in their name.
    person BLOB,
    client TEXT,
    -- JSON object of words of our own, numbers and ids; never free text.
    details TEXT NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- Against mistakes, not against an attacker: those are found by the chain.
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE audit_checkpoint (
    seq INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    at INTEGER NOT NULL,
    signing_key BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- One attempt to sign in, without name, address or person id.
CREATE TABLE signin_record (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    path TEXT,
    tier TEXT NOT NULL,
    -- Keyed hash of the person's id: counts persons without naming them.
    pseudonym BLOB,
    method TEXT NOT NULL,
    outcome TEXT NOT NULL,
    strength TEXT,
    elapsed_millis INTEGER,
    capabilities INTEGER NOT NULL
) STRICT;
-- A person's own latest attempts, for My account.
CREATE INDEX signin_record_pseudonym ON signin_record (pseudonym, seq);
