-- From version 3 to 4: what makes the casebook a place to work.

-- ---- saved folders and quarantine ----

-- Folders outside of the casebook in which readable files lie. They name the tip by its id: a row outlives the tip.
CREATE TABLE saved_folders (
    number INTEGER PRIMARY KEY,
    tip TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('as it came', 'clean copies')),
    names TEXT NOT NULL,                     -- of the files that were written, as a list in JSON: no other is destroyed
    is_in_memory INTEGER NOT NULL CHECK (is_in_memory IN (0, 1)),
    day TEXT NOT NULL,
    destroyed_day TEXT
) STRICT;
