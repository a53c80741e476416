-- From version 2 to 3: items of bundles that were not there when they were sealed, and what was signed of each.

-- An item is awaited unless its sender has signed that it deleted it, staff gave it up, or it is here by now.
CREATE TABLE absent_items (
    server TEXT NOT NULL REFERENCES servers (name),
    stream BLOB NOT NULL,
    bundle INTEGER NOT NULL,
    item INTEGER NOT NULL,                   -- its place in the statement, from 1
    type TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    length_bytes INTEGER NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('deleted', 'withheld', 'unsigned')),
    sealing INTEGER NOT NULL,                -- the sealing that said so; 0 where nobody signed it
    day TEXT NOT NULL,                       -- since when it is absent here
    given_up_day TEXT,
    PRIMARY KEY (stream, bundle, item),
    CHECK ((mark = 'unsigned') = (sealing = 0))
) STRICT, WITHOUT ROWID;

CREATE INDEX absent_items_by_digest ON absent_items (sha256);
