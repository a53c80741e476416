"""Keys that turn up after a restore: what was kept unopened opens, and nothing is lost meanwhile."""

from pathlib import Path

import pytest

from crypto.bundles.bundle import ItemType
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from reviewer.twin.key_import import take_keys
from reviewer.twin.open_twin import open_twin
from tests.fakes_server import a_mailbox
from tests.reviewer.cases.test_sealed_files import container
from tests.reviewer.desk_stage import Desk
from tests.reviewer.twin.late_twin import bring, reasons, restore_home, status_warnings
from tests.reviewer.weeks import close_week, first_week


@pytest.fixture
def twin(desk: Desk) -> Path:
    """Written before the home dies."""
    desk.issue("--twin", desk.folder / "twin")
    return desk.folder / "twin"


def test_what_could_not_be_opened_opens_when_the_twin_turns_up(desk: Desk, twin: Path) -> None:
    restore_home(desk)
    files = [("a.bin", "text/plain", b"a" * 70_000)]
    (short_id, other) = desk.take_in(
        desk.server.seal(files=files, mailbox=a_mailbox()), desk.server.seal(submission_id=bytes(16))
    )
    assert reasons(desk) == ["no key opens"] * 2
    assert bring(desk, twin) == 0, desk.err
    assert "2 that could not be opened before; 0 stay closed" in desk.out
    assert short_id in desk.out
    assert other in desk.out
    assert reasons(desk) == [None, None]
    assert list((desk.home / "unopened").iterdir()) == []
    desk.do("save", desk.home, short_id, "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "a.bin").read_bytes() == b"a" * 70_000
    desk.do("raw", desk.home, short_id, "--out", desk.folder / "raw.age")
    desk.do("log", "verify", desk.home)


def test_what_opened_late_is_in_no_backup_and_is_not_receipted_before_the_next(desk: Desk, twin: Path) -> None:
    """The backup had its digest only: a receipt for it would have let the last copy go."""
    restore_home(desk)
    desk.take_in(desk.server.seal())
    desk.backup()
    assert [one["backed_up"] for one in desk.submissions()] == [False]
    desk.tamper("UPDATE submissions SET backup = 1")  # as earlier versions of this program did
    assert bring(desk, twin) == 0, desk.err
    assert "write a casebook backup now" in desk.err
    assert [one["backed_up"] for one in desk.submissions()] == [False]
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    received = desk.server.take_outbox((desk.folder / "outbox").read_bytes())
    assert ItemType.RECEIPT not in [kind for kind, _ in received]
    desk.backup()
    assert [one["backed_up"] for one in desk.submissions()] == [True]


def test_an_old_key_stands_beside_the_new_one_of_its_week(desk: Desk, twin: Path) -> None:
    """Keys are issued at once after a restore: the week of the late tip has a new key by then."""
    before = desk.server.seal()
    restore_home(desk)
    desk.issue()
    desk.take_in(before, desk.server.seal(submission_id=bytes(16)))
    assert sorted(map(str, reasons(desk))) == ["None", "no key opens"]
    week = first_week(desk)
    assert bring(desk, twin) == 0, desk.err
    assert f"  intake-{week}-2" in desk.out
    assert reasons(desk) == [None, None]
    on_its_way = desk.server.seal(submission_id=bytes([7]) * 16)
    desk.take_in(on_its_way)
    identity = desk.do("keys", "identity", desk.home, "--week", str(week)).split()
    assert len(set(identity)) == 2
    desk.issue()
    assert "renewed weeks" not in desk.out


def test_both_keys_of_a_week_go_when_it_is_retired(desk: Desk, twin: Path) -> None:
    before = desk.server.seal()
    restore_home(desk)
    desk.issue()
    desk.take_in(before)
    assert bring(desk, twin) == 0, desk.err
    week = first_week(desk)
    close_week(desk, week)
    desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week), "--twin", twin)
    assert f"destroyed        intake-{week}-2" in desk.out
    assert not list(desk.home.glob(f"keys/intake-{week}*"))
    assert not list(twin.glob(f"keys/intake-{week}*"))
    desk.do("keys", "restore", desk.home, "--twin", twin)
    assert "0 new" in desk.out


def test_a_week_stays_while_something_closed_may_be_of_it_and_its_old_key_may_turn_up(
    desk: Desk, twin: Path
) -> None:
    before = desk.server.seal()
    restore_home(desk)
    desk.issue()
    desk.take_in(before)
    week = first_week(desk)
    close_week(desk, week)
    desk.backup()
    new_twin = desk.folder / "new-twin"
    desk.issue("--twin", new_twin, "--new-twin")
    retire = ("keys", "retire", desk.home, "--week", str(week), "--twin", new_twin)
    assert desk.run(*retire) == 1
    assert f"1 envelopes, perhaps of week {week}, came after this home was restored" in desk.err
    assert bring(desk, twin) == 0, desk.err
    assert reasons(desk) == [None]
    desk.issue("--twin", new_twin)
    desk.backup()
    desk.do(*retire)


def test_what_no_key_opens_is_let_go_when_staff_say_so(desk: Desk) -> None:
    before = desk.server.seal()
    restore_home(desk)
    desk.issue()
    desk.take_in(before)
    week = first_week(desk)
    close_week(desk, week)
    desk.backup()
    desk.do("keys", "retire", desk.home, "--week", str(week), "--give-up-unopenable")


