"""The session of the desk: one browser, let in once, and a home that is open only during work.

Locking closes the whole home: keys and casebook are released, and other commands may use it meanwhile. Python does
not overwrite freed memory, so the process then restarts (:mod:`reviewer.desk.reexec`) with a :class:`LockedSession`
only.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from crypto.keys.keys import HybridPublicKey
from reviewer.cases.bin import let_go_of_due
from reviewer.clean_copy.children import Children
from reviewer.desk.drafts import KeptDrafts
from reviewer.desk.locked_session import DeskLanguage, LockedSession, TypedPassphrase
from reviewer.desk.look_cache import LookCache
from reviewer.desk.presses import AnsweredPresses
from reviewer.home.home import Home, open_home
from reviewer.home.lock import MemberPassphrase
from reviewer.linking.colleagues_forgetting import carry_out_due_forgettings
from reviewer.people.given import GivenTips, open_given
from reviewer.people.giving import take_in_acts
from reviewer.people.withdrawing import withdraw_gone
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today
from system.errors import ProgramError

_HANDLE_BYTES = 32
_LAST_REQUEST_SECONDS = 3
LOCK_SECONDS = 10.0
"""A lock waits so long for the request that runs; then the process restarts under it, as after ``kill -9``."""


class DeskSession:
    """One run of the desk. ``turn`` is held while it is used: by one request at a time, or the clock."""

    def __init__(
        self,
        folder: Path,
        *,
        entry: SecretEntry,
        idle_seconds: float,
        clock: Callable[[], float],
        left: LockedSession | None = None,
    ) -> None:
        """Unlock the home; or, where another process ``left`` it locked, go on there.

        Raises:
            HomeError: no home, in use, or another passphrase.
        """
        self.turn = threading.Lock()
        self.children = Children()
        """The processes that look at a source's files for a request."""
        self.looked = LookCache()
        """The file that is being looked at; forgotten when the home closes."""
        self.presses = AnsweredPresses()
        """Answers to the newest presses; forgotten when the home closes."""
        self.folder = folder
        self.idle_seconds = idle_seconds
        self.is_stopped = threading.Event()
        self.reexec_due = threading.Event()
        """This process has something in its memory that a locked desk must not have: another has to go on."""
        self._clock = clock
        self._opened = ExitStack()
        self._home: Home | None = None
        self._given: GivenTips | None = None
        self._locks_at = 0.0
        self._waiting_since: float | None = None
        self._is_overdue = threading.Event()
        if left is None:
            self._token: str | None = secrets.token_urlsafe(_HANDLE_BYTES)
            self._handle = secrets.token_urlsafe(_HANDLE_BYTES)
            self._is_protected = True
            self._language = DeskLanguage()
            self.drafts = KeptDrafts()
            self._open(entry)
        else:
            self._token = left.token
            self._handle = left.handle
            self._is_protected = left.is_protected
            self._language = DeskLanguage(left.language)
            self.drafts = KeptDrafts(
                HybridPublicKey.parse(left.drafts_key), [bytes.fromhex(draft) for draft in left.drafts]
            )

    def left(self) -> LockedSession:
        """The state for the next program.

        Raises:
            RuntimeError: the home is open, and no lock is overdue.
        """
        if not self.is_locked and not self.lock_is_overdue:
            raise RuntimeError("the desk is not locked")
        return LockedSession(
            folder=str(self.folder.absolute()),
            idle_seconds=self.idle_seconds,
            is_protected=self._is_protected,
            language=self.language,
            handle=self._handle,
            token=self._token,
            drafts_key=str(self.drafts.key),
            drafts=[draft.hex() for draft in self.drafts.all_sealed()],
        )

    @property
    def token(self) -> str:
        """The token that opens the desk once.

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
    def given(self) -> GivenTips:
        """The tips of a member; raises RuntimeError unless a member opened the desk."""
        if self._given is None:
            raise RuntimeError("the desk is not open for a member")
        return self._given

    @property
    def is_for_member(self) -> bool:
        return self._given is not None

    @property
    def is_locked(self) -> bool:
        return self._home is None and self._given is None

    def let_in(self, untrusted_token: str) -> str | None:
        """The handle for the browser that comes with the right token, the first time; None for all others."""
        if self._token is None or not _same(untrusted_token, self._token):
            return None
        self._token = None
        return self._handle

    def knows(self, untrusted_handle: str | None) -> bool:
        """True if this is the browser that was let in."""
        return self._token is None and untrusted_handle is not None and _same(untrusted_handle, self._handle)

    def stay_awake(self) -> None:
        """Restart the idle time: the desk is in use."""
        self._locks_at = self._clock() + self.idle_seconds

    def end_of_request(self) -> None:
        """Restart the idle time: a request is work too. A request longer than the idle time ends locked."""
        if not self.lock_if_due():
            self.stay_awake()

    def lock_when_idle(self) -> None:
        """Lock after the idle time, without waiting.

        If a request is running, its file processes end at once, and the request locks the desk at its end. After
        :data:`LOCK_SECONDS` the lock is overdue.
        """
        children = self.children
        if self.is_locked or self._clock() < self._locks_at:
            self._waiting_since = None
            return
        if not self.turn.acquire(blocking=False):
            children.end()
            if self._waiting_since is None:
                self._waiting_since = self._clock()
            elif self._clock() - self._waiting_since >= LOCK_SECONDS:
                self.lock_without_turn()
            return
        try:
            self.lock_if_due()
        finally:
            self.turn.release()

    def lock_without_turn(self) -> None:
        """Let the process restart although a request still runs, which loses its change."""
        self._is_overdue.set()
        self.reexec_due.set()

    @property
    def lock_is_overdue(self) -> bool:
        """True if the process is to restart under the request that runs."""
        return self._is_overdue.is_set()

    def lock_if_due(self) -> bool:
        """Lock an open home when its idle time is over; True when it was. The caller has the turn."""
        if self.is_locked or self._clock() < self._locks_at:
            return False
        self.lock()
        return True

    def lock(self) -> None:
        """Close the home; the process restarts after its answers are sent."""
        try:
            self.drafts.lock()
        finally:
            self.reexec_due.set()
            self.close_home()

    def close_home(self) -> None:
        """At the end of the program nothing else is needed: its memory goes with it."""
        self._home = self._given = None
        self._opened.close()

    def unlock(self, passphrase: str) -> None:
        """Open the home again.

        Raises:
            HomeError: another passphrase, or another command is at work in it.
        """
        if self.is_locked:
            self._open(TypedPassphrase(None, typed=passphrase))

    def speak(self, tag: str) -> None:
        """Show the pages in another language; raises ProgramError for one that the desk does not speak."""
        self._language.choose(tag, self._home)

    @property
    def language(self) -> str:
        """The tag of the language of the pages."""
        return self._language.tag

    def needs_passphrase(self) -> bool:
        """True if a passphrase protects the home; otherwise any user of this machine opens it again."""
        return self._is_protected

    def forget(self) -> None:
        """Restart the process, so that text typed into a page of the locked desk leaves its memory."""
        if self.is_locked:
            self.reexec_due.set()

    def stop(self) -> None:
        self.is_stopped.set()

    def close(self) -> None:
        """At the end of the program. A request that still runs loses its change, as when it is cut short."""
        self.children.end()
        if self.turn.acquire(timeout=_LAST_REQUEST_SECONDS):
            try:
                self.close_home()
            finally:
                self.turn.release()

    def _open(self, entry: SecretEntry) -> None:
        home: Home | None = None
        given: GivenTips | None = None
        try:
            home = self._opened.enter_context(open_home(self.folder, entry=entry))
            key = home.drafts_key()
            with suppress(ProgramError):  # a full disk must not keep the desk shut; the next opening does it
                let_go_of_due(home, today=today())
                carry_out_due_forgettings(home, today=today())
            with suppress(ProgramError):  # a damaged store of members keeps no reader out
                take_in_acts(home, today=today())
                withdraw_gone(home, today=today())
        except MemberPassphrase as found:
            given = self._opened.enter_context(open_given(self.folder, found.place))
            key = given.drafts_key()
        self.drafts.unlock(key)
        self._home, self._given = home, given
        if home is not None:
            self._language.remember(home)
        self._opened.callback(self.looked.forget)
        self._opened.callback(self.presses.forget)
        self.children = Children()
        self._is_protected = home is None or home.is_protected
        self.reexec_due.clear()
        self._is_overdue.clear()
        self.stay_awake()


def _same(untrusted: str, ours: str) -> bool:
    return hmac.compare_digest(untrusted.encode("utf-8", "replace"), ours.encode("ascii"))
