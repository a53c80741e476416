-- From version 3 to 4: what makes the casebook a place to work.

-- ---- saved folders and quarantine ----

-- Folders outside of the casebook in which readable files lie. They name the tip by its id: a row outlives the tip.
CREATE TABLE saved_folders (
    number INTEGER PRIMARY KEY,
    tip TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('as it came', 'clean copies')),
    names TEXT NOT NULL,                     -- of the files that were written, as a list in JSON: no other is destroyed
    is_in_memory INTEGER NOT NULL CHECK (is_in_memory IN (0, 1)),
    day TEXT NOT NULL,
    destroyed_day TEXT
) STRICT;

-- Content that no one is shown, by its SHA-256: every file with it is in quarantine, whichever tip it comes with.
CREATE TABLE quarantined_contents (
    sha256 BLOB PRIMARY KEY,
    sha1 BLOB NOT NULL,
    md5 BLOB NOT NULL,
    length_bytes INTEGER NOT NULL,
    day TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('staff', 'known digest')),
    reported_day TEXT
) STRICT, WITHOUT ROWID;

-- Where it lies. A row outlives the tip: it is the custody of the file.
CREATE TABLE quarantined_files (
    sha256 BLOB NOT NULL REFERENCES quarantined_contents (sha256),
    tip TEXT NOT NULL,
    submission INTEGER NOT NULL,
    sealed_place INTEGER NOT NULL,           -- of the sealed file in which it lies; -1 if it came by itself
    place INTEGER NOT NULL,
    server TEXT NOT NULL,
    arrived_day TEXT,
    imported_day TEXT NOT NULL,
    destroyed_day TEXT,
    PRIMARY KEY (tip, sealed_place, place)
) STRICT, WITHOUT ROWID;

-- Every attempt to read such a file, and every reading that was permitted.
CREATE TABLE quarantine_accesses (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL REFERENCES quarantined_contents (sha256),
    day TEXT NOT NULL,
    tip TEXT NOT NULL,
    act TEXT NOT NULL,
    is_permitted INTEGER NOT NULL CHECK (is_permitted IN (0, 1)),
    reviewer TEXT NOT NULL
) STRICT;

-- Digests of known abuse pictures, from lists that staff brought. The length tells MD5, SHA-1 and SHA-256 apart.
CREATE TABLE known_digests (
    digest BLOB PRIMARY KEY CHECK (length(digest) IN (16, 20, 32)),
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The other digests of files that were compared, so that no file is read twice for it.
CREATE TABLE compared_contents (
    sha256 BLOB PRIMARY KEY,
    sha1 BLOB NOT NULL,
    md5 BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX quarantined_files_by_content ON quarantined_files (sha256);
CREATE INDEX quarantine_accesses_by_content ON quarantine_accesses (sha256);

-- ---- people ----

-- People: who wrote each line of the log, and in which minute by this machine's clock. Both stand here and in no other
-- table, and the digest of the line covers them. Lines from before have no row here.
CREATE TABLE log_people (
    number INTEGER PRIMARY KEY,              -- of the line in log
    person TEXT NOT NULL,
    minute TEXT NOT NULL                     -- 2026-11-25 14:05, in UTC
) STRICT;

-- What a member wrote and a reader has taken in already: taken twice, it would stand twice in the casebook.
CREATE TABLE member_items_imported (
    item BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
