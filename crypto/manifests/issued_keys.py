"""The public keys in a manifest: four for each intake week, four for each quarter of sealed files.

There are four at any number of reviewers. Throw-away keys fill the rest, and all stand in the order of their bytes,
so that neither an envelope nor a recipient file shows how many reviewers there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from crypto.errors import Malformed
from crypto.keys.keys import HybridPublicKey, IntakePublicKey, SealedPublicKey
from crypto.keys.party import lower_case
from crypto.primitives.canonical_json import Fields, Json, text_value
from crypto.primitives.week import Quarter, Week

KEYS = 4
LONGEST_KEY_TEXT = 2048
_SIGNATURE_LINES = 4
_LONGEST_SIGNATURE_LINE = 512

PublicKey = TypeVar("PublicKey", bound=HybridPublicKey)


@dataclass(frozen=True, slots=True)
class IntakeWeek:
    """Submissions of ``week`` are sealed to all four ``keys``, which are sorted here.

    Raises:
        Malformed: not four different keys.
    """

    week: Week
    keys: tuple[IntakePublicKey, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", _sorted_four(self.keys))

    def to_json(self) -> Json:
        return {"keys": [str(key) for key in self.keys], "week": str(self.week)}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "IntakeWeek":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
        """
        fields = Fields(untrusted_value)
        week = Week.parse(fields.text("week", longest=8))
        keys = _parse_four(fields, IntakePublicKey)
        return cls(week, keys)


@dataclass(frozen=True, slots=True)
class SealedQuarter:
    """The four keys to which sources seal files during ``quarter``. They are sorted here.

    ``signature`` is the root key's signature of their recipient file, as the four lines of a minisign file, or
    empty. To verify it, use :mod:`crypto.manifests.recipient_file` with the root key.

    Raises:
        Malformed: not four different keys, or a signature that is not four lines.
    """

    quarter: Quarter
    keys: tuple[SealedPublicKey, ...]
    signature: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", _sorted_four(self.keys))
        if self.signature and (len(self.signature) != _SIGNATURE_LINES or "\n" in "".join(self.signature)):
            raise Malformed(f"signature of a recipient file must have {_SIGNATURE_LINES} lines")

    @classmethod
    def in_order(cls, quarter: Quarter, untrusted_keys: Sequence[SealedPublicKey]) -> "SealedQuarter":
        """Make an entry from keys that must be in the order of their bytes.

        Raises:
            Malformed: they do not, or are not four different ones.
        """
        return cls(quarter, _in_order(untrusted_keys))

    def signature_file(self) -> bytes:
        """The signature file for ``minisign -V``."""
        return "".join(f"{line}\n" for line in self.signature).encode()

    def to_json(self) -> Json:
        entry: dict[str, Json] = {"keys": [str(key) for key in self.keys], "quarter": str(self.quarter)}
        return entry | {"signature": list(self.signature)} if self.signature else entry

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "SealedQuarter":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
        """
        fields = Fields(untrusted_value)
        quarter = Quarter.parse(fields.text("quarter", longest=7))
        signature: tuple[str, ...] = ()
        if "signature" in fields:  # manifests from before there were recipient files have none
            lines = fields.array("signature", least=_SIGNATURE_LINES, most=_SIGNATURE_LINES)
            signature = tuple(text_value(line, longest=_LONGEST_SIGNATURE_LINE) for line in lines)
        keys = _parse_four(fields, SealedPublicKey)
        return cls(quarter, keys, signature)


def _sorted_four(keys: Sequence[PublicKey]) -> tuple[PublicKey, ...]:
    if len(keys) != KEYS or len(set(keys)) != KEYS:
        raise Malformed(f"expected {KEYS} different keys")
    return tuple(sorted(keys, key=lambda key: key.to_bytes()))


def _parse_four(fields: Fields, role: type[PublicKey]) -> tuple[PublicKey, ...]:
    """The four keys, and the end of the object they stand in."""
    listed = fields.array("keys", least=KEYS, most=KEYS)
    fields.close()
    return _in_order([role.parse(lower_case(text_value(text, longest=LONGEST_KEY_TEXT))) for text in listed])


def _in_order(keys: Sequence[PublicKey]) -> tuple[PublicKey, ...]:
    if tuple(keys) != _sorted_four(keys):
        raise Malformed("keys of a week or quarter must stand in the order of their bytes")
    return tuple(keys)
