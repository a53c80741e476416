"""What was sent, what was promised for it, and what came out at the other end."""

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.soak.losses import Lost
from tests.tipline.site_stage import Upload


@dataclass(frozen=True, slots=True)
class Content:
    """A text and its files, each a name and a SHA-256 in hex; the text is unlike any other's."""

    text: str
    files: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str, uploads: Sequence[Upload]) -> "Content":
        return cls(text, tuple((each.name, hashlib.sha256(each.content).hexdigest()) for each in uploads))


class Ledger:
    """Kept by many threads at once; compared with what a reviewer reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._sent: dict[str, Content] = {}
        self._unanswered: Counter[str] = Counter()
        self._forgotten: Counter[str] = Counter()
        self._tries: defaultdict[str, list[str]] = defaultdict(list)
        self._promised: set[str] = set()
        self._read: Counter[str] = Counter()

    @property
    def promised(self) -> int:
        """How many were acknowledged."""
        return len(self._promised)

    @property
    def unanswered(self) -> int:
        """How many tries got no answer."""
        return self._unanswered.total()

    @property
    def doubled(self) -> int:
        """How many came twice, as a crash between commit and answer may bring about."""
        return sum(count - 1 for count in self._read.values() if count > 1)

    def sending(self, content: Content) -> None:
        """Before the first try."""
        with self._lock:
            self._sent[content.text] = content

    def got_no_answer(self, content: Content) -> None:
        """A try whose connection broke, or that was refused after it had begun."""
        with self._lock:
            self._unanswered[content.text] += 1

    def tried(self, content: Content, deaths: int, came: str) -> None:
        """What came of a try that began after so many deaths of the server, for whoever looks into a loss."""
        with self._lock:
            self._tries[content.text].append(f"{deaths}: {came}")

    def may_come_twice(self, content: Content) -> None:
        """The server that may have stored it lost its memory before the source could send the same form again."""
        with self._lock:
            self._forgotten[content.text] += 1

    def was_promised(self, content: Content) -> None:
        """The receipt was shown."""
        with self._changed:
            self._promised.add(content.text)
            self._changed.notify_all()

    def await_promises(self, more: int, *, seconds: float) -> None:
        """Until so many more receipts were shown, or no longer than that."""
        with self._changed:
            wanted = len(self._promised) + more
            self._changed.wait_for(lambda: len(self._promised) >= wanted, seconds)

    def take(self, read: Iterable[Content]) -> None:
        """What came in at the reviewer since the last call.

        Raises:
            Lost: changed, never sent whole, or there more often than deaths of the server explain.
        """
        with self._lock:
            for content in read:
                if content.text not in self._sent:
                    raise Lost(f"nobody sent {content.text!r}")
                if content != self._sent[content.text]:
                    raise Lost(f"{content.text!r} has other files than were sent with it")
                self._read[content.text] += 1
                if self._read[content.text] > 1 + self._forgotten[content.text]:
                    raise Lost(
                        f"{content.text!r} is there {self._read[content.text]} times; what came of its tries, by "
                        f"deaths of the server before: {self._tries[content.text]}"
                    )

    def forget_what_was_read(self) -> None:
        """The reviewer lost its home: what it has read since the last backup must come again."""
        with self._lock:
            self._read.clear()

    def require_all(self) -> None:
        """When everything was carried.

        Raises:
            Lost: something that was promised did not come.
        """
        with self._lock:
            missing = sorted(text[:60] for text in self._promised - self._read.keys())
        if missing:
            raise Lost(f"{len(missing)} of {self.promised} receipts that were shown open nowhere: {missing[:3]}")
