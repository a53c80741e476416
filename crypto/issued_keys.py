"""Public keys that a manifest lists: four for each week of intake, four for each quarter of sealed files.

Always four, whatever the number of reviewers: the rest are throw-away keys, so that neither an envelope nor a
recipient file shows how many reviewers there are. For the same reason they stand in the order of their bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from crypto.canonical_json import Fields, Json, text_value
from crypto.errors import Malformed
from crypto.keys import HybridPublicKey, IntakePublicKey, SealedPublicKey
from crypto.party import lower_case
from crypto.week import Quarter, Week

KEYS = 4
_LONGEST_KEY_TEXT = 2048

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
    """Sources who seal a file by themselves during ``quarter`` seal it to all four ``keys``, which are sorted here.

    Raises:
        Malformed: not four different keys.
    """

    quarter: Quarter
    keys: tuple[SealedPublicKey, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", _sorted_four(self.keys))

    def to_json(self) -> Json:
        return {"keys": [str(key) for key in self.keys], "quarter": str(self.quarter)}

    @classmethod
    def from_json(cls, untrusted_value: Json) -> "SealedQuarter":
        """Undo :meth:`to_json`.

        Raises:
            Malformed: anything else.
        """
        fields = Fields(untrusted_value)
        quarter = Quarter.parse(fields.text("quarter", longest=7))
        keys = _parse_four(fields, SealedPublicKey)
        return cls(quarter, keys)


def _sorted_four(keys: Sequence[PublicKey]) -> tuple[PublicKey, ...]:
    if len(keys) != KEYS or len(set(keys)) != KEYS:
        raise Malformed(f"expected {KEYS} different keys")
    return tuple(sorted(keys, key=lambda key: key.to_bytes()))


def _parse_four(fields: Fields, role: type[PublicKey]) -> tuple[PublicKey, ...]:
    """The four keys, and the end of the object they stand in."""
    listed = fields.array("keys", least=KEYS, most=KEYS)
    fields.close()
    keys = tuple(role.parse(lower_case(text_value(text, longest=_LONGEST_KEY_TEXT))) for text in listed)
    if keys != _sorted_four(keys):
        raise Malformed("keys of a week or quarter must stand in the order of their bytes")
    return keys
