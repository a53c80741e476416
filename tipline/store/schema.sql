-- tipline.db: the small tables. Write-ahead log. No time in here is finer than a day, no table has a counter that
-- tells in which order submissions arrived, and no column can hold a mailbox id.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    setting BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE manifests (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    raw BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- What this server has signed: one stream, one chain.
CREATE TABLE statements (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    statement BLOB NOT NULL,
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TABLE submissions (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    -- receiving: bytes may be in bulk.db, nothing is promised; complete: all of them are, and a receipt may have been
    -- shown; deleting: every reviewer that must has said that it is safe, bytes are being removed
    state TEXT NOT NULL CHECK (state IN ('receiving', 'complete', 'deleting')),
    week TEXT NOT NULL,
    manifest_sha256 BLOB NOT NULL CHECK (length(manifest_sha256) = 32),
    day TEXT CHECK (day GLOB '????-??-??'),
    length INTEGER,
    sha256 BLOB UNIQUE CHECK (length(sha256) = 32),
    -- the statement that lists it; NULL until the first export after its arrival
    bundle INTEGER REFERENCES statements (number),
    CHECK (state = 'receiving' OR (day IS NOT NULL AND length > 0 AND sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Weeks that this server has signed as closed: nothing is sealed to their keys any more, whatever the clock says.
CREATE TABLE closed_weeks (
    week TEXT PRIMARY KEY,
    -- NULL: signed in a stream that ended with a restore, to be said again in the present one
    bundle INTEGER REFERENCES statements (number)
) STRICT, WITHOUT ROWID;

-- A reviewer has said that an envelope is verified and backed up.
CREATE TABLE receipts (
    sha256 BLOB NOT NULL REFERENCES submissions (sha256) ON DELETE CASCADE,
    reviewer BLOB NOT NULL CHECK (length(reviewer) = 32),
    -- how many days were counted when it came
    counted INTEGER NOT NULL,
    PRIMARY KEY (sha256, reviewer)
) STRICT, WITHOUT ROWID;

-- Days on which this server ran and exported; whether it exported since the last one that was counted.
CREATE TABLE counted_days (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    days INTEGER NOT NULL,
    exported INTEGER NOT NULL
) STRICT;

INSERT INTO counted_days (only, days, exported) VALUES (1, 0, 0);

-- The highest of our bundles in which a reviewer has receipted anything: bundles are read in order.
CREATE TABLE reached (
    reviewer BLOB PRIMARY KEY CHECK (length(reviewer) = 32),
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How far the stream of each reviewer was read.
CREATE TABLE senders (
    sender BLOB PRIMARY KEY CHECK (length(sender) = 32),
    stream BLOB NOT NULL CHECK (length(stream) = 16)
) STRICT, WITHOUT ROWID;

-- Digests of all statements that were read of it, for ever: a twin restored from a backup signs others.
CREATE TABLE statements_read (
    sender BLOB NOT NULL REFERENCES senders (sender),
    number INTEGER NOT NULL CHECK (number > 0),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (sender, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE ended_streams (
    sender BLOB NOT NULL,
    stream BLOB NOT NULL CHECK (length(stream) = 16),
    PRIMARY KEY (sender, stream)
) STRICT, WITHOUT ROWID;

-- Reviewers whose receipts count for nothing until staff accept them again: after this store was put back to an
-- earlier day, a kept outbox of a machine that has died since looks like the next one.
CREATE TABLE unaccepted (
    reviewer BLOB PRIMARY KEY CHECK (length(reviewer) = 32)
) STRICT, WITHOUT ROWID;

-- Statements whose replies wait until a person has adopted a manifest, and who sent them.
CREATE TABLE held_statements (
    sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
    sender BLOB NOT NULL CHECK (length(sender) = 32)
) STRICT, WITHOUT ROWID;

-- Real and dummy alike.
CREATE TABLE replies (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    tag BLOB NOT NULL CHECK (length(tag) = 32),
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    -- the statement it came with, until all of that bundle was read; nobody sees the reply before
    pending BLOB CHECK (length(pending) = 32)
) STRICT, WITHOUT ROWID;

CREATE INDEX replies_pending ON replies (pending) WHERE pending IS NOT NULL;

-- Apart from the tags, which every log-in reads whole. SQLite numbers the rows as they come (SECURITY.md).
CREATE TABLE reply_envelopes (
    id BLOB PRIMARY KEY REFERENCES replies (id) ON DELETE CASCADE,
    envelope BLOB NOT NULL
) STRICT;

CREATE TABLE heartbeat (only INTEGER PRIMARY KEY CHECK (only = 1), noise BLOB NOT NULL) STRICT;
