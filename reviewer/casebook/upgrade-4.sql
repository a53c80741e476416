-- From version 3 to 4.

-- Letting go: deleted tips, the bin, holds, rules of retention, proposals (docs/review/deleting.md).

-- The days on which this casebook was opened, each once. The bin and proposals count these, so that neither a holiday nor a clock that is
-- wrong for a day deletes anything.
CREATE TABLE opened_days (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE
) STRICT;

-- What is left of a tip that was deleted. No import takes in an envelope of this digest again.
CREATE TABLE deleted_envelopes (
    envelope_sha256 BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,          -- of its submission: no other gets it
    server TEXT NOT NULL REFERENCES servers (name),
    week TEXT,
    day TEXT,
    manifest_version INTEGER,
    reason TEXT NOT NULL,                    -- a word of a fixed list
    deleted_day TEXT NOT NULL,
    receipt_day TEXT                         -- a receipt is owed until then, so that the server deletes its copy too
) STRICT, WITHOUT ROWID;

-- What is left of a single file that was deleted.
CREATE TABLE deleted_files (
    envelope_sha256 BLOB NOT NULL,
    place INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    reason TEXT NOT NULL,
    deleted_day TEXT NOT NULL,
    PRIMARY KEY (envelope_sha256, place)
) STRICT, WITHOUT ROWID;

-- Tips in the bin. Their rows are in envelopes.db, which is in no backup; this says which of those count.
CREATE TABLE binned_envelopes (
    envelope_sha256 BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    server TEXT NOT NULL REFERENCES servers (name),
    week TEXT,
    day TEXT,
    manifest_version INTEGER,
    backup INTEGER,
    receipt_day TEXT,
    binned_day TEXT NOT NULL,
    opened_days INTEGER NOT NULL             -- how many days the casebook had been opened on by then
) STRICT, WITHOUT ROWID;

-- Their contents in contents.db; the keys of these are in the bin only.
CREATE TABLE binned_contents (
    content INTEGER PRIMARY KEY,
    envelope_sha256 BLOB NOT NULL REFERENCES binned_envelopes (envelope_sha256) ON DELETE CASCADE
) STRICT;

CREATE TABLE holds (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    day TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- NULL: any. A thread is due when nothing happened in it for so many days.
CREATE TABLE retention_rules (
    number INTEGER PRIMARY KEY,
    questionnaire TEXT,                      -- the name of a form; empty: threads without any
    status TEXT,
    days INTEGER NOT NULL CHECK (days >= 30)
) STRICT;

-- Colleagues' deletions, and our own for them. A colleague's takes effect by reviewer/casebook/proposals.py.
CREATE TABLE deletion_proposals (
    number INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    envelope_sha256 BLOB NOT NULL,
    reviewer TEXT NOT NULL,                  -- from whom; ours have our own name
    reason TEXT NOT NULL,
    day TEXT NOT NULL,                       -- on which it came here
    state TEXT NOT NULL CHECK (state IN ('ours', 'open', 'confirmed', 'held', 'done')),
    held_by TEXT,
    CHECK ((state = 'held') = (held_by IS NOT NULL))
) STRICT;

CREATE TABLE deletion_proposals_shown (
    uuid BLOB NOT NULL REFERENCES deletion_proposals (uuid) ON DELETE CASCADE,
    day TEXT NOT NULL,
    PRIMARY KEY (uuid, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX submissions_by_import ON submissions (number, imported_day, unopenable);
CREATE INDEX deletion_proposals_by_envelope ON deletion_proposals (envelope_sha256);

-- Every envelope that this casebook knows: here, in the bin, or deleted.
CREATE VIEW known_envelopes AS
    SELECT envelope_sha256, server, day, manifest_version FROM submissions
    UNION ALL SELECT envelope_sha256, server, day, manifest_version FROM deleted_envelopes
    UNION ALL SELECT envelope_sha256, server, day, manifest_version FROM binned_envelopes;
-- End of letting go.
