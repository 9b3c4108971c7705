-- Keys of persons, kept outside data backups: deleting a row makes everything sealed for that person unreadable, in every backup.
CREATE TABLE person_key (
    person BLOB PRIMARY KEY CHECK (length(person) = 16),
    -- 32 random bytes, sealed under the root key.
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
