"""Deleted means gone: no page, no piece, no index and no later import has it."""

import hashlib

import pytest

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import DeliveryReceipt, WeekClosed
from crypto.errors import CryptoError
from crypto.primitives.week import Week
from crypto.submissions.reply import ReplyRow, open_reply
from crypto.submissions.submission import Kind
from reviewer.casebook.dependent_rows import DependentRows
from reviewer.casebook.folded_text import folded
from reviewer.cases.archive import add_note
from reviewer.cases.deleting import delete_tips
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container
from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook

PLACES = ("Text", "Name", "Note", "Answer", "Sentanswer", "Sealedtext", "Sealedname")
CONTENTS = ("Bytes", "Sealedbytes")
INDEXED = b"\x01\x03zqx"
"""A run of three letters as the index holds it, where the one before it begins otherwise."""


def canary(place: str) -> str:
    return f"{place}Zqxwvkjh{place}"


def forms(place: str) -> list[bytes]:
    words = [canary(place), folded(canary(place))]
    return [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]


def tip_with_canaries(desk: Desk) -> str:
    """A tip with a canary at every place; one answer was sent, one waits."""
    sealed = container(
        desk, canary("Sealedtext"), [(f"{canary('Sealedname')}.txt", "", canary("Sealedbytes").encode() * 9000)]
    )
    (short_id,) = desk.take_in(
        desk.server.seal(
            fields=[("text", canary("Text"))],
            files=[
                (f"{canary('Name')}.bin", "", canary("Bytes").encode() * 90_000),
                ("evidence.age", "sealed", sealed),
            ],
            mailbox=a_mailbox(),
        )
    )
    write(desk, short_id, canary("Sentanswer"))
    desk.do("outbox", desk.home, "--out", desk.folder / "out.bundle")
    write(desk, short_id, canary("Answer"))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        add_note(home, home.casebook.submissions.find(short_id), canary("Note"), today=today())
    return short_id


def write(desk: Desk, short_id: str, text: str) -> None:
    path = desk.folder / "answer.txt"
    path.write_text(text, encoding="utf-8")
    desk.do("reply", desk.home, short_id, "--text-file", path)


def found(desk: Desk, before: RawCasebook) -> set[str]:
    """The places whose canary is in a page of any file, in the index, or in a piece; keys and pieces as well."""
    now = RawCasebook(desk.home)
    assert now.journals() == 0
    names = ("casebook.db", "contents.db", "envelopes.db")
    pages = {name: list(now.pages(name)) for name in names}
    in_pages = [page for name in names for page in pages[name]]
    here = {place for place in PLACES for form in forms(place) for page in in_pages if form in page}
    opened = list(now.open_pieces(before.piece_keys | now.piece_keys))
    here |= {place for place in CONTENTS if any(canary(place).encode() in piece for piece in opened)}
    if any(INDEXED in page for page in pages["casebook.db"]):
        here.add("index")
    if any(key in page for key in before.piece_keys.values() for page in in_pages):
        here.add("key")
    slices = [piece[at : at + 64] for piece in before.pieces.values() for at in range(0, len(piece) - 64, 40_000)]
    if any(one in page for one in slices for page in pages["contents.db"]):
        here.add("piece")
    return here


EVERYWHERE = {*PLACES, *CONTENTS, "index", "key", "piece"}


def test_91_a_deleted_tip_is_in_no_page_piece_or_index_and_no_import_brings_it_back(desk: Desk) -> None:
    (other,) = desk.take_in(desk.server.seal(fields=[("text", "of others")], submission_id=b"2" * 16))
    short_id = tip_with_canaries(desk)
    before = RawCasebook(desk.home)
    assert found(desk, before) == EVERYWHERE
    told = desk.do("delete", desk.home, short_id)
    assert found(desk, before) == EVERYWHERE  # it only told
    assert "2 files" in told
    assert "never sent: 1" in told
    assert "no backup holds it" in told
    desk.do("delete", desk.home, short_id, "--because", "asked")
    assert found(desk, before) == set()
    assert [one["id"] for one in desk.submissions()] == [other]
    assert list((desk.home / "unopened").iterdir()) == []
    _cannot_come_back(desk, short_id)
    assert desk.run("show", desk.home, short_id) == 1
    acts = [(line["act"], line["subject"]) for line in desk.json("log", "show", desk.home)]
    assert ("deleted", f"{short_id}, asked") in acts
    desk.do("log", "verify", desk.home)


def _cannot_come_back(desk: Desk, short_id: str) -> None:
    """Not from the FILE it came with, not sealed again, not into a home that was restored."""
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    file = desk.write(desk.server.bundle_again(sealing=900))
    desk.do("import", desk.home, file)
    assert short_id not in [one["id"] for one in desk.submissions()]
    backup, key = desk.backup(), desk.root / "casebook-backup-reviewer.key"
    home = desk.folder / "restored"
    desk.do("restore", home, "--from", backup, "--identity", key)
    desk.do("import", home, file)
    assert short_id not in [one["id"] for one in desk.json("list", home)["submissions"]]


