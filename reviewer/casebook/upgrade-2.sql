-- From version 1 to 2: what staff noted about a submission, and what finds it again among many.

-- Set aside by staff: listed after the others, danger or not.
CREATE TABLE handled (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    day TEXT NOT NULL
) STRICT;

CREATE TABLE notes (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    day TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

-- A digest of everything that a source filled in: a server that crashed between keeping and answering may bring the same
-- twice under two mailboxes.
CREATE TABLE same_contents (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    sha256 BLOB NOT NULL
) STRICT;

-- By the number of the submission; holds pieces of folded words (reviewer/casebook/folded_text.py) with their places, from which the
-- folded text could be put together again: it is as secret as the text.
CREATE VIRTUAL TABLE search USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);

CREATE INDEX notes_by_submission ON notes (submission);
CREATE INDEX same_contents_by_digest ON same_contents (sha256);
CREATE INDEX submissions_in_order ON submissions (coalesce(day, imported_day) DESC, number);
CREATE INDEX submissions_by_mailbox ON submissions (substr(mailbox, 1, 32)) WHERE mailbox IS NOT NULL;
CREATE INDEX fields_by_name ON fields (name, submission);
CREATE INDEX replies_by_submission ON replies (submission) WHERE submission IS NOT NULL;
