-- From version 3 to 4.

-- ---- Answers, languages and translations ----

-- What a submission reads like: the tag of a language of the site, or nothing where it is unsure.
CREATE TABLE text_languages (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    tag TEXT NOT NULL
) STRICT;

-- An answer that was taken back before an outbox, until it is sealed again or thrown away.
CREATE TABLE answer_drafts (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    day TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- Beside one text of a submission: a field, or a field inside of a sealed file, by their places.
CREATE TABLE translations (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    part TEXT NOT NULL,
    day TEXT NOT NULL,
    author TEXT NOT NULL,
    is_from_outside INTEGER NOT NULL CHECK (is_from_outside IN (0, 1)),
    text TEXT NOT NULL
) STRICT;

CREATE INDEX translations_by_submission ON translations (submission);

-- Translators outside of the team, each with the age key that was compared by telephone.
CREATE TABLE translators (
    name TEXT PRIMARY KEY,
    recipient TEXT NOT NULL,
    added_day TEXT NOT NULL,
    compared_day TEXT
) STRICT, WITHOUT ROWID;

-- What was sealed for a translator: which text, and the key for what returns. The key goes with the return.
CREATE TABLE translator_orders (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    part TEXT NOT NULL,
    translator TEXT NOT NULL,
    day TEXT NOT NULL,
    passages TEXT NOT NULL,
    identity TEXT,
    returned_day TEXT
) STRICT;

CREATE INDEX translator_orders_by_submission ON translator_orders (submission);
