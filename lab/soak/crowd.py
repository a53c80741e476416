"""Twenty sources who submit and five who come back, without a pause, whatever happens to the server meanwhile."""

import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from lab.forensics.visitor import Visitor
from lab.soak.ledger import Content, Ledger
from lab.soak.losses import want
from lab.soak.tries import Try
from lab.soak.unit import Unit
from tests.tipline.site_stage import Upload

# How many bytes of a file, and how often in a hundred submissions; the rest are texts alone.
_SIZES: Final = ((0, 2), (1, 4), (100, 6), (65_537, 16), (300_000, 14), (1_048_577, 6), (6_000_000, 2))
_BROKEN: Final = (OSError, http.client.HTTPException)
_PAUSE_SECONDS: Final = 0.4
_DELETIONS: Final = 0.5
_FOLLOW_UP_FILES: Final = 0.3
_ANSWER: Final = re.compile(r'class="reply" dir="auto">([^<]*)<.*?name="reply" value="(\w+)"', re.DOTALL)
_ARRIVED: Final = "<h1>Your message has arrived</h1>"
_DELETED: Final = "<h1>Deleted</h1>"
_TRIES: Final = 400
_MOMENT_SECONDS: Final = 0.6
_LONGEST_WAIT_SECONDS: Final = 5.0


