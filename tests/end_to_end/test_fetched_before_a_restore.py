"""A FILE that a courier fetched before the server died: its tips may be nowhere else."""

import re
from pathlib import Path

import pytest

from tests.end_to_end.line import Line
from tests.end_to_end.put_back import put_back, save
from tests.end_to_end.test_two_reviewers import _texts
from tests.reviewer.desk_stage import Desk
from tipline.bundles.manifest_update import read_run


class Died:
    """A server that was restored; ``fetched`` is what its courier had fetched before, and ``fresh`` what it exports
    now. The backup has the first tip, ``fetched`` the second as well, ``fresh`` the first and the third."""

    def __init__(self, line: Line, folder: Path) -> None:
        self.server, backup = line.servers[0], folder / "server.backup"
        self.server.receive("before the backup")
        line.carry_out(line.first, line.second)
        save(self.server, backup)
        self.server.receive("after the backup")
        self.fetched = self.server.export()
        put_back(self.server, backup, folder / "again")
        self.server.adopt(read_run(line.first.folder / "manifest.json"))
        self.server.receive("on the new machine")
        self.fresh = self.server.export()


@pytest.fixture
def died(line: Line, tmp_path: Path) -> Died:
    return Died(line, tmp_path)


def confirm(reviewer: Desk, file: bytes) -> str:
    """Take in what is of a new stream; the name of the one that ended."""
    stick = reviewer.folder / "stick"
    stick.write_bytes(file)
    assert reviewer.run("import", reviewer.home, stick) == 1
    (stream,) = re.findall(r"servers confirm HOME NAME ([0-9a-f]{32})", reviewer.err)
    reviewer.do("servers", "confirm", reviewer.home, "server", stream)
    (ended,) = re.findall(r"stream ended     ([0-9a-f]{32})", reviewer.out)
    reviewer.do("import", reviewer.home, stick)
    return str(ended)


def brought(reviewer: Desk, file: bytes) -> None:
    stick = reviewer.folder / "stick"
    stick.write_bytes(file)
    reviewer.do("import", reviewer.home, stick)


ALL = ["after the backup", "before the backup", "on the new machine"]


def test_it_is_read_after_the_new_stream_was_confirmed(line: Line, died: Died) -> None:
    for one in (line.first, line.second):
        confirm(one, died.fresh)
        brought(one, died.fetched)
        assert _texts(one) == ALL
        brought(one, died.fetched)
        assert "1 read before" in one.out or "2 read before" in one.out
        brought(one, died.server.export())
        assert _texts(one) == ALL


def test_it_is_read_before_the_new_stream_is_confirmed(line: Line, died: Died) -> None:
    brought(line.first, died.fetched)
    confirm(line.first, died.fresh)
    assert _texts(line.first) == ALL


def test_receipts_for_it_delete_nothing_on_the_restored_server_which_never_had_it(line: Line, died: Died) -> None:
    confirm(line.first, died.fresh)
    brought(line.first, died.fetched)
    line.first.backup()
    outbox = line.first.folder / "outbox"
    line.first.do("outbox", line.first.home, "--out", outbox)
    done = died.server.take_in(outbox)
    assert (done.receipts, done.deleted) == (2, 0)


def test_a_week_is_retired_on_the_word_of_the_new_stream_alone(line: Line, died: Died) -> None:
    week = died.server.policy.intake().week
    confirm(line.first, died.fresh)
    brought(line.first, died.fetched)
    line.first.backup()
    assert line.first.run("keys", "retire", line.first.home, "--week", str(week)) == 1
    assert f"server server has not signed that week {week} is closed" in line.first.err
