"""The signed statement of a hand-over: ``docs/formats/hand-over.md``, section "Statement"."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.errors import Malformed
from crypto.hand_over.key_file import HandOverParty
from crypto.primitives import canonical_json
from crypto.primitives.canonical_json import Fields, Json, hex_bytes

FORMAT = "tipline-hand-over"
FORMAT_VERSION = 1
LONGEST_BYTES = 16 << 20
MOST_TIPS = 100
MOST_FIELDS = 1024
MOST_FILES = 4096
FIELD_NAME_BYTES = 64
FIELD_VALUE_BYTES = 256 * 1024
FILE_NAME_BYTES = 1024
MEDIA_TYPE_BYTES = 255
LARGEST_FILE_BYTES = 2**40
ID_BYTES = 16
DIGEST_BYTES = 32
TOLD = ("agreed", "life-in-danger", "must-report", "nothing-said")
"""Words for how the source was told about sharing, as the sender's staff say."""

_TIP_LABEL = b"tipline/v1/hand-over-tip\x00"
_PAIR, _FOUR = 2, 4


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file of a tip; name and media type are a source's: untrusted."""

    name: str = field(repr=False)
    media_type: str = field(repr=False)
    length_bytes: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class HandedTip:
    """A tip; ``fields`` are names and values, untrusted."""

    tip_id: bytes
    arrived: dt.date
    fields: Sequence[tuple[str, str]] = field(repr=False)
    files: Sequence[HandedFile]


@dataclass(frozen=True, slots=True)
class HandOverStatement:
    """All but the bytes of the files; ``to_sha256`` is the digest of the receiver's key file."""

    sender: HandOverParty
    to_sha256: bytes
    hand_over_id: bytes
    day: dt.date
    told: str
    tips: Sequence[HandedTip]

    def to_bytes(self) -> bytes:
        """The bytes that are signed.

        Raises:
            Malformed: a reader would refuse them.
        """
        raw = canonical_json.to_bytes(
            {
                "format": FORMAT,
                "format_version": FORMAT_VERSION,
                "day": self.day.isoformat(),
                "from": self.sender.to_json(),
                "id": self.hand_over_id.hex(),
                "tips": [_tip_json(one) for one in self.tips],
                "to": self.to_sha256.hex(),
                "told": self.told,
            }
        )
        HandOverStatement.parse(raw)
        return raw

    @classmethod
    def parse(cls, untrusted_bytes: bytes) -> "HandOverStatement":
        """Undo :meth:`to_bytes`.

        Raises:
            Malformed: anything else.
            NewerFormat: a later version of the format.
        """
        fields = Fields.of_document(
            untrusted_bytes, format_name=FORMAT, version=FORMAT_VERSION, limit_bytes=LONGEST_BYTES
        )
        statement = cls(
            sender=HandOverParty.parse(_object_bytes(fields.raw("from"))),
            to_sha256=fields.hex("to", length_bytes=DIGEST_BYTES),
            hand_over_id=fields.hex("id", length_bytes=ID_BYTES),
            day=fields.day("day"),
            told=fields.text("told", longest=32),
            tips=[_tip(one) for one in fields.array("tips", least=1, most=MOST_TIPS)],
        )
        fields.close()
        if statement.told not in TOLD:
            raise Malformed("field told must be one of the four words of the format")
        if len({one.tip_id for one in statement.tips}) != len(statement.tips):
            raise Malformed("a tip must stand once in a hand-over")
        return statement


def tip_id_of(envelope_sha256: bytes) -> bytes:
    """The sender's id of a tip: the same in each of its hand-overs, and not the digest of the envelope."""
    return hashlib.sha256(_TIP_LABEL + envelope_sha256).digest()


def _object_bytes(untrusted_value: Json) -> bytes:
    if not isinstance(untrusted_value, dict):
        raise Malformed("field from must be a key file as an object")
    return canonical_json.to_bytes(untrusted_value)


def _tip_json(tip: HandedTip) -> dict[str, Json]:
    return {
        "arrived": tip.arrived.isoformat(),
        "fields": [[name, value] for name, value in tip.fields],
        "files": [[one.name, one.media_type, one.length_bytes, one.sha256.hex()] for one in tip.files],
        "id": tip.tip_id.hex(),
    }


def _tip(untrusted_value: Json) -> HandedTip:
    fields = Fields(untrusted_value)
    tip = HandedTip(
        tip_id=fields.hex("id", length_bytes=DIGEST_BYTES),
        arrived=fields.day("arrived"),
        fields=[_pair(one) for one in fields.array("fields", most=MOST_FIELDS)],
        files=[_file(one) for one in fields.array("files", most=MOST_FILES)],
    )
    fields.close()
    return tip


def _pair(untrusted_value: Json) -> tuple[str, str]:
    if not isinstance(untrusted_value, list) or len(untrusted_value) != _PAIR:
        raise Malformed("a field of a tip must be a name and a value")
    name, value = untrusted_value
    return _text(name, least=1, most=FIELD_NAME_BYTES), _text(value, least=0, most=FIELD_VALUE_BYTES)


def _file(untrusted_value: Json) -> HandedFile:
    if not isinstance(untrusted_value, list) or len(untrusted_value) != _FOUR:
        raise Malformed("a file of a tip must be name, media type, length and digest")
    name, media_type, length_bytes, sha256 = untrusted_value
    if (
        not isinstance(length_bytes, int)
        or isinstance(length_bytes, bool)
        or not 0 <= length_bytes <= LARGEST_FILE_BYTES
    ):
        raise Malformed("length of a file must be a whole number up to 2^40")
    return HandedFile(
        _text(name, least=0, most=FILE_NAME_BYTES),
        _text(media_type, least=0, most=MEDIA_TYPE_BYTES),
        length_bytes,
        hex_bytes(sha256, length_bytes=DIGEST_BYTES),
    )


def _text(untrusted_value: Json, *, least: int, most: int) -> str:
    try:
        if isinstance(untrusted_value, str) and least <= len(untrusted_value.encode()) <= most:
            return untrusted_value
    except UnicodeEncodeError:
        pass  # half of a surrogate pair; answered below, like a text of another length
    raise Malformed(f"a text of a tip must have {least} to {most} bytes")
