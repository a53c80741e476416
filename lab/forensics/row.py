"""The result of one search: one place at one moment."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lab.forensics.places import Found


@dataclass(frozen=True, slots=True)
class Row:
    """``found`` are names of canaries; ``allowed`` those that docs/threat-model.md names there.

    ``missed`` names parts that could not be searched, and why: an empty ``found`` says nothing of them.
    """

    moment: str
    place: str
    found: frozenset[str]
    allowed: frozenset[str]
    where: tuple[str, ...]
    length: int
    missed: tuple[str, ...] = ()

    @classmethod
    def of(cls, moment: str, place: str, found: Found, allowed: AbstractSet[str] = frozenset()) -> "Row":
        where = tuple(sorted(f"{name}: {one}" for name, ones in found.places.items() for one in ones))
        names = frozenset(found.names())
        return cls(moment, place, names, frozenset(allowed), where, found.length, tuple(found.missed))

    @property
    def is_leak(self) -> bool:
        return not self.found <= self.allowed
