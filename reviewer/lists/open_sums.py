"""An open table as sums by country, region and indicator: no row is kept, and nothing is joined.

A row of the data of CTDC is one record. A row of the estimates of the ILO is one figure: a column is its count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from reviewer.casebook.kept_figures import ALL, CITIZENSHIP, EXPLOITED_IN, INDICATOR, FigureKey
from reviewer.lists.list_entries import BadEntry
from reviewer.lists.world_regions import country_named, is_all, region_named
from reviewer.supply.indicators import indicator_titles
from system.errors import ProgramError

COUNT: Final = "count"
PLACES: Final = (EXPLOITED_IN, CITIZENSHIP)
NO_PLACE: Final = "no country or region"
MOST_CONDITIONS: Final = 10

_HEADINGS: Final[Mapping[str, str]] = {
    heading: reads_as
    for reads_as, headings in {
        EXPLOITED_IN: "countryofexploitation; country of exploitation; ref_area.label; ref_area; region; country",
        CITIZENSHIP: "citizenship; nationality",
        COUNT: "obs_value; count; persons; people; number of people",
        "deception": "meansfalsepromises; meansofcontrolfalsepromises",
        "restriction_of_movement": "meansofcontrolrestrictsmovement",
        "violence": "meansabusepsyphysex; meansofcontrolphysicalabuse; meansofcontrolsexualabuse",
        "threats": "meansthreats; meansofcontrolthreats; meansofcontrolthreatoflawenforcement",
        "retention_documents": "meanswithholddocs; meansofcontrolwithholdsdocuments",
        "withholding_wages": "meansofcontroltakesearnings",
        "debt_bondage": "meansdebtbondageearnings; meansofcontroldebtbondage",
        "abusive_conditions": "meansdenybasicneeds; meansofcontrolwithholdsnecessities",
        "excessive_overtime": "meansexcessiveworkhours; meansofcontrolexcessiveworkinghours",
    }.items()
    for heading in headings.split("; ")
}
"""Columns of CTDC's global synthetic dataset, of its older global dataset, and of ILOSTAT."""

_MISSING: Final = frozenset({"", "-99", "-99.0", "0", "00", "null", "na", "n/a", "nan", "none", "unknown"})
_NO_COUNT: Final = _MISSING - {"0", "00"}
_YES: Final = frozenset({"1", "1.0", "yes", "true"})
_NO: Final = _MISSING | {"0.0", "no", "false"}
_NUMBER: Final = re.compile(
    r"[0-9]{1,3}(?:[ ,\u00a0\u202f][0-9]{3}){1,4}(?:\.[0-9]{1,9})?|[0-9]{1,12}(?:\.[0-9]{1,9})?"
)


def ways_to_read() -> tuple[str, ...]:
    """All that a column of an open table can be read as."""
    return (*PLACES, COUNT, *indicator_titles())


def guessed_figures(columns: Sequence[str]) -> dict[str, str]:
    """The columns with a heading of CTDC or the ILO, each with the kind that it is read as."""
    found: dict[str, str] = {}
    for column in columns:
        reads_as = _HEADINGS.get(column.strip().casefold(), "")
        # The words of a country say more than its code in the column beside it.
        if reads_as and not (reads_as in (*PLACES, COUNT) and reads_as in found.values()):
            found[column] = reads_as
    if {"ref_area", "ref_area.label"} <= set(columns):
        found = {column: reads_as for column, reads_as in found.items() if column != "ref_area"}
        found["ref_area.label"] = EXPLOITED_IN
    return found


def conditions(texts: Sequence[str]) -> dict[str, str]:
    """Conditions such as ``sex=SEX_T``: the rows that count, by column.

    Raises:
        ProgramError: a text is no condition, or there are too many.
    """
    found = {}
    for one in texts:
        column, equals, value = (part.strip() for part in one.partition("="))
        if not (column and equals):
            raise ProgramError("a condition must be COLUMN=VALUE, as sex=SEX_T")
        found[column] = value
    if len(found) > MOST_CONDITIONS:
        raise ProgramError(f"at most {MOST_CONDITIONS} conditions can be given")
    return found


