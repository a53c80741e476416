"""A courier's rounds: nothing is lost or half written, and whatever fails is said and tried again."""

import datetime as dt
import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from courier.client import CourierError, PushResult
from courier.watch import TIPS_FILE, CourierWatch, Folders
from crypto.bundles.bundle_file import BundleFileWriter
from tests.organisation import TODAY, FixedClock


class Line:
    """A server at the other end: ``takes`` says whether it takes an outbox now, ``tips`` is what waits there."""

    def __init__(self) -> None:
        self.tips = self.empty()
        self.is_there = True
        self.breaks_off = False
        self.taken: list[str] = []
        self.needs: dict[str, str] = {}
        self.unreadable: set[str] = set()

    @staticmethod
    def empty() -> bytes:
        sink = io.BytesIO()
        BundleFileWriter(sink.write).finish()
        return sink.getvalue()

    @contextmanager
    def line(self) -> Iterator["Line"]:
        if not self.is_there:
            raise CourierError("the server cannot be reached through Tor", hint="is it up?")
        yield self

    def push(self, outbox: Path) -> PushResult:
        if outbox.name in self.unreadable:
            raise OSError(errno.EIO, "Input/output error", str(outbox))
        if self.needs.get(outbox.name, "") not in {"", *self.taken}:
            raise CourierError("the server refuses: bundle 1 must come before bundle 2", hint="bring that first")
        self.taken.append(outbox.name)
        return PushResult(1, 0, 32, 0, 0, None)

    def pull(self, out: Path) -> int:
        out.write_bytes(self.tips[:10] if self.breaks_off else self.tips)
        if self.breaks_off:
            raise CourierError("the connection to the server broke before the end")
        return len(self.tips)


