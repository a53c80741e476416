"""Our own pattern, as it stands beside open tables of others: shares, with small numbers left out.

Only quarters that are over count. Numbers are left out as in the tables for others
(:mod:`reviewer.publication.suppression`): a page beside public figures is soon copied. All numbers are rounded: an
exact number of all quarters, less those that were published, would tell what one of these left out. It is no
release all the same, as nothing compares it with what was published before.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.keys.at_rest import RestKey
from crypto.primitives.week import Quarter
from reviewer.casebook.finding_readings import PLACE
from reviewer.casebook.quarter_facts import BegunConversation
from reviewer.facilities.accepting import ticked
from reviewer.home.home import Home
from reviewer.linking.entity_work import EXPLOITED_IN, RECRUITED_IN
from reviewer.lists.world_regions import WORLD_REGIONS, region_of_country
from reviewer.publication.counted_table import CountedTable, Place, PublishedTable, rounded
from reviewer.publication.drawn_prices import drawing_key, drawn_prices
from reviewer.publication.persons import HarmedPerson, RelatedCountries, count_persons
from reviewer.publication.suppression import LOWER_BOUND, places_left_out
from reviewer.reading.place_readings import place_of
from reviewer.supply.indicators import indicator_titles

_IN_A_HUNDRED: Final = 100
_FEWEST_OF_SHARES: Final = 50
"""Below this total a share would say more of the rounding than of us."""


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """Our number behind a label, rounded to 5, and its share of 100; None where too few stand behind it.

    There is no share either where fewer than 50 are counted, as the total is rounded.
    """

    label: str
    number: int | None
    share: int | None


@dataclass(frozen=True, slots=True)
class OwnCountries:
    """Countries that tips name: the number of mailboxes where there are enough, and the other codes."""

    enough: Mapping[str, int]
    """Rounded as totals are."""

    too_few: Sequence[str]


def last_counted_day(today: dt.date) -> dt.date:
    """The last day of the last quarter that is over."""
    return Quarter.of(today).first_day - dt.timedelta(days=1)


def regions_of_persons(home: Home, kind: str, *, today: dt.date) -> list[OwnFigure]:
    """Persons who were harmed by the region in which each was recruited or exploited, as ``kind`` says.

    A person with no place, or with places in several regions, does not count.
    """
    related = RelatedCountries(home, kind)

    def place(person: HarmedPerson) -> Place | None:
        found = {region_of_country(code) for code in related.of(person)}
        region = found.pop() if len(found) == 1 else None
        return None if region is None else (WORLD_REGIONS.index(region), 0)

    threads = (thread for _entity, _tip, thread in home.casebook.quarter_facts.harmed_in())
    begun = home.casebook.quarter_facts.begun_among(threads, last_counted_day(today))
    counted = count_persons(home, begun, WORLD_REGIONS, (), place)
    return own_figures(counted, drawing_key(home, f"our own pattern, {kind}"))


def recruited_and_exploited_shares(home: Home, *, today: dt.date) -> tuple[list[OwnFigure], list[OwnFigure]]:
    """Both tables: where persons were recruited, and where they were exploited."""
    recruited, exploited = (regions_of_persons(home, kind, today=today) for kind in (RECRUITED_IN, EXPLOITED_IN))
    return recruited, exploited


def countries_of_mailboxes(home: Home, *, today: dt.date) -> OwnCountries:
    """The mailboxes behind each country of a kept place that can be read in one way."""
    by_country: dict[str, set[int]] = {}
    for reading, thread in home.casebook.finding_readings.kept_with_one(PLACE):
        place = place_of(reading)
        code = place if isinstance(place, str) or place is None else place.country
        if code:
            by_country.setdefault(code, set()).add(thread)
    threads = (thread for some in by_country.values() for thread in some)
    counted = _mailboxes(home.casebook.quarter_facts.begun_among(threads, last_counted_day(today)))
    numbers = {code: len(some & counted) for code, some in by_country.items()}
    enough = {code: rounded(number) for code, number in numbers.items() if number >= LOWER_BOUND}
    order = sorted(enough, key=lambda code: (-enough[code], code))
    return OwnCountries({code: enough[code] for code in order}, sorted(numbers.keys() - enough.keys()))


def indicators_of_mailboxes(home: Home, *, today: dt.date) -> list[OwnFigure]:
    """The mailboxes that ticked each indicator, of 100 that answered a form; each tip with a form is read.

    A number is left out also where too few did not tick it: with the number of all it would tell of these.
    """
    casebook, last_day = home.casebook, last_counted_day(today)
    hidden = casebook.overview.hidden()
    with_form = [(number, thread) for number, thread in casebook.inbox_rows.with_form() if number not in hidden]
    begun = casebook.quarter_facts.begun_among((thread for _number, thread in with_form), last_day)
    counted = _mailboxes(begun)
    threads: dict[str, set[int]] = {}
    answered: set[int] = set()
    for number, thread in with_form:
        submission = casebook.submissions.by_number(number)
        if thread in counted and (submission.day or submission.imported_day) <= last_day:
            answered.add(thread)
            for indicator in ticked(casebook, submission):
                threads.setdefault(indicator, set()).add(thread)
    return [
        _figure(title, len(threads.get(indicator, ())), len(answered))
        for indicator, title in indicator_titles().items()
    ]


def _mailboxes(begun: Iterable[BegunConversation]) -> set[int]:
    return {one.thread for one in begun if one.has_mailbox}


def _figure(label: str, number: int, answered: int) -> OwnFigure:
    if min(number, answered - number) < LOWER_BOUND:
        return OwnFigure(label, None, None)
    return OwnFigure(label, rounded(number), _share(rounded(number), rounded(answered)))


def own_figures(counted: CountedTable, key: RestKey) -> list[OwnFigure]:
    """A table of one dimension as others would read it: what could tell of few people is left out."""
    bounds = (LOWER_BOUND,) * len(counted.units)
    numbers = PublishedTable.of(counted, places_left_out(counted, bounds, drawn_prices(counted, key))).numbers
    total = numbers[len(counted.rows), 0]
    exact = [(label, numbers[row, 0]) for row, label in enumerate(counted.rows)]
    told = [(label, None if number is None else rounded(number)) for label, number in exact]
    return [OwnFigure(label, number, _share(number, total)) for label, number in told]


def _share(number: int | None, total: int | None) -> int | None:
    """Of 100. A total that was rounded down may be below its parts."""
    if number is None or total is None or total < _FEWEST_OF_SHARES:
        return None
    return min(_IN_A_HUNDRED, round(_IN_A_HUNDRED * number / total))
