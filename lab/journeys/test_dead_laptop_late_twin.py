"""The laptop dies, work goes on without the twin medium, and then the twin turns up: with the server's own code."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.real_server import RealServer, carry_out, server_of
from tests.reviewer.desk_stage import Desk
from tipline.bundles.manifest_update import read_run
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.found()
    made.know_server()
    made.issue("--twin", made.folder / "twin")
    return made


@pytest.fixture
def server(desk: Desk) -> Iterator[RealServer]:
    with server_of(desk) as made:
        yield made


def _die_and_restore(desk: Desk, name: str) -> None:
    backup = desk.backup()
    identity = desk.root / "casebook-backup-reviewer.key"
    desk.do("restore", desk.folder / name, "--from", backup, "--identity", identity)
    shutil.rmtree(desk.home)
    desk.home = desk.folder / name


def _carry_in(desk: Desk, server: RealServer) -> int:
    """The outbox to the server, whose operator confirms the new stream; how many submissions it deleted."""
    desk.do("outbox", desk.home, "--out", desk.folder / "outbox")
    try:
        return server.take_in(desk.folder / "outbox").deleted
    except CarryRefused as refused:
        stream = str(refused.hint).rpartition("--accept-stream ")[2]
    return server.take_in(desk.folder / "outbox", accept=ConfirmedStream.parse(stream)).deleted


def _texts(desk: Desk) -> set[str]:
    shown = [desk.show(row["id"]) for row in desk.submissions() if row["unopenable"] is None]
    return {field["value"] for one in shown for field in one["fields"] if field["name"] == "text"}


def test_no_tip_is_lost_when_the_twin_turns_up_after_work_has_gone_on_without_it(
    desk: Desk, server: RealServer
) -> None:
    server.receive("Before the laptop died.", b"a photograph")
    _die_and_restore(desk, "second")
    desk.issue()  # new keys, in place of those that only the twin has now
    carry_out(desk, server)
    server.receive("Sealed to the old keys until the manifest arrives.")
    server.adopt(read_run(desk.folder / "manifest.json"))
    server.receive("Sealed to the new ones.")
    carry_out(desk, server)
    assert _texts(desk) == {"Sealed to the new ones."}
    desk.backup()
    assert _carry_in(desk, server) == 1  # only what was opened goes from the server

    desk.do("keys", "restore", desk.home, "--twin", desk.folder / "twin")
    assert "2 that could not be opened before; 0 stay closed" in desk.out
    assert len(_texts(desk)) == 3
    desk.backup()
    assert _carry_in(desk, server) == 2


def test_what_only_the_server_has_comes_again_after_a_second_death(desk: Desk, server: RealServer) -> None:
    """The backup of the second home has the digests of what it could not open, and nothing else of them."""
    server.receive("Taken in, and not opened.", b"a photograph")
    _die_and_restore(desk, "second")
    carry_out(desk, server)
    assert _texts(desk) == set()
    _die_and_restore(desk, "third")
    desk.do("keys", "restore", desk.home, "--twin", desk.folder / "twin")
    assert list((desk.home / "unopened").iterdir()) == []
    carry_out(desk, server)
    assert "0 new, 1 read before" in desk.out
    assert _texts(desk) == {"Taken in, and not opened."}
    (row,) = desk.submissions()
    desk.do("save", desk.home, row["id"], "--on-disk", "--to", desk.folder / "case")
    assert (desk.folder / "case" / "доклад.pdf.untrusted").read_bytes() == b"a photograph"
    desk.backup()
    assert _carry_in(desk, server) == 1
    desk.do("log", "verify", desk.home)
