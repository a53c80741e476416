"""The ledger: messages that were sent, promises for them, and arrivals at the other end."""

import hashlib
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from lab.soak.losses import Lost
from lab.soak.tries import Try, most_copies
from tests.tipline.site_stage import Upload

_DERIVED_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Content:
    """A text and its files, each a name and a SHA-256 in hex; the text is unlike any other's. What was read has a
    ``mailbox``, by its id."""

    text: str
    files: tuple[tuple[str, str], ...] = ()
    mailbox: bytes = field(default=b"", compare=False, repr=False)

    @classmethod
    def of(cls, text: str, uploads: Sequence[Upload]) -> "Content":
        return cls(text, tuple((each.name, hashlib.sha256(each.content).hexdigest()) for each in uploads))


class Ledger:
    """Kept by many threads at once; compared with what a reviewer reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._sent: dict[str, Content] = {}
        self._tries: defaultdict[str, list[Try]] = defaultdict(list)
        self._promised: dict[str, str] = {}
        self._read: defaultdict[str, list[bytes]] = defaultdict(list)

    @property
    def promised(self) -> int:
        """How many were acknowledged."""
        return len(self._promised)

    @property
    def unanswered(self) -> int:
        """How many tries were handed over whole, and got no answer."""
        with self._lock:
            return sum(one.is_unanswered for tries in self._tries.values() for one in tries)

    @property
    def doubled(self) -> int:
        """How many came twice, as a crash between commit and answer may bring about."""
        return sum(len(mailboxes) - 1 for mailboxes in self._read.values())

    def sending(self, content: Content) -> None:
        """Before the first try."""
        with self._lock:
            self._sent[content.text] = content

    def tried(self, content: Content, one: Try) -> None:
        """After each try, in their order."""
        with self._lock:
            self._tries[content.text].append(one)

    def was_promised(self, content: Content, words: str = "") -> None:
        """The receipt was shown, with ``words`` where these are new."""
        with self._changed:
            self._promised[content.text] = words
            self._changed.notify_all()

    def await_promises(self, more: int, *, seconds: float) -> None:
        """Wait until ``more`` further receipts were shown, or the seconds are over."""
        with self._changed:
            wanted = len(self._promised) + more
            self._changed.wait_for(lambda: len(self._promised) >= wanted, seconds)

    def take(self, read: Iterable[Content]) -> None:
        """Take the arrivals at the reviewer since the last call.

        Raises:
            Lost: changed, or never sent whole.
        """
        with self._lock:
            for content in read:
                if content.text not in self._sent:
                    raise Lost(f"no one sent {content.text!r}")
                if content != self._sent[content.text]:
                    raise Lost(f"{content.text!r} has other files than were sent with it")
                self._read[content.text].append(content.mailbox)

    def forget_what_was_read(self) -> None:
        """The reviewer lost its home: what it has read since the last backup must come again.

        Raises:
            Lost: more came until then than deaths of the server explain.
        """
        with self._lock:
            for text in self._read:
                self._require_explained(text)
            self._read.clear()

    def require_all(self, mailbox_of: Callable[[str], bytes] | None = None) -> int:
        """When everything was carried, and no one sends any more.

        A form that was sent again can be there twice, and it is the copy of the receipt that must not be missing:
        ``mailbox_of`` tells by its words under which mailbox that one lies. Gives how many were compared so.

        Raises:
            Lost: something that was promised did not come, or more came than deaths of the server explain.
        """
        with self._lock:
            missing = sorted(text[:60] for text in self._promised.keys() - self._read.keys())
            if missing:
                raise Lost(
                    f"{len(missing)} of {self.promised} receipts that were shown open nowhere: {missing[:3]}"
                )
            for text in self._read:
                self._require_explained(text)
            if mailbox_of is None:
                return 0
            sent_again = self._sent_again()
            with ThreadPoolExecutor(_DERIVED_AT_ONCE) as pool:
                for text, mailbox in zip(sent_again, pool.map(mailbox_of, sent_again.values()), strict=True):
                    if mailbox not in self._read[text]:
                        raise Lost(f"of {text!r} the copy of its receipt is not there: {self._came(text)}")
            return len(sent_again)

    def _sent_again(self) -> dict[str, str]:
        """The words by the texts that may be stored by another try than that of the receipt, or should not be."""
        again = (text for text, tries in self._tries.items() if sum(one.was_handed_over for one in tries) > 1)
        return {text: words for text in again if (words := self._promised.get(text))}

    def _require_explained(self, text: str) -> None:
        mailboxes = self._read[text]
        tries = self._tries[text]
        if len(mailboxes) > (most_copies(tries) if tries else 1):
            raise Lost(f"{text!r} is there {len(mailboxes)} times: {self._came(text)}")
        if len(set(mailboxes)) < len(mailboxes):
            raise Lost(f"{text!r} is there twice under one mailbox: {self._came(text)}")

    def _came(self, text: str) -> str:
        tries = list(map(str, self._tries[text]))
        return f"what came of its tries, by deaths of the server before and after: {tries}"
