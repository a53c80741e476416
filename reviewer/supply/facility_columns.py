"""Which columns of a table hold name, address, country and identifiers of a facility.

A column map is a small file in TOML that staff write for a list. Nothing is guessed from the names of columns.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.supply.application_identifiers import is_checked
from reviewer.supply.facility import BadFacility, Facility, FacilityFault

MOST_MAP_BYTES: Final = 1 << 16
SCHEMES: Final = ("os_id", "gln", "lei", "tax", "other")
"""``os_id`` and ``gln`` name one place; ``lei`` and ``tax`` name a company, which may have many places."""

_KEYS: Final = frozenset(
    {"name", "address", "country", "identifiers", "countries", "goods", "buyer", "buyer_name", "since"}
)
_FAULTS: Final = {
    FacilityFault.NO_NAME: "the name of a facility must have a letter or a digit",
    FacilityFault.FIELD_TOO_LONG: "name and address must have at most 1,000 letters each",
    FacilityFault.BAD_COUNTRY: (
        "the country must be a code of two letters (ISO 3166-1), or stand under [countries] in the column map"
    ),
}
_MOST_IDENTIFIER_LETTERS: Final = 100
_MOST_TRADE_LETTERS: Final = 200
_EXPONENT: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+")
_FORMS: Final = {
    "os_id": re.compile("[A-Z0-9]{6,40}"),
    "gln": re.compile("[0-9]{13}"),
    "lei": re.compile("[A-Z0-9]{20}"),
}


class BadRow(ValueError):
    """A row that is no facility; its text says which value must be what, and quotes none."""


class BadColumnMap(ValueError):
    """A column map that cannot be used; its text says why."""


@dataclass(frozen=True, slots=True)
class ListedFacility:
    """A facility with the identifiers that its list gives, by scheme."""

    facility: Facility
    identifiers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ListedTrade:
    """Goods, buyer and first day of a row; each may be empty."""

    goods: str
    buyer: str
    since: str


@dataclass(frozen=True, slots=True)
class FacilityColumns:
    """Names of columns, by what they hold.

    Several columns of an address are joined; ``countries`` gives codes for other spellings of a country. ``buyer``
    is the column of a buyer, and ``buyer_name`` a buyer who stands for the whole list.
    """

    name: str
    address: Sequence[str] = ()
    country: str = ""
    identifiers: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    goods: str = ""
    buyer: str = ""
    buyer_name: str = ""
    since: str = ""

    @classmethod
    def parse(cls, text: str) -> "FacilityColumns":
        """Read a column map.

        Raises:
            BadColumnMap: it is no TOML, or has a key or a value that is unknown.
        """
        try:
            said = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            raise BadColumnMap("the column map must be TOML") from None
        if unknown := sorted(said.keys() - _KEYS):
            raise BadColumnMap(f"the column map must not have the key {unknown[0]}; it knows {_all_of(_KEYS)}")
        address = said.get("address", [])
        columns = cls(
            _text(said, "name"),
            tuple(_texts("address", [address] if isinstance(address, str) else address)),
            _text(said, "country"),
            _table(said, "identifiers"),
            _table(said, "countries"),
            *(_text(said, key) for key in ("goods", "buyer", "buyer_name", "since")),
        )
        if columns.buyer and columns.buyer_name:
            raise BadColumnMap("the column map must have one of buyer and buyer_name")
        if not columns.name:
            raise BadColumnMap("the column map must say which column is the name")
        if unknown := sorted(columns.identifiers.keys() - set(SCHEMES)):
            raise BadColumnMap(f"[identifiers] must not have the key {unknown[0]}; it knows {_all_of(SCHEMES)}")
        return columns

    def to_json(self) -> dict[str, Any]:
        """The map as it is kept beside the list."""
        return {
            "name": self.name,
            "address": list(self.address),
            "country": self.country,
            "identifiers": dict(self.identifiers),
            "countries": dict(self.countries),
            **{key: value for key in ("goods", "buyer", "buyer_name", "since") if (value := getattr(self, key))},
        }

    def names(self) -> list[str]:
        """All columns that are read."""
        some = (
            *(self.name, *self.address, self.country, *self.identifiers.values()),
            *(self.goods, self.buyer, self.since),
        )
        return [one for one in some if one]

    def read(self, untrusted_cells: Mapping[str, str]) -> ListedFacility:
        """The facility of a row.

        Raises:
            BadRow: a column is missing, or holds no such value.
        """
        for name in self.names():
            if name not in untrusted_cells:
                raise BadRow(f"there is no column {name}")
        country = untrusted_cells[self.country].strip() if self.country else ""
        values = {
            "name": untrusted_cells[self.name],
            "address": ", ".join(value for one in self.address if (value := untrusted_cells[one].strip())),
            "country": self.countries.get(country, country),
        }
        try:
            facility = Facility.parse(values)
        except BadFacility as error:
            raise BadRow(_FAULTS[error.fault]) from error
        found = ((one, _identifier(one, untrusted_cells[column])) for one, column in self.identifiers.items())
        return ListedFacility(facility, {scheme: value for scheme, value in sorted(found) if value})

    def trade(self, untrusted_cells: Mapping[str, str]) -> ListedTrade:
        """The goods and the buyer in a row that :meth:`read` took."""
        goods, buyer, since = (
            untrusted_cells[one].strip() if one else "" for one in (self.goods, self.buyer, self.since)
        )
        return ListedTrade(goods, (buyer or self.buyer_name)[:_MOST_TRADE_LETTERS], since[:_MOST_TRADE_LETTERS])


OS_HUB_COLUMNS: Final = FacilityColumns("name", ("address",), "country_code", {"os_id": "os_id"})
"""The columns of an export of Open Supply Hub."""


def _identifier(scheme: str, untrusted_text: str) -> str:
    """The identifier in one spelling, or nothing for a cell as ``-`` or ``n/a``."""
    value = "".join(untrusted_text.split()).upper()
    if not any(letter.isdigit() for letter in value):
        return ""
    if _EXPONENT.fullmatch(value) and scheme != "os_id":
        raise BadRow(f"{scheme} was damaged by a spreadsheet: make the column a text, and export it again")
    if len(value) > _MOST_IDENTIFIER_LETTERS:
        raise BadRow(f"{scheme} must have at most {_MOST_IDENTIFIER_LETTERS} letters")
    form = _FORMS.get(scheme)
    is_sound = form is None or form.fullmatch(value) is not None
    if scheme == "gln" and is_sound:
        is_sound = is_checked(value)
    elif scheme == "lei" and is_sound:
        # ISO 17442: letters count from 10, and the whole number leaves 1 when it is divided by 97.
        is_sound = int("".join(str(int(letter, 36)) for letter in value)) % 97 == 1
    if not is_sound:
        raise BadRow(f"{scheme} must be a whole identifier with the right check digits")
    return value


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key, "")
    if not isinstance(value, str):
        raise BadColumnMap(f"{key} must be the name of a column, in quotation marks")
    return value


def _texts(key: str, values: object) -> Iterator[str]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise BadColumnMap(f"{key} must be names of columns, in quotation marks")
    yield from values


def _table(said: Mapping[str, Any], key: str) -> dict[str, str]:
    values = said.get(key, {})
    if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
        raise BadColumnMap(f'[{key}] must be lines as: word = "text"')
    return values


def _all_of(words: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(sorted(words))
