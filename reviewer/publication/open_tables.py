"""Open tables of others beside our own pattern; they are joined to no one.

They describe no individual. Our side counts mailboxes that name a country, or that ticked an indicator of the ILO.
It is for the team: what others read is made of registered tables (:mod:`reviewer.publication.register`).
"""

import importlib.resources
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.finding_readings import PLACE
from reviewer.facilities.accepting import ticked
from reviewer.home.home import Home
from reviewer.reading.place_names import country_name
from reviewer.reading.place_readings import place_of
from reviewer.supply.indicators import indicator_titles

_FILE: Final = "goods_by_country.json"
_SHOWN_GOODS: Final = 5


@dataclass(frozen=True, slots=True)
class OpenSource:
    """A table of others: its maker, edition and licence, and if this program ships it."""

    name: str
    publisher: str
    edition: str
    licence: str
    is_shipped: bool


SOURCES: Final = (
    OpenSource(
        "List of Goods Produced by Child Labor or Forced Labor",
        "US Department of Labor, ILAB",
        "2021",
        "public domain in the US",
        is_shipped=True,
    ),
    OpenSource(
        "Indicators of Forced Labour: the eleven titles",
        "International Labour Organization",
        "2012",
        "titles only; the questions are ours",
        is_shipped=True,
    ),
    OpenSource(
        "Global estimates of modern slavery",
        "International Labour Organization, Walk Free, IOM",
        "see its site",
        "look at its terms",
        is_shipped=False,
    ),
    OpenSource(
        "Global dataset and synthetic dataset",
        "Counter-Trafficking Data Collaborative (CTDC)",
        "see its site",
        "look at its terms",
        is_shipped=False,
    ),
)
"""Those that may not be shipped are named, so that staff know where to look."""


@dataclass(frozen=True, slots=True)
class CountryBeside:
    """A country that tips name: our mailboxes, and how many goods the list names for it.

    ``examples`` are goods made with forced labour, as the list says.
    """

    code: str
    mailboxes: int
    with_child_labour: int
    with_forced_labour: int
    examples: Sequence[str]

    @property
    def name(self) -> str:
        """The name of the country in English."""
        return country_name(self.code)


@dataclass(frozen=True, slots=True)
class BesideUs:
    """Our pattern beside open tables."""

    countries: Sequence[CountryBeside]
    indicators: Sequence[tuple[str, int]]
    """The titles of the ILO in its order, with the number of mailboxes that ticked it; empty: not counted."""

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        return {
            "countries": [
                {
                    "country": one.code,
                    "mailboxes": one.mailboxes,
                    "goods_with_child_labour": one.with_child_labour,
                    "goods_with_forced_labour": one.with_forced_labour,
                }
                for one in self.countries
            ],
            "indicators": [{"title": title, "mailboxes": count} for title, count in self.indicators],
            "sources": [
                {"name": one.name, "publisher": one.publisher, "edition": one.edition, "licence": one.licence}
                for one in SOURCES
            ],
        }


@cache
def _goods() -> Mapping[str, Sequence[tuple[str, bool, bool]]]:
    """Good, child labour and forced labour, by the code of the country."""
    text = importlib.resources.files("reviewer.publication").joinpath(_FILE).read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, bool, bool]]] = {}
    for code, good, child, forced in json.loads(text)["rows"]:
        found.setdefault(code, []).append((good, bool(child), bool(forced)))
    return found


def beside_us(home: Home, *, with_indicators: bool) -> BesideUs:
    """Count our mailboxes by country of kept places, and by indicator, beside open tables.

    ``with_indicators`` reads each tip with a form, which takes long in a large casebook.
    """
    by_country: dict[str, set[int]] = {}
    for reading, thread in home.casebook.finding_readings.kept_with_one(PLACE):
        place = place_of(reading)
        code = place if isinstance(place, str) or place is None else place.country
        if code is not None:
            by_country.setdefault(code, set()).add(thread)
    countries = [_beside(code, len(threads)) for code, threads in by_country.items()]
    counted = _counted_indicators(home) if with_indicators else []
    return BesideUs(sorted(countries, key=lambda one: (-one.mailboxes, one.code)), counted)


def _counted_indicators(home: Home) -> list[tuple[str, int]]:
    threads: dict[str, set[int]] = {}
    hidden = home.casebook.overview.hidden()
    for number, thread in home.casebook.inbox_rows.with_form():
        if number not in hidden:
            for indicator in ticked(home.casebook, home.casebook.submissions.by_number(number)):
                threads.setdefault(indicator, set()).add(thread)
    return [(title, len(threads.get(key, ()))) for key, title in indicator_titles().items()]


def _beside(code: str, mailboxes: int) -> CountryBeside:
    goods = _goods().get(code, ())
    forced = [good for good, _child, is_forced in goods if is_forced]
    return CountryBeside(
        code, mailboxes, sum(child for _good, child, _forced in goods), len(forced), forced[:_SHOWN_GOODS]
    )
