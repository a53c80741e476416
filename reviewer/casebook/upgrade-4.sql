-- From version 3 to 4.

-- Letting go: deleted tips, the bin, holds, rules of retention, proposals (docs/review/deleting.md).

-- The days on which this casebook was opened, each once. The bin and proposals count these, so that neither a holiday nor a clock that is
-- wrong for a day deletes anything.
CREATE TABLE opened_days (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL UNIQUE
) STRICT;

-- What is left of a tip that was deleted. No import takes in an envelope of this digest again.
CREATE TABLE deleted_envelopes (
    envelope_sha256 BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,          -- of its submission: no other gets it
    server TEXT NOT NULL REFERENCES servers (name),
    week TEXT,
    day TEXT,
    manifest_version INTEGER,
    reason TEXT NOT NULL,                    -- a word of a fixed list
    deleted_day TEXT NOT NULL,
    receipt_day TEXT                         -- a receipt is owed until then, so that the server deletes its copy too
) STRICT, WITHOUT ROWID;

-- What is left of a single file that was deleted.
CREATE TABLE deleted_files (
    envelope_sha256 BLOB NOT NULL,
    place INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    reason TEXT NOT NULL,
    deleted_day TEXT NOT NULL,
    PRIMARY KEY (envelope_sha256, place)
) STRICT, WITHOUT ROWID;

-- Tips in the bin. Their rows are in envelopes.db, which is in no backup; this says which of those count.
CREATE TABLE binned_envelopes (
    envelope_sha256 BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    server TEXT NOT NULL REFERENCES servers (name),
    week TEXT,
    day TEXT,
    manifest_version INTEGER,
    backup INTEGER,
    receipt_day TEXT,
    thread INTEGER,                          -- its marks stay as long as the tip may come back
    binned_day TEXT NOT NULL,
    opened_days INTEGER NOT NULL             -- how many days the casebook had been opened on by then
) STRICT, WITHOUT ROWID;

-- Their contents in contents.db; the keys of these are in the bin only.
CREATE TABLE binned_contents (
    content INTEGER PRIMARY KEY,
    envelope_sha256 BLOB NOT NULL REFERENCES binned_envelopes (envelope_sha256) ON DELETE CASCADE
) STRICT;