def test_a_file_that_its_source_sealed_to_a_lost_quarter_opens_too(desk: Desk, twin: Path) -> None:
    sealed = container(desk, "Sealed before the laptop died.")
    restore_home(desk)
    desk.issue()
    (short_id,) = desk.take_in(desk.server.seal(files=[("list.age", "sealed", sealed)]))
    assert desk.show(short_id)["files"][0]["sealed"]["outcome"] == "no key opens"
    desk.backup()
    assert bring(desk, twin) == 0, desk.err
    assert f"{short_id}  a file in it, sealed by the source, is open now" in desk.out
    inside = desk.show(short_id)["files"][0]["sealed"]
    assert inside["fields"] == [{"name": "text", "value": "Sealed before the laptop died."}]
    assert [one["backed_up"] for one in desk.submissions()] == [False]
    assert bring(desk, twin) == 0, desk.err
    assert "is open now" not in desk.out


@pytest.mark.parametrize("is_sealed_inside", [False, True])
def test_what_was_set_aside_because_nobody_could_read_it_is_news_when_it_opens(
    desk: Desk, twin: Path, is_sealed_inside: bool
) -> None:
    files = [("list.age", "sealed", container(desk, "Sealed before the laptop died."))] if is_sealed_inside else []
    restore_home(desk)
    if is_sealed_inside:
        desk.issue()
    (short_id,) = desk.take_in(desk.server.seal(fields=[("text", "help"), ("urgent", "yes")], files=files))
    desk.do("handled", desk.home, short_id)
    assert [one["handled"] for one in desk.submissions()] == [True]
    assert bring(desk, twin) == 0, desk.err
    assert [one["handled"] for one in desk.submissions()] == [False]


def test_what_was_cut_short_holds_back_retirement_and_is_finished_by_the_same_command(
    desk: Desk, twin: Path
) -> None:
    restore_home(desk)
    desk.take_in(desk.server.seal())
    week = Week.parse(desk.json("keys", "status", desk.home)["without_key"][0])
    with open_home(desk.home, entry=SecretEntry(None)) as home:
        take_keys(home, open_twin(twin, passphrase_file=None), today=week.monday)  # and the power fails
    close_week(desk, week)
    retire = ("keys", "retire", desk.home, "--week", str(week), "--twin", twin)
    assert desk.run(*retire) == 1
    assert "keys restore was cut short" in desk.err
    assert desk.json("keys", "status", desk.home)["untried_keys"] is True
    assert "do it again: tipline-review keys restore" in desk.err
    assert bring(desk, twin) == 0, desk.err
    assert "0 new" in desk.out
    assert reasons(desk) == [None]
    desk.backup()
    desk.do(*retire)


def test_an_envelope_that_a_backup_has_by_its_digest_only_is_taken_in_when_it_comes_again(
    desk: Desk, twin: Path
) -> None:
    envelope, broken = desk.server.seal(), bytearray(desk.server.seal(submission_id=bytes(16)))
    broken[-1] ^= 1
    restore_home(desk)
    stick = desk.write(desk.server.submissions(envelope, bytes(broken)))
    desk.do("import", desk.home, stick)
    restore_home(desk, "restored-again")
    assert "2 of these did not open" in desk.out
    assert desk.run("raw", desk.home, desk.submissions()[0]["id"], "--out", desk.folder / "raw.age") == 1
    assert "a backup has only its digest" in desk.err
    assert "2 envelopes that were not opened are known here by their digests only" in status_warnings(desk)
    status = desk.json("keys", "status", desk.home)
    assert status["wanted_envelopes"] == 2
    week = Week.parse(status["without_key"][0])
    assert bring(desk, twin) == 0, desk.err
    assert "0 that could not be opened before" in desk.out
    assert desk.run("keys", "retire", desk.home, "--week", str(week), "--twin", twin) == 1
    assert f"2 envelopes, perhaps of week {week}, were not in the backup" in desk.err
    desk.do("import", desk.home, stick)
    assert "0 new, 1 read before" in desk.out
    assert "1 new" in desk.out
    assert sorted(map(str, reasons(desk))) == ["None", "malformed"]
    assert "digests only" not in status_warnings(desk)
    # From now on both are known, and the bundle was read.
    desk.do("import", desk.home, stick)
    assert "0 new, 1 read before" in desk.out
    assert len(list((desk.home / "unopened").iterdir())) == 1


def test_an_envelope_that_its_server_has_deleted_is_waited_for_no_more(desk: Desk) -> None:
    for path in (desk.home / "keys").glob("intake-*"):
        path.unlink()
    item = (ItemType.SUBMISSION, desk.server.seal())
    desk.do("import", desk.home, desk.write(desk.server.bundle()))
    before = desk.server.last
    desk.do("import", desk.home, desk.write(desk.server.bundle(item)))
    restore_home(desk)
    desk.server.last = before
    desk.do("import", desk.home, desk.write(desk.server.bundle(item, gone=[0])))
    assert "1 envelopes were deleted on the server" in desk.err
    assert reasons(desk) == ["deleted on the server"]
    assert "digests only" not in status_warnings(desk)
    # Such a mark is not signed: when the envelope comes all the same, it is taken.
    desk.server.last = before
    desk.do("import", desk.home, desk.write(desk.server.bundle(item)))
    assert reasons(desk) == ["no key opens"]
