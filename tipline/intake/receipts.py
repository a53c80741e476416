"""The receipts of the last ten minutes, by the nonce of the form, in memory only.

A form may reach us twice: a double press, a reload, an answer that got lost. The first to be complete claims the
nonce; the same content again is shown the same receipt; other content goes to the same mailbox.
"""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from crypto.passphrases.mailbox import MailboxAddress
from crypto.passphrases.passphrase import Passphrase
from tipline.limits import request_scheduler
from tipline.requests.nonce import Nonce
from tipline.requests.refusals import FormInput, Reason, Refused
from tipline.requests.tip_options import TipOptions

RECEIPT_SECONDS = 10 * 60
_HANDLE_BYTES = 16
_HANDLE = re.compile(rf"[0-9a-f]{{{2 * _HANDLE_BYTES}}}")


def has_form_of_handle(untrusted_text: str) -> bool:
    """Return whether this could be a handle that was given out, so that a page may return it."""
    return _HANDLE.fullmatch(untrusted_text) is not None


@dataclass(slots=True)
class Receipt:
    """The result of a completed form: its mailbox, its words until they are kept, a handle for more files.

    ``words`` is ``None`` for a follow-up, whose source has words already, and after "I have kept it". A source who
    wants no answer has neither mailbox nor words, and an empty handle. Prints nothing.
    """

    mailbox: MailboxAddress | None
    words: Passphrase | None
    handle: str
    ends_at: float
    sent: set[bytes] = field(default_factory=set)
    words_were_kept: bool = False

    def __repr__(self) -> str:
        return "<Receipt>"


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """The result of a completed request: its receipt, how much came, and its options.

    ``typed`` is for the case that the page of the result cannot be made. ``is_of_known_words``: the source typed
    secret words, and gets no new ones.
    """

    nonce: Nonce
    receipt: Receipt
    files: int
    bytes_in: int
    choices: TipOptions = field(default_factory=TipOptions)
    typed: FormInput | None = None
    is_of_known_words: bool = False


@dataclass(slots=True)
class _Handle:
    """The mailbox of a handle, its end, and how many uploads use it now."""

    mailbox: MailboxAddress
    ends_at: float
    uploads: int = 0


class Claim:
    """A nonce, held by one request at a time."""

    def __init__(self, receipts: "Receipts", nonce: Nonce) -> None:
        self._receipts = receipts
        self._nonce = nonce

    def receipt(self) -> Receipt | None:
        """Return the receipt that this nonce has, if any."""
        return self._receipts.find(self._nonce)

    def prepare(
        self, mailbox: MailboxAddress | None, words: Passphrase | None, *, handle: str | None = None
    ) -> Receipt:
        """Make the receipt of what is about to be stored; ``handle`` if its mailbox has one already.

        Made before storing, while it may still fail: a message that is stored without a receipt is stored again
        when Send is pressed again.
        """
        return self._receipts.prepare(self._nonce, mailbox, words, handle=handle)

    def remember(self, prepared: Receipt, *, sent: bytes) -> Receipt:
        """The receipt of what was just stored durably under this nonce."""
        return self._receipts.remember(self._nonce, prepared, sent=sent)


