-- From version 3 to 4.

-- People: who wrote each line of the log, and in which minute by this machine's clock. Both stand here and in no other
-- table, and the digest of the line covers them. Lines from before have no row here.
CREATE TABLE log_people (
    number INTEGER PRIMARY KEY,              -- of the line in log
    person TEXT NOT NULL,
    minute TEXT NOT NULL                     -- 2026-11-25 14:05, in UTC
) STRICT;

-- What a member wrote and a reader has taken in already: taken twice, it would stand twice in the casebook.
CREATE TABLE member_items_imported (
    item BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
