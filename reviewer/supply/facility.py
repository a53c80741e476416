"""A facility as a list tells of it: a factory, a farm or a mine with name, address and country."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from reviewer.supply.facility_vocabulary import is_country

MOST_LETTERS: Final = 1000
"""Of a name, and of an address."""

_KEYS: Final = frozenset({"name", "address", "country"})


class FacilityFault(StrEnum):
    """Why a value is no facility. A code never quotes the value."""

    NOT_AN_OBJECT = "not-an-object"
    MISSING_KEY = "missing-key"
    UNKNOWN_KEY = "unknown-key"
    NOT_A_TEXT = "not-a-text"
    FIELD_TOO_LONG = "field-too-long"
    NO_NAME = "no-name"
    BAD_COUNTRY = "bad-country"


class BadFacility(ValueError):
    """A value that is no facility; ``fault`` says why."""

    def __init__(self, fault: FacilityFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Facility:
    """``country`` is a code of ISO 3166-1 of two capital letters, or empty; ``address`` may be empty too."""

    name: str
    address: str
    country: str

    @classmethod
    def parse(cls, untrusted: object) -> "Facility":
        """Read a JSON object with the keys ``name``, ``address`` and ``country``.

        Raises:
            BadFacility: a key is missing, unknown or holds no such value.
        """
        if not isinstance(untrusted, Mapping):
            raise BadFacility(FacilityFault.NOT_AN_OBJECT)
        if _KEYS - untrusted.keys():
            raise BadFacility(FacilityFault.MISSING_KEY)
        if untrusted.keys() - _KEYS:
            raise BadFacility(FacilityFault.UNKNOWN_KEY)
        if not all(isinstance(value, str) for value in untrusted.values()):
            raise BadFacility(FacilityFault.NOT_A_TEXT)
        if any(len(value) > MOST_LETTERS for value in untrusted.values()):
            raise BadFacility(FacilityFault.FIELD_TOO_LONG)
        name, address, country = (untrusted[key].strip() for key in ("name", "address", "country"))
        if not any(letter.isalnum() for letter in name):
            raise BadFacility(FacilityFault.NO_NAME)
        if country and not is_country(country.upper()):
            raise BadFacility(FacilityFault.BAD_COUNTRY)
        return cls(name, address, country.upper())
