"""The tables that may be published, with their dimensions and the lower bound of each unit.

A table that is not registered here cannot be published. Labels are from fixed lists, so no word of a source can
stand in a table: a language that the site does not have and a form that is not known here count as "other".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from crypto.primitives.week import Quarter
from reviewer.casebook.quarter_facts import BegunConversation
from reviewer.cases.answer_lines import all_questionnaires
from reviewer.cases.team_numbers import DANGER, FIRST_ANSWER, NO_QUESTIONNAIRE, first_answers
from reviewer.home.home import Home
from reviewer.languages.word_lists import NAMES
from reviewer.publication.counted_table import TOTAL, CountedTable, Place
from reviewer.publication.help_presses import FEWEST_PLACES, OTHER_REGIONS, presses_by_region
from reviewer.publication.persons import UNITS, begun_in, count_persons, recruited_and_exploited
from reviewer.publication.supply_table import OTHER_PLACES, by_country_and_good, by_country_good_and_indicator
from reviewer.publication.supply_table import UNITS as SUPPLY_UNITS
from reviewer.publication.suppression import LOWER_BOUND
from system.errors import ProgramError

OTHER: Final = "other"
MOST_PLACES: Final = 256
"""The numbers of one release, totals included: what fits into one operation."""


class Population(Enum):
    """The things that a table counts, each once in its grand total.

    :mod:`reviewer.publication.subtraction` says which of them overlap.
    """

    CONVERSATIONS = "conversations whose first tip is of the quarter"
    PERSONS = "harmed persons whom such a conversation told of first"
    SOURCES = "mailboxes of which a tip of the quarter was accepted for a place"
    PRESSES = "presses of buttons for help in the quarter"


_LANGUAGE, _QUESTIONNAIRE, _DANGER, _ANSWER = "language", "questionnaire", "danger", "time to the first answer"
_RECRUITED, _EXPLOITED = "region of recruitment", "region of exploitation"


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the things that a cell counts, and the lowest count that may stand behind a number."""

    name: str
    lower_bound: int = LOWER_BOUND


@dataclass(frozen=True, slots=True)
class RegisteredTable:
    """A table that may be published. ``dimensions`` are rows and, in a table of two, columns.

    ``rest`` is the row of what has no row of its own; empty where the rows are the same for ever.
    """

    name: str
    title: str
    population: Population
    dimensions: Sequence[str]
    units: Sequence[Unit]
    count: Callable[[Home, Quarter], CountedTable]
    has_row_totals: bool = True
    rest: str = ""

    @property
    def bounds(self) -> tuple[int, ...]:
        """The lower bound of each unit."""
        return tuple(unit.lower_bound for unit in self.units)


def registered(untrusted_name: str) -> RegisteredTable:
    """The table of this name.

    Raises:
        ProgramError: there is none.
    """
    if (found := TABLES.get(untrusted_name.strip())) is None:
        raise ProgramError("no table of this name may be published", hint=f"there are: {', '.join(TABLES)}")
    return found


def _by_language(home: Home, quarter: Quarter) -> CountedTable:
    labels = [*NAMES.values(), OTHER]
    return _of_conversations(
        *(labels, ()), ((NAMES.get(one.language, OTHER), "", one) for one in begun_in(home, quarter))
    )


def _by_questionnaire(home: Home, quarter: Quarter) -> CountedTable:
    labels = _questionnaires(home)
    found = ((_form(one, labels), DANGER[0 if one.is_urgent else 1], one) for one in begun_in(home, quarter))
    return _of_conversations(labels, DANGER, found)


def _by_first_answer(home: Home, quarter: Quarter) -> CountedTable:
    begun = begun_in(home, quarter)
    found = zip(first_answers(home, begun), begun, strict=True)
    return _of_conversations(FIRST_ANSWER, (), ((waited, "", one) for waited, one in found))


def _harmed_by_questionnaire(home: Home, quarter: Quarter) -> CountedTable:
    """Persons of whom a tip says that they were harmed, by the form of the first tip that says so."""
    labels = _questionnaires(home)
    begun = begun_in(home, quarter)
    return count_persons(*(home, begun, labels, ()), lambda one: (labels.index(_form(one.told_in, labels)), 0))


def _questionnaires(home: Home) -> list[str]:
    names = {one.name for one in all_questionnaires(home.casebook.questionnaires)}
    return [*sorted(names - {NO_QUESTIONNAIRE, OTHER, TOTAL}), NO_QUESTIONNAIRE, OTHER]


def _form(one: BegunConversation, labels: Sequence[str]) -> str:
    """The label of a questionnaire; its name is untrusted."""
    return (one.form if one.form in labels else OTHER) if one.form else NO_QUESTIONNAIRE


def _of_conversations(
    rows: Sequence[str], columns: Sequence[str], found: Iterable[tuple[str, str, BegunConversation]]
) -> CountedTable:
    """Count conversations, and those of them that came from a mailbox."""
    cells: dict[Place, tuple[int, int]] = {}
    for row, column, facts in found:
        place = (rows.index(row), columns.index(column) if columns else 0)
        counted, mailboxes = cells.get(place, (0, 0))
        cells[place] = (counted + 1, mailboxes + facts.has_mailbox)
    return CountedTable(rows, columns, ("conversations", "mailboxes"), cells)


_CONVERSATIONS = (Unit("conversations"), Unit("mailboxes"))
_PERSONS = tuple(map(Unit, UNITS))

TABLES: Final = {
    one.name: one
    for one in (
        RegisteredTable(
            "language",
            "Conversations by language",
            Population.CONVERSATIONS,
            (_LANGUAGE,),
            _CONVERSATIONS,
            _by_language,
            rest=OTHER,
        ),
        RegisteredTable(
            "questionnaire",
            "Conversations by questionnaire and danger",
            Population.CONVERSATIONS,
            (_QUESTIONNAIRE, _DANGER),
            _CONVERSATIONS,
            _by_questionnaire,
            rest=OTHER,
        ),
        RegisteredTable(
            "first-answer",
            "Conversations by time to the first answer",
            Population.CONVERSATIONS,
            (_ANSWER,),
            _CONVERSATIONS,
            _by_first_answer,
        ),
        RegisteredTable(
            "harmed",
            "Persons who were harmed, by questionnaire",
            Population.PERSONS,
            (_QUESTIONNAIRE,),
            _PERSONS,
            _harmed_by_questionnaire,
            rest=OTHER,
        ),
        RegisteredTable(
            "help-presses",
            "Presses of buttons for help, by region",
            Population.PRESSES,
            ("region",),
            (Unit("presses"), Unit("days"), Unit("places", FEWEST_PLACES)),
            presses_by_region,
            rest=OTHER_REGIONS,
        ),
        RegisteredTable(
            "recruited",
            "Persons who were harmed, by the regions in which they were recruited and exploited",
            Population.PERSONS,
            (_RECRUITED, _EXPLOITED),
            _PERSONS,
            recruited_and_exploited,
        ),
        RegisteredTable(
            "supply",
            "Accepted tips about places, by country and good, and by indicator",
            Population.SOURCES,
            ("country and good", "indicator"),
            tuple(map(Unit, SUPPLY_UNITS)),
            by_country_good_and_indicator,
            has_row_totals=False,
            rest=OTHER_PLACES,
        ),
        RegisteredTable(
            "supply-places",
            "Sources of accepted tips about places, by country and good",
            Population.SOURCES,
            ("country and good",),
            tuple(map(Unit, SUPPLY_UNITS)),
            by_country_and_good,
            rest=OTHER_PLACES,
        ),
    )
}
