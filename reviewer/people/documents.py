"""Documents between readers and members: JSON in an item of the members' store.

Both sides have keys to what they write, and neither believes the other's form: what does not parse is passed over
and named. The name of an item says whether it is a document or a file.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.casebook.member_store import new_name
from reviewer.casebook.saved_folders import LOOK_SAVED
from reviewer.cases.saved_destroy import FOLDER_DESTROYED
from reviewer.errors import CasebookError

TIP, NOTE, ANSWER, ACT = "tip", "note", "answer", "act"
LOCK_CHANGED: Final = "passphrase changed"
"""The one act of a member that is about no tip."""

ACTS: Final = frozenset(
    {"show", "look", "save", LOOK_SAVED, FOLDER_DESTROYED, "note", "proposed answer", LOCK_CHANGED}
)
"""The acts of a member, as the log has them."""

_SHORT_ID, _DAY = re.compile(r"[0-9a-f]{4,64}"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MINUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
_DOCUMENT, _FILE = b"\x00", b"\x01"
_LONGEST_TEXT: Final = 1 << 16


def document_name() -> bytes:
    return _DOCUMENT + new_name()[1:]


def file_name() -> bytes:
    return _FILE + new_name()[1:]


def is_document(name: bytes) -> bool:
    """True for an item that :func:`read_document` reads."""
    return name[:1] == _DOCUMENT


@dataclass(frozen=True, slots=True)
class GivenFile:
    """One file of a tip, named by its source; ``item`` is None where it was not given.

    It was too large, or is in quarantine. ``sha256`` is in hex digits.
    """

    name: str
    media_type: str
    length_bytes: int
    sha256: str
    item: bytes | None

    def to_list(self) -> list[str | int | None]:
        """As it stands in a document."""
        return [self.name, self.media_type, self.length_bytes, self.sha256, self.item.hex() if self.item else None]

    @classmethod
    def of(cls, told: Sequence[Any]) -> "GivenFile":
        """Undo :meth:`to_list`; raises TypeError or ValueError where it is something else."""
        name, kind, length, sha256, item = told
        return cls(
            _text(name),
            _text(kind),
            int(length),
            _text(sha256),
            None if item is None else bytes.fromhex(_text(item)),
        )


@dataclass(frozen=True, slots=True)
class GivenMessage:
    """One message of the source."""

    short_id: str
    day: str
    texts: Sequence[tuple[str, str]] = field(repr=False)
    files: Sequence[GivenFile] = field(repr=False)


@dataclass(frozen=True, slots=True)
class GivenTip:
    """A tip with its conversation, as it was when a reader gave it."""

    short_id: str
    given_day: str
    messages: Sequence[GivenMessage] = field(repr=False)
    replies: Sequence[tuple[str, str]] = field(repr=False)
    notes: Sequence[tuple[str, str]] = field(repr=False)

    def files(self) -> list[GivenFile]:
        return [file for message in self.messages for file in message.files]

    def to_bytes(self) -> bytes:
        messages = [
            {
                "id": message.short_id,
                "day": message.day,
                "texts": message.texts,
                "files": [
                    [
                        file.name,
                        file.media_type,
                        file.length_bytes,
                        file.sha256,
                        file.item.hex() if file.item else None,
                    ]
                    for file in message.files
                ],
            }
            for message in self.messages
        ]
        return _bytes(
            {
                "kind": TIP,
                "tip": self.short_id,
                "day": self.given_day,
                "messages": messages,
                "replies": self.replies,
                "notes": self.notes,
            }
        )


@dataclass(frozen=True, slots=True)
class FromMember:
    """A note of a member for the readers, the draft of an answer, or an act for the log."""

    kind: str
    short_id: str
    day: str
    minute: str
    text: str = field(repr=False)
    order: int = 0
    """Which of two comes first in one minute."""

    def to_bytes(self) -> bytes:
        return _bytes(
            {"kind": self.kind, "tip": self.short_id, "day": self.day, "minute": self.minute, "text": self.text}
            | {"order": self.order}
        )


def read_tip(raw: bytes) -> GivenTip:
    """Undo :meth:`GivenTip.to_bytes`.

    Raises:
        CasebookError: it is something else.
    """
    try:
        told = _object(raw)
        messages = [
            GivenMessage(
                _text(one["id"]),
                _text(one["day"]),
                _pairs(one["texts"]),
                [GivenFile.of(told_file) for told_file in one["files"]],
            )
            for one in told["messages"]
        ]
        return GivenTip(
            _text(told["tip"]), _text(told["day"]), messages, _pairs(told["replies"]), _pairs(told["notes"])
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _strange() from error


def read_from_member(raw: bytes) -> FromMember:
    """Undo :meth:`FromMember.to_bytes`.

    Raises:
        CasebookError: it is something else.
    """
    try:
        told = _object(raw)
        kind, short_id, day, minute, text = (_text(told[name]) for name in ("kind", "tip", "day", "minute", "text"))
        found = FromMember(kind, short_id, day, minute, text, int(told["order"]))
    except (KeyError, TypeError, ValueError) as error:
        raise _strange() from error
    names_tip = _SHORT_ID.fullmatch(short_id) if text != LOCK_CHANGED or kind != ACT else not short_id
    is_sound = names_tip and _DAY.fullmatch(day) and _MINUTE.fullmatch(minute)
    # An act goes into the log as it is: a member with another program must not write what it likes there.
    is_known = kind in (NOTE, ANSWER) or (kind == ACT and text in ACTS)
    if not is_sound or not is_known or len(text) > _LONGEST_TEXT:
        raise _strange()
    return found


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode("ascii")


def _object(raw: bytes) -> Mapping[str, Any]:
    told = json.loads(raw)
    if not isinstance(told, dict):
        raise TypeError("document must be an object")
    return told


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("value must be a text")
    return value


def _pairs(value: Any) -> list[tuple[str, str]]:
    return [(_text(first), _text(second)) for first, second in value]


def _strange() -> CasebookError:
    return CasebookError("something in the store of members is not what this program writes")
