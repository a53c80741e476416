-- From version 3 to 4.

-- Sharing: what reviewers tell each other (docs/formats/shared.md; reviewer/casebook/shared_operations.py, colleagues.py).
CREATE TABLE operations (
    sha256 BLOB PRIMARY KEY,
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    kind TEXT NOT NULL,                      -- '' where only its author's word is here that it is erased
    tip BLOB,
    day TEXT NOT NULL,
    body BLOB,                               -- as it was signed; NULL once its content was destroyed
    signature BLOB NOT NULL,
    sent_in INTEGER NOT NULL DEFAULT 0,      -- the last of our items that held it; 0 for none
    is_applied INTEGER NOT NULL DEFAULT 0 CHECK (is_applied IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE operations_replaced (
    replaced BLOB NOT NULL,
    operation BLOB NOT NULL REFERENCES operations (sha256),
    PRIMARY KEY (replaced, operation)
) STRICT, WITHOUT ROWID;

-- The newest item of each colleague, and what that colleague held when it was written.
CREATE TABLE colleagues (
    author BLOB PRIMARY KEY,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    day TEXT NOT NULL,                       -- by the colleague's clock
    heard_day TEXT NOT NULL                  -- when it was read here
) STRICT, WITHOUT ROWID;

CREATE TABLE colleagues_heard (
    colleague BLOB NOT NULL REFERENCES colleagues (author),
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    through INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    PRIMARY KEY (colleague, author, run)
) STRICT, WITHOUT ROWID;

-- Items that were read, by the digest of their envelope; server is '' for one from a laptop.
CREATE TABLE shared_items (
    server TEXT NOT NULL,
    envelope_sha256 BLOB NOT NULL,
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    document_sha256 BLOB NOT NULL,
    receipt_day TEXT,
    PRIMARY KEY (server, envelope_sha256)
) STRICT, WITHOUT ROWID;

-- Which operation a note came with, ours or a colleague's.
CREATE TABLE note_operations (
    operation BLOB PRIMARY KEY REFERENCES operations (sha256),
    note INTEGER NOT NULL UNIQUE REFERENCES notes (number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Tips that were deleted here: operations about them keep their place and lose their content, also those that come later.
CREATE TABLE operations_gone (
    tip BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE INDEX operations_by_counter ON operations (counter);
CREATE INDEX operations_in_order ON operations (author, run, number);
CREATE INDEX operations_by_tip ON operations (tip, kind);
CREATE INDEX operations_waiting ON operations (tip) WHERE is_applied = 0;
CREATE INDEX shared_items_by_author ON shared_items (author, run, number);
-- End of sharing.
-- What makes the casebook a place to work.

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
