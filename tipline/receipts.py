"""The receipts of the last ten minutes, by the nonce of the form, in memory only.

A form may reach us twice: a double press, a reload, an answer that got lost. The first to be complete claims the
nonce; the same content again is shown the same receipt; other content goes to the same mailbox.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from crypto.mailbox import MailboxAddress
from crypto.passphrase import Passphrase
from tipline.nonce import Nonce
from tipline.refusals import Reason, Refused

RECEIPT_SECONDS = 10 * 60
_HANDLE_BYTES = 16


@dataclass(slots=True)
class Receipt:
    """What a completed form got: its mailbox, the words (until they are kept), and a handle for more files.

    ``words`` is ``None`` for a follow-up, whose source has words already, and after "I have kept it". Prints
    nothing.
    """

    mailbox: MailboxAddress
    words: Passphrase | None
    handle: str
    ends_at: float
    sent: set[bytes] = field(default_factory=set)
    words_were_kept: bool = False

    def __repr__(self) -> str:
        return "<Receipt>"


class Claim:
    """One nonce, held by one request at a time."""

    def __init__(self, receipts: "Receipts", nonce: Nonce) -> None:
        self._receipts = receipts
        self._nonce = nonce

    def receipt(self) -> Receipt | None:
        """What this nonce got already, if anything."""
        return self._receipts.find(self._nonce)

    def remember(
        self, mailbox: MailboxAddress, words: Passphrase | None, *, sent: bytes, handle: str | None = None
    ) -> Receipt:
        """What was just stored durably under this nonce; ``handle`` where there is one for its mailbox already."""
        return self._receipts.remember(self._nonce, mailbox, words, sent=sent, handle=handle)


class Receipts:
    """Nonce to receipt, and handle to mailbox."""

    def __init__(self, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._free = threading.Condition(self._lock)
        self._claimed: set[Nonce] = set()
        self._receipts: dict[Nonce, Receipt] = {}
        self._handles: dict[str, tuple[MailboxAddress, float]] = {}

    @contextmanager
    def claim(self, nonce: Nonce) -> Iterator[Claim]:
        """Hold ``nonce`` while its submission is being completed; a second request with it waits here."""
        with self._free:
            while nonce in self._claimed:
                self._free.wait()
            self._claimed.add(nonce)
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

    def remember(
        self,
        nonce: Nonce,
        mailbox: MailboxAddress,
        words: Passphrase | None,
        *,
        sent: bytes,
        handle: str | None = None,
    ) -> Receipt:
        """Note that ``sent`` is stored; the first time, with the words that the source will be shown."""
        known = self.find(nonce)
        with self._lock:
            ends_at = self._seconds() + RECEIPT_SECONDS
            if known is None:
                known = Receipt(mailbox, words, handle or secrets.token_hex(_HANDLE_BYTES), ends_at)
                self._receipts[nonce] = known
            known.sent.add(sent)
            self._handles[known.handle] = (mailbox, ends_at)
        return known

    def mailbox_of(self, untrusted_handle: str) -> MailboxAddress:
        """For more files to a receipt's mailbox.

        Raises:
            Refused: ten minutes have passed since the last upload.
        """
        with self._lock:
            mailbox, ends_at = self._handles.get(untrusted_handle, (None, 0.0))
        if mailbox is None or ends_at < self._seconds():
            raise Refused(Reason.HANDLE_OVER)
        return mailbox

    def prolong(self, handle: str) -> None:
        """More files have come: ten minutes from now."""
        with self._lock:
            if handle in self._handles:
                self._handles[handle] = (self._handles[handle][0], self._seconds() + RECEIPT_SECONDS)

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
            self._handles = {handle: held for handle, held in self._handles.items() if held[1] >= now}
