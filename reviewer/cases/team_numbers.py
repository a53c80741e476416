"""Numbers for the team: how many conversations, by month and kind, and how long a first answer took.

A conversation is all submissions of one mailbox; a submission without a mailbox is one by itself. They are figures
for the team that has the casebook. Tables for others: :mod:`reviewer.publication`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto.questions.answers import FORM_FIELD
from crypto.submissions.submission import Kind
from reviewer.casebook.quarter_facts import BegunConversation
from reviewer.casebook.submission import Submission
from reviewer.cases.preferences import SourcePreferences
from reviewer.home.home import Home
from reviewer.sharing.said import answers_of_colleagues
from reviewer.terminal.plain_text import plain_line

NO_QUESTIONNAIRE: Final = "none"
DANGER: Final = ("danger", "no danger said")
_UNKNOWN: Final = "not said"
_ANSWERED_WITHIN: Final = (
    (0, "on the same day"),
    (3, "in 1 to 3 days"),
    (7, "in 4 to 7 days"),
    (30, "in 8 to 30 days"),
)
_LATER, _NOT_YET, _NO_WISH = "after more than 30 days", "not yet", "no answer wanted"
FIRST_ANSWER: Final = (*(words for _most, words in _ANSWERED_WITHIN), _LATER, _NOT_YET, _NO_WISH)
"""How long a first answer took, the shortest first."""


@dataclass(frozen=True, slots=True)
class TeamNumbers:
    """Counts of conversations by name, for each title; ``conversations`` is their sum."""

    conversations: int
    tables: Mapping[str, Mapping[str, int]]

    def to_json(self) -> dict[str, object]:
        """For programs."""
        return {"conversations": self.conversations, **self.tables}


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """The facts of one conversation. ``day``: its first tip arrived. ``questionnaire`` is untrusted."""

    day: dt.date
    first: Submission
    language: str
    questionnaire: str
    danger: str
    status: str
    first_answer: str


def team_numbers(home: Home) -> TeamNumbers:
    """Count all conversations that were opened."""
    threads = conversations(home)
    tables = {
        "month": _counted(f"{one.day:%Y-%m}" for one in threads),
        "language": _counted(one.language for one in threads),
        "questionnaire": _counted(one.questionnaire for one in threads),
        "danger": _counted(one.danger for one in threads),
        "status": _counted(one.status for one in threads),
        "first answer": _in_order(_counted(one.first_answer for one in threads)),
    }
    return TeamNumbers(len(threads), tables)


def conversations(home: Home) -> list[ConversationFacts]:
    """The facts of all conversations that were opened."""
    return [_facts(home, some) for some in _threads(home)]


def _threads(home: Home) -> Iterable[Sequence[Submission]]:
    """The opened submissions of each conversation, the oldest first."""
    by_mailbox: dict[bytes, list[Submission]] = {}
    for one in home.casebook.submissions.all():
        if one.kind is not None:
            by_mailbox.setdefault(one.mailbox_bytes or one.envelope.sha256, []).append(one)
    for some in by_mailbox.values():
        tips = sorted((one for one in some if one.kind is Kind.SUBMISSION), key=lambda one: (_day(one), one.number))
        if tips:
            yield [*tips, *(one for one in some if one.kind is not Kind.SUBMISSION)]


def _facts(home: Home, some: Sequence[Submission]) -> ConversationFacts:
    casebook = home.casebook
    first = some[0]
    wishes = [SourcePreferences.from_fields(casebook.submissions.fields(one)) for one in some]
    form = next((one.value for one in casebook.submissions.fields(first) if one.name == FORM_FIELD), "")
    archived = casebook.archived.all()
    state = casebook.threads.of(casebook.inbox_rows.thread_of(first.number))
    return ConversationFacts(
        day=_day(first),
        first=first,
        language=plain_line(wishes[0].language or _UNKNOWN, limit_letters=20),
        questionnaire=plain_line(form or NO_QUESTIONNAIRE, limit_letters=40),
        danger=DANGER[0] if any(one.urgent for one in wishes) else DANGER[1],
        status="archived" if all(one.number in archived for one in some) else state.status.value,
        first_answer=_first_answer(home, some, wishes[0]),
    )


def first_answers(home: Home, begun: Sequence[BegunConversation]) -> list[str]:
    """How long the first answer of each of these conversations took."""
    casebook = home.casebook
    own, shared = casebook.quarter_facts.answered(), casebook.quarter_facts.answered_by_colleagues()
    without_wish = casebook.quarter_facts.without_wish()
    found = []
    for one in begun:
        days = [own[one.thread]] if one.thread in own else []
        if one.thread in shared:
            tips = [casebook.submissions.by_number(each) for each in casebook.threads.submissions(one.thread)]
            days += [each.day for each in answers_of_colleagues(home, tips) if not each.is_taken_back]
        is_wanted = one.has_mailbox and one.first not in without_wish
        found.append(_waited(one.day, days, is_wanted=is_wanted))
    return found


def _waited(day: dt.date, answers: Sequence[dt.date], *, is_wanted: bool) -> str:
    if not answers:
        return _NOT_YET if is_wanted else _NO_WISH
    waited = (min(answers) - day).days
    return next((words for most, words in _ANSWERED_WITHIN if waited <= most), _LATER)


def _first_answer(home: Home, some: Sequence[Submission], wishes: SourcePreferences) -> str:
    days = [reply.day for one in some for reply in home.casebook.replies.of(one.number)]
    days += [each.day for each in answers_of_colleagues(home, some) if not each.is_taken_back]
    return _waited(_day(some[0]), days, is_wanted=wishes.wants_answer and bool(some[0].mailbox_bytes))


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Times to the first answer, the shortest first."""
    return {words: counts[words] for words in FIRST_ANSWER if words in counts}


def _day(submission: Submission) -> dt.date:
    return submission.day or submission.imported_day
