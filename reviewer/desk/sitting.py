"""Who may see what now: one browser, let in once, and a home that is open only while somebody is at work.

Locking closes the home as a whole: keys and casebook are given back, and other commands may use it meanwhile.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from reviewer.home import Home, open_home
from reviewer.secret_entry import SecretEntry

_HANDLE_BYTES = 32
_LAST_REQUEST_SECONDS = 3


@dataclass(frozen=True, slots=True)
class TypedPassphrase(SecretEntry):
    """A passphrase that was typed into the page."""

    typed: str = field(default="", repr=False)

    def ask(self) -> str | None:
        return self.typed


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed into a form when the desk turned out to be locked; given back once it is open again. Each
    window may have one."""

    short_id: str
    kind: str
    text: str = field(repr=False)


class Sitting:
    """One run of the desk. ``turn`` is held by whoever uses it: one request at a time, or the clock."""

    def __init__(
        self, folder: Path, *, entry: SecretEntry, idle_seconds: float, clock: Callable[[], float]
    ) -> None:
        """Unlock the home.

        Raises:
            HomeError: no home, in use, or another passphrase.
        """
        self.turn = threading.Lock()
        self.folder = folder
        self.idle_seconds = idle_seconds
        self.drafts: list[Draft] = []
        self.is_stopped = threading.Event()
        self._clock = clock
        self._token: str | None = secrets.token_urlsafe(_HANDLE_BYTES)
        self._handle = secrets.token_urlsafe(_HANDLE_BYTES)
        self._opened = ExitStack()
        self._home: Home | None = None
        self._locks_at = 0.0
        self._is_protected = True
        self._open(entry)

    @property
    def token(self) -> str:
        """What opens the desk once.

        Raises:
            RuntimeError: it was used.
        """
        if self._token is None:
            raise RuntimeError("the desk was opened already")
        return self._token

    @property
    def home(self) -> Home:
        """The open home.

        Raises:
            RuntimeError: it is locked; no view is asked then.
        """
        if self._home is None:
            raise RuntimeError("the desk is locked")
        return self._home

    @property
    def is_locked(self) -> bool:
        return self._home is None

    def let_in(self, untrusted_token: str) -> str | None:
        """The handle for the browser that comes with the right token, the first time; None for all others."""
        if self._token is None or not _same(untrusted_token, self._token):
            return None
        self._token = None
        return self._handle

    def knows(self, untrusted_handle: str | None) -> bool:
        """Whether this is the browser that was let in."""
        return self._token is None and untrusted_handle is not None and _same(untrusted_handle, self._handle)

    def stay_awake(self) -> None:
        """Somebody is at work: the time until the lock begins anew."""
        self._locks_at = self._clock() + self.idle_seconds

    def lock_when_idle(self) -> None:
        """Lock, when nobody was at work for long enough."""
        with self.turn:
            if self._home is not None and self._clock() >= self._locks_at:
                self.lock()

    def lock(self) -> None:
        self._home = None
        self._opened.close()

    def unlock(self, passphrase: str) -> None:
        """Open the home again.

        Raises:
            HomeError: another passphrase, or another command is at work in it.
        """
        if self._home is None:
            self._open(TypedPassphrase(None, typed=passphrase))

    def needs_passphrase(self) -> bool:
        """Whether a passphrase protects the home at all; without one, whoever sits here opens it again."""
        return self._is_protected

    def take_draft(self, short_id: str) -> dict[str, str]:
        """What was kept for the forms of a submission, by their kind; once."""
        found = {draft.kind: draft.text for draft in self.drafts if draft.short_id == short_id}
        self.drafts = [draft for draft in self.drafts if draft.short_id != short_id]
        return found

    def stop(self) -> None:
        self.is_stopped.set()

    def close(self) -> None:
        """At the end of the program. A request that still runs loses its change, as when it is cut short."""
        if self.turn.acquire(timeout=_LAST_REQUEST_SECONDS):
            try:
                self.lock()
            finally:
                self.turn.release()

    def _open(self, entry: SecretEntry) -> None:
        self._home = self._opened.enter_context(open_home(self.folder, entry=entry))
        self._is_protected = self._home.is_protected
        self.stay_awake()


def _same(untrusted: str, ours: str) -> bool:
    return hmac.compare_digest(untrusted.encode("utf-8", "replace"), ours.encode("ascii"))
