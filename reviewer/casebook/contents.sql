-- The bytes of the files, in pieces of 1 MiB, each sealed under the key of its submission (which lies in the casebook).
-- The last piece is filled up to the size ladder, so that this file shows what the envelopes show: size classes.
CREATE TABLE pieces (
    content INTEGER NOT NULL,
    place INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (content, place)
) STRICT;
