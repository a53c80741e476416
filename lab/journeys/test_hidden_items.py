"""A fellow reviewer who carries, and a disk that fails, hide nothing for good: ``docs/formats/bundle.md``."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crypto.bundles.bundle import ItemEntry, ItemType
from crypto.primitives.week import Week
from reviewer.home.home import open_home
from reviewer.terminal.secret_entry import SecretEntry
from tests.end_to_end.fellow import Fellow
from tests.end_to_end.line import Line
from tests.end_to_end.real_server import RealServer
from tests.end_to_end.test_two_reviewers import _texts
from tests.reviewer.desk_stage import Desk

TIP = "the second reviewer takes bribes"


def brought(reviewer: Desk, file: bytes) -> None:
    stick = reviewer.folder / "stick"
    stick.write_bytes(file)
    reviewer.do("import", reviewer.home, stick)


def awaited(reviewer: Desk) -> list[str]:
    with open_home(reviewer.home, entry=SecretEntry(None)) as home:
        return [one.name for one in home.casebook.awaited.all()]


def end_week(line: Line, week: Week) -> list[bytes]:
    """The first exports after the week, which close it."""
    for server in line.servers:
        server.clock.day = week.last_day + dt.timedelta(days=1)
    return [server.export() for server in line.servers]


def hides_tips(entry: ItemEntry) -> bool:
    return entry.type is ItemType.SUBMISSION


def hides_closed_weeks(entry: ItemEntry) -> bool:
    return entry.type is ItemType.WEEK_CLOSED


@pytest.fixture
def hidden(line: Line) -> Line:
    """The second reviewer has read a tip, and brings the first one the same FILE without it."""
    line.servers[0].receive(TIP)
    exported = line.servers[0].export()
    brought(line.second, exported)
    assert _texts(line.second) == [TIP]
    brought(line.first, Fellow.at(line.second).as_version_1(exported, hides_tips))
    return line


def test_a_tip_that_a_fellow_left_out_is_named_and_comes_with_the_next_honest_export(hidden: Line) -> None:
    (name,) = awaited(hidden.first)
    stream, bundle, item = name.split(":")
    assert re.search(rf"item {item} of bundle {bundle} of server server .*stream {stream}", hidden.first.err)
    assert re.search(r"missing since \d{4}-\d\d-\d\d", hidden.first.err)
    assert _texts(hidden.first) == []
    brought(hidden.first, hidden.servers[0].export())
    assert "missing since" not in hidden.first.err
    assert _texts(hidden.first) == [TIP]
    assert awaited(hidden.first) == []


def test_no_key_that_could_open_a_tip_which_a_fellow_left_out_is_retired(hidden: Line) -> None:
    first, (name,) = hidden.first, awaited(hidden.first)
    week = hidden.servers[0].policy.intake().week
    for exported in end_week(hidden, week):
        brought(first, Fellow.at(hidden.second).as_version_1(exported, hides_tips))
    first.backup()
    assert first.run("keys", "retire", first.home, "--week", str(week)) == 1
    assert f"--give-up {name} lets it go" in first.err
    brought(first, hidden.servers[0].export())
    assert _texts(first) == [TIP]
    first.backup()
    first.do("keys", "retire", first.home, "--week", str(week))
    assert f"destroyed        intake-{week}" in first.out


def test_staff_give_up_what_does_not_come_by_its_numbers_and_that_is_logged(hidden: Line) -> None:
    first, (name,) = hidden.first, awaited(hidden.first)
    week = hidden.servers[0].policy.intake().week
    for exported in end_week(hidden, week):
        brought(first, Fellow.at(hidden.second).as_version_1(exported, hides_tips))
    first.backup()
    wrong = name.rsplit(":", 1)[0] + ":7"
    assert first.run("keys", "retire", first.home, "--week", str(week), "--give-up", wrong) == 1
    assert f"nothing named {wrong} is awaited" in first.err
    first.do("keys", "retire", first.home, "--week", str(week), "--give-up", name)
    assert f"destroyed        intake-{week}" in first.out
    first.do("log", "show", first.home)
    assert f"item given up  {name} of server" in re.sub(r" {2,}", "  ", first.out)
    first.do("log", "verify", first.home)


@pytest.mark.parametrize("mark", [b"\0", b"\2"], ids=["deleted", "withheld"])
def test_a_fellow_can_mark_nothing_in_the_name_of_the_server(line: Line, mark: bytes) -> None:
    line.servers[0].receive(TIP)
    exported = line.servers[0].export()
    brought(line.second, exported)
    stick = line.first.folder / "stick"
    stick.write_bytes(Fellow.at(line.second).with_marks(exported, hides_tips, mark=mark))
    assert line.first.run("import", line.first.home, stick) == 1
    assert "bad signature" in line.first.err
    assert awaited(line.first) == []
    brought(line.first, exported)
    assert _texts(line.first) == [TIP]


def test_a_closed_week_that_a_fellow_left_out_comes_with_the_next_honest_export(line: Line) -> None:
    first, server = line.first, line.servers[0]
    week = server.policy.intake().week
    server.receive("a tip")
    exported, other = end_week(line, week)
    brought(first, other)
    brought(first, Fellow.at(line.second).as_version_1(exported, hides_closed_weeks))
    assert "(week-closed, missing since" in first.err
    first.backup()
    assert first.run("keys", "retire", first.home, "--week", str(week)) == 1
    assert f"server server has not signed that week {week} is closed" in first.err
    # No receipt leaves meanwhile: the server would take that bundle for done, and send it no more.
    assert [done.receipts for done in line.carry_in(first)] == [0, 0]
    brought(first, server.export())
    assert f"week closed      {week}" in first.out
    assert awaited(first) == []
    assert [done.receipts for done in line.carry_in(first)] == [1, 0]
    first.do("keys", "retire", first.home, "--week", str(week))
    assert f"destroyed        intake-{week}" in first.out


def test_a_closed_week_left_out_of_a_bundle_without_tips_comes_though_later_ones_were_read(line: Line) -> None:
    first, server = line.first, line.servers[0]
    week = server.policy.intake().week
    exported, _other = end_week(line, week)
    brought(first, Fellow.at(line.second).as_version_1(exported, hides_closed_weeks))
    server.receive("a tip of the next week")
    brought(first, Fellow.at(line.second).as_version_1(server.export(), hides_closed_weeks))
    first.backup()
    line.carry_in(first)
    brought(first, server.export())
    assert f"week closed      {week}" in first.out
    assert [done.receipts for done in line.carry_in(first)] == [1, 0]


def test_what_a_disk_withheld_on_a_bad_day_comes_when_it_is_well_and_its_key_waits(line: Line) -> None:
    server = line.servers[0]
    for text in ("came on a bad day", "came as well"):
        server.receive(text)
    victim = server.store.submissions.waiting()[0].submission
    week = server.policy.intake().week
    with on_a_bad_disk(server, victim):
        for exported in (server.export(), *end_week(line, week)):
            for one in (line.first, line.second):
                brought(one, exported)
        for one in (line.first, line.second):
            assert len(_texts(one)) == 1
            assert len(awaited(one)) == 1
            one.backup()
            assert one.run("keys", "retire", one.home, "--week", str(week)) == 1
            assert "was not in its bundle" in one.err
    line.carry_out(line.first, line.second)
    for one in (line.first, line.second):
        assert _texts(one) == ["came as well", "came on a bad day"]
        assert awaited(one) == []
        one.backup()
        line.carry_in(one)
        one.do("keys", "retire", one.home, "--week", str(week))
        assert f"destroyed        intake-{week}" in one.out
    assert line.waiting() == [0, 0]


def test_an_earlier_honest_sealing_that_comes_later_takes_nothing_away(line: Line) -> None:
    server = line.servers[0]
    server.receive("came on a bad day")
    (stored,) = server.store.submissions.waiting()
    with on_a_bad_disk(server, stored.submission):
        withheld = server.export()
    whole = server.export()
    delete_all(server)
    deleted = server.export(from_number=1)
    for file, expected in ((withheld, 1), (deleted, 0), (withheld, 0)):
        brought(line.first, file)
        assert len(awaited(line.first)) == expected
    brought(line.first, whole)
    assert _texts(line.first) == ["came on a bad day"], "a FILE from before still has it"


def test_a_signed_deletion_is_told_once_and_holds_back_no_key(line: Line) -> None:
    first, server = line.first, line.servers[0]
    server.receive("deleted before the first reviewer read it")
    week = server.policy.intake().week
    server.export()
    delete_all(server)
    end_week(line, week)
    for each in line.servers:
        brought(first, each.export(from_number=1))
        if each is server:
            assert "1 envelopes were deleted on the server before they were read here" in first.err
        brought(first, each.export(from_number=1))
        assert "were deleted on the server" not in first.err
    assert awaited(first) == []
    first.backup()
    first.do("keys", "retire", first.home, "--week", str(week))
    assert f"destroyed        intake-{week}" in first.out


def delete_all(server: RealServer) -> None:
    """As the server does by its rule; when that is, ``tests/tipline/bundles/test_deletion.py`` says."""
    for each in server.store.submissions.waiting():
        server.store.submissions.delete(each.submission)


@contextmanager
def on_a_bad_disk(server: RealServer, submission: bytes) -> Iterator[None]:
    """The rows of one submission do not come back as they were written."""
    bulk = server.store._bulk
    rows = bulk.rows("SELECT id, sealed FROM pieces WHERE submission = ?", (submission,))
    put = "UPDATE pieces SET sealed = ? WHERE id = ?"
    with bulk.transaction() as changing:
        changing.executemany(put, [(bytes(len(sealed)), row) for row, sealed in rows])
    yield
    with bulk.transaction() as changing:
        changing.executemany(put, [(bytes(sealed), row) for row, sealed in rows])
