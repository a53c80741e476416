"""Open tables of others beside our own pattern; they are joined to no one.

They describe no individual. Some are shipped; staff bring others as a list of the kind "table", of which only sums
are kept. Our side leaves small numbers out (:mod:`reviewer.publication.own_pattern`).
"""

import datetime as dt
import importlib.resources
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.kept_figures import (
    ALL,
    CITIZENSHIP,
    EXPLOITED_IN,
    INDICATOR,
    TABLE_KIND,
    FigureKey,
)
from reviewer.casebook.listed_entities import WatchedList
from reviewer.home.home import Home
from reviewer.lists.world_regions import region_of_country
from reviewer.publication.own_pattern import (
    OwnFigure,
    countries_of_mailboxes,
    indicators_of_mailboxes,
    last_counted_day,
    recruited_and_exploited_shares,
)
from reviewer.reading.place_names import country_name
from reviewer.supply.indicators import indicator_titles

_FILE: Final = "goods_by_country.json"
_SHOWN_GOODS: Final = 5
_IN_A_HUNDRED: Final = 100


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
class OpenShare:
    """A figure of a table of others, and its share of 100 in that table."""

    amount: float
    share: int

    @property
    def said(self) -> str:
        """The figure, as a person reads it."""
        return f"{self.amount:,.10g}"


@dataclass(frozen=True, slots=True)
class TableBeside:
    """An open table that staff brought; ``figures`` are its sums."""

    watched: WatchedList
    figures: Mapping[FigureKey, float] = field(repr=False)

    def country(self, code: str) -> OpenShare | None:
        """Of those whose country of exploitation the table names."""
        return self._of(EXPLOITED_IN, {code} if FigureKey(EXPLOITED_IN, code) in self.figures else set())

    def region(self, dimension: str, region: str) -> OpenShare | None:
        """Of those with a place of this kind, by country put together; None if the table names none there."""
        labels = {key.label for key in self.figures if key.dimension == dimension}
        return self._of(dimension, {one for one in labels if region in (one, region_of_country(one))})

    def indicator(self, indicator: str) -> OpenShare | None:
        """Of all that the table counts; None if it does not know the indicator."""
        amount = self.figures.get(FigureKey(INDICATOR, indicator))
        return None if amount is None else _share(amount, self.figures.get(FigureKey(ALL, ""), 0))

    def _of(self, dimension: str, labels: set[str]) -> OpenShare | None:
        total = sum(amount for key, amount in self.figures.items() if key.dimension == dimension)
        if not total or not labels:
            return None
        return _share(sum(self.figures[FigureKey(dimension, one)] for one in labels), total)


@dataclass(frozen=True, slots=True)
class LineBeside:
    """One line: our figure, and that of each table, in the order of the tables."""

    own: OwnFigure
    shares: Sequence[OpenShare | None]


@dataclass(frozen=True, slots=True)
class CountryBeside:
    """A country that tips name, and how many goods the US list names for it.

    ``mailboxes`` is None where they are too few. ``examples`` are goods made with forced labour, as the list says.
    """

    code: str
    mailboxes: int | None
    with_child_labour: int
    with_forced_labour: int
    examples: Sequence[str]
    shares: Sequence[OpenShare | None]

    @property
    def name(self) -> str:
        """The name of the country in English."""
        return country_name(self.code)


@dataclass(frozen=True, slots=True)
class BesideUs:
    """Our pattern beside open tables, as it was at the end of the day ``until``.

    ``too_few`` are countries behind which too few mailboxes stand: for the team only. ``indicators`` are in the
    order of the ILO; empty: not counted.
    """

    until: dt.date
    tables: Sequence[TableBeside]
    exploited: Sequence[LineBeside]
    recruited: Sequence[LineBeside]
    countries: Sequence[CountryBeside]
    too_few: Sequence[CountryBeside] = field(repr=False)
    indicators: Sequence[LineBeside]

    def to_json(self) -> dict[str, Json]:
        """For programs; without the countries of too few mailboxes, as what is printed so goes into files."""
        return {
            "until": self.until.isoformat(),
            "tables": [_origin(one.watched) for one in self.tables],
            "exploited_in": [_line(one) for one in self.exploited],
            "recruited_in": [_line(one) for one in self.recruited],
            "countries": [
                {
                    "country": one.code,
                    "mailboxes": one.mailboxes,
                    "goods_with_child_labour": one.with_child_labour,
                    "goods_with_forced_labour": one.with_forced_labour,
                    "tables": _shares(one.shares),
                }
                for one in self.countries
            ],
            "indicators": [_line(one) for one in self.indicators],
            "sources": [
                {"name": one.name, "publisher": one.publisher, "edition": one.edition, "licence": one.licence}
                for one in SOURCES
            ],
        }


def beside_us(home: Home, *, with_indicators: bool, today: dt.date) -> BesideUs:
    """Our pattern beside all open tables that are here.

    ``with_indicators`` reads each tip with a form, which takes long in a large casebook.
    """
    casebook = home.casebook
    tables = [
        TableBeside(one, casebook.open_figures.of(one.number))
        for one in casebook.listed.all()
        if one.kind == TABLE_KIND
    ]
    recruited, exploited = recruited_and_exploited_shares(home, today=today)
    countries = countries_of_mailboxes(home, today=today)
    counted = indicators_of_mailboxes(home, today=today) if with_indicators else []
    ids = {title: indicator for indicator, title in indicator_titles().items()}
    return BesideUs(
        last_counted_day(today),
        tables,
        [LineBeside(one, [table.region(EXPLOITED_IN, one.label) for table in tables]) for one in exploited],
        [LineBeside(one, [table.region(CITIZENSHIP, one.label) for table in tables]) for one in recruited],
        [_beside(code, number, tables) for code, number in countries.enough.items()],
        [_beside(code, None, tables) for code in countries.too_few],
        [LineBeside(one, [table.indicator(ids[one.label]) for table in tables]) for one in counted],
    )


def _beside(code: str, mailboxes: int | None, tables: Sequence[TableBeside]) -> CountryBeside:
    goods = _goods().get(code, ())
    forced = [good for good, _child, is_forced in goods if is_forced]
    shares = [table.country(code) for table in tables]
    with_child = sum(child for _good, child, _forced in goods)
    return CountryBeside(code, mailboxes, with_child, len(forced), forced[:_SHOWN_GOODS], shares)


def _share(amount: float, total: float) -> OpenShare:
    return OpenShare(amount, min(_IN_A_HUNDRED, round(_IN_A_HUNDRED * amount / total)) if total else 0)


def _line(one: LineBeside) -> dict[str, Json]:
    own = one.own
    return {"label": own.label, "number": own.number, "of_100": own.share, "tables": _shares(one.shares)}


def _shares(shares: Sequence[OpenShare | None]) -> list[Json]:
    return [None if one is None else {"amount": one.said, "of_100": one.share} for one in shares]


def _origin(one: WatchedList) -> dict[str, Json]:
    table = one.table
    return {
        "list": one.name,
        "publisher": table.publisher,
        "licence": table.licence,
        "version": table.version,
        "imported": table.day.isoformat(),
        "sha256": table.sha256.hex(),
    }


@cache
def _goods() -> Mapping[str, Sequence[tuple[str, bool, bool]]]:
    """Good, child labour and forced labour, by the code of the country."""
    text = importlib.resources.files("reviewer.publication").joinpath(_FILE).read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, bool, bool]]] = {}
    for code, good, child, forced in json.loads(text)["rows"]:
        found.setdefault(code, []).append((good, bool(child), bool(forced)))
    return found