CREATE TABLE holds (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    day TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- NULL: any. A thread is due when nothing happened in it for so many days.
CREATE TABLE retention_rules (
    number INTEGER PRIMARY KEY,
    questionnaire TEXT,                      -- the name of a form; empty: threads without any
    status TEXT,
    days INTEGER NOT NULL CHECK (days >= 30)
) STRICT;

-- Colleagues' deletions, and our own for them. A colleague's takes effect by reviewer/casebook/proposals.py.
CREATE TABLE deletion_proposals (
    number INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    envelope_sha256 BLOB NOT NULL,
    reviewer TEXT NOT NULL,                  -- from whom; ours have our own name
    reason TEXT NOT NULL,
    day TEXT NOT NULL,                       -- on which it came here
    state TEXT NOT NULL CHECK (state IN ('ours', 'open', 'confirmed', 'held', 'done')),
    held_by TEXT,
    CHECK ((state = 'held') = (held_by IS NOT NULL))
) STRICT;

CREATE TABLE deletion_proposals_shown (
    uuid BLOB NOT NULL REFERENCES deletion_proposals (uuid) ON DELETE CASCADE,
    day TEXT NOT NULL,
    PRIMARY KEY (uuid, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX submissions_by_import ON submissions (number, imported_day, unopenable);
CREATE INDEX deletion_proposals_by_envelope ON deletion_proposals (envelope_sha256);

-- Every envelope that this casebook knows: here, in the bin, or deleted.
CREATE VIEW known_envelopes AS
    SELECT envelope_sha256, server, day, manifest_version FROM submissions
    UNION ALL SELECT envelope_sha256, server, day, manifest_version FROM deleted_envelopes
    UNION ALL SELECT envelope_sha256, server, day, manifest_version FROM binned_envelopes;
-- End of letting go.
-- Sharing: what reviewers tell each other (docs/formats/shared.md; reviewer/casebook/shared_operations.py, colleagues.py).
CREATE TABLE operations (
    sha256 BLOB PRIMARY KEY,
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    kind TEXT NOT NULL,                      -- '' where only its author's word is here that it is erased
    tip BLOB,
    day TEXT NOT NULL,
    body BLOB,                               -- as it was signed; NULL once its content was destroyed
    signature BLOB NOT NULL,
    sent_in INTEGER NOT NULL DEFAULT 0,      -- the last of our items that held it; 0 for none
    is_applied INTEGER NOT NULL DEFAULT 0 CHECK (is_applied IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE operations_replaced (
    replaced BLOB NOT NULL,
    operation BLOB NOT NULL REFERENCES operations (sha256),
    PRIMARY KEY (replaced, operation)
) STRICT, WITHOUT ROWID;

-- The newest item of each colleague, and what that colleague held when it was written.
CREATE TABLE colleagues (
    author BLOB PRIMARY KEY,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    day TEXT NOT NULL,                       -- by the colleague's clock
    heard_day TEXT NOT NULL                  -- when it was read here
) STRICT, WITHOUT ROWID;

CREATE TABLE colleagues_heard (
    colleague BLOB NOT NULL REFERENCES colleagues (author),
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    through INTEGER NOT NULL,
    highest INTEGER NOT NULL,
    PRIMARY KEY (colleague, author, run)
) STRICT, WITHOUT ROWID;

-- Items that were read, by the digest of their envelope; server is '' for one from a laptop.
CREATE TABLE shared_items (
    server TEXT NOT NULL,
    envelope_sha256 BLOB NOT NULL,
    author BLOB NOT NULL,
    run BLOB NOT NULL,
    number INTEGER NOT NULL,
    document_sha256 BLOB NOT NULL,
    receipt_day TEXT,
    PRIMARY KEY (server, envelope_sha256)
) STRICT, WITHOUT ROWID;

-- Which operation a note came with, ours or a colleague's.
CREATE TABLE note_operations (
    operation BLOB PRIMARY KEY REFERENCES operations (sha256),
    note INTEGER NOT NULL UNIQUE REFERENCES notes (number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Tips that were deleted here: operations about them keep their place and lose their content, also those that come later.
CREATE TABLE operations_gone (
    tip BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE INDEX operations_by_counter ON operations (counter);
CREATE INDEX operations_in_order ON operations (author, run, number);
CREATE INDEX operations_by_tip ON operations (tip, kind);
CREATE INDEX operations_waiting ON operations (tip) WHERE is_applied = 0;
CREATE INDEX shared_items_by_author ON shared_items (author, run, number);
-- End of sharing.
-- What makes the casebook a place to work.
-- Inbox: the rows that lists are read from, and what staff set on a thread (reviewer/casebook/inbox_rows.py, thread_marks.py).
-- A thread is all submissions of one mailbox. Its number is that of the submission that came here first.
CREATE TABLE inbox_threads (
    thread INTEGER PRIMARY KEY,
    owner TEXT NOT NULL DEFAULT '',
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'in work', 'waiting', 'closed')),
    reason TEXT NOT NULL DEFAULT '',
    is_starred INTEGER NOT NULL DEFAULT 0 CHECK (is_starred IN (0, 1)),
    due_day TEXT,
    set_by TEXT NOT NULL DEFAULT '',         -- who changed any of these last, and on which day
    set_day TEXT,
    closed_by BLOB,                          -- the operation that closed it; the status is open if a later tip came
    may_be_answered INTEGER NOT NULL DEFAULT 1 CHECK (may_be_answered IN (0, 1)),   -- computed, as the three below
    waits_for_us TEXT,                       -- since this day
    waits_for_source TEXT,
    is_answered INTEGER NOT NULL DEFAULT 0 CHECK (is_answered IN (0, 1))
) STRICT;

CREATE TABLE inbox_labels (
    thread INTEGER NOT NULL REFERENCES inbox_threads (thread) ON DELETE CASCADE,
    label TEXT NOT NULL,
    PRIMARY KEY (thread, label)
) STRICT, WITHOUT ROWID;

-- One row a submission, made from it in the same transaction.
CREATE TABLE inbox_rows (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number) ON DELETE CASCADE,
    thread INTEGER NOT NULL REFERENCES inbox_threads (thread),
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tip', 'act', 'telephone', 'unopened')),
    is_archived INTEGER NOT NULL DEFAULT 0 CHECK (is_archived IN (0, 1)),
    is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1)),
    is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1)),
    language TEXT NOT NULL DEFAULT '',       -- of the page that was used
    form TEXT NOT NULL DEFAULT '',           -- the name of the questionnaire
    files INTEGER NOT NULL DEFAULT 0,
    -- Copies from the thread, so that a list is read from one table.
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    is_starred INTEGER NOT NULL,
    due_day TEXT,
    waits_for_us TEXT,
    waits_for_source TEXT,
    is_answered INTEGER NOT NULL
) STRICT;

CREATE TRIGGER inbox_threads_copied AFTER UPDATE ON inbox_threads
WHEN (OLD.owner, OLD.status, OLD.is_starred, OLD.due_day, OLD.waits_for_us, OLD.waits_for_source, OLD.is_answered)
    IS NOT (NEW.owner, NEW.status, NEW.is_starred, NEW.due_day, NEW.waits_for_us, NEW.waits_for_source, NEW.is_answered)
BEGIN
    UPDATE inbox_rows SET owner = NEW.owner, status = NEW.status, is_starred = NEW.is_starred, due_day = NEW.due_day,
        waits_for_us = NEW.waits_for_us, waits_for_source = NEW.waits_for_source, is_answered = NEW.is_answered
    WHERE thread = NEW.thread;
END;

-- The last submission of the thread that was here when a reply was written: what came later waits for another one.
CREATE TABLE reply_reach (
    reply INTEGER PRIMARY KEY REFERENCES replies (number) ON DELETE CASCADE,
    submission INTEGER NOT NULL
) STRICT;

CREATE TABLE saved_views (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    filter TEXT NOT NULL                     -- JSON: names and values of reviewer/cases/tip_filter.py
) STRICT;

-- Reports that came by telephone. Their words are fields of a submission without an envelope.
CREATE TABLE telephone_reports (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number) ON DELETE CASCADE,
    entered_by TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;

-- Cases join threads by hand. A merged case keeps its threads and its notes, so that a merge can be undone.
CREATE TABLE cases (
    number INTEGER PRIMARY KEY,
    case_id BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    opened_day TEXT NOT NULL,
    merged_into INTEGER REFERENCES cases (number),
    split_from INTEGER REFERENCES cases (number)
) STRICT;

CREATE TABLE case_threads (
    thread INTEGER PRIMARY KEY,
    case_number INTEGER NOT NULL REFERENCES cases (number)
) STRICT;

-- The case in which each thread was when it was split off.
CREATE TABLE case_splits (
    case_number INTEGER NOT NULL REFERENCES cases (number),
    thread INTEGER NOT NULL,
    came_from INTEGER NOT NULL REFERENCES cases (number),
    PRIMARY KEY (case_number, thread)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_notes (
    number INTEGER PRIMARY KEY,
    case_number INTEGER NOT NULL REFERENCES cases (number),
    day TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX inbox_rows_in_order ON inbox_rows (is_archived, is_urgent DESC, day DESC, submission);
CREATE INDEX inbox_rows_all ON inbox_rows (is_urgent DESC, day DESC, submission);
CREATE INDEX inbox_rows_unread ON inbox_rows (is_archived, is_urgent DESC, day DESC, submission) WHERE is_read = 0;
CREATE INDEX inbox_rows_waiting ON inbox_rows (is_archived, waits_for_us, is_urgent DESC, day DESC, submission)
    WHERE waits_for_us IS NOT NULL;
CREATE INDEX inbox_rows_due ON inbox_rows (is_archived, due_day, is_urgent DESC, day DESC, submission)
    WHERE due_day IS NOT NULL;
CREATE INDEX inbox_rows_by_thread ON inbox_rows (thread, submission);
CREATE INDEX inbox_rows_by_language ON inbox_rows (language);
CREATE INDEX inbox_rows_by_form ON inbox_rows (form);
CREATE INDEX inbox_threads_by_owner ON inbox_threads (owner);
CREATE INDEX inbox_labels_by_label ON inbox_labels (label, thread);
CREATE INDEX case_threads_by_case ON case_threads (case_number, thread);
CREATE INDEX cases_merged ON cases (merged_into) WHERE merged_into IS NOT NULL;
-- End of the inbox.

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

-- ---- saved folders and quarantine ----

-- Folders outside of the casebook in which readable files lie. They name the tip by its id: a row outlives the tip.
CREATE TABLE saved_folders (
    number INTEGER PRIMARY KEY,
    tip TEXT NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('as it came', 'clean copies', 'evidence package', 'pictures and sound of a look')),
    names TEXT NOT NULL,                     -- of the files that were written, as a list in JSON: no other is destroyed
    is_in_memory INTEGER NOT NULL CHECK (is_in_memory IN (0, 1)),
    day TEXT NOT NULL,
    destroyed_day TEXT
) STRICT;

-- Content that no one is shown, by its SHA-256: every file with it is in quarantine, whichever tip it comes with.
CREATE TABLE quarantined_contents (
    sha256 BLOB PRIMARY KEY,
    sha1 BLOB NOT NULL,
    md5 BLOB NOT NULL,
    length_bytes INTEGER NOT NULL,
    day TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('staff', 'known digest') OR origin LIKE 'colleague %'),
    reported_day TEXT
) STRICT, WITHOUT ROWID;

-- Where it lies. A row outlives the tip: it is the custody of the file.
CREATE TABLE quarantined_files (
    sha256 BLOB NOT NULL REFERENCES quarantined_contents (sha256),
    tip TEXT NOT NULL,
    submission INTEGER NOT NULL,
    sealed_place INTEGER NOT NULL,           -- of the sealed file in which it lies; -1 if it came by itself
    place INTEGER NOT NULL,
    server TEXT NOT NULL,
    arrived_day TEXT,
    imported_day TEXT NOT NULL,
    destroyed_day TEXT,
    PRIMARY KEY (tip, sealed_place, place)
) STRICT, WITHOUT ROWID;

-- Every attempt to read such a file, and every reading that was permitted.
CREATE TABLE quarantine_accesses (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL REFERENCES quarantined_contents (sha256),
    day TEXT NOT NULL,
    tip TEXT NOT NULL,
    act TEXT NOT NULL,
    is_permitted INTEGER NOT NULL CHECK (is_permitted IN (0, 1)),
    reviewer TEXT NOT NULL
) STRICT;

-- Digests of known abuse pictures, from lists that staff brought. The length tells MD5, SHA-1 and SHA-256 apart.
CREATE TABLE known_digests (
    digest BLOB PRIMARY KEY CHECK (length(digest) IN (16, 20, 32)),
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The other digests of files that were compared, so that no file is read twice for it.
CREATE TABLE compared_contents (
    sha256 BLOB PRIMARY KEY,
    sha1 BLOB NOT NULL,
    md5 BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX quarantined_files_by_content ON quarantined_files (sha256);
CREATE INDEX quarantine_accesses_by_content ON quarantine_accesses (sha256);

-- Linking: stretches of texts, and what people said about them (docs/review/linking.md). A finding has a place and no words: the words are
-- cut from the stored text. Everything of a tip refers to its submission, so that it goes where the tip goes.
CREATE TABLE tip_readings (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number) ON DELETE CASCADE,
    version INTEGER NOT NULL,                -- of the readers together
    has_more INTEGER NOT NULL CHECK (has_more IN (0, 1))
) STRICT;

CREATE TABLE entities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- E-12, here only; never given twice
    entity_id BLOB NOT NULL UNIQUE CHECK (length(entity_id) = 16),
    kind TEXT NOT NULL,
    shown_as TEXT NOT NULL DEFAULT '',       -- as staff named it; empty: the words of its first finding
    is_closed INTEGER NOT NULL DEFAULT 0 CHECK (is_closed IN (0, 1)),
    day TEXT NOT NULL
) STRICT;

CREATE TABLE findings (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    part TEXT NOT NULL CHECK (part IN ('field', 'file', 'inside field', 'inside file', 'picture', 'inside picture')),
    sealed_place INTEGER NOT NULL DEFAULT -1,    -- of the sealed file that it lies in
    place INTEGER NOT NULL,
    first INTEGER NOT NULL,                  -- in letters of the stored value, from 0
    length INTEGER NOT NULL CHECK (length > 0),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,                -- of the readers; 0: a person added it
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'kept', 'dismissed')),
    entity INTEGER REFERENCES entities (number),
    UNIQUE (submission, part, sealed_place, place, first, length),
    CHECK ((state = 'kept') = (entity IS NOT NULL))
) STRICT;

