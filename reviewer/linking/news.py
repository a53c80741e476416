"""All that is new since a person last opened the casebook, in one screen."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.cases.marking import own_name
from reviewer.cases.part_proposals import waiting_parts
from reviewer.cases.proposals import waiting_proposals
from reviewer.home.home import Home
from reviewer.linking.also_in import NewToSee, new_to_see
from reviewer.linking.colleagues_forgetting import waiting_forgettings
from reviewer.linking.link_decisions import opposite_lines
from reviewer.linking.masking import Masks
from reviewer.linking.questions import QuestionReader

_LONG_DAYS: Final = 7
"""After this number of days without anyone the first page sums up what is new."""

_MOST_QUESTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class NewsSince:
    """Counts since ``last``, the day on which the casebook was opened before today, or None.

    ``questions`` counts to 100. ``decisions`` are those of colleagues.
    """

    last: dt.date | None
    days: int
    tips: int
    mailboxes: int
    urgent: int
    findings: NewToSee
    questions: int
    decisions: int
    opposite: int
    proposals: int

    def to_json(self) -> dict[str, Json]:
        """For programs."""
        return {
            "last_opened": self.last.isoformat() if self.last else None,
            "days": self.days,
            "tips": self.tips,
            "mailboxes": self.mailboxes,
            "danger": self.urgent,
            "findings": self.findings.findings,
            "stood_before": self.findings.stood_before,
            "questions": self.questions,
            "decisions_of_colleagues": self.decisions,
            "opposite_decisions": self.opposite,
            "proposals": self.proposals,
        }


def news_since(home: Home, *, today: dt.date) -> NewsSince:
    """Count what came since the casebook was opened on an earlier day."""
    casebook = home.casebook
    last = casebook.opened_days.last_before(today)
    since = last or today
    tips, mailboxes, urgent = casebook.inbox_rows.count_since(since)
    name, masks = own_name(home), Masks(home)
    return NewsSince(
        last,
        (today - last).days if last else 0,
        tips,
        mailboxes,
        urgent,
        new_to_see(home),
        len(QuestionReader(home, masks).open(most=_MOST_QUESTIONS)),
        sum(
            one.day > since and one.reviewer != name and masks.are_here(one.one, one.other)
            for one in casebook.decisions.all()
        ),
        len(opposite_lines(masks)),
        len(waiting_proposals(home)) + len(waiting_parts(home)) + len(waiting_forgettings(home)),
    )


def is_long_ago(home: Home, *, today: dt.date) -> bool:
    """True if no one opened the casebook for a week or more. It is quick in any casebook."""
    last = home.casebook.opened_days.last_before(today)
    return last is not None and (today - last).days >= _LONG_DAYS
