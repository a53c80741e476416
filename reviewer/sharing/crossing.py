"""Answers that cross: a colleague answered a source for whom an answer of ours waits.

Neither knew of the other. Two answers that contradict each other can lead a source into danger, so ours does not
leave until a person here takes it back, or lets it leave all the same.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.sharing.operation import MOST_TEXTS, Operation
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import said as in_words
from reviewer.sharing.appliers import ANSWER, ANSWER_TAKEN_BACK
from reviewer.sharing.party import ReviewerNames, own_key

KNOWS: Final = "knows"
_LEAVING: Final = "answers that leave beside another"


@dataclass(frozen=True, slots=True)
class CrossingAnswer:
    """An answer of ours that waits, and the ``others`` (name, day, text) that it does not know of."""

    tip: Submission
    reply_id: bytes
    text: str = field(repr=False)
    others: Sequence[tuple[str, dt.date, str]] = field(repr=False)

    def sentence(self) -> str:
        """For the desk and for a terminal, without a word of an answer."""
        names = ", ".join(dict.fromkeys(name for name, _day, _text in self.others))
        return in_words(
            "%(names)s answered the source of tip %(tip)s, for whom your answer waits."
            " Yours does not leave until you decide.",
            names=names,
            tip=self.tip.short_id,
        )


def known_answers(home: Home, submission: Submission) -> list[str]:
    """The digests of the newest answers of colleagues to this source, in hex digits."""
    return [one.sha256.hex() for one in _others(home, submission)][-MOST_TEXTS:]


def crossing_answers(home: Home) -> list[CrossingAnswer]:
    """The answers of ours that wait, and that a colleague's answer crosses."""
    waiting = home.casebook.replies.all_waiting()
    if not waiting:
        return []
    decided, found = _decided(home), []
    for number, reply in waiting:
        submission = home.casebook.submissions.by_number(number)
        name = reply.reply_id.hex()
        own, answers = own_key(home), _answers(home, submission)
        said = [one.content.get(KNOWS) for one in answers if one.author == own and one.text("reply") == name]
        known = {str(each) for one in said if isinstance(one, list) for each in one} | set(decided.get(name, ()))
        others = [one for one in _others(home, submission) if one.sha256.hex() not in known]
        if others:
            names = ReviewerNames(home)
            lines = [(names.of(one.author.to_bytes()), one.day, one.text("text")) for one in others]
            found.append(CrossingAnswer(submission, reply.reply_id, reply.text, lines))
    return found


def let_leave(home: Home, submission: Submission, *, today: dt.date) -> None:
    """Let the waiting answers to a submission leave beside the answers of colleagues that are here now."""
    with home.casebook.changing():
        waiting = {reply.reply_id.hex() for _number, reply in home.casebook.replies.all_waiting()}
        decided = {name: known for name, known in _decided(home).items() if name in waiting}
        known = known_answers(home, submission)
        for one in crossing_answers(home):
            if one.tip.number == submission.number:
                decided[one.reply_id.hex()] = known
        home.casebook.settings.set(_LEAVING, json.dumps(decided))
        home.casebook.log.add("answer leaves beside another", submission.short_id, today=today)


def _others(home: Home, submission: Submission) -> list[Operation]:
    tips = [one.envelope.sha256 for one in home.casebook.overview.of_mailbox(submission)]
    back = {(one.author, one.text("reply")) for one in home.casebook.operations.about(tips, ANSWER_TAKEN_BACK)}
    own = own_key(home)
    return [
        one
        for one in _answers(home, submission)
        if one.author != own and (one.author, one.text("reply")) not in back
    ]


def _answers(home: Home, submission: Submission) -> list[Operation]:
    tips = [one.envelope.sha256 for one in home.casebook.overview.of_mailbox(submission)]
    return home.casebook.operations.about(tips, ANSWER)


def _decided(home: Home) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(home.casebook.settings.get(_LEAVING) or "{}")
    return found
