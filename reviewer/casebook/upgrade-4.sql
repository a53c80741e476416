-- What leaves the desk: evidence packages, and cases handed over to other organisations or by them.

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
