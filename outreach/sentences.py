"""Texts of cards, posters and clear pages: one file ``text/TAG.toml`` for each language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from system.errors import ProgramError

TEXT: Final = Path(__file__).parent / "text"
TAGS: Final = (
    *("en", "es", "fr", "pt", "ro", "ru", "uk", "ar"),
    *("fa", "ur", "hi", "bn", "zh-Hans", "th", "vi", "tl"),
)
"""In the order of the site."""

PLACE_TO_BREAK: Final = "\u200b"
"""Stands between words of a language that writes no spaces; it is in no text that is shown."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one language. ``own_name`` is its name for its readers."""

    tag: str
    own_name: str
    right_to_left: bool
    steps: str
    _tables: dict[str, dict[str, str]]

    def card(self, name: str) -> str:
        """A sentence of cards and posters."""
        return self._tables["card"][name]

    def plain(self, name: str) -> str:
        """A sentence of cards and posters in the plain style."""
        return self._tables["plain"][name]

    def page(self, name: str) -> str:
        """A sentence of the clear page."""
        return self._tables["page"][name]

    def place(self, english: str) -> str:
        """The place of an emergency number; unknown places stay as the operator wrote them."""
        return self._tables["places"].get(english, english)


@cache
def sentences(tag: str) -> Sentences:
    """The language with this tag.

    Raises:
        ProgramError: the site does not speak it.
    """
    if tag not in TAGS:
        raise ProgramError(f"there is no language {tag!r}", hint=f"one of {', '.join(TAGS)}")
    table: dict[str, Any] = tomllib.loads((TEXT / f"{tag}.toml").read_text(encoding="utf-8"))
    tables = {name: table[name] for name in ("card", "plain", "page", "places")}
    return Sentences(tag, table["own_name"], table["direction"] == "rtl", table["steps"], tables)
