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

-- ---- what leaves the desk ----

-- Evidence packages, and cases handed over to other organisations or by them.

-- Secret keys for what leaves. Here and not in the keyring, so that a restored home keeps the words that others know.
CREATE TABLE leaving_keys (
    number INTEGER PRIMARY KEY,
    use TEXT NOT NULL CHECK (use IN ('evidence', 'hand-over')),
    seeds BLOB NOT NULL,
    since_day TEXT NOT NULL,
    ended_day TEXT                           -- another key took its place
) STRICT;

CREATE UNIQUE INDEX leaving_keys_in_use ON leaving_keys (use) WHERE ended_day IS NULL;

-- Key files of other organisations, whose words were compared by telephone.
CREATE TABLE partners (
    key_file BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    compared_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each package and each bundle that left, for good. The digest is that of SHA256SUMS, or of the statement.
CREATE TABLE departures (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('evidence', 'hand-over')),
    receiver TEXT NOT NULL,
    sealed_to TEXT NOT NULL,                 -- beginning of the digest of a key, its words, or empty: readable
    sha256 BLOB NOT NULL,
    passages INTEGER NOT NULL,
    files INTEGER NOT NULL,
    told_others TEXT NOT NULL                -- what the source was told, as staff answered; empty for evidence
) STRICT;

-- By the digest of the envelope, which stays when a tip is deleted.
CREATE TABLE departed_tips (
    departure INTEGER NOT NULL REFERENCES departures (number),
    envelope_sha256 BLOB NOT NULL,
    PRIMARY KEY (departure, envelope_sha256)
) STRICT, WITHOUT ROWID;

-- Bundles of other organisations: each is imported once.
CREATE TABLE hand_overs_in (
    sha256 BLOB PRIMARY KEY,
    sender TEXT NOT NULL,
    day TEXT NOT NULL,
    told_others TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE handed_over_tips (
    envelope_sha256 BLOB PRIMARY KEY,
    hand_over BLOB NOT NULL REFERENCES hand_overs_in (sha256)
) STRICT, WITHOUT ROWID;
