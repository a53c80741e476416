"""Ready answers for frequent cases, in the language of the page that the source used."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ANSWERS: Final = Path(__file__).parent.parent.parent / "templates" / "reviewer" / "answers"
ENGLISH: Final = "en"


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """A ready answer; ``title`` is for staff, ``texts`` are by language tag."""

    title: str
    texts: Mapping[str, str]

    def text(self, untrusted_tag: str | None = None) -> str:
        """The text in this language if there is one, else in English."""
        return self.texts.get(untrusted_tag or ENGLISH, self.texts[ENGLISH])


@cache
def _shipped(name: str) -> ReadyAnswer:
    table = tomllib.loads((ANSWERS / f"{name}.toml").read_text(encoding="utf-8"))
    return ReadyAnswer(table["title"], table["text"])


COULD_NOT_OPEN: Final = _shipped("could-not-open")
READY: Final = {"read": _shipped("read"), "could-not-open": COULD_NOT_OPEN}
"""By a name for forms."""
