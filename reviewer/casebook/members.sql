-- What readers and members give each other. All rows have one length, their number is a power of two, and those that
-- no key opens are random: neither the number of members shows, nor what each has.
CREATE TABLE pieces (
    id BLOB PRIMARY KEY,
    tag BLOB NOT NULL,                       -- follows from id and the key of whom it is for
    head BLOB NOT NULL,                      -- item, place, number of pieces and bytes, sealed
    body BLOB NOT NULL                       -- sealed
) STRICT, WITHOUT ROWID;
