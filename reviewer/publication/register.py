"""The tables that may be published, with their dimensions and the lower bound of each unit.

A table that is not registered here cannot be published. Labels are from fixed lists, so no word of a source can
stand in a table: a language that the site does not have and a form that is not known here count as "other".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.primitives.week import Quarter
from reviewer.casebook.entities import SaidRole
from reviewer.cases.answer_lines import all_questionnaires
from reviewer.cases.team_numbers import DANGER, FIRST_ANSWER, NO_QUESTIONNAIRE, ConversationFacts, conversations
from reviewer.home.home import Home
from reviewer.languages.word_lists import NAMES
from reviewer.linking.masking import clusters_of
from reviewer.publication.counted_table import CountedTable, Place
from reviewer.publication.suppression import LOWER_BOUND
from system.errors import ProgramError

OTHER: Final = "other"
MOST_PLACES: Final = 256
"""The numbers of one release, totals included: what fits into one operation."""

TIPS: Final = "tips"
"""The source of a table. Tables of one quarter and one source are compared with each other."""
_LANGUAGE, _QUESTIONNAIRE, _DANGER, _ANSWER = "language", "questionnaire", "danger", "time to the first answer"


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the things that a cell counts, and the lowest count that may stand behind a number."""

    name: str
    lower_bound: int = LOWER_BOUND


@dataclass(frozen=True, slots=True)
class RegisteredTable:
    """A table that may be published. ``dimensions`` are rows and, in a table of two, columns."""

    name: str
    title: str
    counts_from: str
    dimensions: Sequence[str]
    units: Sequence[Unit]
    count: Callable[[Home, Quarter], CountedTable]

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
    labels = [*NAMES, OTHER]
    return _of_conversations(labels, (), ((_known(one.language, labels), "", one) for one in _in(home, quarter)))


def _by_questionnaire(home: Home, quarter: Quarter) -> CountedTable:
    labels = _questionnaires(home)
    found = ((_known(one.questionnaire, labels), one.danger, one) for one in _in(home, quarter))
    return _of_conversations(labels, DANGER, found)


def _by_first_answer(home: Home, quarter: Quarter) -> CountedTable:
    return _of_conversations(FIRST_ANSWER, (), ((one.first_answer, "", one) for one in _in(home, quarter)))


def _harmed_by_questionnaire(home: Home, quarter: Quarter) -> CountedTable:
    """Persons of whom a tip of the quarter says that they were harmed, by the form of this tip.

    A person is what decisions hold together, counted once, in the form of the first tip that says so.
    """
    labels = _questionnaires(home)
    casebook = home.casebook
    clusters = clusters_of(casebook.decisions.standing())
    by_first = {one.first.number: one for one in conversations(home)}
    thread_of = {
        number: facts
        for first, facts in by_first.items()
        for number in casebook.threads.submissions(casebook.inbox_rows.thread_of(first))
    }
    first_tip: dict[int, int] = {}
    for entity in sorted(casebook.entities.with_role(SaidRole.HARMED)):
        if casebook.entities.kind_of(entity) != "person":
            continue
        tips = [one.submission for one in casebook.entities.roles(entity) if one.role is SaidRole.HARMED]
        if not tips:  # a colleague's quarantine hides them
            continue
        person = min(clusters.of(entity))
        first_tip[person] = min(*tips, first_tip.get(person, min(tips)))
    persons: dict[Place, int] = {}
    mailboxes: dict[Place, set[int]] = {}
    for number in first_tip.values():
        facts = thread_of.get(number)
        if facts is None or Quarter.of(facts.day) != quarter:
            continue
        place = (labels.index(_known(facts.questionnaire, labels)), 0)
        persons[place] = persons.get(place, 0) + 1
        if facts.first.mailbox_bytes is not None:
            mailboxes.setdefault(place, set()).add(facts.first.number)
    cells = {place: (count, len(mailboxes.get(place, ()))) for place, count in persons.items()}
    return CountedTable(labels, (), ("persons", "mailboxes"), cells)


def _in(home: Home, quarter: Quarter) -> list[ConversationFacts]:
    return [one for one in conversations(home) if Quarter.of(one.day) == quarter]


def _questionnaires(home: Home) -> list[str]:
    names = sorted({one.name for one in all_questionnaires(home.casebook.questionnaires)})
    return [*names, NO_QUESTIONNAIRE, OTHER]


def _known(untrusted_label: str, labels: Sequence[str]) -> str:
    return untrusted_label if untrusted_label in labels else OTHER


def _of_conversations(
    rows: Sequence[str], columns: Sequence[str], found: Iterable[tuple[str, str, ConversationFacts]]
) -> CountedTable:
    """Count conversations, and those of them that came from a mailbox."""
    cells: dict[Place, tuple[int, int]] = {}
    for row, column, facts in found:
        place = (rows.index(row), columns.index(column) if columns else 0)
        counted, mailboxes = cells.get(place, (0, 0))
        cells[place] = (counted + 1, mailboxes + (facts.first.mailbox_bytes is not None))
    return CountedTable(rows, columns, ("conversations", "mailboxes"), cells)


_CONVERSATIONS = (Unit("conversations"), Unit("mailboxes"))
_PERSONS = (Unit("persons"), Unit("mailboxes"))

TABLES: Final = {
    one.name: one
    for one in (
        RegisteredTable("language", "Conversations by language", TIPS, (_LANGUAGE,), _CONVERSATIONS, _by_language),
        RegisteredTable(
            "questionnaire",
            "Conversations by questionnaire and danger",
            TIPS,
            (_QUESTIONNAIRE, _DANGER),
            _CONVERSATIONS,
            _by_questionnaire,
        ),
        RegisteredTable(
            "first-answer",
            "Conversations by time to the first answer",
            TIPS,
            (_ANSWER,),
            _CONVERSATIONS,
            _by_first_answer,
        ),
        RegisteredTable(
            "harmed",
            "Persons who were harmed, by questionnaire",
            TIPS,
            (_QUESTIONNAIRE,),
            _PERSONS,
            _harmed_by_questionnaire,
        ),
    )
}
