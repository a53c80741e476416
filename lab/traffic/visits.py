"""Visits of people to the site, and which of them must look alike."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol


class Window(Protocol):
    """A browser, real or quick."""

    @property
    def html(self) -> str: ...
    def open(self) -> None: ...
    def follow(self, path: str) -> None: ...
    def follow_beside(self, path: str) -> None: ...
    def send(self, action: str, typed: dict[str, str], button: str = "") -> None: ...


@dataclass(frozen=True)
class Source:
    """Someone who has written before."""

    words: str
    was_answered: bool


Visit = Callable[[Window, Source], None]
_SENTENCES: Final = (
    "They keep our papers in the office.",
    "I work from six to midnight.",
    "There are four of us in one room",
    "We were paid nothing since May.",
    "He said that he would call the police, and that no one would believe us.",
    "The house is behind the station.",
    "Please do not write to my family.",
)


def a_text() -> str:
    """One to nine sentences: what people write differs in length."""
    return " ".join(random.choices(_SENTENCES, k=random.randint(1, 9)))


def words_of(page: str) -> str:
    """The eight words of a receipt."""
    shown = page.split("data-passphrase", 1)[1].split("</p>", 1)[0]
    return " ".join(re.findall(r"[a-z]+(?=</span>)", shown))


def read_first_page(window: Window, _source: Source) -> None:
    window.open()


def read_questions(window: Window, _source: Source) -> None:
    window.open()
    window.follow_beside("/questions")


def read_way(window: Window, _source: Source) -> None:
    window.open()
    window.follow_beside("/way")


def read_limits(window: Window, _source: Source) -> None:
    window.open()
    window.follow_beside("/limits")


def leave(window: Window, _source: Source) -> None:
    window.open()
    window.follow("/left")


def write(window: Window, _source: Source) -> None:
    window.open()
    window.send("/", {"text": a_text()})


def come_back(window: Window, source: Source) -> None:
    window.open()
    window.follow("#back")
    window.send("/mailbox", {"passphrase": source.words})
    if ("<article>" in window.html) != source.was_answered:
        raise ValueError("the mailbox does not show what it should")


def come_back_and_write(window: Window, source: Source) -> None:
    come_back(window, source)
    window.send("/mailbox/write", {"text": a_text()})


def come_back_and_delete(window: Window, source: Source) -> None:
    come_back(window, source)
    window.send("/mailbox/delete", {}, button="all")


def come_back_and_say(window: Window, source: Source) -> None:
    come_back(window, source)
    window.send("/mailbox/how", {}, button="safe")


def come_back_and_leave(window: Window, source: Source) -> None:
    come_back(window, source)
    window.follow("/left")


@dataclass(frozen=True)
class Class:
    """Visits of one kind. ``answered`` says whether its sources have an answer waiting; None where it does not
    matter, so that half of them have."""

    name: str
    make: Visit
    answered: bool | None = None


CLASSES: Final = (
    Class("reads the first page", read_first_page),
    Class("reads “Is this safe for me?”", read_questions),
    Class("reads “What happens”", read_way),
    Class("reads “What we cannot do”", read_limits),
    Class("leaves", leave),
    Class("writes", write),
    Class("comes back, no answer", come_back, answered=False),
    Class("comes back, an answer", come_back, answered=True),
    Class("… and writes more", come_back_and_write),
    Class("… and deletes", come_back_and_delete, answered=True),
    Class("… and says “I am safe”", come_back_and_say, answered=True),
    Class("… and leaves", come_back_and_leave),
)
