-- bulk.db: sealed bytes. Rollback journal, so that new bytes are written once.

CREATE TABLE pieces (
    -- random: a counter would tell in which order submissions arrived
    id INTEGER PRIMARY KEY,
    submission BLOB NOT NULL CHECK (length(submission) = 16),
    place INTEGER NOT NULL CHECK (place >= 0),
    sealed BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX pieces_in_order ON pieces (submission, place);

-- Rewritten every few minutes, so that the times of the file tell only that the server was up.
CREATE TABLE heartbeat (only INTEGER PRIMARY KEY CHECK (only = 1), noise BLOB NOT NULL) STRICT;
