"""The web process, started again whenever it died."""

import contextlib
import time
from collections.abc import Callable
from typing import Final, TypeVar

from system.errors import ProgramError
from tipline.machine.listener import Bind
from tipline.operations.first_page import FirstPage
from tipline.store.events import Event
from tipline.supervisor.web_process import WebOrder, WebProcess

Report = Callable[[str], None]
Note = Callable[[Event], None]
_News = TypeVar("_News", str, Event)

_MOST_RESTARTS: Final = 5
_RESTART_WINDOW_SECONDS: Final = 120.0
_LONG_PAUSE_SECONDS: Final = 30.0


class KeptWebProcess:
    """A web process that is started again whenever it has died, for as long as this lasts: this process holds the
    database key, and may be the only one that does until somebody types the passphrase."""

    def __init__(self, order: WebOrder, warn: Report, note: Note, *, is_over: Callable[[], bool]) -> None:
        """``is_over`` breaks a start again off; signals break off the first one, before the watch begins.

        Raises:
            ListenerError, WebProcessFailed: it does not start to begin with.
        """
        self._order = order
        self._warn = warn
        self._note = note
        self._is_over = is_over
        self._deaths: list[float] = []
        self._again_at = 0.0
        self._web = WebProcess(order)

    def address(self) -> str:
        port = self._web.port
        return f"http://127.0.0.1:{port}/" if port is not None else str(self._order.public)

    def first_page(self) -> FirstPage:
        """Where it can be asked for."""
        port, path = self._web.port, self._order.public.path
        return FirstPage(Bind(None if path is None else path.absolute(), port), self._order.behind_tor)

    def keeps_to_its_files(self) -> bool:
        """Whether the kernel keeps it to the files that it needs."""
        return self._web.keeps_to_its_files

    def revive(self) -> None:
        """Starts it again if it is dead; after several deaths within two minutes, or where it does not start, in
        half a minute. Does not fail."""
        now = time.monotonic()
        if self._web.is_running() or now < self._again_at:
            return
        self._deaths = [death for death in self._deaths if now - death < _RESTART_WINDOW_SECONDS] + [now]
        if len(self._deaths) > _MOST_RESTARTS:
            self._again_at = now + _LONG_PAUSE_SECONDS
        _tell(self._warn, "the web process died; starting it again")
        _tell(self._note, Event.WEB_PROCESS_DIED)
        try:
            self._web.stop()
            self._web = WebProcess(self._order, is_over=self._is_over)
        except (ProgramError, OSError, MemoryError, RuntimeError) as error:
            self._again_at = time.monotonic() + _LONG_PAUSE_SECONDS
            if self._is_over():
                return
            reason = str(error) if isinstance(error, ProgramError) else type(error).__name__
            _tell(self._note, Event.NO_START_WEB)
            _tell(self._warn, f"it does not start: {reason}; trying again in {_LONG_PAUSE_SECONDS:.0f} s")

    def stop(self) -> None:
        self._web.stop()

    def __enter__(self) -> "KeptWebProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _tell(tell: Callable[[_News], None], news: _News) -> None:
    """Which is never worth a site that stays down."""
    with contextlib.suppress(ProgramError, OSError, MemoryError, RuntimeError):
        tell(news)
