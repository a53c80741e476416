-- tipline.db: the small tables. Write-ahead log. No time in here is finer than a day, no table has a counter that
-- tells an order of arrival, and no column can hold a mailbox id.

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
    CHECK (state = 'receiving' OR (day IS NOT NULL AND length > 0 AND sha256 IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Weeks that this server has signed as closed: nothing is sealed to their keys any more, whatever the clock says.
CREATE TABLE closed_weeks (
    week TEXT PRIMARY KEY,
    bundle INTEGER NOT NULL CHECK (bundle > 0)
) STRICT, WITHOUT ROWID;

-- Real and dummy alike.
CREATE TABLE replies (
    id BLOB PRIMARY KEY CHECK (length(id) = 16),
    salt BLOB NOT NULL CHECK (length(salt) = 16),
    tag BLOB NOT NULL CHECK (length(tag) = 32),
    day TEXT NOT NULL CHECK (day GLOB '????-??-??')
) STRICT, WITHOUT ROWID;

-- Apart from the tags, which every log-in reads whole.
CREATE TABLE reply_envelopes (
    id BLOB PRIMARY KEY REFERENCES replies (id) ON DELETE CASCADE,
    envelope BLOB NOT NULL
) STRICT;

CREATE TABLE heartbeat (only INTEGER PRIMARY KEY CHECK (only = 1), noise BLOB NOT NULL) STRICT;
