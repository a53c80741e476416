-- From version 1 to 2: the bin. All rows of a tip, with the keys of its contents, as reviewer/casebook/dependent_rows.py packs them. The
-- casebook says which count; others are left of a step that was interrupted, and are swept. In no backup, as this file is in none.
CREATE TABLE bin (
    number INTEGER PRIMARY KEY,
    envelope_sha256 BLOB NOT NULL UNIQUE,
    packed BLOB NOT NULL,
    masks BLOB NOT NULL DEFAULT x''          -- what is masked in it (reviewer/masks/binned.py)
) STRICT;