CREATE INDEX findings_by_state ON findings (state, submission);
CREATE INDEX findings_by_entity ON findings (entity) WHERE entity IS NOT NULL;

-- Each reading of an identifier. Two texts tell of the same identifier where one is equal.
CREATE TABLE identifier_keys (
    finding INTEGER NOT NULL REFERENCES findings (number) ON DELETE CASCADE,
    rank INTEGER NOT NULL,                   -- 0: the likeliest
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (finding, rank)
) STRICT, WITHOUT ROWID;

CREATE INDEX identifier_keys_by_key ON identifier_keys (key, kind, finding);

-- A tip says this of an entity. It is no trait of the entity.
CREATE TABLE role_claims (
    entity INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('harmed', 'does-harm', 'helps', 'saw')),
    because TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL,
    PRIMARY KEY (entity, submission, role)
) STRICT, WITHOUT ROWID;

CREATE INDEX role_claims_by_submission ON role_claims (submission);
CREATE INDEX role_claims_by_role ON role_claims (role, entity);

CREATE TABLE relations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    entity INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    other INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    finding INTEGER NOT NULL REFERENCES findings (number) ON DELETE CASCADE,
    since TEXT,
    until TEXT,
    day TEXT NOT NULL,
    UNIQUE (entity, kind, other),
    CHECK (entity <> other)
) STRICT;

CREATE INDEX relations_by_other ON relations (other);
CREATE INDEX relations_by_finding ON relations (finding);

-- Lines are only ever added; they go with an entity that is forgotten. An undo is a line of its own.
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    decision_id BLOB NOT NULL UNIQUE CHECK (length(decision_id) = 16),
    one INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure', 'undo')),
    because TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    program TEXT NOT NULL,                   -- version
    day TEXT NOT NULL,
    undoes INTEGER UNIQUE REFERENCES decisions (number) ON DELETE CASCADE,
    CHECK (one <> other),
    CHECK ((verdict = 'undo') = (undoes IS NOT NULL))
) STRICT;

CREATE INDEX decisions_by_one ON decisions (one);
CREATE INDEX decisions_by_other ON decisions (other);

