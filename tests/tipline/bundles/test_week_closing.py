"""A clock that is far ahead when someone exports must not close the site for ever."""

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.primitives.week import Week
from tests.organisation import TODAY, Organisation
from tests.server import Server
from tipline.bundles.exporter import carry_out
from tipline.bundles.week_closing import DAYS_FOR_OLD_FILES, WeekClosing, note_restored, to_close
from tipline.errors import CarryRefused
from tipline.instance.open_site import OpenSite
from tipline.operations.site_status import SiteStatus

WEEKS = [Week.of(TODAY)]
for _ in range(7):
    WEEKS.append(WEEKS[-1].next())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, Organisation())
    made.organisation.issue(made.keys.party(), weeks=len(WEEKS), valid_days=100)
    made.adopt()
    made.folder.database_key.write_bytes(b"protected")  # status asks whether it is
    yield made
    made.store.close()


def _export(server: Server, closing: WeekClosing = WeekClosing.HOLD_OPEN) -> None:
    carry_out(
        io.BytesIO().write, store=server.store, folder=server.folder, policy=server.policy, clock=server.clock,
        closing=closing,
    )  # fmt: skip


def _closed(server: Server) -> list[Week]:
    return [week for week in WEEKS if server.store.submissions.is_closed(str(week))]


def _status(server: Server) -> SiteStatus:
    return SiteStatus.of(OpenSite(server.folder, server.store, server.policy, server.clock))


def test_two_weeks_that_are_over_are_closed_at_once(server: Server) -> None:
    server.clock.day = WEEKS[1].last_day + dt.timedelta(days=1)
    _export(server, WeekClosing.REFUSE)
    assert _closed(server) == WEEKS[:2]


def test_a_clock_three_weeks_ahead_is_refused_and_signs_nothing(server: Server) -> None:
    server.keep(b"sealed")
    server.clock.day = WEEKS[2].last_day + dt.timedelta(days=1)
    with pytest.raises(CarryRefused, match=r"3 weeks, .*is the clock right") as refused:
        _export(server, WeekClosing.REFUSE)
    assert "--close-weeks" in str(refused.value.hint)
    assert _closed(server) == []
    assert server.store.outgoing.numbers() == []
    server.clock.day = TODAY
    assert server.policy.intake().week == WEEKS[0]


def test_a_courier_gets_its_bundles_all_the_same_and_closes_none_of_them_however_often_it_asks(
    server: Server,
) -> None:
    server.keep(b"sealed")
    server.clock.day = TODAY + dt.timedelta(days=365)
    for _ in range(3):
        _export(server)
    assert _closed(server) == []
    assert server.store.outgoing.numbers() == [1]
    status = _status(server)
    assert status.weeks_held_open == [str(week) for week in WEEKS]
    assert any("--close-weeks" in warning for warning in status.warnings())
    server.clock.day = TODAY
    assert server.policy.intake().week == WEEKS[0]
    assert _status(server).weeks_held_open == []


def test_an_operator_who_looked_at_the_clock_closes_them(server: Server) -> None:
    server.clock.day = WEEKS[4].last_day + dt.timedelta(days=1)
    _export(server, WeekClosing.CLOSE)
    assert _closed(server) == WEEKS[:5]
    assert _status(server).weeks_held_open == []


def test_weeks_from_before_the_manifest_are_over_by_the_word_of_the_root(server: Server) -> None:
    late = WEEKS[5].last_day + dt.timedelta(days=3)
    server.organisation.issue(server.keys.party(), today=late, weeks=3)
    server.clock.day = late
    server.adopt()
    _export(server, WeekClosing.REFUSE)
    assert _closed(server) == WEEKS[:6]


def test_weeks_that_a_restored_server_had_closed_before_are_closed_again_without_doubt() -> None:
    names = [str(week) for week in WEEKS[:5]]
    closed_before = set(names[:3])
    assert to_close(names, issued=TODAY, closed_before=closed_before, closing=WeekClosing.REFUSE) == names
    with pytest.raises(CarryRefused, match="3 weeks"):
        to_close(names, issued=TODAY, closed_before=set(names[:2]), closing=WeekClosing.REFUSE)
    assert to_close(names, issued=TODAY, closed_before=set(names[:2]), closing=WeekClosing.HOLD_OPEN) == names[:2]


def _count_days(server: Server, days: int) -> None:
    for _ in range(days):
        server.store.days.note_export()
        server.store.days.count()


@pytest.mark.parametrize("closing", [WeekClosing.HOLD_OPEN, WeekClosing.CLOSE])
def test_a_restored_server_keeps_the_weeks_of_the_machine_before_open_for_thirty_counted_days(
    server: Server, closing: WeekClosing
) -> None:
    server.clock.day = WEEKS[0].last_day + dt.timedelta(days=1)
    _export(server)
    note_restored(server.store, WEEKS[1].monday)
    server.clock.day = WEEKS[1].last_day + dt.timedelta(days=1)
    _count_days(server, DAYS_FOR_OLD_FILES - 1)
    _export(server, closing)
    assert _closed(server) == WEEKS[:1]
    status = _status(server)
    assert status.weeks_kept_for_old_files == [str(WEEKS[1])]
    assert status.weeks_held_open == []
    assert any("have every FILE of the machine before imported" in warning for warning in status.warnings())
    _count_days(server, 1)
    _export(server, closing)
    assert _closed(server) == WEEKS[:2]
    assert _status(server).weeks_kept_for_old_files == []


def test_a_restored_server_closes_the_weeks_that_began_after_the_restore(server: Server) -> None:
    note_restored(server.store, WEEKS[1].monday - dt.timedelta(days=1))
    server.clock.day = WEEKS[1].last_day + dt.timedelta(days=1)
    _export(server)
    assert _closed(server) == [WEEKS[1]]
