"""The cost of a journey for the person who makes it: presses, pages, requests, bytes and seconds, counted while it
runs.

``JOURNEY_PICTURES=FOLDER`` keeps what the screen showed.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from demo.firefox import Firefox
from lab.journeys.address_bar import AddressBar
from tests.slow_line import SlowLine

AS_FAST_AS_IT_CAN = 1 << 40
ANSWERED = "network.responseCompleted"


@dataclass(frozen=True)
class Cost:
    """``presses`` are links, buttons, ticks and choices; ``pages`` are those that someone must look at;
    ``seconds`` are those in which a page is awaited, so without reading and typing."""

    presses: int
    pages: int
    requests: int
    bytes_on_the_wire: int
    seconds: float


class Journey(Firefox):
    """A window that counts what is done in it. What it sends and gets passes over ``line``."""

    def __init__(
        self,
        folder: Path,
        name: str,
        line: SlowLine,
        *,
        width: int = 1280,
        height: int = 900,
        scripts: bool = False,
    ) -> None:
        folder.mkdir()
        super().__init__(folder, socks_port=line.port, width=width, height=height, scripts=scripts)
        self._bidi.call("session.subscribe", events=[ANSWERED])
        self._name = name
        self._line = line
        self._pictures = Path(os.environ.get("JOURNEY_PICTURES", folder))
        self._presses = self._pages = self._taken = 0
        self._seconds = 0.0

    def open(self, address: str) -> None:
        with self._awaited(loads=True):
            super().open(address)

    def type_address(self, bar: AddressBar, typed: str) -> None:
        """Tap the address bar, type, tap Go."""
        self._presses += 2
        with self._awaited(loads=True):
            bar.go_to(typed)

    def press(self, selector: str, *, loads: bool = True) -> None:
        self._presses += 1
        with self._awaited(loads=loads):
            super().press(selector, loads=loads)

    def tick(self, selector: str) -> None:
        """Press what loads no page."""
        self.press(selector, loads=False)

    def choose(self, selector: str, first_letter: str) -> None:
        """Take the choice that begins with this letter out of a list, by keyboard."""
        self._presses += 1
        self.page.run("node => node.focus()", self.page.find(selector))
        self.page.keys([("down", first_letter), ("up", first_letter)])

    def press_into_a_new_window(self, selector: str) -> None:
        """Press a link that leaves this window as it is; what follows is looked at here, where the driver is."""
        assert self.attribute(selector, "target") == "_blank"
        self._presses += 1
        self.open(urljoin(self.address(), self.attribute(selector, "href")))

    def is_shown(self, selector: str) -> bool:
        """True if it takes up room on the screen."""
        return bool(self.page.run("node => node.getClientRects().length > 0", self.page.find(selector)))

    def picture(self, name: str) -> None:
        self._taken += 1
        self.screenshot(self._pictures / f"{self._name}-{self._taken}-{name}.png")

    def seconds_awaited(self) -> float:
        """For pages, so far."""
        return self._seconds

    def cost(self, *, only: str) -> Cost:
        """So far. No one but the host ``only`` was asked for anything."""
        assert self.hosts_asked() - {"data"} == {only}
        answers = [event["response"] for event in self._bidi.take_events(ANSWERED)]
        on_the_wire = [one for one in answers if not one["fromCache"] and urlsplit(one["url"]).scheme == "http"]
        cost = Cost(self._presses, self._pages, len(on_the_wire), self._line.carried_bytes, self._seconds)
        print(f"{self._name}: {cost}")
        return cost

    @contextmanager
    def _awaited(self, *, loads: bool) -> Iterator[None]:
        begin = time.monotonic()
        yield
        if loads:
            self._pages += 1
            self._seconds += time.monotonic() - begin