def test_an_answer_that_waits_is_taken_back_and_never_leaves(desk: Desk) -> None:
    (short_id,) = desk.take_in(desk.server.seal(mailbox=a_mailbox()))
    write(desk, short_id, canary("Answer"))
    write(desk, short_id, "this one goes")
    before = RawCasebook(desk.home)
    desk.delete_part(short_id, "--answer", "1", because="other")
    assert found(desk, before) == set()
    out = desk.folder / "out.bundle"
    desk.do("outbox", desk.home, "--out", out)
    rows = [payload for kind, payload in desk.server.take_outbox(out.read_bytes()) if kind is ItemType.REPLY]
    assert texts_for(rows) == ["this one goes"]
    assert len(rows) == 32


def texts_for(rows: list[bytes]) -> list[str]:
    texts = []
    for raw in rows:
        row = ReplyRow.parse(raw)
        try:
            texts.append(open_reply(row, key=a_mailbox().source_key).text)
        except CryptoError:
            continue
    return texts


def test_a_single_file_goes_with_what_was_sealed_in_it_and_the_others_stay(desk: Desk) -> None:
    sealed = container(
        desk, canary("Sealedtext"), [(f"{canary('Sealedname')}.txt", "", canary("Sealedbytes").encode())]
    )
    files = [
        ("first.bin", "", b"first" * 400_000),
        (f"{canary('Name')}.bin", "", canary("Bytes").encode() * 90_000),
        ("evidence.age", "sealed", sealed),
        ("last.bin", "", b"last"),
    ]
    (short_id,) = desk.take_in(desk.server.seal(files=files))
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        submission = home.casebook.submissions.find(short_id)
        place = home.casebook.submissions.stored_files(submission)[2].place
        home.casebook._files.small.run(
            "INSERT INTO translations (submission, part, day, author, is_from_outside, text)"
            " VALUES (?, ?, '2030-01-01', 'us', 0, ?)",
            (submission.number, f"{place}.0", canary("Note")),
        )
    before = RawCasebook(desk.home)
    assert "Note" in found(desk, before)
    assert desk.run("delete", desk.home, short_id, "--file", "2", "--because", "harm") == 1
    assert "to delete what was shown above, add --code" in desk.err
    for number in ("2", "2"):  # the sealed one is the second then
        desk.delete_part(short_id, "--file", number, because="harm")
    now = RawCasebook(desk.home)
    assert found(desk, before) == set()
    assert now.pieces.keys().isdisjoint(before.pieces)
    desk.do("save", desk.home, short_id, "--to", desk.folder / "case", "--on-disk")
    saved = {path.name: path.read_bytes() for path in (desk.folder / "case").iterdir()}
    assert {b"first" * 400_000, b"last"} <= set(saved.values())
    kept = desk.json("show", desk.home, short_id)
    assert [one["sha256"] for one in kept["deleted_files"]] == [
        hashlib.sha256(content).hexdigest() for _name, _type, content in files[1:3]
    ]
    assert desk.run("raw", desk.home, short_id, "--out", desk.folder / "raw.age") == 1


def test_a_receipt_still_goes_for_a_deleted_tip_and_its_week_is_retired(desk: Desk) -> None:
    week = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
    envelope = desk.server.seal(mailbox=a_mailbox())
    (short_id,) = desk.take_in(envelope)
    desk.do("delete", desk.home, short_id, "--because", "junk")  # it was in no backup
    assert receipted(desk) == [hashlib.sha256(envelope).digest()]
    assert receipted(desk) == []
    closed = (ItemType.WEEK_CLOSED, WeekClosed(week, 2).to_bytes())
    desk.do("import", desk.home, desk.write(desk.server.bundle(closed)))
    desk.do("keys", "retire", desk.home, "--week", str(week))


def receipted(desk: Desk) -> list[bytes]:
    out = desk.folder / "out.bundle"
    desk.do("outbox", desk.home, "--out", out)
    items = desk.server.take_outbox(out.read_bytes())
    return [sha for kind, raw in items if kind is ItemType.RECEIPT for sha in DeliveryReceipt.parse(raw).hashes]


def test_what_stays_in_which_backup_is_said_by_number_and_day(desk: Desk) -> None:
    desk.take_in(desk.server.seal())
    desk.backup()
    (short_id,) = desk.take_in(desk.server.seal(submission_id=b"2" * 16))
    assert "no backup holds it" in desk.do("delete", desk.home, short_id)
    desk.backup()
    desk.backup()
    day = today().isoformat()
    assert f"it stays in 2 backups: 2 of {day}, 3 of {day}" in desk.do("delete", desk.home, short_id)


