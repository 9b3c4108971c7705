-- The whole sign-in and the whole authorization server. Only adds: what 0001 wrote stays as it is, and means the same.
-- Secrets that must be compared later are sealed or kept as keyed hashes; whoever has the database alone can't even guess at them.

-- When the notice of a weak binding went out, and when the binding was confirmed.
ALTER TABLE passkey ADD COLUMN noticed INTEGER;
ALTER TABLE passkey ADD COLUMN confirmed INTEGER;

-- JSON of everything about a client that has no column of its own; '{}' is an ordinary client.
ALTER TABLE client ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';

-- JSON of what a grant carries beyond its scope; NULL is an ordinary grant.
ALTER TABLE refresh_family ADD COLUMN details TEXT;
CREATE INDEX refresh_family_session ON refresh_family (session) WHERE revoked_at IS NULL;

-- Set when a key was withdrawn in an emergency: nothing that it signed counts any more.
ALTER TABLE signing_key ADD COLUMN withdrawn_at INTEGER;
-- When it stopped signing while still published.
ALTER TABLE signing_key ADD COLUMN retiring_from INTEGER;

CREATE TABLE person_password (
    person BLOB PRIMARY KEY REFERENCES person (id),
    -- The hash's text, sealed under a key that follows from the root key: a copy of the database alone can't be guessed at.
    sealed BLOB NOT NULL,
    imported INTEGER NOT NULL CHECK (imported IN (0, 1)),
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE person_totp (
    person BLOB PRIMARY KEY REFERENCES person (id),
    -- The shared secret, sealed under the person's own key.
    sealed BLOB NOT NULL,
    -- The last time step whose code was used (RFC 6238 §5.2); NULL before the first.
    last_step INTEGER,
    added INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
    person BLOB NOT NULL REFERENCES person (id),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    created INTEGER NOT NULL,
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

-- What a person answered to the invitation to enrol a passkey.
CREATE TABLE invitation (
    person BLOB PRIMARY KEY REFERENCES person (id),
    count INTEGER NOT NULL,
    snoozed_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE throttle_counter (
    -- A keyed hash that names neither person nor address.
    key BLOB PRIMARY KEY CHECK (length(key) = 32),
    scope TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_counter_age ON throttle_counter (scope, last);

CREATE TABLE notice (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    -- Whom to tell.
    person BLOB NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- Not a reference: a notice outlives the passkey whose removal it tells.
    passkey BLOB,
    -- When it went out, or when we gave up.
    sent INTEGER,
    undeliverable INTEGER NOT NULL DEFAULT 0 CHECK (undeliverable IN (0, 1)),
    tries INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_waiting ON notice (next_try) WHERE sent IS NULL;
CREATE INDEX notice_person ON notice (person, at);

-- Where a person is told: at least two are supported.
CREATE TABLE notice_address (
    person BLOB NOT NULL REFERENCES person (id),
    -- Keyed hash, so that one address is kept once.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- The address, sealed under the person's own key.
    sealed BLOB NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY (person, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE person_attributes (
    person BLOB PRIMARY KEY REFERENCES person (id),
    -- JSON of claims, sealed under the person's own key.
    sealed BLOB NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who was told what, for what: the person's own record. Holds no value.
CREATE TABLE receipt (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    person BLOB NOT NULL REFERENCES person (id),
    -- Not a reference: the record outlives the client.
    client TEXT NOT NULL,
    -- Names of claims, parted by spaces.
    claims TEXT NOT NULL,
    purpose TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    times INTEGER NOT NULL,
    UNIQUE (person, client, claims, purpose)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_last ON receipt (last);

-- What counts once, until it would have expired anyway: ids of client assertions, and access tokens that were revoked.
CREATE TABLE spent (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_until ON spent (until);
CREATE TABLE revoked_token (
    jti BLOB PRIMARY KEY CHECK (length(jti) = 16),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_token_until ON revoked_token (until);

CREATE TABLE device_grant (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    device_hash BLOB NOT NULL UNIQUE CHECK (length(device_hash) = 32),
    user_hash BLOB NOT NULL UNIQUE CHECK (length(user_hash) = 32),
    client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    look_ups INTEGER NOT NULL,
    polled INTEGER,
    interval_seconds INTEGER NOT NULL,
    -- Who approved it: the grant is theirs.
    person BLOB REFERENCES person (id),
    session BLOB,
    expires INTEGER NOT NULL,
    -- JSON of the rest.
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX device_grant_expires ON device_grant (expires);

CREATE TABLE initial_access (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    uses INTEGER NOT NULL,
    uses_max INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    -- JSON: what may be registered with it.
    policy TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Subjects that clients brought along when they moved here with their accounts.
CREATE TABLE subject_mapping (
    -- `client:ID` or `sector:HOST`.
    place TEXT NOT NULL,
    -- Whose account it is.
    person BLOB NOT NULL REFERENCES person (id),
    subject TEXT NOT NULL,
    PRIMARY KEY (place, person),
    UNIQUE (place, subject)
) STRICT, WITHOUT ROWID;