class Receipts:
    """Nonce to receipt, and handle to mailbox."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._free = threading.Condition(self._lock)
        self._claimed: set[Nonce] = set()
        self._receipts: dict[Nonce, Receipt] = {}
        self._handles: dict[str, _Handle] = {}

    @contextmanager
    def claim(self, nonce: Nonce) -> Iterator[Claim]:
        """Hold ``nonce`` while its submission is being completed; a second request with it waits here."""
        if not self._take(nonce, is_patient=False):
            with request_scheduler.yielded():
                self._take(nonce, is_patient=True)
        try:
            yield Claim(self, nonce)
        finally:
            with self._free:
                self._claimed.discard(nonce)
                self._free.notify_all()

    def find(self, nonce: Nonce) -> Receipt | None:
        """The receipt of a nonce, within its ten minutes."""
        with self._lock:
            receipt = self._receipts.get(nonce)
        return receipt if receipt is not None and receipt.ends_at >= self._seconds() else None

    def require(self, nonce: Nonce) -> Receipt:
        """The receipt of a nonce, within its ten minutes.

        Raises:
            Refused: there is none, or not any more.
        """
        found = self.find(nonce)
        if found is None:
            raise Refused(Reason.RECEIPT_OVER)
        return found

    def prepare(
        self,
        nonce: Nonce,
        mailbox: MailboxAddress | None,
        words: Passphrase | None,
        *,
        handle: str | None = None,
    ) -> Receipt:
        """Make a receipt, for the case that this nonce has none once everything is stored.

        ``words`` are those that the source will be shown.
        """
        known = self.find(nonce)
        new_handle = (handle or secrets.token_hex(_HANDLE_BYTES)) if mailbox is not None else ""
        return Receipt(mailbox, words, new_handle, self._seconds(), known.sent if known else set())

    def remember(self, nonce: Nonce, prepared: Receipt, *, sent: bytes) -> Receipt:
        """Note that ``sent`` is stored, with the receipt that this nonce has, or else ``prepared``.

        A source who wanted no answer and then, by the same form, wants one, gets the words then.
        """
        known = self.find(nonce)
        with self._lock:
            ends_at = self._seconds() + RECEIPT_SECONDS
            if known is None or (known.mailbox is None and prepared.mailbox is not None):
                prepared.ends_at = ends_at
                self._receipts[nonce] = known = prepared
            known.sent.add(sent)
            if known.mailbox is not None:
                self._handles.setdefault(known.handle, _Handle(known.mailbox, ends_at)).ends_at = ends_at
        return known

    def open_handle(self, mailbox: MailboxAddress, *, known: str) -> str:
        """Return a handle for an open mailbox, whose source wants to send files from a page of its own.

        It is the ``known`` one while that lives, so that many requests use no more memory.
        """
        ends_at = self._seconds() + RECEIPT_SECONDS
        with self._lock:
            handle = known if known in self._handles else secrets.token_hex(_HANDLE_BYTES)
            self._handles.setdefault(handle, _Handle(mailbox, ends_at)).ends_at = ends_at
        return handle

    def prolong(self, untrusted_handle: str) -> None:
        """Files are being chosen: ten minutes from now. The words of a receipt do not stay longer for it.

        Raises:
            Refused: it is over, or there never was such a one.
        """
        with self._lock:
            self._living(untrusted_handle).ends_at = self._seconds() + RECEIPT_SECONDS

    @contextmanager
    def kept_open(self, untrusted_handle: str) -> Iterator[MailboxAddress]:
        """Yield the mailbox for more files.

        While the block runs the handle does not end. Afterwards it has ten minutes, even if the upload broke off: a
        broken line is noticed late, and Send is pressed again meanwhile.

        Raises:
            Refused: it is over, or there never was such a handle.
        """
        with self._lock:
            handle = self._living(untrusted_handle)
            handle.uploads += 1
        try:
            yield handle.mailbox
        finally:
            with self._lock:
                handle.uploads -= 1
                handle.ends_at = self._seconds() + RECEIPT_SECONDS

    def forget_words(self, nonce: Nonce) -> None:
        """The source has kept them."""
        with self._lock:
            receipt = self._receipts.get(nonce)
            if receipt is not None and receipt.words is not None:
                receipt.words = None
                receipt.words_were_kept = True

    def sweep(self) -> None:
        """Forget what is older than ten minutes."""
        now = self._seconds()
        with self._lock:
            self._receipts = {nonce: one for nonce, one in self._receipts.items() if one.ends_at >= now}
            self._handles = {name: handle for name, handle in self._handles.items() if _lives(handle, now)}

    def _take(self, nonce: Nonce, *, is_patient: bool) -> bool:
        with self._free:
            while nonce in self._claimed:
                if not is_patient:
                    return False
                self._free.wait()
            self._claimed.add(nonce)
            return True

    def _living(self, untrusted_handle: str) -> _Handle:
        handle = self._handles.get(untrusted_handle)
        if handle is None or not _lives(handle, self._seconds()):
            raise Refused(Reason.HANDLE_OVER)
        return handle


def _lives(handle: _Handle, now: float) -> bool:
    return handle.uploads > 0 or handle.ends_at >= now
