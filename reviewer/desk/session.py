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

from crypto.errors import CryptoError
from crypto.keys.keys import HybridPublicKey
from reviewer.cases.bin import let_go_of_due
from reviewer.clean_copy.children import Children
from reviewer.desk.drafts import FormDraft, open_draft, seal_draft
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
        self._drafts: list[FormDraft] = []
        self._opened = ExitStack()
        self._home: Home | None = None
        self._given: GivenTips | None = None
        self._locks_at = 0.0
        if left is None:
            self._token: str | None = secrets.token_urlsafe(_HANDLE_BYTES)
            self._handle = secrets.token_urlsafe(_HANDLE_BYTES)
            self._is_protected = True
            self._language = DeskLanguage()
            self._sealed_drafts: list[bytes] = []
            self._open(entry)
        else:
            self._token = left.token
            self._handle = left.handle
            self._is_protected = left.is_protected
            self._language = DeskLanguage(left.language)
            self._drafts_key = HybridPublicKey.parse(left.drafts_key)
            self._sealed_drafts = [bytes.fromhex(draft) for draft in left.drafts]

    def left(self) -> LockedSession:
        """The state for the next program.

        Raises:
            RuntimeError: the home is open.
        """
        if not self.is_locked:
            raise RuntimeError("the desk is not locked")
        return LockedSession(
            folder=str(self.folder.absolute()),
            idle_seconds=self.idle_seconds,
            is_protected=self._is_protected,
            language=self.language,
            handle=self._handle,
            token=self._token,
            drafts_key=str(self._drafts_key),
            drafts=[draft.hex() for draft in self._sealed_drafts],
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

        If a request is running, its file processes end at once, and the request locks the desk at its end.
        """
        children = self.children
        if self.is_locked or self._clock() < self._locks_at:
            return
        if not self.turn.acquire(blocking=False):
            children.end()
            return
        try:
            self.lock_if_due()
        finally:
            self.turn.release()

    def lock_if_due(self) -> bool:
        """Lock an open home when its idle time is over; True when it was. The caller has the turn."""
        if self.is_locked or self._clock() < self._locks_at:
            return False
        self.lock()
        return True

    def lock(self) -> None:
        """Close the home; the process restarts after its answers are sent."""
        try:
            self._sealed_drafts += [seal_draft(draft, to=self._drafts_key) for draft in self._drafts]
            self._drafts.clear()
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

    @property
    def has_drafts(self) -> bool:
        return bool(self._drafts or self._sealed_drafts)

    @property
    def newest_draft(self) -> FormDraft | None:
        """The newest waiting draft; None while the desk is locked."""
        return self._drafts[-1] if self._drafts else None

    def keep_draft(self, draft: FormDraft) -> None:
        """Keep the text of a form from a locked desk; only the open home can read it."""
        self._sealed_drafts.append(seal_draft(draft, to=self._drafts_key))

    def drafts_on(self, path: str) -> list[FormDraft]:
        """The drafts for forms of the page at this path."""
        return [draft for draft in self._drafts if draft.page.partition("?")[0] == path]

    def forget_draft(self, draft: FormDraft) -> None:
        """Delete a draft that is on its page again."""
        self._drafts.remove(draft)

    def forget_drafts(self, path: str) -> None:
        """Delete the drafts of a page, and of the pages below it, that is gone for good."""
        self._drafts = [draft for draft in self._drafts if not draft.stands_on(path)]

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
        self._drafts_key = key.public_key()
        waiting, self._sealed_drafts = self._sealed_drafts, []
        for sealed in waiting:
            try:
                draft = open_draft(sealed, key=key)
                if draft not in self._drafts:  # pressed twice
                    self._drafts.append(draft)
            except CryptoError:  # of another person, who finds it after the next unlocking
                self._sealed_drafts.append(sealed)
        self._home, self._given = home, given
        if home is not None:
            self._language.remember(home)
        self._opened.callback(self.looked.forget)
        self._opened.callback(self.presses.forget)
        self.children = Children()
        self._is_protected = home is None or home.is_protected
        self.reexec_due.clear()
        self.stay_awake()


def _same(untrusted: str, ours: str) -> bool:
    return hmac.compare_digest(untrusted.encode("utf-8", "replace"), ours.encode("ascii"))
