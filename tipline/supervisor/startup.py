"""The start of a server, reported to its operator, to other processes and to the store.

The operator waits at `tipline unlock`. A start has succeeded when the first page was answered and tor was started.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

from system.clock import SYSTEM_CLOCK
from system.errors import ProgramError
from tipline.errors import DatabaseKeyError
from tipline.instance.folder import SiteFolder
from tipline.instance.forms import FormError
from tipline.instance.site_settings import SettingsError
from tipline.instance.site_texts import SiteTextError
from tipline.machine.listener import ListenerError
from tipline.machine.no_plaintext import PlaintextRisk
from tipline.operations.first_page import FirstPage, FirstPageSilent
from tipline.operations.serving_state import FailedStart, failed_start, leave
from tipline.operations.unlocking import await_key, tell_failed, tell_served
from tipline.store.errors import StoreError
from tipline.store.events import Event
from tipline.supervisor.web_process import WebProcessFailed

_PAGE_SECONDS: Final = 15.0
_REASONS: Final[tuple[tuple[tuple[type[Exception], ...], Event], ...]] = (
    ((PlaintextRisk,), Event.NO_START_RISK),
    ((SettingsError, FormError, SiteTextError), Event.NO_START_SETTINGS),
    ((DatabaseKeyError,), Event.NO_START_KEY),
    ((StoreError,), Event.NO_START_STORE),
    ((ListenerError,), Event.NO_START_ADDRESS),
    ((WebProcessFailed,), Event.NO_START_WEB),
    ((FirstPageSilent,), Event.NO_START_PAGE),
    ((OSError, MemoryError, RuntimeError), Event.NO_START_SYSTEM),
)


class ServerStart:
    """The start of the process that holds the lock file ``lock``.

    Leaving the block by an error before :meth:`is_over` is a failed start; a signal that ends the server is none.
    """

    def __init__(self, folder: SiteFolder, lock: int, *, tors_error: type[Exception]) -> None:
        self._folder = folder
        self._lock = lock
        self._tors_error = tors_error
        self._operator: socket.socket | None = None
        self._note: Callable[..., None] | None = None
        self._is_over = False

    def __enter__(self) -> Self:
        if failed_start(self._folder) is None:
            leave(self._lock, None)  # of the server before
        return self

    def await_key(self, report: Callable[[str], None]) -> bytes:
        """The database key, from ``operations.unlocking.await_key``; its operator hears how it goes on."""
        key, self._operator = await_key(self._folder, report)
        return key

    def start_noting(self, note: Callable[..., None]) -> None:
        """The store takes events from now on, by ``note``: also that of a start before, which came less far."""
        before = failed_start(self._folder)
        self._note = note
        if before is not None and not before.is_noted:
            note(before.reason, on=before.day)
        leave(self._lock, None)

    def await_first_page(self, page: FirstPage) -> None:
        """Return once it was answered; the operator goes then.

        Raises:
            FirstPageSilent: it was not.
        """
        page.require_answer(seconds=_PAGE_SECONDS)
        leave(self._lock, page)
        if self._operator is not None:
            tell_served(self._operator)
            self._let_operator_go()

    def is_over(self) -> None:
        """Mark the start as done: an error that ends the server from now on is no failed start."""
        self._is_over = True

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not self._is_over:
            reason = self._reason(error)
            if self._note is not None:
                with suppress(ProgramError, OSError, MemoryError, RuntimeError):
                    self._note(reason)
            leave(self._lock, FailedStart(reason, SYSTEM_CLOCK.today(), is_noted=self._note is not None))
            if self._operator is not None:
                tell_failed(self._operator, reason, error)
        self._let_operator_go()

    def _reason(self, error: Exception) -> Event:
        if isinstance(error, self._tors_error):
            return Event.NO_START_TOR
        return next((reason for kinds, reason in _REASONS if isinstance(error, kinds)), Event.NO_START_OTHER)

    def _let_operator_go(self) -> None:
        if self._operator is not None:
            self._operator.close()
            self._operator = None
