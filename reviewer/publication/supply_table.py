"""Accepted tips of a quarter by country and good, and by indicator: a table for others.

A source is a mailbox with all tips of the same contents. It stands in one row: that of the place of its first tip.
A line has the lower bound of sources behind it, or is a part of "other". An empty "other" is left out. A source may
stand behind several indicators of a row, so a row has no total: :func:`by_country_and_good` counts it once.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from crypto.primitives.week import Quarter
from crypto.questions.builtin_questionnaires import vocabularies
from reviewer.casebook.casebook import Casebook
from reviewer.casebook.facility_evidence import AcceptedTip
from reviewer.facilities.accepting import visible_tips
from reviewer.facilities.facility_flags import independent_sources
from reviewer.facilities.places import confirmed_place
from reviewer.home.home import Home
from reviewer.publication.counted_table import CountedTable, Place
from reviewer.publication.suppression import LOWER_BOUND
from reviewer.supply.goods import good_key
from reviewer.supply.indicators import indicator_titles

OTHER_PLACES: Final = "other countries and goods"
OTHER_INDICATORS: Final = "other indicators"
UNITS: Final = ("mailboxes", "accepted tips")
MOST_ROWS: Final = 20
"""With eleven indicators and the totals this is what fits into one release."""

_NO_COUNTRY: Final = "no country"
_OTHER_GOOD: Final = "other goods"


def by_country_good_and_indicator(home: Home, quarter: Quarter) -> CountedTable:
    """Count the sources, and their accepted tips, of a quarter; labels come from fixed lists only."""
    sources = _sources(home, quarter)
    titles = indicator_titles()
    ticked = [titles[one] for _label, some in sources for one in _ticked(some)]
    rows = _lines([label for label, _some in sources], OTHER_PLACES, MOST_ROWS)
    columns = _lines(ticked, OTHER_INDICATORS, len(titles))
    cells: dict[Place, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for number, (label, some) in enumerate(sources):
        for tip in some:
            for indicator in tip.indicators:
                place = (_at(rows, label), _at(columns, titles[indicator]))
                if min(place) >= 0:
                    cells[place][0].add(number)
                    cells[place][1].add(tip.submission)
    counts = {place: (len(found), len(behind)) for place, (found, behind) in cells.items()}
    sizes = Counter(_at(rows, label) for label, _some in sources)
    return CountedTable(
        rows or (OTHER_PLACES,),
        columns or (OTHER_INDICATORS,),
        UNITS,
        counts,
        has_row_totals=False,
        row_sizes=[sizes[row] for row in range(max(1, len(rows)))],
    )


def by_country_and_good(home: Home, quarter: Quarter) -> CountedTable:
    """Count each source once, whatever it ticked, in the row of the place of its first tip."""
    sources = _sources(home, quarter)
    rows = _lines([label for label, _some in sources], OTHER_PLACES, MOST_ROWS)
    cells: dict[Place, tuple[int, int]] = {}
    for label, some in sources:
        if rows:
            place = (_at(rows, label), 0)
            counted, tips = cells.get(place, (0, 0))
            cells[place] = (counted + 1, tips + len({tip.submission for tip in some}))
    return CountedTable(rows or (OTHER_PLACES,), (), UNITS, cells)


def _sources(home: Home, quarter: Quarter) -> list[tuple[str, Sequence[AcceptedTip]]]:
    """The sources of a quarter, each with its row and its accepted tips."""
    casebook = home.casebook
    facilities = sorted(casebook.facility_evidence.facilities_with_evidence())
    tips = [one for one in visible_tips(casebook, facilities) if one.mailbox and one.indicators]
    tips = [one for one in tips if Quarter.of(one.tip_day) == quarter]
    return [(_label(casebook, some[0].facility), some) for some in independent_sources(tips)]


def _ticked(tips: Sequence[AcceptedTip]) -> set[str]:
    return {indicator for tip in tips for indicator in tip.indicators}


def _lines(labels: Sequence[str], other: str, most: int) -> tuple[str, ...]:
    """Labels with enough sources each, and ``other`` where it has enough; none if all are too few."""
    counts = Counter(labels)
    kept = [label for label, count in counts.most_common(most - 1) if count >= LOWER_BOUND]
    while (rest := sum(counts.values()) - sum(counts[label] for label in kept)) and rest < LOWER_BOUND:
        if not kept:
            return ()
        kept.pop()
    return (*sorted(kept), *((other,) if rest else ()))


def _at(lines: Sequence[str], label: str) -> int:
    """The line of a label; that of the others stands last. -1 where there is no line."""
    return lines.index(label) if label in lines else len(lines) - 1


def _label(casebook: Casebook, facility: int) -> str:
    """Country and good of a place, each from a fixed list; a place with several goods has none of them."""
    place = sorted(confirmed_place(casebook, facility))
    countries = {one.listed.facility.country for one in casebook.facility_lists.facilities(place)} - {""}
    country = next(iter(countries)) if len(countries) == 1 else ""
    known = {good_key(title): title for title in vocabularies()["goods"].values()}
    goods = {known.get(one.key, _OTHER_GOOD) for one in casebook.facility_goods.goods(place)}
    good = next(iter(goods)) if len(goods) == 1 else _OTHER_GOOD
    return f"{country if re.fullmatch('[A-Z]{2}', country) else _NO_COUNTRY}, {good}"
