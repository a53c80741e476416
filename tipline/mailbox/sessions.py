"""Open mailboxes: a random handle, for fifteen minutes, in memory only."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from crypto.passphrases.mailbox import MailboxAddress
from tipline.requests.refusals import Reason, Refused

SESSION_SECONDS = 15 * 60
_HANDLE_BYTES = 32


@dataclass(slots=True)
class Session:
    """Whose mailbox is open: an id and a public key, which open nothing. Prints nothing."""

    handle: str
    mailbox: MailboxAddress
    replies: frozenset[bytes]
    """Ids of the replies that waited when it was opened, unreadable ones included."""
    files_handle: str = ""
    """The handle of its page for files, once there was one."""

    def __repr__(self) -> str:
        return "<Session>"


class Sessions:
    """Handles of open mailboxes. The cookie holds the handle and nothing else."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._open: dict[str, tuple[Session, float]] = {}

    def open(self, mailbox: MailboxAddress, replies: frozenset[bytes]) -> Session:
        """A new session for ``mailbox`` with these answers; it ends by itself after fifteen minutes."""
        session = Session(secrets.token_urlsafe(_HANDLE_BYTES), mailbox, replies)
        with self._lock:
            self._open[session.handle] = (session, self._seconds() + SESSION_SECONDS)
        return session

    def find(self, untrusted_handle: str | None) -> Session:
        """The session of a cookie.

        Raises:
            Refused: it ended, or never was.
        """
        with self._lock:
            session, ends_at = self._open.get(untrusted_handle or "", (None, 0.0))
        if session is None or ends_at < self._seconds():
            raise Refused(Reason.SESSION_OVER)
        return session

    def end(self, untrusted_handle: str | None) -> None:
        """Invalidate the handle."""
        with self._lock:
            self._open.pop(untrusted_handle or "", None)

    def sweep(self) -> None:
        """Forget those whose time is over."""
        now = self._seconds()
        with self._lock:
            self._open = {handle: held for handle, held in self._open.items() if held[1] >= now}