@dataclass(slots=True)
class OpenSums:
    """The sums of a table, while its rows are read.

    ``columns`` says what each column is read as, and ``only`` which rows count.
    """

    columns: Mapping[str, str] = field(repr=False)
    only: Mapping[str, str] = field(default_factory=dict, repr=False)
    figures: dict[FigureKey, float] = field(default_factory=lambda: defaultdict(float))
    left_out: Counter[str] = field(default_factory=Counter)
    _kinds: dict[str, str] = field(default_factory=dict, repr=False)
    _seen: set[tuple[str | None, ...]] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        if missing := [column for column in self.only if column not in self.columns]:
            raise BadEntry(f"there is no column {missing[0]!r}")
        read = list(self.columns.values())
        for reads_as in (*PLACES, COUNT):
            if read.count(reads_as) > 1:
                raise BadEntry(f"only one column can be read as {reads_as}")
        if not any(one in read for one in (*PLACES, *indicator_titles())):
            raise BadEntry("no column has a country, a region or an indicator: say which one does")

    def add(self, cells: Mapping[str, str]) -> bool:
        """Count a row; False for one that does not count, as that of the whole world.

        Raises:
            BadEntry: a cell cannot be read, or the row counts what another one counts already.
        """
        if any(cells.get(column, "").strip() != value for column, value in self.only.items()):
            return False
        by = {reads_as: cells.get(column, "").strip() for column, reads_as in self.columns.items() if reads_as}
        places = {dimension: by[dimension] for dimension in PLACES if dimension in by}
        if COUNT in by and (by[COUNT].casefold() in _NO_COUNT or any(map(is_all, places.values()))):
            return False
        amount = _number(by[COUNT]) if COUNT in by else 1.0
        labels = {dimension: self._label(dimension, words) for dimension, words in places.items()}
        if COUNT in by and not self._is_first(labels):
            return False
        self.figures[FigureKey(ALL, "")] += amount
        for dimension, label in labels.items():
            if label is not None:
                self.figures[FigureKey(dimension, label)] += amount
        for indicator in self._indicators(cells):
            self.figures[FigureKey(INDICATOR, indicator)] += amount
        return True

    def largest(self, most: int = 12) -> list[tuple[str, str, float]]:
        """Dimension, label and amount of the largest sums."""
        found = sorted(self.figures.items(), key=lambda entry: (-entry[1], entry[0]))
        return [(key.dimension, key.label, amount) for key, amount in found[:most]]

    def _label(self, dimension: str, words: str) -> str | None:
        if words.casefold() in _MISSING:
            return None
        label, kind = region_named(words), "regions"
        if label is None:
            label, kind = country_named(words), "countries"
        if label is None:
            self.left_out[NO_PLACE] += 1
            return None
        if self._kinds.setdefault(dimension, kind) != kind:
            raise BadEntry("a column must name countries only, or regions only: say which rows count")
        return label

    def _is_first(self, labels: Mapping[str, str | None]) -> bool:
        """False for a figure without any place, which may be a sum of others."""
        found = tuple(labels.values())
        if found in self._seen:
            raise BadEntry("another row has a figure of the same place: say which rows count, as by sex or year")
        if all(label is None for label in found):
            return False
        self._seen.add(found)
        return True

    def _indicators(self, cells: Mapping[str, str]) -> set[str]:
        found = set()
        for column, reads_as in self.columns.items():
            if reads_as and reads_as not in (*PLACES, COUNT):
                said = cells.get(column, "").strip().casefold()
                if said in _YES:
                    found.add(reads_as)
                elif said not in _NO:
                    raise BadEntry("a column of an indicator must hold 1 or 0")
        return found


def _number(text: str) -> float:
    if (_NUMBER.fullmatch(text)) is None:
        raise BadEntry("a count must be a number, with a point before decimals")
    return float(re.sub("[ ,\u00a0\u202f]", "", text))
