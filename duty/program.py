"""The running duty machine: its line to the server, the seconds of its bell, and its pages."""

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from duty.desk.page_language import PageLanguage
from duty.desk.server import served_desk
from duty.home import FETCH_PLACE, DutyHome
from duty.line import FETCH_SECONDS, DutyLine, Fetched, FetchPlace
from duty.papers import DutyRefused
from duty.service import DutyService, PostLine
from duty.sound import Bell
from onion.client_line import ClientLine
from onion.errors import OnionError
from system.atomic_files import write_whole
from system.clock import passed_seconds
from system.errors import ProgramError

TICK_SECONDS = 1.0
LINE_AGAIN_SECONDS = 15.0
LINE_DEAD_SECONDS = 300.0
"""A line through which nothing was fetched for so long is opened again."""


class TimedLine:
    """A line that notes when the last answer came, in seconds since the machine was started."""

    def __init__(self, line: PostLine) -> None:
        self._line = line
        self.answered = 0.0

    def fetch(self, place: FetchPlace, *, note: bytes) -> Fetched | None:
        """As the line does."""
        found = self._line.fetch(place, note=note)
        self.answered = passed_seconds()
        return found


def next_fetch(*, began: float, answered: float, every: float) -> float:
    """The time of the next fetch: a whole number of ``every`` seconds after this one ``began``.

    It depends on when the answer came, and not on how long the desk was busy with it: a press takes longer to be
    kept than a cover, and the server must not see that.
    """
    busy = every / 5
    return began + every * max(1, math.ceil((answered + busy - began) / every))


class DutyProgram:
    """Runs until ``wait`` says that it ends; ``report`` hears a line for each change."""

    def __init__(
        self,
        home: DutyHome,
        *,
        report: Callable[[str], object],
        words: PageLanguage,
        fetch_seconds: float = FETCH_SECONDS,
        address_to: Path | None = None,
    ) -> None:
        """``address_to`` is a file for the address that opens the pages, which is then not reported."""
        settings = home.settings()
        if not settings.address:
            raise DutyRefused("this machine has no address yet", hint="tipline-duty setup HOME --address ADDRESS")
        self._home = home
        self._report = report
        self._words = words
        self._fetch_seconds = fetch_seconds
        self._address_to = address_to
        self._address, self._machine = settings.address, settings.machine
        self._client = ClientLine(settings.address, home.onion_key(), home.folder / "line", settings.network)
        self.service = DutyService(home, now=lambda: int(time.time()), find_bell=Bell.find)
        self._fetched_at = passed_seconds()
        self._told: list[str] | None = None
        self._warned = ""

    def run(self, wait: Callable[[float], bool]) -> None:
        """Fetch, ring and serve the pages, until ``wait`` returns True."""
        ending = threading.Event()
        with self._home.running(), served_desk(self.service, words=self._words) as address:
            self._forget_fetch()
            fetching = threading.Thread(target=self._hold_lines, args=(ending,), name="fetch", daemon=True)
            fetching.start()
            try:
                # The bell is tried before the pages can be opened: else they would say that there is no sound.
                self._tick()
                self._tell_address(address)
                while not wait(TICK_SECONDS):
                    self._tick()
            finally:
                ending.set()
                self.service.close()
                if self._address_to is not None:
                    self._address_to.unlink(missing_ok=True)
        # Tor ends with its line, in the other thread.
        fetching.join(LINE_AGAIN_SECONDS)

    def _forget_fetch(self) -> None:
        """Nothing was fetched since this start: ``tipline-duty status`` goes by the time of this file."""
        with suppress(OSError):
            os.utime(self._home.folder / FETCH_PLACE, (0, 0))

    def _tell_address(self, address: str) -> None:
        if self._address_to is None:
            self._report(f"open {address}")
            return
        try:
            write_whole(self._address_to, f"{address}\n".encode())
        except ProgramError as error:  # ringing does not need the browser
            self._warn(str(error))
        else:
            self._report(f"the address that opens the desk is in {self._address_to}")

    def _tick(self) -> None:
        # Each step by itself: a damaged file must not keep the bell from ringing.
        for step in (self.service.tick, self._take_new_files, self._tell_alarms):
            try:
                step()
            except Exception as error:  # noqa: BLE001 -- whatever is wrong with a file, the bell goes on
                self._warn(str(error) or type(error).__name__)

    def _tell_alarms(self) -> None:
        told = [str(alarm) for alarm in self.service.alarms()]
        if told != self._told:
            self._told = told
            self._report(f"alarms: {', '.join(told) or 'none'}")

    def _take_new_files(self) -> None:
        if self.service.refresh():
            self._report("took new files")

    def _warn(self, text: str) -> None:
        """Say a warning once, and again only after another one."""
        if text != self._warned:
            self._warned = text
            self._report(f"warning: {text}")

    def _hold_lines(self, ending: threading.Event) -> None:
        while not ending.is_set():
            try:
                with self._client.open(name="duty", warn=self._report) as port:
                    self._fetched_at = passed_seconds()
                    self._fetch_until(ending, DutyLine(self._address, port, self._machine))
            except OnionError as error:
                self._warn(str(error))
                ending.wait(LINE_AGAIN_SECONDS)
            except Exception as error:  # noqa: BLE001 -- a desk that fetches no more is silent: it begins again
                self._warn(f"the line ended: {type(error).__name__}")
                ending.wait(LINE_AGAIN_SECONDS)

    def _fetch_until(self, ending: threading.Event, untimed: PostLine) -> None:
        line = TimedLine(untimed)
        while not ending.is_set() and passed_seconds() - self._fetched_at < LINE_DEAD_SECONDS:
            began = passed_seconds()
            try:
                if self.service.fetch_once(line):
                    self._fetched_at = passed_seconds()
            except (ProgramError, OSError) as error:
                self._fetched_at = passed_seconds()
                self._warn(f"what came could not be kept: {error}")
            at = next_fetch(began=began, answered=line.answered, every=self._fetch_seconds)
            ending.wait(max(0.0, at - passed_seconds()))
