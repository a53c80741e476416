"""Days that no clock makes: of 20 hours in which the server ran, with an export, however often it is started."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.organisation import Organisation
from tests.server import Server
from tests.tipline.bundles.carried import export
from tipline.bundles.exporter import carry_out
from tipline.bundles.retention import DAY_SECONDS, DayCount


class Running:
    """A server with its own monotonic time, which begins at an hour that says nothing."""

    def __init__(self, path: Path) -> None:
        self.server = Server(path, Organisation())
        self.server.organisation.issue(self.server.keys.party())
        self.server.adopt()
        self.seconds = 12_345.0
        self.start()

    def start(self) -> None:
        self._count = DayCount(self.server.store.days, seconds=lambda: self.seconds)

    def run(self, seconds: float) -> int:
        """Beats for so long, every ten minutes; the days that are counted then."""
        ends_at = self.seconds + seconds
        while self.seconds < ends_at:
            self.seconds = min(self.seconds + 600, ends_at)
            self._count.look()
        return self.server.store.days.days()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path)
    yield made
    made.server.store.close()


def test_a_day_is_counted_after_twenty_hours_and_an_export_and_no_other_before_twenty_more(
    running: Running,
) -> None:
    export(running.server)
    assert running.run(DAY_SECONDS - 1) == 0
    assert running.run(1) == 1
    export(running.server)
    export(running.server)
    assert running.run(DAY_SECONDS - 1) == 1
    assert running.run(1) == 2


def test_no_day_is_counted_while_nothing_is_exported(running: Running) -> None:
    assert running.run(100 * DAY_SECONDS) == 0
    export(running.server)
    assert running.run(600) == 1, "a hundred days without an export are one"
    assert running.run(100 * DAY_SECONDS) == 1


def test_restarts_in_a_loop_count_nothing(running: Running) -> None:
    for _ in range(100):
        export(running.server)
        running.start()
        assert running.run(DAY_SECONDS - 1) == 0


def test_a_restart_forgets_the_hours_since_the_last_day_and_no_day(running: Running) -> None:
    export(running.server)
    assert running.run(DAY_SECONDS) == 1
    export(running.server)
    running.run(DAY_SECONDS - 1)
    running.seconds = 0.0  # monotonic time begins again with the machine
    running.start()
    assert running.run(DAY_SECONDS - 1) == 1
    assert running.run(1) == 2


def test_no_clock_of_days_makes_a_day(running: Running) -> None:
    for day in range(60):
        running.server.clock.day = running.server.clock.day.replace(day=1 + day % 28)
        export(running.server)
        running.server.store.beat()
        assert running.run(600) == 0


def test_an_export_that_breaks_off_counts_no_day(running: Running) -> None:
    server = running.server
    server.keep(b"sealed")

    def medium(_piece: bytes) -> None:
        raise OSError("pulled out")

    with pytest.raises(OSError, match="pulled out"):
        carry_out(medium, store=server.store, folder=server.folder, policy=server.policy, clock=server.clock)
    assert running.run(2 * DAY_SECONDS) == 0
