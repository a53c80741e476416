-- The first bytes of each opened envelope, header and nonce (crypto.age.envelope_rebuild), until its week is retired. With the key
-- of that week they make it again; without, they tell no more than the server's copy does. In no backup.
CREATE TABLE beginnings (
    envelope_sha256 BLOB PRIMARY KEY,
    beginning BLOB NOT NULL
) STRICT, WITHOUT ROWID;
