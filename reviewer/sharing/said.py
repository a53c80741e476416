"""Answers of colleagues to a source, and the day on which each was last heard from."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.primitives.canonical_json import Json
from crypto.sharing.operation import Operation
from reviewer.casebook.elsewhere import waiting_protections
from reviewer.casebook.marks import Note
from reviewer.casebook.shared_cases import CASE, CASE_MERGED, CASE_TIP, case_named
from reviewer.casebook.shared_marks import ARCHIVED, DUE, LABEL, OWNER, STAR, STATUS
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import said as in_words
from reviewer.sharing.appliers import ANSWER, ANSWER_TAKEN_BACK, ONE_IN_FORCE
from reviewer.sharing.ownership import ThreadOwner, owner_of
from reviewer.sharing.party import ReviewerNames, colleagues, own_key
from reviewer.sharing.record import conflicting
from reviewer.sharing.writing import waiting
from reviewer.terminal.plain_text import plain_line


@dataclass(frozen=True, slots=True)
class ColleagueAnswer:
    """An answer that another home sealed; ``submission`` is the number of the tip that it answers.

    ``is_ours`` if this reviewer wrote it before this home was restored. The text is untrusted.
    """

    name: str
    day: dt.date
    text: str = field(repr=False)
    submission: int
    is_taken_back: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class HeardFrom:
    """A colleague, the day of its newest item by its clock, and the day it was read; None for nothing yet."""

    name: str
    day: dt.date | None
    heard_day: dt.date | None

    def sentence(self) -> str:
        """When this home last heard from the colleague."""
        if self.day is None or self.heard_day is None:
            return in_words("never heard from here")
        return in_words(
            "last heard from %(heard_day)s, written %(day)s",
            heard_day=self.heard_day.isoformat(),
            day=self.day.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class BeforeAnAnswer:
    """The facts that a reviewer must see before an answer is sealed."""

    owner: ThreadOwner
    last: Sequence[ColleagueAnswer]
    """The last answer of each other home, oldest first."""

    heard: Sequence[HeardFrom]


def answers_of_colleagues(home: Home, tips: Sequence[Submission]) -> list[ColleagueAnswer]:
    """Answers that other homes sealed to these tips, in the order in which they were written."""
    own, names = own_key(home), ReviewerNames(home)
    numbers = {one.envelope.sha256: one.number for one in tips}
    operations = home.casebook.operations
    back = {(one.author, one.text("reply")) for one in operations.about(list(numbers), ANSWER_TAKEN_BACK)}
    found = []
    for one in operations.about(list(numbers), ANSWER):
        is_ours, is_taken_back = one.author == own, (one.author, one.text("reply")) in back
        if one.tip is None or (is_ours and (is_taken_back or _is_here(home, one.text("reply")))):
            continue
        found.append(
            ColleagueAnswer(
                name=names.of(one.author.to_bytes()),
                day=one.day,
                text=one.text("text"),
                submission=numbers[one.tip],
                is_taken_back=is_taken_back,
                is_ours=is_ours,
            )
        )
    return found


def note_authors(home: Home, notes: Sequence[Note]) -> dict[int, str | None]:
    """The name of the colleague who wrote each note, by the number of the note; None for ours."""
    own, names = own_key(home).to_bytes(), ReviewerNames(home)
    return {note.number: names.of(note.author) if note.author not in (None, own) else None for note in notes}


def heard_from(home: Home) -> list[HeardFrom]:
    """Every colleague, by name."""
    found = []
    for party in colleagues(home):
        last = home.casebook.colleagues.last_heard(party.verify_key.to_bytes())
        found.append(HeardFrom(party.name, last.day if last else None, last.heard_day if last else None))
    return found


def before_an_answer(home: Home, submission: Submission) -> BeforeAnAnswer:
    """Owner, last answers of others, and when each was heard from."""
    answers = answers_of_colleagues(home, home.casebook.overview.of_mailbox(submission))
    last = {one.name: one for one in answers if not one.is_taken_back}
    return BeforeAnAnswer(owner_of(home, submission), list(last.values()), heard_from(home))


@dataclass(frozen=True, slots=True)
class SharingStatus:
    """Each colleague, what waits, and who signed two different things under one number.

    ``waiting`` operations are not known to be at every colleague, ``without_tip`` are about tips that are not here.
    """

    heard: Sequence[HeardFrom]
    waiting: int
    without_tip: int
    protections: Sequence[tuple[str, int]]
    """Protections of persons of whom a tip is not here, each with how often it is said."""

    gaps: Sequence[str]
    """Names of authors of whom operations are missing here."""

    forks: Sequence[str]
    ahead: Sequence[str]
    """Names of authors of operations whose counter jumps too far ahead."""

    def to_json(self) -> dict[str, Json]:
        return {
            "colleagues": [
                {
                    "name": one.name,
                    "written": one.day.isoformat() if one.day else None,
                    "read": one.heard_day.isoformat() if one.heard_day else None,
                }
                for one in self.heard
            ],
            "waiting": self.waiting,
            "without_tip": self.without_tip,
            "protections": dict(self.protections),
            "gaps": list(self.gaps),
            "forks": list(self.forks),
            "ahead": list(self.ahead),
        }

    def lines(self) -> list[str]:
        lines = [f"{one.name:<17}{one.sentence()}" for one in self.heard]
        lines.append(f"waiting          {self.waiting} changes are not known to be at every colleague")
        if self.without_tip:
            lines.append(f"without a tip    {self.without_tip} changes are about tips that are not here yet")
        if self.protections:
            said = ", ".join(f"{words} ({count})" for words, count in self.protections)
            lines.append(f"protections      of persons whose tips are not all here, and hold: {said}")
        lines += [f"missing          earlier changes of {name}; they are asked for" for name in self.gaps]
        lines += [f"not counted      changes of {name}, whose counter jumps too far ahead" for name in self.ahead]
        return lines


def sharing_status(home: Home) -> SharingStatus:
    operations = home.casebook.operations
    gaps = {one.author for one in operations.heard() if one.through < one.highest}
    return SharingStatus(
        heard=heard_from(home),
        waiting=waiting(home),
        without_tip=operations.waiting_for_tips(),
        protections=waiting_protections(home.casebook),
        gaps=sorted(map(ReviewerNames(home).of, gaps)),
        forks=forks(home),
        ahead=sorted(map(ReviewerNames(home).of, operations.counters.too_far_ahead())),
    )


@dataclass(frozen=True, slots=True)
class StateConflict:
    """A state that several reviewers changed at once: each name with its value.

    ``counts`` is the value that counts now. Values are untrusted text.
    """

    kind: str
    said: Sequence[tuple[str, str]]
    counts: str

    def sentence(self) -> str:
        """For a terminal, without control characters."""
        said = "; ".join(f"{name}: {value}" for name, value in self.said)
        return plain_line(
            f"changed by several reviewers at once, {self.kind}: {said}. It counts as {self.counts} until one of"
            " you changes it again."
        )

    def to_json(self) -> dict[str, Json]:
        said: list[Json] = [{"by": name, "value": value} for name, value in self.said]
        return {"state": self.kind, "said": said, "counts": self.counts}


def state_conflicts(home: Home, submission: Submission) -> list[StateConflict]:
    """States of a tip that several reviewers changed without knowing of each other, but for its owner."""
    names = ReviewerNames(home)
    found = []
    for kind, part in sorted(ONE_IN_FORCE.items()):
        if kind == OWNER:
            continue
        in_force = conflicting(home, submission, kind)
        for state in sorted({one.text(part) if part else "" for one in in_force}):
            same = [one for one in in_force if part is None or one.text(part) == state]
            shown = f"{_SHOWN_KINDS.get(kind, kind)} {state}".strip()
            found += _conflict(shown, [(names.of(one.author.to_bytes()), _value(home, one)) for one in same])
    return found


def case_conflicts(home: Home, case_id: bytes) -> list[StateConflict]:
    """States of a case that several reviewers changed without knowing of each other."""
    names = ReviewerNames(home)
    found = []
    for kind in (CASE, CASE_MERGED):
        in_force = home.casebook.shared_cases.in_force(case_id, kind)
        said = [(names.of(one.author.to_bytes()), _value(home, one)) for one in in_force]
        found += _conflict(_SHOWN_KINDS[kind], said)
    return found


def _conflict(kind: str, said: Sequence[tuple[str, str]]) -> list[StateConflict]:
    return [StateConflict(kind, said, said[-1][1])] if len({value for _name, value in said}) > 1 else []


_SHOWN_PARTS: Final = {
    ARCHIVED: ("archived",),
    STATUS: ("status", "reason"),
    STAR: ("starred",),
    DUE: ("day",),
    LABEL: ("set",),
    CASE: ("name",),
}
"""The parts of the content that are the value, by kind."""

_SHOWN_KINDS: Final = {CASE_TIP: "case", CASE: "name of the case", CASE_MERGED: "merged into"}


def _value(home: Home, operation: Operation) -> str:
    """The value of a state in one line."""
    if operation.kind in (CASE_TIP, CASE_MERGED):
        case_id = case_named(operation.content, "case" if operation.kind == CASE_TIP else "into")
        in_force = home.casebook.shared_cases.in_force(case_id, CASE) if case_id else []
        return in_force[-1].text("name") if in_force else "none" if case_id is None else case_id.hex()[:12]
    words = {True: "yes", False: "no", None: "none"}
    values = [operation.content.get(part) for part in _SHOWN_PARTS[operation.kind]]
    shown = [words[value] if isinstance(value, bool | None) else str(value) for value in values]
    return ", ".join(one for one in shown if one)


def forks(home: Home) -> list[str]:
    """Names of reviewers who signed two different things under one number."""
    casebook = home.casebook
    authors = {author for author, _number in [*casebook.operations.forks(), *casebook.colleagues.forks()]}
    return sorted(map(ReviewerNames(home).of, authors))


def _is_here(home: Home, untrusted_reply_id: str) -> bool:
    try:
        return home.casebook.replies.find(bytes.fromhex(untrusted_reply_id)) is not None
    except ValueError:
        return False
