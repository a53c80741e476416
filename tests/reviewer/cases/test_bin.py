"""The bin: in no backup, no receipt, no retirement, back by one press, and gone after its days."""

import datetime as dt
import hashlib

from crypto.bundles.bundle import ItemType
from crypto.bundles.bundle_items import WeekClosed
from crypto.primitives.week import Week
from reviewer.casebook.bin import BIN_DAYS
from reviewer.cases.archive import add_note
from reviewer.cases.bin import empty_due
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_deleting import (
    EVERYWHERE,
    canary,
    found,
    receipted,
    tip_with_canaries,
    write,
)
from tests.reviewer.desk_stage import Desk
from tests.reviewer.raw_pages import RawCasebook


def binned_with_canaries(desk: Desk) -> str:
    short_id = tip_with_canaries(desk)
    desk.do("outbox", desk.home, "--out", desk.folder / "out.bundle")  # no answer waits then
    desk.do("bin", desk.home, "--put", short_id)
    return short_id


def test_a_tip_in_the_bin_is_in_no_backup_and_comes_back_with_everything(desk: Desk) -> None:
    short_id = tip_with_canaries(desk)
    assert desk.run("bin", desk.home, "--put", short_id) == 1
    assert "waits for the outbox" in desk.err
    desk.do("outbox", desk.home, "--out", desk.folder / "out.bundle")
    shown, before = desk.show(short_id), RawCasebook(desk.home)
    assert found(desk, before) == EVERYWHERE
    desk.do("bin", desk.home, "--put", short_id)
    assert desk.submissions() == []
    assert desk.json("search", desk.home, canary("Text"))["total"] == 0
    assert [one["id"] for one in desk.json("bin", desk.home)["bin"]] == [short_id]
    backup, key, restored = desk.backup(), desk.root / "casebook-backup-reviewer.key", desk.folder / "restored"
    desk.do("restore", restored, "--from", backup, "--identity", key)
    home, desk.home = desk.home, restored
    now = RawCasebook(desk.home)
    # Sealed bytes, whose keys are in no backup; and what we wrote ourselves, which colleagues are told.
    assert found(desk, now) <= {"piece", "Note", "Answer", "Sentanswer"}
    assert not any(
        now.holds(name, key) for name in ("casebook.db", "contents.db") for key in before.piece_keys.values()
    )
    assert desk.json("bin", restored)["bin"] == []
    # It was never receipted, so its server still has it, and it comes again.
    desk.do("import", restored, desk.folder / "tips.bundle")
    assert [one["id"] for one in desk.submissions()] == [short_id]
    desk.home = home
    desk.take_in(desk.server.seal(submission_id=b"2" * 16))  # an import sweeps what no tip names
    desk.do("bin", desk.home, "--back", short_id)
    assert desk.show(short_id) == shown
    assert desk.json("search", desk.home, canary("Text"))["total"] == 1
    desk.do("save", desk.home, short_id, "--to", desk.folder / "case", "--on-disk")
    saved = [path.read_bytes() for path in (desk.folder / "case").rglob("*") if path.is_file()]
    assert canary("Bytes").encode() * 90_000 in saved
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    raw = (desk.folder / "raw.age").read_bytes()
    assert hashlib.sha256(raw).hexdigest()[:12] == short_id
    with open_home(desk.home, entry=SecretEntry(None)) as opened:
        assert opened.casebook._files.envelopes.rows("SELECT * FROM bin") == []


def test_while_a_tip_is_in_the_bin_no_receipt_leaves_and_its_week_stays(desk: Desk) -> None:
    week = Week.parse(desk.json("keys", "status", desk.home)["weeks"][0]["week"])
    envelope = desk.server.seal(mailbox=a_mailbox())
    (short_id,) = desk.take_in(envelope)
    desk.backup()
    desk.do("bin", desk.home, "--put", short_id)
    closed = (ItemType.WEEK_CLOSED, WeekClosed(week, 2).to_bytes())
    desk.do("import", desk.home, desk.write(desk.server.bundle(closed)))
    assert receipted(desk) == []
    assert desk.run("keys", "retire", desk.home, "--week", str(week)) == 1
    assert "are in the bin" in desk.err
    desk.do("bin", desk.home, "--delete", short_id)
    assert receipted(desk) == [hashlib.sha256(envelope).digest()]
    desk.do("keys", "retire", desk.home, "--week", str(week))


def test_the_bin_empties_itself_after_fourteen_days_on_which_the_casebook_was_opened(desk: Desk) -> None:
    short_id = binned_with_canaries(desk)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        packed = home.casebook._files.envelopes.rows("SELECT packed FROM bin")
        assert canary("Text").encode() in packed[0][0]
        day = dt.date(2030, 1, 1)
        for number in range(BIN_DAYS):
            assert empty_due(home, today=day) == 0
            for _twice in (1, 2):
                home.casebook.opened_days.note(day + dt.timedelta(days=100 * number))
        assert empty_due(home, today=day) == 1
        assert home.casebook.deletions.is_deleted(home.casebook.deletions.all()[0].envelope_sha256)
    assert desk.run("bin", desk.home, "--back", short_id) == 1
    desk.do("import", desk.home, desk.folder / "tips.bundle")
    assert desk.submissions() == []
    now = RawCasebook(desk.home)
    assert found(desk, now) == set()
    assert now.pieces == {}


def test_a_number_that_was_given_meanwhile_is_no_obstacle(desk: Desk) -> None:
    (first,) = desk.take_in(desk.server.seal(fields=[("text", "one")], mailbox=a_mailbox()))
    desk.do("bin", desk.home, "--put", first)
    (second,) = desk.take_in(
        desk.server.seal(fields=[("text", "two")], submission_id=b"2" * 16, mailbox=a_mailbox(2))
    )
    write(desk, second, "to the second")
    desk.do("bin", desk.home, "--back", first)
    write(desk, first, "to the first")
    assert {one["id"] for one in desk.submissions()} == {first, second}
    assert [one["text"] for one in desk.show(first)["replies"]] == ["to the first"]
    assert [one["text"] for one in desk.show(second)["replies"]] == ["to the second"]


def test_notes_and_holds_of_a_tip_in_the_bin_come_back_under_other_numbers(desk: Desk) -> None:
    ids = desk.take_in(desk.server.seal(), desk.server.seal(submission_id=b"2" * 16))
    day = dt.date(2030, 1, 1)
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        first, second = (home.casebook.submissions.find(one) for one in ids)
        add_note(home, first, "of the first", today=day)
        home.casebook.bin.put(first, today=day)
        add_note(home, second, "of the second", today=day)
        home.casebook.bin.put_back(home.casebook.bin.find(ids[0]))
        assert [one.text for one in home.casebook.notes.of(first.number)] == ["of the first"]
        assert [one.text for one in home.casebook.notes.of(second.number)] == ["of the second"]
