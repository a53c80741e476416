"""The running relay: ears, slots, its line to the server, and a state file that says what is wrong.

The state file names alarms and days, and no id of a button: it may be read by anyone who stands at the box.
"""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onion.client_line import ClientLine
from onion.errors import OnionError
from relay.home import STATE_FILE, RelayHome, RelayRefused
from relay.line import RelayLine
from relay.pipe_radio import Radio
from relay.relay import QUIET_SECONDS, Relay, RelayAlarm
from relay.slots import MOST_UNDER_WAY, SLOT_SECONDS, PostClock, Slots
from system.atomic_files import write_whole
from system.clock import passed_seconds
from system.errors import ProgramError

LOOK_SECONDS = 5.0
KEEP_SECONDS = 300
"""A state that did not change is written again after so long, so that a dead relay is noticed."""
LINE_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class RelayReport:
    """The content of ``tipline-relay status``. ``at`` is in Unix seconds, days count today in."""

    relay: int
    at: int
    alarms: tuple[str, ...]
    trouble: str
    mark_days: int
    intake_days: int

    @property
    def is_fresh(self) -> bool:
        """False if the relay has not written for longer than it may."""
        return abs(time.time() - self.at) < 2 * KEEP_SECONDS

    def keep(self, folder: Path) -> None:
        told = {
            "alarms": list(self.alarms),
            "at": self.at,
            "intake_days": self.intake_days,
            "mark_days": self.mark_days,
            "relay": self.relay,
            "trouble": self.trouble,
        }
        write_whole(folder / STATE_FILE, json.dumps(told, sort_keys=True).encode() + b"\n")

    @classmethod
    def load(cls, folder: Path) -> "RelayReport | None":
        """The state that was kept last; None where none was, or it cannot be read."""
        try:
            told: dict[str, Any] = json.loads((folder / STATE_FILE).read_bytes())
            return cls(**told | {"alarms": tuple(told["alarms"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None


class RelayProgram:
    """Runs until ``wait`` says that it ends; ``report`` hears a line for each change."""

    def __init__(
        self, home: RelayHome, radio: Radio, *, report: Callable[[str], object], slot_seconds: float = SLOT_SECONDS
    ) -> None:
        settings = home.settings()
        if not settings.address:
            raise RelayRefused("this relay has no address yet", hint="tipline-relay setup HOME --address ADDRESS")
        self._stamp = home.stamp()
        papers = home.papers()
        if papers is None:
            raise RelayRefused(
                "this relay has no relay file yet", hint="tipline-relay take HOME MANIFEST RELAY-FILE"
            )
        self._home = home
        self._radio = radio
        self._report = report
        self._slots = Slots(slot_seconds, settings.phase * slot_seconds)
        self._client = ClientLine(settings.address, home.onion_key(), home.folder / "line", settings.network)
        self._address = settings.address
        self._number = papers.relay_file.number
        self._relay = Relay(papers.identity(), papers.keys(), now=lambda: int(time.time()))
        self._line: RelayLine | None = None
        self._answered_at = passed_seconds()
        self._told: RelayReport | None = None
        self._line_trouble = "no line to the server yet"

    def run(self, wait: Callable[[float], bool]) -> None:
        """Hear, post and keep the state, until ``wait`` returns True."""
        ending = threading.Event()

        def ends(seconds: float) -> bool:
            if wait(seconds):
                ending.set()
            return ending.is_set()

        keeper = threading.Thread(target=self._keep_state, args=(ending,), name="state", daemon=True)
        self._radio.start(self._relay)
        keeper.start()
        try:
            while not ending.is_set():
                self._hold_line(ends)
        finally:
            ending.set()
            self._radio.close()
            keeper.join(LOOK_SECONDS)

    def _hold_line(self, ends: Callable[[float], bool]) -> None:
        """Open the line and post through it, until the relay ends or nothing was answered for too long."""
        try:
            # Tor ends before the pool is waited for, so that posts under way end with it.
            with (
                ThreadPoolExecutor(MOST_UNDER_WAY) as pool,
                self._client.open(name="relay", warn=self._report) as port,
            ):
                self._line = RelayLine(self._address, port)
                self._line_trouble = ""
                self._answered_at = passed_seconds()
                clock = PostClock(self._slots, self._post, now=passed_seconds, pool=pool)
                clock.run(lambda seconds: ends(seconds) or self._is_line_dead())
        except OnionError as error:
            self._line_trouble = str(error)
            ends(LINE_AGAIN_SECONDS)
        finally:
            self._line = None

    def _is_line_dead(self) -> bool:
        return passed_seconds() - self._answered_at > QUIET_SECONDS

    def _post(self) -> None:
        line, made = self._line, self._relay.next_post()
        if line is not None and line.post(made.sealed):
            self._relay.confirm(made)
            self._answered_at = passed_seconds()

    def _keep_state(self, ending: threading.Event) -> None:
        while not ending.wait(LOOK_SECONDS):
            try:
                self._take_new_papers()
                self._tell(self.state())
            except (ProgramError, OSError) as error:
                self._report(f"warning: {error}")

    def _take_new_papers(self) -> None:
        """Use at once what ``tipline-relay take`` has brought."""
        stamp = self._home.stamp()
        if stamp == self._stamp:
            return
        papers = self._home.papers()
        if papers is not None:
            self._relay.renew(papers.keys(), papers.identity())
            self._report("took a new relay file or manifest")
        self._stamp = stamp

    def state(self) -> RelayReport:
        """The state now."""
        alarms = [alarm.value for alarm in self._relay.alarms()]
        if self._radio.trouble and RelayAlarm.DEAF.value not in alarms:
            alarms.append(RelayAlarm.DEAF.value)
        marks, intake = self._relay.days_left()
        trouble = self._radio.trouble or self._line_trouble
        return RelayReport(self._number, int(time.time()), tuple(alarms), trouble, marks, intake)

    def _tell(self, state: RelayReport) -> None:
        before = self._told
        is_same = before is not None and (before.alarms, before.trouble) == (state.alarms, state.trouble)
        if before is not None and is_same and state.at - before.at < KEEP_SECONDS:
            return
        state.keep(self._home.folder)
        self._told = state
        if not is_same:
            self._report(f"alarms: {', '.join(state.alarms) or 'none'}")