class Round:
    """A watch over two folders, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.server = Line()
        self.folders = Folders(folder / "tips", folder / "outboxes")
        self.folders.tips.mkdir()
        self.folders.outboxes.mkdir()
        self.clock = FixedClock()
        self.said: list[str] = []
        self.warned: list[str] = []
        courier: Any = self.server
        self.watch = CourierWatch(
            courier, folder, self.folders, report=self.said.append, warn=self.warned.append, clock=self.clock
        )

    def lay(self, name: str, *, age_seconds: int = 0) -> None:
        path = self.folders.outboxes / name
        path.write_bytes(b"outbox")
        os.utime(path, (path.stat().st_mtime - age_seconds,) * 2)


@pytest.fixture
def rounds(tmp_path: Path) -> Round:
    return Round(tmp_path)


def test_a_round_brings_outboxes_puts_them_away_and_fetches_tips(rounds: Round) -> None:
    rounds.lay("outbox-2.bundles")
    rounds.lay("outbox-1.bundles", age_seconds=60)
    rounds.server.tips = b"x" * 1000
    assert rounds.watch.round()
    assert rounds.server.taken == ["outbox-1.bundles", "outbox-2.bundles"]
    assert [path.name for path in rounds.folders.outboxes.iterdir()] == ["carried"]
    assert len(list((rounds.folders.outboxes / "carried").iterdir())) == 2
    assert (rounds.folders.tips / TIPS_FILE).read_bytes() == b"x" * 1000
    assert rounds.watch.last_success() == TODAY
    assert not rounds.warned


def test_an_outbox_that_another_must_come_before_is_brought_after_it(rounds: Round) -> None:
    rounds.lay("first", age_seconds=60)
    rounds.lay("second")
    rounds.server.needs = {"first": "second"}
    assert rounds.watch.round()
    assert rounds.server.taken == ["second", "first"]


def test_a_refused_outbox_stays_is_named_with_the_hint_and_holds_back_nothing_else(rounds: Round) -> None:
    rounds.lay("bad")
    rounds.lay("good")
    rounds.server.needs = {"bad": "what never comes"}
    rounds.server.tips = b"x" * 1000
    assert not rounds.watch.round()
    assert rounds.server.taken == ["good"]
    assert (rounds.folders.outboxes / "bad").exists()
    assert (rounds.folders.tips / TIPS_FILE).exists()
    assert rounds.warned[0] == (
        "bad stays where it is: the server refuses: bundle 1 must come before bundle 2; bring that first"
    )


def test_a_file_with_a_read_error_is_named_and_holds_back_neither_outboxes_nor_tips(rounds: Round) -> None:
    rounds.lay("bad", age_seconds=60)
    rounds.lay("good")
    rounds.server.unreadable = {"bad"}
    rounds.server.tips = b"x" * 1000
    assert not rounds.watch.round()
    assert rounds.server.taken == ["good"]
    assert (rounds.folders.tips / TIPS_FILE).exists()
    assert rounds.warned[0] == "bad stays where it is: input/output error"


def test_a_file_in_the_place_of_carried_is_named_and_the_round_goes_on(rounds: Round) -> None:
    rounds.lay("carried")
    rounds.lay("first", age_seconds=60)
    rounds.lay("second")
    rounds.server.tips = b"x" * 1000
    assert not rounds.watch.round()
    assert rounds.server.taken == ["first", "second"]
    assert (rounds.folders.tips / TIPS_FILE).exists()
    assert (rounds.folders.outboxes / "carried").read_bytes() == b"outbox"
    assert (
        "carried stays where it is: it is no folder, so uploaded outboxes stay beside it; rename it"
        in rounds.warned
    )


def test_a_link_on_the_medium_sends_no_other_file_and_replaces_none(rounds: Round, tmp_path: Path) -> None:
    (tmp_path / "private").write_bytes(b"of another folder")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine").write_bytes(b"not to be replaced")
    (rounds.folders.outboxes / "link").symlink_to(tmp_path / "private")
    (rounds.folders.outboxes / "carried").symlink_to(elsewhere)
    rounds.lay("mine")
    assert not rounds.watch.round()
    assert rounds.server.taken == ["mine"]
    assert (elsewhere / "mine").read_bytes() == b"not to be replaced"
    assert "link stays where it is: it is a link" in rounds.warned


def test_a_folder_named_as_the_tips_is_named_without_a_number_of_the_system(rounds: Round) -> None:
    (rounds.folders.tips / TIPS_FILE).mkdir()
    rounds.server.tips = b"x" * 1000
    assert not rounds.watch.round()
    assert "tips.bundles: is a directory" in rounds.warned[0]


def test_names_of_the_medium_reach_the_terminal_clean_and_twenty_at_most(rounds: Round) -> None:
    escaping = "a\x1b]0;owned\x07\x1b[2J"
    rounds.lay("b\nbrought all: 9 bundles, 9 deleted there", age_seconds=60)
    for name in (escaping, *(f"junk {number:02}" for number in range(29))):
        rounds.lay(name)
        rounds.server.unreadable.add(name)
    assert not rounds.watch.round()
    told = [*rounds.said, *rounds.warned]
    assert all(line.isprintable() for line in told)
    assert sum("stays where it is" in line for line in told) == 20
    assert "10 more files stay where they are" in told


def test_a_broken_connection_leaves_what_was_fetched_before_and_nothing_half(rounds: Round) -> None:
    (rounds.folders.tips / TIPS_FILE).write_bytes(b"fetched before")
    rounds.server.tips = b"x" * 1000
    rounds.server.breaks_off = True
    assert not rounds.watch.round()
    assert [path.name for path in rounds.folders.tips.iterdir()] == [TIPS_FILE]
    assert (rounds.folders.tips / TIPS_FILE).read_bytes() == b"fetched before"


def test_when_nothing_waits_what_was_fetched_before_stays(rounds: Round) -> None:
    (rounds.folders.tips / TIPS_FILE).write_bytes(b"fetched before")
    assert rounds.watch.round()
    assert (rounds.folders.tips / TIPS_FILE).read_bytes() == b"fetched before"


def test_a_medium_that_is_not_plugged_in_is_named_and_the_server_left_alone(rounds: Round) -> None:
    rounds.folders.outboxes.rmdir()
    rounds.server.is_there = False
    assert not rounds.watch.round()
    assert "outboxes is not there" in rounds.warned[0]


def test_a_failed_round_says_when_the_last_was_done_and_how_many_failed(rounds: Round) -> None:
    assert rounds.watch.round()
    rounds.clock.day = TODAY + dt.timedelta(days=3)
    rounds.server.is_there = False
    assert not rounds.watch.round()
    assert not rounds.watch.round()
    assert rounds.warned[-2].startswith(
        f"this round was not done (the last one was done on {TODAY}; 2 failed since)"
    )
    rounds.server.is_there = True
    assert rounds.watch.round()
    assert rounds.watch.last_success() == TODAY + dt.timedelta(days=3)


def test_rounds_go_on_after_failures_until_they_are_ended(rounds: Round) -> None:
    rounds.server.is_there = False
    pauses: list[float] = []

    class Stop:
        def wait(self, seconds: float) -> bool:
            pauses.append(seconds)
            rounds.server.is_there = True
            return len(pauses) == 3

    stop: Any = Stop()
    rounds.watch.run(every_seconds=36_000, stop=stop)
    assert rounds.said[0] == "no round was done yet"
    assert pauses[0] < 1000 < pauses[1]  # a failure is tried again soon, a success is followed by the whole pause
    assert rounds.said.count(f"round done on {TODAY}") == 2