class Crowd:
    """Use it in a `with`: it writes to this server from the beginning of the block to its end."""

    def __init__(
        self,
        unit: Unit,
        ledger: Ledger,
        *,
        name: str,
        seed: int,
        sources: int = 20,
        readers: int = 5,
    ) -> None:
        self.statuses: Counter[int] = Counter()
        """How often each status was answered, to all of them."""
        self.log_ins = 0
        self.deleted = 0
        self.followed_up = 0
        self._unit = unit
        self._ledger = ledger
        self._name = name
        self._end = threading.Event()
        self._lock = threading.Lock()
        self._failure: BaseException | None = None
        self.readers = [_Reader(self, f"{name} reader {number}") for number in range(readers)]
        acts = [(reader.live, f"{seed} {reader.name}") for reader in self.readers]
        acts += [(self._submit, f"{seed} {name} source {number}") for number in range(sources)]
        self._threads = [
            threading.Thread(target=self._guarded, args=(act, random.Random(own_seed), own_seed))
            for act, own_seed in acts
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Raises what one of them met until the very end, where nothing else is raised already."""
        self._end.set()
        for thread in self._threads:
            thread.join()
        if kind is None:
            self.require_sound()

    def require_sound(self) -> None:
        """Raises what one of them met that must not be."""
        if self._failure is not None:
            raise self._failure

    @property
    def goes_on(self) -> bool:
        return not self._end.is_set()

    def pause(self, rng: random.Random, seconds: float = _PAUSE_SECONDS) -> None:
        self._end.wait(rng.uniform(0, 2 * seconds))

    def await_random_moment(self, rng: random.Random) -> None:
        """Sometimes at once, sometimes at the very receipt, the next one or a later one; or a moment after."""
        self._ledger.await_promises(rng.choice((0, 0, 1, 1, 2, 4, 8)), seconds=_LONGEST_WAIT_SECONDS)
        time.sleep(rng.choice((0, rng.uniform(0, _MOMENT_SECONDS))))

    def visitor(self, name: str) -> Visitor:
        """Of the source with this name, who has a browser of its own."""
        return Visitor(self._unit.address(name))

    def count(self, visitor: Visitor) -> int:
        """Note the status of the last answer, and give it."""
        with self._lock:
            self.statuses[visitor.status] += 1
        return visitor.status

    def send(self, name: str, content: Content, uploads: list[Upload], rng: random.Random) -> str:
        """The form that this source filled, again and again with the same nonce, until a receipt shows: its words.

        Without words the crowd was sent home before.
        """
        self._ledger.sending(content)
        nonce = ""
        for _ in range(_TRIES):
            words = ""
            try:
                visitor = self.visitor(name)
                if not nonce:
                    visitor.get("/")
                    self.count(visitor)
                    nonce = visitor.hidden("nonce", form="/")
                with self._tried(content, visitor):
                    visitor.upload("/", [("nonce", nonce), ("text", content.text)], uploads)
                    self.count(visitor)
                    words = " ".join(visitor.words())
            except (*_BROKEN, LookupError):
                pass  # no answer, or a page without a form, or words: the server cannot take anything just now
            if words:
                self._ledger.was_promised(content, words)
                return words
            if not self.goes_on:
                return ""
            self.pause(rng)
        raise RuntimeError(f"{content.text} gets no receipt in {_TRIES} tries; statuses were {dict(self.statuses)}")

    def follow_up_arrived(self, content: Content) -> None:
        self.followed_up += 1
        self._ledger.was_promised(content)

    @contextmanager
    def maybe_promised(self, content: Content, visitor: Visitor) -> Iterator[None]:
        """A single try; a break in it is raised, and noted, and so is a page without what must be on it."""
        self._ledger.sending(content)
        with self._tried(content, visitor):
            yield

    @contextmanager
    def _tried(self, content: Content, visitor: Visitor) -> Iterator[None]:
        """One try, and what came of it. It lasts until the answer is there: through Tor a connection alone may take
        as long as the server needs to come back."""
        began, came, is_answered, is_refused = self._unit.deaths, "a receipt", True, False
        try:
            yield
        except _BROKEN as broken:
            came, is_answered = repr(broken), False
            raise
        except LookupError:
            came, is_refused = f"status {visitor.status}", True
            raise
        finally:
            one = Try(began, self._unit.deaths, came, visitor.handed_over, is_answered, is_refused)
            self._ledger.tried(content, one)

    def _submit(self, rng: random.Random, name: str) -> None:
        number = 0
        while self.goes_on:
            number += 1
            text = f"{name}, number {number}. " + "What I saw. " * rng.choice((0, 1, 40, 2000))
            uploads = few_files(rng)
            self.send(name, Content.of(text, uploads), uploads, rng)
            self.pause(rng)

    def _guarded(self, act: Callable[[random.Random, str], None], rng: random.Random, name: str) -> None:
        try:
            act(rng, name)
        except BaseException as failure:  # noqa: BLE001 -- told where the run can end because of it
            self._failure = self._failure or failure


class _Reader:
    """Writes once, then comes back: reads, deletes an answer, follows up."""

    def __init__(self, crowd: Crowd, name: str) -> None:
        self.name = name
        self.first_text = ""
        """By which staff know it; empty until its receipt was shown."""
        self.seen: set[str] = set()
        """Texts of all answers that were shown."""
        self._crowd = crowd
        self._words = ""
        self._gone: set[str] = set()

    def live(self, rng: random.Random, name: str) -> None:
        content = Content(f"{name} begins. ")
        self._words = self._crowd.send(self.name, content, [], rng)
        if self._words:
            self.first_text = content.text
        number = 0
        while self._crowd.goes_on:
            number += 1
            try:
                self._return(rng, f"{name}, follow-up {number}. ")
            except (*_BROKEN, LookupError):
                pass  # another time
            self._crowd.pause(rng, 1.0)

    def look(self) -> dict[str, str]:
        """Texts of the answers by their ids, as the mailbox shows them now; empty where it does not open."""
        return self._open()[1]

    def _open(self) -> tuple[Visitor, dict[str, str]]:
        visitor = self._crowd.visitor(self.name)
        page = visitor.post("/mailbox", [("passphrase", self._words)])
        if self._crowd.count(visitor) != http.HTTPStatus.OK:
            raise LookupError("the mailbox does not open just now")
        self._crowd.log_ins += 1
        shown = {reply_id: text for text, reply_id in _ANSWER.findall(page)}
        back = [shown[reply_id] for reply_id in self._gone & shown.keys()]
        want(not back, f"{self.name}: answers that were deleted for good are shown again: {back}")
        self.seen |= set(shown.values())
        return visitor, shown

    def _return(self, rng: random.Random, text: str) -> None:
        visitor, shown = self._open()
        write = visitor.hidden("nonce", form="/mailbox/write")
        if shown and rng.random() < _DELETIONS:
            doomed, delete = rng.choice(sorted(shown)), visitor.hidden("nonce", form="/mailbox/delete")
            page = visitor.post("/mailbox/delete", [("nonce", delete), ("which", "ticked"), ("reply", doomed)])
            if self._crowd.count(visitor) == http.HTTPStatus.OK and _DELETED in page:
                self._gone.add(doomed)
                self._crowd.deleted += 1
        uploads = few_files(rng) if rng.random() < _FOLLOW_UP_FILES else []
        content = Content.of(text, uploads)
        with self._crowd.maybe_promised(content, visitor):
            page = visitor.upload("/mailbox/write", [("nonce", write), ("text", text)], uploads)
            if self._crowd.count(visitor) != http.HTTPStatus.OK or _ARRIVED not in page:
                raise LookupError("the follow-up is refused")
        self._crowd.follow_up_arrived(content)


def few_files(rng: random.Random) -> list[Upload]:
    """Mostly none, sometimes one, seldom three, of several sizes."""
    count = rng.choices((0, 1, 3), (50, 45, 5))[0]
    sizes = rng.choices([size for size, _ in _SIZES], [often for _, often in _SIZES], k=count)
    return [Upload(f"{number} файл.bin", rng.randbytes(size)) for number, size in enumerate(sizes)]
