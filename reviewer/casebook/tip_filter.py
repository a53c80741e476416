"""A filter and an order for lists of tips, as names and values.

A form, a command and a saved view share them. Each value is text. Empty text leaves the criterion out. ``-`` stands
for none: no owner, no case, no form.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Final

from reviewer.casebook.thread_marks import Status
from reviewer.errors import CasebookError

NONE: Final = "-"
OPEN, ARCHIVED, ALL = "open", "archived", "all"
URGENT: Final = "urgent"
_YES_NO: Final = ("yes", "no")
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "box": (OPEN, ARCHIVED, ALL),
    "read": ("unread", "read"),
    "status": tuple(map(str, Status)),
    "starred": _YES_NO,
    "waits": ("us", "source"),
    "answered": _YES_NO,
    "danger": _YES_NO,
    "files": _YES_NO,
    "kind": ("tip", "act", "telephone", "unopened"),
    "sort": (
        *(URGENT, "newest", "oldest", "waiting", "due", "unread", "unanswered", "starred", "owner", "label"),
        *("status", "language", "form", "files"),
    ),
}
"""The values of each criterion that has no free text. Empty is allowed as well."""

DUE_WORDS: Final = ("set", "none", "overdue")
_LONGEST_LETTERS: Final = 200


@dataclass(frozen=True, slots=True)
class TipFilter:
    """Which tips, and in which order. ``due`` is a word of :data:`DUE_WORDS`, or the latest day wanted."""

    box: str = OPEN
    read: str = ""
    owner: str = ""
    label: str = ""
    status: str = ""
    starred: str = ""
    due: str = ""
    waits: str = ""
    answered: str = ""
    danger: str = ""
    language: str = ""
    form: str = ""
    files: str = ""
    kind: str = ""
    case: str = ""
    sort: str = URGENT

    @classmethod
    def parse(cls, untrusted: Mapping[str, str]) -> "TipFilter":
        """From names and values; names that are not criteria are ignored.

        Raises:
            CasebookError: a value that its criterion does not have; the message names both.
        """
        known = {name: untrusted[name].strip() for name in CRITERIA if untrusted.get(name, "").strip()}
        for name, value in known.items():
            if len(value) > _LONGEST_LETTERS:
                raise CasebookError(f"{name} must have at most {_LONGEST_LETTERS} letters")
            if name in CHOICES and value not in CHOICES[name]:
                raise CasebookError(f"{name} must be one of: {', '.join(CHOICES[name])}")
        if "due" in known and known["due"] not in DUE_WORDS:
            _require_day(known["due"])
        if "case" in known and known["case"] != NONE and not _is_number(known["case"]):
            raise CasebookError("case must be the number of a case, or - for none")
        return cls(**known)

    @classmethod
    def from_json(cls, text: str) -> "TipFilter":
        """As :meth:`to_json` wrote it. A criterion that this version does not know is left out."""
        return cls.parse(json.loads(text))

    def to_json(self) -> str:
        return json.dumps(self.criteria(), sort_keys=True)

    def criteria(self) -> dict[str, str]:
        """The criteria that are set, other than as in an empty filter."""
        return {name: value for name, value in asdict(self).items() if value != _EMPTY[name]}


CRITERIA: Final = tuple(one.name for one in fields(TipFilter))
_EMPTY: Final = asdict(TipFilter())


def _require_day(text: str) -> None:
    try:
        dt.date.fromisoformat(text)
    except ValueError as error:
        words = ", ".join(DUE_WORDS)
        raise CasebookError(f"due must be one of: {words}, or a day as 2026-12-31") from error


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