-- Why a protected or closed entity was looked at.
CREATE TABLE entity_openings (
    number INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL REFERENCES entities (number) ON DELETE CASCADE,
    because TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;

CREATE INDEX entity_openings_by_entity ON entity_openings (entity);

-- Marked by a person: an identifier that says nothing (common), and one that is never a finding (stopped), as our own hotline.
CREATE TABLE marked_identifiers (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    mark TEXT NOT NULL CHECK (mark IN ('common', 'stopped')),
    day TEXT NOT NULL,
    PRIMARY KEY (kind, key, mark)
) STRICT, WITHOUT ROWID;

-- Keyed digests of identifiers that were forgotten: no reading finds them again.
CREATE TABLE forgotten_identifiers (
    digest BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- An entity goes with its last finding. A tip that comes back from elsewhere brings its entity with it, without a name.
CREATE TRIGGER entities_end AFTER DELETE ON findings WHEN OLD.entity IS NOT NULL
BEGIN
    DELETE FROM entities WHERE number = OLD.entity AND NOT EXISTS (SELECT 1 FROM findings WHERE entity = OLD.entity);
END;

CREATE TRIGGER entities_end_by_dismissal AFTER UPDATE OF entity ON findings
WHEN OLD.entity IS NOT NULL AND OLD.entity IS NOT NEW.entity
BEGIN
    DELETE FROM role_claims WHERE entity = OLD.entity AND submission = OLD.submission
        AND NOT EXISTS (SELECT 1 FROM findings WHERE entity = OLD.entity AND submission = OLD.submission);
    DELETE FROM entities WHERE number = OLD.entity AND NOT EXISTS (SELECT 1 FROM findings WHERE entity = OLD.entity);
END;

CREATE TRIGGER entities_come_back AFTER INSERT ON findings WHEN NEW.entity IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO entities (number, entity_id, kind, day)
    SELECT NEW.entity, coalesce((SELECT entity_id FROM ended_entities WHERE number = NEW.entity), randomblob(16)), NEW.kind,
        imported_day FROM submissions WHERE number = NEW.submission;
END;

-- An end of a relation, or the entity of a role, may have gone while a tip was elsewhere; and it may have been noted again.
CREATE TRIGGER relations_without_end BEFORE INSERT ON relations
WHEN (SELECT count(*) FROM entities WHERE number IN (NEW.entity, NEW.other)) < 2
    OR EXISTS (SELECT 1 FROM relations WHERE (entity, kind, other) = (NEW.entity, NEW.kind, NEW.other))
BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER role_claims_without_end BEFORE INSERT ON role_claims
WHEN NOT EXISTS (SELECT 1 FROM entities WHERE number = NEW.entity)
BEGIN
    SELECT RAISE(IGNORE);
END;

-- What a sealed file held is read when it was opened, which may be long after its tip.
CREATE TRIGGER inside_fields_unread AFTER INSERT ON inside_fields
BEGIN
    DELETE FROM tip_readings WHERE submission = NEW.submission;
END;

CREATE TRIGGER inside_files_unread AFTER INSERT ON inside_files
BEGIN
    DELETE FROM tip_readings WHERE submission = NEW.submission;
END;
-- End of linking.
-- ---- what leaves the desk ----

-- Evidence packages, and cases handed over to other organisations or by them.

-- Secret keys for what leaves. Here and not in the keyring, so that a restored home keeps the words that others know.
CREATE TABLE leaving_keys (
    number INTEGER PRIMARY KEY,
    use TEXT NOT NULL CHECK (use IN ('evidence', 'hand-over')),
    seeds BLOB NOT NULL,
    since_day TEXT NOT NULL,
    ended_day TEXT                           -- another key took its place
) STRICT;

CREATE UNIQUE INDEX leaving_keys_in_use ON leaving_keys (use) WHERE ended_day IS NULL;

-- Key files of other organisations, whose words were compared by telephone.
CREATE TABLE partners (
    key_file BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    compared_day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each package and each bundle that left, for good. The digest is that of SHA256SUMS, or of the statement.
CREATE TABLE departures (
    number INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('evidence', 'hand-over')),
    receiver TEXT NOT NULL,
    sealed_to TEXT NOT NULL,                 -- beginning of the digest of a key, its words, or empty: readable
    sha256 BLOB NOT NULL,
    passages INTEGER NOT NULL,
    files INTEGER NOT NULL,
    told_others TEXT NOT NULL                -- what the source was told, as staff answered; empty for evidence
) STRICT;

-- By the digest of the envelope, which stays when a tip is deleted.
CREATE TABLE departed_tips (
    departure INTEGER NOT NULL REFERENCES departures (number),
    envelope_sha256 BLOB NOT NULL,
    PRIMARY KEY (departure, envelope_sha256)
) STRICT, WITHOUT ROWID;

-- Bundles of other organisations: each is imported once.
CREATE TABLE hand_overs_in (
    sha256 BLOB PRIMARY KEY,
    sender TEXT NOT NULL,
    day TEXT NOT NULL,
    told_others TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE handed_over_tips (
    envelope_sha256 BLOB PRIMARY KEY,
    hand_over BLOB NOT NULL REFERENCES hand_overs_in (sha256)
) STRICT, WITHOUT ROWID;

-- ---- people ----

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

-- ---- names and pictures ----

-- Keys of the words of a name, by which names that may look alike are found. They can be read as names, and go with their finding.
CREATE TABLE name_keys (
    finding INTEGER NOT NULL REFERENCES findings (number) ON DELETE CASCADE,
    word INTEGER NOT NULL,                   -- which word, from 0; behind them two neighbours as one
    key TEXT NOT NULL,
    PRIMARY KEY (finding, word, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX name_keys_by_key ON name_keys (key, finding, word);
CREATE INDEX findings_by_kind ON findings (kind, state, submission);

-- What a file looks like, in 256 bits. Without bits it is no picture, or none that can be decoded here.
CREATE TABLE pictures (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    sealed_place INTEGER NOT NULL,           -- of the sealed file in which it lies; -1 if it came by itself
    place INTEGER NOT NULL,
    bits BLOB CHECK (length(bits) = 32),
    quality INTEGER NOT NULL CHECK (quality BETWEEN 0 AND 100),
    is_forgotten INTEGER NOT NULL DEFAULT 0 CHECK (is_forgotten IN (0, 1)),   -- no reading makes its bits again
    UNIQUE (submission, sealed_place, place)
) STRICT;

-- Tips whose files were looked at for this.
CREATE TABLE picture_readings (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number) ON DELETE CASCADE
) STRICT;

-- Questions that the program raises, between two names or two pictures. It answers none.
CREATE TABLE link_questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- Q-7; never given twice
    one INTEGER REFERENCES findings (number) ON DELETE CASCADE,
    other INTEGER REFERENCES findings (number) ON DELETE CASCADE,
    one_picture INTEGER REFERENCES pictures (number) ON DELETE CASCADE,
    other_picture INTEGER REFERENCES pictures (number) ON DELETE CASCADE,
    sureness INTEGER NOT NULL,               -- from 0 to 1000, to put the surest first
    is_asked INTEGER NOT NULL CHECK (is_asked IN (0, 1)),    -- 0: weak, listed on request
    CHECK ((one IS NULL) = (other IS NULL) AND (one_picture IS NULL) = (other_picture IS NULL)
        AND (one IS NULL) <> (one_picture IS NULL))
) STRICT;

CREATE UNIQUE INDEX link_questions_of_names ON link_questions (one, other) WHERE one IS NOT NULL;
CREATE UNIQUE INDEX link_questions_of_pictures ON link_questions (one_picture, other_picture) WHERE one_picture IS NOT NULL;
CREATE INDEX link_questions_by_other ON link_questions (other) WHERE other IS NOT NULL;
CREATE INDEX link_questions_by_other_picture ON link_questions (other_picture) WHERE other_picture IS NOT NULL;
CREATE INDEX link_questions_surest ON link_questions (sureness DESC, number);
CREATE INDEX link_questions_asked ON link_questions (sureness DESC, number) WHERE is_asked;

-- The other side may have gone while a tip lay in the bin, or the question may have been raised again.
CREATE TRIGGER link_questions_without_side BEFORE INSERT ON link_questions
WHEN (NEW.one IS NOT NULL AND (SELECT count(*) FROM findings WHERE number IN (NEW.one, NEW.other)) < 2)
    OR (NEW.one_picture IS NOT NULL AND (SELECT count(*) FROM pictures WHERE number IN (NEW.one_picture, NEW.other_picture)) < 2)
    OR EXISTS (SELECT 1 FROM link_questions WHERE (one, other) = (NEW.one, NEW.other)
        OR (one_picture, other_picture) = (NEW.one_picture, NEW.other_picture))
BEGIN
    SELECT RAISE(IGNORE);
END;

-- A file that was deleted for good leaves no fingerprint behind.
CREATE TRIGGER pictures_end AFTER INSERT ON deleted_files
BEGIN
    DELETE FROM pictures WHERE submission = (SELECT number FROM submissions WHERE envelope_sha256 = NEW.envelope_sha256)
        AND (sealed_place = NEW.place OR (sealed_place = -1 AND place = NEW.place));
END;

CREATE TRIGGER pictures_end_by_destruction AFTER UPDATE OF destroyed_day ON quarantined_files WHEN NEW.destroyed_day IS NOT NULL
BEGIN
    DELETE FROM pictures WHERE (submission, sealed_place, place) = (NEW.submission, NEW.sealed_place, NEW.place);
END;

CREATE TRIGGER inside_pictures_unread AFTER INSERT ON inside_files
BEGIN
    DELETE FROM picture_readings WHERE submission = NEW.submission;
END;
-- End of names and pictures.
-- ---- Cases among reviewers ----

-- Operations that name a case, by the part of the content that names it (reviewer/casebook/shared_cases.py).
CREATE TABLE case_operations (
    case_id BLOB NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('case', 'from', 'split-from', 'into')),
    operation BLOB NOT NULL REFERENCES operations (sha256),
    PRIMARY KEY (case_id, part, operation)
) STRICT, WITHOUT ROWID;

-- Which operation a note of a case came with. A private note has none.
CREATE TABLE case_note_operations (
    operation BLOB PRIMARY KEY REFERENCES operations (sha256),
    note INTEGER NOT NULL UNIQUE REFERENCES case_notes (number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Cases whose split was undone: no list shows them as long as nothing is in them.
CREATE TABLE cases_undone (
    case_id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Cases that were deleted here: operations about them lose their content, also those that come later.
CREATE TABLE cases_gone (
    case_id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE INDEX case_operations_by_operation ON case_operations (operation);
-- End of cases among reviewers.

-- Links among reviewers (docs/formats/shared.md; reviewer/casebook/link_operations.py). Ids are random, and a register is a digest.
CREATE TABLE link_operations (
    operation BLOB PRIMARY KEY REFERENCES operations (sha256),
    register BLOB NOT NULL,                  -- of the operations of one register the newest in force counts
    other_tip BLOB                           -- the second tip that it is about
) STRICT, WITHOUT ROWID;

CREATE TABLE link_operation_entities (
    entity_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    operation BLOB NOT NULL REFERENCES operations (sha256),
    PRIMARY KEY (entity_id, kind, operation)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_operations_by_register ON link_operations (register);
CREATE INDEX link_operations_by_other_tip ON link_operations (other_tip) WHERE other_tip IS NOT NULL;
CREATE INDEX link_operation_entities_by_operation ON link_operation_entities (operation);

-- Entities that were forgotten here: operations about them keep their place and lose their content, also those that come later.
CREATE TABLE entities_gone (
    entity_id BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- A tip from the bin brings its entities back under their ids.
CREATE TABLE ended_entities (
    number INTEGER PRIMARY KEY,
    entity_id BLOB NOT NULL
) STRICT;

CREATE TRIGGER entities_ended AFTER DELETE ON entities
BEGIN
    INSERT OR REPLACE INTO ended_entities SELECT OLD.number, OLD.entity_id
        WHERE NOT EXISTS (SELECT 1 FROM entities_gone WHERE entity_id = OLD.entity_id);
END;

-- What a person saw when deciding: the passages of both entities, and what spoke against.
CREATE TABLE decision_against (
    decision INTEGER PRIMARY KEY REFERENCES decisions (number) ON DELETE CASCADE,
    against TEXT NOT NULL
) STRICT;

-- By their places, as an operation names them: a finding may be read again, and get another number.
CREATE TABLE decision_passages (
    decision INTEGER NOT NULL REFERENCES decisions (number) ON DELETE CASCADE,
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    part TEXT NOT NULL,
    sealed_place INTEGER NOT NULL,
    place INTEGER NOT NULL,
    first INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (decision, submission, part, sealed_place, place, first, length)
) STRICT, WITHOUT ROWID;

CREATE INDEX decision_passages_by_submission ON decision_passages (submission);

CREATE TRIGGER decision_passages_without_end BEFORE INSERT ON decision_passages
WHEN NOT EXISTS (SELECT 1 FROM decisions WHERE number = NEW.decision)
BEGIN
    SELECT RAISE(IGNORE);
END;

-- A colleague asks to forget an entity: its row in deletion_proposals has the digest of its name in place of an envelope.
CREATE TABLE entity_proposals (
    uuid BLOB PRIMARY KEY REFERENCES deletion_proposals (uuid) ON DELETE CASCADE,
    entities TEXT NOT NULL,                  -- ids in hex digits, as a list in JSON
    passages TEXT NOT NULL                   -- tip, kind and place of each, as a list in JSON; no words
) STRICT, WITHOUT ROWID;
-- End of links among reviewers.

-- ---- Texts that read alike ----

-- The smallest digests of pieces of each text (reviewer/casebook/text_sketches.py).
CREATE TABLE text_sketches (
    submission INTEGER NOT NULL REFERENCES submissions (number),
    piece INTEGER NOT NULL,
    PRIMARY KEY (piece, submission)
) STRICT, WITHOUT ROWID;

CREATE INDEX text_sketches_by_submission ON text_sketches (submission);
-- End of texts that read alike.
-- Places and dates that stand in texts: how each finding can be read. They link nothing (docs/review/patterns.md).
CREATE TABLE finding_readings (
    finding INTEGER NOT NULL REFERENCES findings (number) ON DELETE CASCADE,
    rank INTEGER NOT NULL,                   -- 0: the likeliest
    reading TEXT NOT NULL,
    PRIMARY KEY (finding, rank)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_readings_by_reading ON finding_readings (reading, finding);

-- Places and dates are kept for entities of other kinds. From the bin they may come back before the words of the entity itself.
CREATE TRIGGER entities_come_back_as_they_were AFTER INSERT ON findings
WHEN NEW.entity IS NOT NULL AND NEW.kind NOT IN ('place', 'date')
BEGIN
    UPDATE entities SET kind = NEW.kind WHERE number = NEW.entity AND kind IN ('place', 'date');
END;
-- End of places and dates.
-- ---- quarantines that were lifted ----

-- A file that was hidden by mistake. Its row in quarantined_contents stays, and counts only while no lift is in force.
CREATE TABLE quarantine_lifts (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL REFERENCES quarantined_contents (sha256),
    day TEXT NOT NULL,
    reason TEXT NOT NULL,
    again_day TEXT                           -- it was put into quarantine again; NULL while the lift is in force
) STRICT;

CREATE INDEX quarantine_lifts_by_content ON quarantine_lifts (sha256);
-- End of quarantines that were lifted.
-- Tables that staff brought (reviewer/casebook/imported_tables.py): where each comes from, and the rows of it that became tips.
CREATE TABLE imported_tables (
    number INTEGER PRIMARY KEY,
    use TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    sheet INTEGER NOT NULL,
    publisher TEXT NOT NULL,
    licence TEXT NOT NULL,
    version TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    day TEXT NOT NULL,
    UNIQUE (use, sha256, sheet)
) STRICT;

CREATE TABLE imported_rows (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    imported_table INTEGER NOT NULL REFERENCES imported_tables (number),
    line INTEGER NOT NULL                    -- in the file, from 1
) STRICT;
-- End of tables that staff brought.
-- ---- Positions of pictures ----

-- Where a picture says that it was taken, in thousandths of a degree. A reading of the tip makes a finding of it.
CREATE TABLE picture_positions (
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    sealed_place INTEGER NOT NULL,           -- of the sealed file in which it lies; -1 if it came by itself
    place INTEGER NOT NULL,
    latitude INTEGER NOT NULL CHECK (latitude BETWEEN -90000 AND 90000),
    longitude INTEGER NOT NULL CHECK (longitude BETWEEN -180000 AND 180000),
    PRIMARY KEY (submission, sealed_place, place)
) STRICT, WITHOUT ROWID;

-- With the file its position goes, and the finding that was made of it.
CREATE TRIGGER picture_positions_end BEFORE DELETE ON picture_positions
BEGIN
    DELETE FROM findings WHERE (submission, sealed_place, place) = (OLD.submission, OLD.sealed_place, OLD.place)
        AND part IN ('picture', 'inside picture') AND first = 1;
END;

CREATE TRIGGER picture_positions_end_with_file AFTER INSERT ON deleted_files
BEGIN
    DELETE FROM picture_positions
        WHERE submission = (SELECT number FROM submissions WHERE envelope_sha256 = NEW.envelope_sha256)
        AND (sealed_place = NEW.place OR (sealed_place = -1 AND place = NEW.place));
END;

CREATE TRIGGER picture_positions_end_by_destruction AFTER UPDATE OF destroyed_day ON quarantined_files WHEN NEW.destroyed_day IS NOT NULL
BEGIN
    DELETE FROM picture_positions WHERE (submission, sealed_place, place) = (NEW.submission, NEW.sealed_place, NEW.place);
END;
-- End of positions of pictures.
-- ---- Referral ----

-- Consents of persons to be named to a receiver, reasons typed in place of one, and withdrawals, from all reviewers; reasons are of this
-- home only. By the id of the entity, which a tip from the bin or a colleague brings back: a withdrawal must outlive both. It has neither
-- receiver nor purpose, and no words either once the entity went with its tips for good.
CREATE TABLE consents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    consent_id BLOB NOT NULL UNIQUE CHECK (length(consent_id) = 16),
    entity_id BLOB NOT NULL CHECK (length(entity_id) = 16),
    kind TEXT NOT NULL CHECK (kind IN ('consent', 'reason', 'withdrawn')),
    said_by TEXT NOT NULL,                   -- who consented or withdrew; for a reason, the reviewer
    receiver TEXT NOT NULL,
    purpose TEXT NOT NULL,                   -- for what; or the reason
    day TEXT NOT NULL,
    reviewer TEXT NOT NULL                   -- who noted it
) STRICT;

CREATE INDEX consents_by_entity ON consents (entity_id, number);

-- The withdrawals after which a consent or a reason was noted. It counts beside these, and beside no other.
CREATE TABLE consents_knowing (
    consent_id BLOB NOT NULL,
    withdrawal_id BLOB NOT NULL,
    PRIMARY KEY (consent_id, withdrawal_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER consents_end AFTER DELETE ON consents
BEGIN
    DELETE FROM consents_knowing WHERE consent_id = OLD.consent_id;
END;

-- Entities that left in a package of this home. Names of properties stand here, and no value.
CREATE TABLE referred_entities (
    departure INTEGER NOT NULL REFERENCES departures (number),
    entity_id BLOB NOT NULL,
    properties TEXT NOT NULL,
    PRIMARY KEY (departure, entity_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX referred_entities_by_entity ON referred_entities (entity_id);

-- The same of all reviewers: who received what, for the day on which a person withdraws.
CREATE TABLE referrals (
    referral_id BLOB PRIMARY KEY CHECK (length(referral_id) = 16),
    entity_id BLOB NOT NULL CHECK (length(entity_id) = 16),
    day TEXT NOT NULL,
    receiver TEXT NOT NULL,
    properties TEXT NOT NULL,
    reviewer TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX referrals_by_entity ON referrals (entity_id);

-- Why a package with entities left without a seal.
CREATE TABLE referred_readable (
    departure INTEGER PRIMARY KEY REFERENCES departures (number),
    because TEXT NOT NULL
) STRICT;

CREATE TRIGGER consents_forgotten AFTER INSERT ON entities_gone
BEGIN
    DELETE FROM consents WHERE entity_id = NEW.entity_id;
    DELETE FROM referred_entities WHERE entity_id = NEW.entity_id;
    DELETE FROM referrals WHERE entity_id = NEW.entity_id;
END;
-- End of referral.
-- ---- Supply chains: lists of facilities ----
-- Lists that staff brought (reviewer/casebook/facility_lists.py). Where each comes from is in imported_tables; all that came of a list
-- goes with it.
CREATE TABLE facility_lists (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- L-2; never given twice
    imported_table INTEGER NOT NULL UNIQUE REFERENCES imported_tables (number),
    kind TEXT NOT NULL,
    columns TEXT NOT NULL                        -- JSON: which column was read as what
) STRICT;

-- A facility of one list. Rows of one list with equal name, address, country and identifiers are one facility.
CREATE TABLE facilities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- F-12; never given twice
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    country TEXT NOT NULL                        -- ISO 3166-1 alpha-2, or empty
) STRICT;

CREATE TABLE facility_identifiers (
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (facility, scheme)
) STRICT, WITHOUT ROWID;

-- The rows as they came.
CREATE TABLE facility_rows (
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    line INTEGER NOT NULL,                       -- in the file, from 1
    cells TEXT NOT NULL,                         -- JSON
    PRIMARY KEY (facility, line)
) STRICT, WITHOUT ROWID;

-- Digests by which facilities that may be the same are found. Those of a rule begin with 1, others with 0.
CREATE TABLE facility_keys (
    key BLOB NOT NULL,
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    PRIMARY KEY (key, facility)
) STRICT, WITHOUT ROWID;

CREATE TABLE facility_questions (
    one INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    score REAL NOT NULL,
    reasons TEXT NOT NULL,                       -- codes, parted by blanks
    PRIMARY KEY (one, other),
    CHECK (one < other)
) STRICT, WITHOUT ROWID;

-- Of the decisions on a pair at most one of a person and one of a rule are in force; the person's counts. What was undone stays, so that
-- a rule does not return.
CREATE TABLE facility_decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    one INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    other INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'later')),
    rule TEXT NOT NULL,                          -- of the program; empty: a person decided
    because TEXT NOT NULL,
    day TEXT NOT NULL,
    undone_day TEXT,
    CHECK (one < other)
) STRICT;

CREATE INDEX facilities_by_list ON facilities (list);
CREATE INDEX facility_keys_by_facility ON facility_keys (facility);
CREATE INDEX facility_questions_surest ON facility_questions (score DESC, one, other);
CREATE INDEX facility_questions_by_other ON facility_questions (other);
CREATE INDEX facility_decisions_by_other ON facility_decisions (other);
CREATE INDEX facility_decisions_by_pair ON facility_decisions (one, other);
CREATE UNIQUE INDEX facility_decisions_in_force ON facility_decisions (one, other, (rule = '')) WHERE undone_day IS NULL;
-- End of lists of facilities.
-- ---- buttons for help (docs/beacon/air-gap.md) ----

CREATE TABLE help_places (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    region TEXT NOT NULL,
    hours TEXT NOT NULL,                     -- as the leaflet says them: mon-fri 08-20, sat 10-14
    first_minute TEXT NOT NULL,
    no_second_person TEXT NOT NULL,
    added_day TEXT NOT NULL
) STRICT;

-- A button never moves: another place gets another button.
CREATE TABLE help_buttons (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL REFERENCES help_places (number),
    seed BLOB,
    made_day TEXT NOT NULL,
    provisioned_day TEXT,
    retired_day TEXT,
    CHECK ((seed IS NULL) = (retired_day IS NOT NULL))
) STRICT;

-- A removed relay keeps its secret: sightings from before its last day are still read with it.
CREATE TABLE help_relays (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    place INTEGER NOT NULL REFERENCES help_places (number),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    added_day TEXT NOT NULL,
    removed_day TEXT
) STRICT;

CREATE TABLE help_mark_key (
    number INTEGER PRIMARY KEY CHECK (number = 1),
    seed BLOB NOT NULL CHECK (length(seed) = 32)
) STRICT;

CREATE TABLE help_drills (
    number INTEGER PRIMARY KEY,
    button INTEGER NOT NULL REFERENCES help_buttons (number),
    day TEXT NOT NULL,
    presses INTEGER NOT NULL CHECK (presses > 0),
    heard INTEGER NOT NULL CHECK (heard BETWEEN 0 AND presses)
) STRICT;

CREATE TABLE help_rosters (
    week TEXT PRIMARY KEY,
    lines TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- From copy B of presses, opened here only. Times are Unix seconds of the relay.
CREATE TABLE help_sightings (
    button INTEGER NOT NULL REFERENCES help_buttons (number),
    meaning TEXT NOT NULL,
    window INTEGER NOT NULL,
    relay INTEGER NOT NULL REFERENCES help_relays (number),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    rssi INTEGER NOT NULL,
    PRIMARY KEY (button, meaning, window, relay)
) STRICT, WITHOUT ROWID;

-- Which later parts of formats the program of a server or reviewer reads (docs/formats/announcement.md).
CREATE TABLE announcements (
    party BLOB PRIMARY KEY CHECK (length(party) = 32),    -- its signature key
    reads TEXT NOT NULL,                     -- names, parted by blanks
    day TEXT NOT NULL                        -- on which it came
) STRICT, WITHOUT ROWID;

-- The last week file of each week: which relays and buttons it lists, as numbers parted by blanks.
CREATE TABLE help_week_files (
    week TEXT PRIMARY KEY,
    relays TEXT NOT NULL,
    buttons TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Buttons and leaflets that were to be taken down (reviewer/beacon/taking_down.py). A row stays once it was ticked off.
CREATE TABLE help_hanging (
    number INTEGER PRIMARY KEY,
    place INTEGER NOT NULL REFERENCES help_places (number),
    what TEXT NOT NULL,                      -- as staff named it: leaflet inside of door 2
    listed_day TEXT NOT NULL,
    down_day TEXT,                           -- NULL: it still hangs
    down_by TEXT                             -- who took it down
) STRICT;
-- End of buttons for help.

-- A colleague asks to delete one file, or one of its own answers: its row in deletion_proposals has a digest of this part in place of an
-- envelope (reviewer/casebook/part_proposals.py).
CREATE TABLE part_proposals (
    uuid BLOB PRIMARY KEY REFERENCES deletion_proposals (uuid) ON DELETE CASCADE,
    tip BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'answer')),
    name TEXT NOT NULL,                      -- the place of the file in its container; the id of the reply in hex digits
    author BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX part_proposals_by_tip ON part_proposals (tip);
-- End of proposals to delete parts.
-- ---- Lists of persons, firms and digests (docs/review/lists.md) ----

-- A list is a row of facility_lists, whatever its kind, and where it comes from is in imported_tables (reviewer/casebook/listed_entities.py).
-- All that came of a list goes with it.
CREATE TABLE listed_entities (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- never given twice
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    line INTEGER NOT NULL,                       -- in the file, from 1
    kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation', 'other')),
    names TEXT NOT NULL,                         -- JSON, the main one first
    facts TEXT NOT NULL                          -- JSON: what else of the row is shown, by its name in the file
) STRICT;

CREATE INDEX listed_entities_by_list ON listed_entities (list);

-- These two are found by their keys, and deleted with their list in one pass.
CREATE TABLE listed_identifiers (
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    PRIMARY KEY (key, kind, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE listed_name_keys (
    key TEXT NOT NULL,
    entity INTEGER NOT NULL,
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    PRIMARY KEY (key, entity)
) STRICT, WITHOUT ROWID;

-- Digests that came with a list and with nothing else. A digest that is known by itself has no row.
CREATE TABLE listed_digests (
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    digest BLOB NOT NULL REFERENCES known_digests (digest) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (list, digest)
) STRICT, WITHOUT ROWID;

CREATE INDEX listed_digests_by_digest ON listed_digests (digest);

CREATE TRIGGER listed_digests_end AFTER DELETE ON listed_digests
WHEN NOT EXISTS (SELECT 1 FROM listed_digests WHERE digest = OLD.digest)
BEGIN
    DELETE FROM known_digests WHERE digest = OLD.digest;
END;

-- Tips whose findings were compared with all lists up to this one.
CREATE TABLE list_readings (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number) ON DELETE CASCADE,
    list INTEGER NOT NULL
) STRICT;

CREATE TRIGGER list_readings_end AFTER INSERT ON findings
BEGIN
    DELETE FROM list_readings WHERE submission = NEW.submission;
END;

CREATE TRIGGER list_readings_end_by_kind AFTER UPDATE OF kind ON findings WHEN NEW.kind <> OLD.kind
BEGIN
    DELETE FROM list_readings WHERE submission = NEW.submission;
END;

-- A finding that may be on a list: by an equal identifier, or by a name that looks alike. A person answers it.
CREATE TABLE list_matches (
    number INTEGER PRIMARY KEY,                  -- H-4820137: at random, as a gap would tell of a tip that is hidden
    finding INTEGER NOT NULL REFERENCES findings (number) ON DELETE CASCADE,
    listed INTEGER NOT NULL REFERENCES listed_entities (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,                          -- of the identifier; empty: a name
    sureness INTEGER NOT NULL,                   -- from 0 to 1000
    UNIQUE (finding, listed)
) STRICT;

CREATE INDEX list_matches_by_listed ON list_matches (listed);
CREATE INDEX list_matches_surest ON list_matches (sureness DESC, finding, listed);

-- Lines are only added; the last one counts. 'open' takes an answer back.
CREATE TABLE list_answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    list_match INTEGER NOT NULL REFERENCES list_matches (number) ON DELETE CASCADE,
    answer TEXT NOT NULL CHECK (answer IN ('yes', 'no', 'unsure', 'open')),
    because TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;

CREATE INDEX list_answers_by_match ON list_answers (list_match, number);

-- The list may have been removed while the tip lay in the bin.
CREATE TRIGGER list_matches_without_side BEFORE INSERT ON list_matches
WHEN NOT EXISTS (SELECT 1 FROM listed_entities WHERE number = NEW.listed)
    OR EXISTS (SELECT 1 FROM list_matches WHERE (finding, listed) = (NEW.finding, NEW.listed))
BEGIN
    SELECT RAISE(IGNORE);
END;

CREATE TRIGGER list_answers_without_match BEFORE INSERT ON list_answers
WHEN NOT EXISTS (SELECT 1 FROM list_matches WHERE number = NEW.list_match)
BEGIN
    SELECT RAISE(IGNORE);
END;
-- End of lists of persons, firms and digests.
-- ---- Supply chains: place codes (docs/formats/place-code.md) ----
-- A code stands for a group of facilities. It stays when the group is retired: no code is given twice.
CREATE TABLE place_groups (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- G-2
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    made_day TEXT NOT NULL,
    retired_day TEXT
) STRICT;

CREATE TABLE place_group_facilities (
    place_group INTEGER NOT NULL REFERENCES place_groups (number) ON DELETE CASCADE,
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    hands_out_since TEXT,                        -- the day since which cards are handed out there; NULL: they are not
    PRIMARY KEY (place_group, facility)
) STRICT, WITHOUT ROWID;

CREATE INDEX place_group_facilities_by_facility ON place_group_facilities (facility);
-- End of place codes.
-- ---- Supply chains: tips, findings, documents and goods of facilities (docs/review/supply-chain.md) ----

-- Tips that staff accepted for a facility (reviewer/casebook/facility_evidence.py). A row goes where its tip goes: into the bin, back,
-- and for good. What was undone stays, and does not count.
CREATE TABLE facility_tips (
    number INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submissions (number),
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    indicators TEXT NOT NULL,                    -- ids of the ILO that were ticked, parted by blanks
    because TEXT NOT NULL,
    day TEXT NOT NULL,
    undone_day TEXT
) STRICT;

CREATE INDEX facility_identifiers_by_value ON facility_identifiers (scheme, value);
CREATE INDEX facility_tips_by_facility ON facility_tips (facility);
CREATE INDEX facility_tips_by_submission ON facility_tips (submission);
CREATE UNIQUE INDEX facility_tips_in_force ON facility_tips (submission, facility) WHERE undone_day IS NULL;

-- A tip that comes back from the bin may name a facility whose list was forgotten meanwhile.
CREATE TRIGGER facility_tips_without_facility BEFORE INSERT ON facility_tips
WHEN NOT EXISTS (SELECT 1 FROM facilities WHERE number = NEW.facility)
BEGIN
    SELECT RAISE(IGNORE);
END;

-- What staff found themselves, and documents of a facility. A withdrawal stays with its reason.
CREATE TABLE facility_findings (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- S-3; never given twice
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    kind TEXT NOT NULL,                          -- visit, audit, court or document
    indicator TEXT NOT NULL,                     -- an id of the ILO, or context
    points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 20),
    sentence TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,                           -- of the visit, the audit or the judgement; of a document, when it was asked for
    valid_until TEXT,                            -- of a document that is there
    withdrawn_day TEXT,
    withdrawn_because TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX facility_findings_by_facility ON facility_findings (facility);

-- What a facility makes, grows or digs: from a column of its list, or said by staff. The key is the folded name.
CREATE TABLE facility_goods (
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    good_key TEXT NOT NULL,
    good TEXT NOT NULL,
    because TEXT NOT NULL,                       -- of staff; empty: from the list
    day TEXT NOT NULL,
    PRIMARY KEY (facility, good_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX facility_goods_by_good ON facility_goods (good_key, facility);

-- Rows of a list of goods by country.
CREATE TABLE listed_goods (
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    country TEXT NOT NULL,
    good_key TEXT NOT NULL,
    good TEXT NOT NULL,
    child INTEGER NOT NULL CHECK (child IN (0, 1)),
    forced INTEGER NOT NULL CHECK (forced IN (0, 1)),
    derived INTEGER NOT NULL CHECK (derived IN (0, 1)),
    PRIMARY KEY (list, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX listed_goods_by_good ON listed_goods (good_key, country);

-- Lists that are newer editions of another one, as staff said at the import.
CREATE TABLE list_editions (
    list INTEGER PRIMARY KEY REFERENCES facility_lists (number) ON DELETE CASCADE,
    follows INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE
) STRICT;

CREATE INDEX list_editions_by_followed ON list_editions (follows);

-- Who buys from a facility, as a row of a list says.
CREATE TABLE facility_buyers (
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    buyer TEXT NOT NULL,
    good TEXT NOT NULL,
    since TEXT NOT NULL,                         -- as the list says it
    PRIMARY KEY (facility, line)
) STRICT, WITHOUT ROWID;
-- End of tips, findings, documents and goods of facilities.
-- ---- Supply chains: steps of a chain of custody ----

-- Steps from CSV or EPCIS (reviewer/casebook/custody_steps.py). A step that an error declaration struck out stays.
CREATE TABLE custody_steps (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- T-7; never given twice
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    line INTEGER NOT NULL,
    step TEXT NOT NULL,                          -- its name in the file
    kind TEXT NOT NULL,
    day TEXT NOT NULL,
    place TEXT NOT NULL,                         -- as the file says it
    facility INTEGER REFERENCES facilities (number) ON DELETE SET NULL,
    document TEXT NOT NULL,                      -- empty: only a claim
    valid_until TEXT NOT NULL,
    struck TEXT NOT NULL,                        -- the reason of an error declaration; empty: counts
    sha256 BLOB NOT NULL,
    left_out TEXT NOT NULL,                      -- names of fields that are not used
    raw TEXT NOT NULL
) STRICT;

CREATE INDEX custody_steps_by_list ON custody_steps (list);
CREATE INDEX custody_steps_by_name ON custody_steps (step);
CREATE INDEX custody_steps_by_facility ON custody_steps (facility);

CREATE TABLE custody_lots (
    step INTEGER NOT NULL REFERENCES custody_steps (number) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('in', 'out', 'at')),
    lot_key TEXT NOT NULL,
    lot TEXT NOT NULL,
    quantity TEXT NOT NULL,                      -- a decimal number, or empty
    unit TEXT NOT NULL,
    PRIMARY KEY (step, place)
) STRICT, WITHOUT ROWID;

CREATE INDEX custody_lots_by_key ON custody_lots (lot_key, side);

-- What is wrong in the chain at a step. Written again after each import and each forgetting.
CREATE TABLE custody_faults (
    step INTEGER NOT NULL REFERENCES custody_steps (number) ON DELETE CASCADE,
    fault TEXT NOT NULL,
    lot TEXT NOT NULL,
    one TEXT NOT NULL,                           -- both figures of quantities that do not add up
    other TEXT NOT NULL,
    unit TEXT NOT NULL,
    PRIMARY KEY (step, fault, lot, unit)
) STRICT, WITHOUT ROWID;
-- End of steps of a chain of custody.
-- ---- Supply chains: diary, releases of sentences, reports (docs/review/due-diligence.md) ----
CREATE TABLE diary_entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- Y-4; never given twice
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    step INTEGER NOT NULL CHECK (step BETWEEN 1 AND 6),
    did TEXT NOT NULL,
    person TEXT NOT NULL,
    document TEXT NOT NULL,
    readers TEXT NOT NULL,                       -- parted by blanks; empty: stays inside
    day TEXT NOT NULL,
    due_day TEXT,
    done_day TEXT
) STRICT;

CREATE INDEX diary_entries_by_facility ON diary_entries (facility);

-- How many people work at a facility, as staff know it. Never from a tip.
CREATE TABLE facility_workers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    workers INTEGER NOT NULL CHECK (workers > 0),
    source TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;

CREATE INDEX facility_workers_by_facility ON facility_workers (facility);

-- A sentence that derives from tips may be told to one kind of reader. A withdrawal stays with its reason.
CREATE TABLE sentence_releases (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    indicator TEXT NOT NULL,
    reader TEXT NOT NULL CHECK (reader IN ('company', 'authority')),
    because TEXT NOT NULL,
    day TEXT NOT NULL,
    to_renew INTEGER NOT NULL DEFAULT 0 CHECK (to_renew IN (0, 1)), -- 1: a source that it may rest on left the place; it has no day
    withdrawn_day TEXT,
    withdrawn_because TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX sentence_releases_in_force ON sentence_releases (facility, indicator, reader) WHERE withdrawn_day IS NULL;

-- Reports that left. They stay when the list of their facility is forgotten: a correction needs the recipient.
CREATE TABLE supply_reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- R-3; never given twice
    facility INTEGER REFERENCES facilities (number) ON DELETE SET NULL,
    reader TEXT NOT NULL CHECK (reader IN ('company', 'authority')),
    recipient TEXT NOT NULL,
    content TEXT NOT NULL,                       -- JSON, as it left
    day TEXT NOT NULL,
    withdrawn_day TEXT,
    withdrawn_because TEXT NOT NULL DEFAULT ''
) STRICT;

-- What a company answered to a finding, with the day of its answer. It is never changed: a mistaken entry is withdrawn, and a corrected
-- one stands in its place.
CREATE TABLE company_answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,    -- A-2; never given twice
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    finding TEXT NOT NULL,                       -- the key of the finding, or empty: of the whole report
    answer TEXT NOT NULL,
    day TEXT NOT NULL,
    withdrawn_day TEXT,
    withdrawn_because TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX company_answers_by_facility ON company_answers (facility);
-- What speaks against a sentence outlives its tip, and holds nothing else of it (reviewer/casebook/held_sentences.py).
-- A row stands at each tip that is left of a mailbox of which answers went.
CREATE TABLE voices_ended (
    submission INTEGER PRIMARY KEY REFERENCES submissions (number),
    readers TEXT NOT NULL                        -- for whom its own yes counts no more, parted by blanks
) STRICT;

-- No sentence from tips is told to this reader about this facility: tips of a source went that had not said yes.
CREATE TABLE sentences_held (
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    reader TEXT NOT NULL CHECK (reader IN ('company', 'authority')),
    in_bin BLOB NOT NULL,                        -- the digest of the envelope, only while the tip may come back from the bin
    PRIMARY KEY (facility, reader, in_bin)
) STRICT, WITHOUT ROWID;

CREATE INDEX sentences_held_in_bin ON sentences_held (in_bin);

CREATE TRIGGER sentences_held_leave_the_bin AFTER DELETE ON binned_envelopes
BEGIN
    INSERT OR IGNORE INTO sentences_held SELECT facility, reader, x'' FROM sentences_held
        WHERE in_bin = OLD.envelope_sha256
        AND NOT EXISTS (SELECT 1 FROM submissions WHERE envelope_sha256 = OLD.envelope_sha256);
    DELETE FROM sentences_held WHERE in_bin = OLD.envelope_sha256;
END;

-- Mailboxes that sent the same contents are one source. Before such contents go or change, tips that stay get the same random mark: one of
-- each mailbox. Nothing of the contents is kept.
CREATE TABLE joined_sources (
    submission INTEGER NOT NULL REFERENCES submissions (number),
    mark BLOB NOT NULL CHECK (length(mark) = 16),
    PRIMARY KEY (submission, mark)
) STRICT, WITHOUT ROWID;

CREATE INDEX joined_sources_by_mark ON joined_sources (mark);

-- A mark that one tip alone has joins nothing, and would say that another mailbox went. While the bin holds a tip, that one may have it too.
CREATE TRIGGER joined_sources_alone AFTER DELETE ON joined_sources
WHEN NOT EXISTS (SELECT 1 FROM binned_envelopes)
BEGIN
    DELETE FROM joined_sources WHERE mark = OLD.mark
        AND (SELECT count(*) FROM joined_sources WHERE mark = OLD.mark) = 1;
END;

CREATE TRIGGER joined_sources_after_the_bin AFTER DELETE ON binned_envelopes
WHEN NOT EXISTS (SELECT 1 FROM binned_envelopes)
BEGIN
    DELETE FROM joined_sources WHERE mark IN (SELECT mark FROM joined_sources GROUP BY mark HAVING count(*) = 1);
END;

-- A source without a yes does not count at this facility any more, because staff undid an acceptance or an answer about two facilities.
-- No sentence from tips is told to this reader until a person decides, with a reason. An open row has no day and no tip.
CREATE TABLE refusals_undone (
    number INTEGER PRIMARY KEY,
    facility INTEGER NOT NULL REFERENCES facilities (number) ON DELETE CASCADE,
    reader TEXT NOT NULL CHECK (reader IN ('company', 'authority')),
    decided_day TEXT,
    because TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE UNIQUE INDEX refusals_undone_open ON refusals_undone (facility, reader) WHERE decided_day IS NULL;
-- End of diary, releases of sentences, reports.
-- ---- Masks that outlive a tip (docs/review/linking.md; reviewer/casebook/lasting_masks.py) ----

-- Entities that stay masked although the tip that called them harmed is gone, by their random ids, until a person removes the mask.
CREATE TABLE lasting_masks (
    entity_id BLOB PRIMARY KEY CHECK (length(entity_id) = 16),
    day TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Stretches of tips that stay masked although the entity whose words they are is gone. A place and no words; it goes with its tip.
CREATE TABLE masked_passages (
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    part TEXT NOT NULL,
    sealed_place INTEGER NOT NULL,
    place INTEGER NOT NULL,
    first INTEGER NOT NULL,
    length INTEGER NOT NULL CHECK (length > 0),
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,                 -- P-12; it may have gone, and its number is never given twice
    PRIMARY KEY (submission, part, sealed_place, place, first, length)
) STRICT, WITHOUT ROWID;

-- Who removed a mask, and why. The words go with the tip in which the entity stands.
CREATE TABLE mask_removals (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    submission INTEGER NOT NULL REFERENCES submissions (number) ON DELETE CASCADE,
    entity INTEGER NOT NULL,
    because TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    day TEXT NOT NULL
) STRICT;

CREATE INDEX masked_passages_by_entity ON masked_passages (entity);

-- Pictures that were kept: each page asks if another picture is equal to one of them.
CREATE INDEX findings_of_kept_pictures ON findings (submission) WHERE entity IS NOT NULL AND part IN ('inside picture', 'picture');

CREATE TRIGGER masks_forgotten AFTER INSERT ON entities_gone
BEGIN
    DELETE FROM masked_passages WHERE entity IN (
        SELECT number FROM entities WHERE entity_id = NEW.entity_id
        UNION SELECT number FROM ended_entities WHERE entity_id = NEW.entity_id);
    DELETE FROM mask_removals WHERE entity IN (
        SELECT number FROM entities WHERE entity_id = NEW.entity_id
        UNION SELECT number FROM ended_entities WHERE entity_id = NEW.entity_id);
    DELETE FROM lasting_masks WHERE entity_id = NEW.entity_id;
END;

-- A file that was deleted for good leaves no finding behind: its readings would tell what stood in it.
CREATE TRIGGER findings_end_with_file AFTER INSERT ON deleted_files
BEGIN
    DELETE FROM findings WHERE submission = (SELECT number FROM submissions WHERE envelope_sha256 = NEW.envelope_sha256)
        AND (sealed_place = NEW.place OR (sealed_place = -1 AND place = NEW.place AND part IN ('file', 'picture')));
    DELETE FROM masked_passages WHERE submission = (SELECT number FROM submissions WHERE envelope_sha256 = NEW.envelope_sha256)
        AND (sealed_place = NEW.place OR (sealed_place = -1 AND place = NEW.place AND part IN ('file', 'picture')));
END;
-- End of masks that outlive a tip.
-- ---- Open tables of others (docs/review/publication.md) ----

-- Sums of an open table, which is a row of facility_lists of the kind "table". No row of it is kept (reviewer/casebook/kept_figures.py).
CREATE TABLE open_figures (
    list INTEGER NOT NULL REFERENCES facility_lists (number) ON DELETE CASCADE,
    dimension TEXT NOT NULL CHECK (dimension IN ('exploited in', 'citizenship', 'indicator', 'all')),
    label TEXT NOT NULL,
    amount REAL NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (list, dimension, label)
) STRICT, WITHOUT ROWID;
-- End of open tables.
-- ---- Counts behind releases (docs/review/publication.md) ----

-- What stood behind each number of a release of ours: a correction is compared with all of its units. They never leave the casebook.
CREATE TABLE release_counts (
    release BLOB NOT NULL REFERENCES operations (sha256),
    label TEXT NOT NULL,
    counts TEXT NOT NULL,                        -- JSON: of each unit, in the order of the table
    PRIMARY KEY (release, label)
) STRICT, WITHOUT ROWID;
-- End of counts behind releases.
