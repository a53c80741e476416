-- What each opened envelope had besides its content (crypto.envelope_again), until its week is retired. It opens that one
-- envelope, so it lies in a file of its own, which is in no backup.
CREATE TABLE frames (
    envelope_sha256 BLOB PRIMARY KEY,
    frame BLOB NOT NULL
) STRICT, WITHOUT ROWID;
