-- The casebook: everything that is small, in one SQLCipher file. The bytes of the files lie beside it (contents.sql).
-- Days are written 2026-11-25, weeks 2026-W48, and nothing finer is stored.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE servers (
    name TEXT PRIMARY KEY,
    party BLOB NOT NULL,
    verify_key BLOB NOT NULL UNIQUE,
    added_day TEXT NOT NULL,
    removed_day TEXT,
    manifest_version INTEGER NOT NULL DEFAULT 0    -- the highest that its envelopes said it has seen
) STRICT, WITHOUT ROWID;

CREATE TABLE manifests (
    version INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    raw BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- Who comes (with an offer) or goes (without) when the next manifest is signed here.
CREATE TABLE reviewers_pending (
    name TEXT PRIMARY KEY,
    offer BLOB
) STRICT, WITHOUT ROWID;

-- The files of questionnaires, as they lie on the servers: answers are shown under what was asked then.
CREATE TABLE questionnaires (
    sha256 BLOB PRIMARY KEY,
    file BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The stream of bundles that each server sends now, and the digest of every bundle that was ever taken in: a server
-- that was restored signs other bundles under old numbers, and only these digests tell.
CREATE TABLE streams_in (
    server TEXT PRIMARY KEY REFERENCES servers (name),
    stream BLOB NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles_in (
    server TEXT NOT NULL REFERENCES servers (name),
    stream BLOB NOT NULL,
    number INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (stream, number)
) STRICT, WITHOUT ROWID;

-- Our own stream to each server, and what it carried already.
CREATE TABLE streams_out (
    server TEXT PRIMARY KEY REFERENCES servers (name),
    replies_through INTEGER NOT NULL,
    manifests_through INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE bundles_out (
    server TEXT NOT NULL REFERENCES streams_out (server) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    statement BLOB NOT NULL,
    signature BLOB NOT NULL,
    day TEXT NOT NULL,
    is_written INTEGER NOT NULL DEFAULT 0 CHECK (is_written IN (0, 1)),
    PRIMARY KEY (server, number)
) STRICT;

CREATE TABLE bundle_items_out (
    server TEXT NOT NULL,
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (server, number, place),
    FOREIGN KEY (server, number) REFERENCES bundles_out (server, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE backups (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL
) STRICT;

-- One row an envelope, for ever: so that one that comes again is recognised after its week was retired.
CREATE TABLE submissions (
    number INTEGER PRIMARY KEY,
    envelope_sha256 BLOB NOT NULL UNIQUE,
    envelope_bytes INTEGER NOT NULL,
    unopened_file TEXT UNIQUE,               -- in HOME/unopened: an envelope that could not be opened, as it came
    server TEXT NOT NULL REFERENCES servers (name),
    imported_day TEXT NOT NULL,
    backup INTEGER REFERENCES backups (number),
    receipt_day TEXT,
    unopenable TEXT,                         -- why; then nothing below is known, but perhaps the week
    week TEXT,
    kind INTEGER,
    submission_id BLOB,
    day TEXT,
    manifest_sha256 BLOB,
    manifest_version INTEGER,
    mailbox BLOB,
    content INTEGER UNIQUE,                  -- names the pieces in contents.db
    content_key BLOB,
    content_bytes INTEGER,
    CHECK ((unopenable IS NULL) = (kind IS NOT NULL)),
    CHECK ((content IS NULL) = (content_key IS NULL))
) STRICT;

-- Places of fields and files count together, in the order in which they came.
CREATE TABLE fields (
    submission INTEGER NOT NULL REFERENCES submissions (number),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (submission, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE files (
    submission INTEGER NOT NULL REFERENCES submissions (number),
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    first_byte INTEGER NOT NULL,             -- in the content of the submission
    length_bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (submission, place)
) STRICT, WITHOUT ROWID;

-- Files that their source had sealed before sending them, by their places in the submission, and what was inside.
CREATE TABLE sealed_files (
    submission INTEGER NOT NULL,
    place INTEGER NOT NULL,
    outcome TEXT NOT NULL,                   -- opened, or the kind of the refusal
    quarter TEXT,                            -- whose key opened it
    day TEXT,                                -- on which the source sealed it, where the file says so
    missing TEXT NOT NULL,                   -- quarters whose keys were not here when none opened it
    content INTEGER UNIQUE,                  -- names the pieces in contents.db
    content_key BLOB,
    PRIMARY KEY (submission, place),
    FOREIGN KEY (submission, place) REFERENCES files (submission, place),
    CHECK ((outcome = 'opened') = (quarter IS NOT NULL)),
    CHECK ((content IS NULL) = (content_key IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE inside_fields (
    submission INTEGER NOT NULL,
    sealed_place INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (submission, sealed_place, place),
    FOREIGN KEY (submission, sealed_place) REFERENCES sealed_files (submission, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE inside_files (
    submission INTEGER NOT NULL,
    sealed_place INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    first_byte INTEGER NOT NULL,             -- in the content of the sealed file
    length_bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    PRIMARY KEY (submission, sealed_place, place),
    FOREIGN KEY (submission, sealed_place) REFERENCES sealed_files (submission, place)
) STRICT, WITHOUT ROWID;

-- Real replies, and the dummies that fill each outbox up. Every server gets the same ones: anyone who has seized two
-- servers could otherwise tell the real ones as those that both hold.
CREATE TABLE replies (
    number INTEGER PRIMARY KEY,
    reply_id BLOB NOT NULL UNIQUE,
    submission INTEGER REFERENCES submissions (number),
    mailbox_number INTEGER,                  -- inside the reply: its place among those to the same mailbox
    text TEXT,
    day TEXT NOT NULL,
    sealed_row BLOB NOT NULL,
    out_day TEXT,                            -- when it first went into an outbox
    deleted_day TEXT,                        -- when the source's deletion of it arrived; sealed_row is a dummy then
    withdrawn_day TEXT,                      -- when the other servers were told
    CHECK ((submission IS NULL) = (text IS NULL)),
    CHECK ((submission IS NULL) = (mailbox_number IS NULL))
) STRICT;

-- "Week W closed at bundle n", as signed by the server inside a bundle of its stream.
CREATE TABLE weeks_closed (
    server TEXT NOT NULL REFERENCES servers (name),
    week TEXT NOT NULL,
    stream BLOB NOT NULL,
    bundle_number INTEGER NOT NULL,
    PRIMARY KEY (server, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE weeks_retired (
    week TEXT PRIMARY KEY,
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every read, export and destruction, each line bound to the one before.
CREATE TABLE log (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    previous_sha256 BLOB NOT NULL,
    sha256 BLOB NOT NULL UNIQUE
) STRICT;

CREATE INDEX submissions_by_week ON submissions (week);
CREATE INDEX replies_waiting ON replies (out_day);
