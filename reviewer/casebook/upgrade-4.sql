-- From version 3 to 4: what makes the casebook a place to work.

-- ---- Answers, languages and translations ----

-- What a submission reads like: the tag of a language of the site, or nothing where it is unsure.
CREATE TABLE text_languages (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    tag TEXT NOT NULL
) STRICT;

-- An answer that was taken back before an outbox, until it is sealed again or thrown away.
CREATE TABLE answer_drafts (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    day TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- Beside one text of a submission: a field, or a field inside of a sealed file, by their places.
CREATE TABLE translations (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    part TEXT NOT NULL,
    day TEXT NOT NULL,
    author TEXT NOT NULL,
    is_from_outside INTEGER NOT NULL CHECK (is_from_outside IN (0, 1)),
    text TEXT NOT NULL
) STRICT;

CREATE INDEX translations_by_submission ON translations (submission);

-- Translators outside of the team, each with the age key that was compared by telephone.
CREATE TABLE translators (
    name TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    added_day TEXT NOT NULL,
    compared_day TEXT
) STRICT, WITHOUT ROWID;

-- What was sealed for a translator: which text, and the key for what returns. The key goes with the return.
CREATE TABLE translator_orders (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    part TEXT NOT NULL,
    translator TEXT NOT NULL,
    day TEXT NOT NULL,
    passages TEXT NOT NULL,
    identity TEXT,
    returned_day TEXT
) STRICT;

CREATE INDEX translator_orders_by_submission ON translator_orders (submission);

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