def test_several_tips_go_in_one_step_and_one_on_hold_keeps_them_all(desk: Desk) -> None:
    ids = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=b"2" * 16))
    desk.do("hold", desk.home, ids[1], "--because", "a court asked")
    for arguments in (("delete", desk.home, ids[1], "--because", "junk"), ("bin", desk.home, "--put", ids[1])):
        assert desk.run(*arguments) == 1
        assert "is on hold" in desk.err
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        both = [home.casebook.submissions.find(one) for one in ids]
        with pytest.raises(ProgramError, match="is on hold"):
            delete_tips(home, both, because="junk", today=today())
        assert len(home.casebook.submissions.all()) == 2
        home.casebook.holds.lift(both[1].number)
        delete_tips(home, both, because="junk", today=today())
        assert home.casebook.submissions.all() == []
        assert [one.reason for one in home.casebook.proposals.ours()] == ["junk", "junk"]


def test_every_table_that_refers_to_a_tip_is_emptied_of_it(desk: Desk) -> None:
    short_id = tip_with_canaries(desk)
    desk.do("delete", desk.home, short_id, "--because", "junk")
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        small = home.casebook._files.small
        tables = DependentRows(small).tables
        assert {"submissions", "fields", "files", "sealed_files", "inside_fields", "notes", "holds"} <= set(tables)
        counts = {
            table: small.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
            for table in tables
        }
        assert {table: count for table, count in counts.items() if count} == {"replies": counts["replies"]}
        assert small.rows("SELECT count(*) FROM replies WHERE text IS NOT NULL") == [(0,)]


WITHOUT_CONTENT = {
    "quarantined_files",
    "shared_items",
    "deleted_envelopes",
    "deleted_files",
    "binned_envelopes",
    "binned_contents",
    "deletion_proposals",
    "departed_tips",
    "handed_over_tips",
}
"""Tables that name envelopes and hold nothing that came from a source."""


def test_every_table_that_names_a_tip_is_one_that_a_deletion_reaches(desk: Desk) -> None:
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        small = home.casebook._files.small
        naming = {
            table
            for (table,) in small.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")
            for column in small.rows(f"PRAGMA table_info({table})")
            if column[1] in {"submission", "envelope_sha256", "mailbox"}
        }
        assert "same_contents" in naming
        assert naming - WITHOUT_CONTENT - set(DependentRows(small).tables) == set()


def test_a_warning_that_the_words_may_be_known_goes_only_with_the_other_tips_of_its_mailbox(desk: Desk) -> None:
    tip, act = desk.take_in(
        desk.server.seal(mailbox=a_mailbox()),
        desk.server.seal(
            fields=[("act", "words-known")], kind=Kind.ACT, mailbox=a_mailbox(), submission_id=b"2" * 16
        ),
    )
    for arguments in (("delete", desk.home, act, "--because", "junk"), ("bin", desk.home, "--put", act)):
        assert desk.run(*arguments) == 1
        assert "may have the words" in desk.err
    desk.do("delete", desk.home, tip, "--because", "junk")
    desk.do("delete", desk.home, act, "--because", "junk")
    assert desk.submissions() == []


def test_an_envelope_that_did_not_open_is_deleted_with_its_bytes(desk: Desk) -> None:
    broken = bytearray(desk.server.seal())
    broken[-1] ^= 1
    (short_id,) = desk.take_in(bytes(broken))
    assert len(list((desk.home / "unopened").iterdir())) == 1
    assert desk.run("bin", desk.home, "--put", short_id) == 1
    assert "no one has read it" in desk.err
    desk.do("delete", desk.home, short_id, "--because", "junk")
    assert list((desk.home / "unopened").iterdir()) == []
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert desk.submissions() == []
    assert receipted(desk) == [hashlib.sha256(broken).digest()]


def test_where_rows_move_between_pages_nothing_of_a_deleted_one_is_left_behind(desk: Desk) -> None:
    envelopes = [
        desk.server.seal(
            fields=[("text", f"{canary('Text')}{number:03}" + "w" * (number * 83 % 3500))],
            submission_id=number.to_bytes(16),
        )
        for number in range(40)
    ]
    ids = desk.take_in(*envelopes)
    gone = [number for number in range(40) if number * 7 % 3]
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        for number, short_id in enumerate(ids):
            text = f"{canary('Note')}{number:03}" + "n" * (number * 47 % 900)
            add_note(home, home.casebook.submissions.find(short_id), text, today=today())
        for number in gone:
            delete_tips(home, [home.casebook.submissions.find(ids[number])], because="junk", today=today())
    pages = list(RawCasebook(desk.home).pages("casebook.db"))
    left = {
        number
        for number in range(40)
        for place in ("Text", "Note")
        if any(f"{canary(place)}{number:03}".encode() in page for page in pages)
    }
    assert left == set(range(40)) - set(gone)
