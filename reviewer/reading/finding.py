"""One finding: a stretch of a text, its kind and how it can be read."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """The kinds, in the order in which a text is read: a stretch belongs to the first that claims it."""

    DATE = "date"
    IBAN = "iban"
    CRYPTO = "crypto"
    SHIP = "ship"
    EMAIL = "email"
    WEB = "web"
    HANDLE = "handle"
    DOCUMENT = "document"
    PLATE = "plate"
    PHONE = "phone"
    PERSON = "person"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Finding:
    """``first`` and ``length`` count the letters (code points) of the text, from 0.

    ``readings`` are normal forms, the likeliest first; two texts tell of the same where one reading is equal.
    """

    kind: FindingKind
    first: int
    length: int
    readings: tuple[str, ...]

    @property
    def end(self) -> int:
        """The place behind the last letter."""
        return self.first + self.length

    def to_json(self) -> dict[str, str | int | list[str]]:
        """The finding without its words, which are cut from the text."""
        return {
            "kind": self.kind.value,
            "first": self.first,
            "length": self.length,
            "readings": list(self.readings),
        }
