"""Tips about invented people with numbers that no one has, and the words of a finding cut from a tip."""

import itertools
from collections.abc import Sequence
from typing import Any

from tests.fakes_server import a_mailbox
from tests.reviewer.desk_stage import Desk

NUMBER = "+447700900123"
SPELLINGS = (
    "+44 7700 900123",
    "+44 (0)7700 900123",
    "0044 7700 900 123",
    "+44-7700-900-123",
    "+44.7700.900.123",
    "+447700900123",
    "tel:+447700900123",
    "https://wa.me/447700900123",
    "+٤٤ ٧٧٠٠ ٩٠٠١٢٣",
    "+४४ ७७०० ९००१२३",
    "+４４ ７７００ ９００１２３",
    "+44 77oo 9oo123",
    "+44\u200b7700\u200b900123",
    "+44 77 00 90 01 23",
    "07700 900123",
    "07700900123",
    "(07700) 900123",
    "whatsapp 447700900123",
    "+44 seven seven zero zero 900123",
    "+44 7️⃣7️⃣0️⃣0️⃣ 900123",
)
"""One number, as sources write it."""


_COUNTED = itertools.count(1)


def tell(desk: Desk, text: str, *, mailbox: int = 1) -> str:
    """A tip with this message, taken in; its id."""
    (short_id,) = desk.take_in(
        desk.server.seal(fields=[("text", text)], mailbox=a_mailbox(mailbox), submission_id=next_id())
    )
    return short_id


def tell_many(desk: Desk, texts: Sequence[str]) -> list[str]:
    """Tips with these messages, each of a mailbox of its own, taken in at once; their ids."""
    return desk.take_in(
        *(
            desk.server.seal(fields=[("text", text)], mailbox=a_mailbox(100 + place), submission_id=next_id())
            for place, text in enumerate(texts)
        )
    )


def next_id() -> bytes:
    """The id of a submission that no other has."""
    return f"{next(_COUNTED):016d}".encode()


def findings(desk: Desk, *options: str) -> list[dict[str, Any]]:
    """The findings as the command lists them."""
    listed: list[dict[str, Any]] = desk.json("findings", "list", desk.home, *options)["findings"]
    return listed


def entities(desk: Desk, *words: str) -> list[dict[str, Any]]:
    """The entities as the command lists them."""
    listed: list[dict[str, Any]] = desk.json("entities", "list", desk.home, *words)["entities"]
    return listed


def kept(desk: Desk, *numbers: int) -> list[str]:
    """Keep findings, each as an entity of its own; the names of these."""
    told = desk.do("findings", "keep", desk.home, *map(str, numbers))
    return [line.split()[1].rstrip(",") for line in told.splitlines()]


def kept_person(desk: Desk, short_id: str, words: str, *, kind: str = "person") -> str:
    """Add words of a tip as a person, or as another kind, with a reason if they are masked; the entity's name."""
    because = ("--because", "another person")
    told = desk.do("findings", "add", desk.home, short_id, words, "--kind", kind, *because)
    return told.split()[-1]
