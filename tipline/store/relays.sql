-- relays.db: posts of relays, sealed, all of one length, until newer ones take their place. No time in here is finer
-- than a day. Relays post at a constant rate, so that numbers in order tell nothing of a press.

CREATE TABLE posts (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB NOT NULL CHECK (length(sealed) = 12288)
) STRICT;

CREATE TABLE ring (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    -- random: a duty machine notices by it that it speaks to another ring
    name BLOB NOT NULL CHECK (length(name) = 8),
    -- the highest number that the duty desk has fetched, and on which day
    fetched INTEGER NOT NULL,
    fetched_on TEXT CHECK (fetched_on GLOB '????-??-??')
) STRICT;
