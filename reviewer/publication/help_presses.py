"""Presses of buttons for help, counted by region and quarter: never by place, and never by month.

Behind each number are at least 11 presses on at least 11 days from at least 3 places. A region with fewer places is
not named: its name in a table would tell that a button hangs there.
"""

import datetime as dt
from collections import Counter

from crypto.primitives.week import Quarter
from reviewer.beacon.copies import SeenPress, presses_seen
from reviewer.home.home import Home
from reviewer.publication.counted_table import TOTAL, CountedTable, Place, each_once

UNITS = ("presses", "days", "places")
FEWEST_PLACES = 3
OTHER_REGIONS = "other"
"""Regions with fewer places, together."""


def presses_by_region(home: Home, quarter: Quarter) -> CountedTable:
    """Presses of the quarter by the region of their place; days and places stand behind them.

    A day counts in one region only: in that with fewest days so far among those with a press on it. So the days of
    a total are days, and none is counted twice; a cell may have more days than it is given, and never fewer.
    """
    region_of = _regions(home)
    regions = sorted(set(region_of.values()))
    presses = [press for press in presses_seen(home) if Quarter.of(_day(press)) == quarter]
    counted = Counter(region_of[press.place] for press in presses)
    places = Counter(region_of[place] for place in {press.place for press in presses})
    row_of = {region: row for row, region in enumerate(regions)}
    days = each_once({(_day(press).toordinal(), (row_of[region_of[press.place]], 0)) for press in presses})
    cells: dict[Place, tuple[int, int, int]] = {
        (row, 0): (counted[region], days[row, 0], places[region])
        for row, region in enumerate(regions)
        if counted[region]
    }
    return CountedTable(regions, (), UNITS, cells)


def _regions(home: Home) -> dict[int, str]:
    """The label under which each place counts."""
    regions = {place.number: place.region for place in home.casebook.help_register.places()}
    # A line of this name could not be told from that of the totals.
    region_of = {place: OTHER_REGIONS if region == TOTAL else region for place, region in regions.items()}
    count = Counter(region_of.values())
    return {
        place: region if count[region] >= FEWEST_PLACES else OTHER_REGIONS for place, region in region_of.items()
    }


def _day(press: SeenPress) -> dt.date:
    """The day in UTC, by the clocks of the relays."""
    return dt.datetime.fromtimestamp(press.first, dt.UTC).date()
