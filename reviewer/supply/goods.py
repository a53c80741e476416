"""Goods by country, as a list names them: the column map of such a list, and how old its edition is."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.languages.staff_language import marked
from reviewer.supply.facility_columns import BadColumnMap, BadRow
from reviewer.supply.facility_form import strict_form
from reviewer.supply.facility_vocabulary import is_country
from reviewer.supply.flags import weights

MOST_LETTERS: Final = 200
"""Of the name of a good."""

_KEYS: Final = ("good", "country", "child", "forced", "derived")
_YES: Final = frozenset({"x", "yes", "y", "true", "1"})
_NO: Final = frozenset({"", "no", "n", "false", "0", "-"})
_EDITION: Final = re.compile(r"(?<![0-9])(20[0-9]{2})(?:-([01][0-9]))?(?![0-9])")
_PARTS: Final = re.compile("[;|\n]")


@dataclass(frozen=True, slots=True)
class GoodOfCountry:
    """A good of a country on a list. ``derived``: it is made of a good that is listed."""

    good: str
    country: str
    child: bool
    forced: bool
    derived: bool


@dataclass(frozen=True, slots=True)
class GoodsColumns:
    """Names of columns of a list of goods; ``derived`` may be empty. ``countries`` are codes by spelling."""

    good: str
    country: str
    child: str
    forced: str
    derived: str = ""
    countries: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "GoodsColumns":
        """Read a column map.

        Raises:
            BadColumnMap: it is no TOML, or has a key or a value that is unknown.
        """
        try:
            said = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError):
            raise BadColumnMap("the column map must be TOML") from None
        if unknown := sorted(said.keys() - {*_KEYS, "countries"}):
            raise BadColumnMap(f"the column map must not have the key {unknown[0]}; it knows {', '.join(_KEYS)}")
        columns = {key: said.get(key, "") for key in _KEYS}
        countries = said.get("countries", {})
        if not all(isinstance(one, str) for one in columns.values()) or not all(list(columns.values())[:4]):
            raise BadColumnMap("the column map must say which columns are good, country, child and forced")
        if not isinstance(countries, dict) or not all(isinstance(one, str) for one in countries.values()):
            raise BadColumnMap('[countries] must be lines as: word = "text"')
        return cls(**columns, countries=countries)

    def to_json(self) -> dict[str, Any]:
        """The map as it is kept beside the list."""
        return {key: getattr(self, key) for key in _KEYS} | {"countries": dict(self.countries)}

    def read(self, untrusted_cells: Mapping[str, str]) -> GoodOfCountry:
        """The good of a row.

        Raises:
            BadRow: a column is missing, or holds no such value.
        """
        for name in (self.good, self.country, self.child, self.forced, self.derived):
            if name and name not in untrusted_cells:
                raise BadRow(f"there is no column {name}")
        good, country = untrusted_cells[self.good].strip(), untrusted_cells[self.country].strip()
        code = self.countries.get(country, country).upper()
        if not good_key(good) or len(good) > MOST_LETTERS:
            raise BadRow(f"the name of a good must have a letter, and at most {MOST_LETTERS}")
        if not is_country(code):
            raise BadRow("the country must be a code of two letters, or stand under [countries] in the column map")
        marks = [_yes(untrusted_cells[name]) if name else False for name in (self.child, self.forced, self.derived)]
        return GoodOfCountry(good, code, *marks)


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise BadRow("child, forced and derived must be yes, x or 1, or no, 0 or empty")
    return word in _YES


def good_key(good: str) -> str:
    """The form in which two names of a good are equal: all but case, accents, punctuation and blanks."""
    return strict_form(good).letters


def goods_in(cell: str) -> list[str]:
    """The goods of a cell, which are parted by a semicolon, a stroke or a new line."""
    parts = (part.strip() for part in _PARTS.split(cell))
    return [part[:MOST_LETTERS] for part in parts if good_key(part)]


def edition_warning(edition: str, *, today: dt.date) -> str:
    """A warning of a list that is old, or whose edition says no year; else nothing."""
    years: Sequence[tuple[str, str]] = _EDITION.findall(edition)
    if not years:
        return marked("the edition of this list names no year")
    year, month = max(years)
    last = dt.date(int(year), min(12, max(1, int(month or 12))), 28)
    if (today - last).days > weights()["levels"]["old_list_days"]:
        return marked("this edition of the list is old: ask for a newer one")
    return ""
