"""Hits and questions of lists for people and programs, and their answers.

A match about a protected or closed person is counted only, until a person opens it with a reason: then both sides
are shown, as the name on the list is the name that the mask hides. A hit on a list of sought persons is shown on a
screen, and is in no file: the one who looks for a person may be the one whom the person fled from.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.findings import FindingState
from reviewer.casebook.list_matches import ListAnswer, ListAnswerLine, ListMatch
from reviewer.casebook.listed_entities import ListedEntity, WatchedList
from reviewer.casebook.submission import Submission
from reviewer.cases.marking import own_name, plain_name
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked, said
from reviewer.linking.finding_work import keep
from reviewer.linking.link_question import QuestionReason
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import TextPassage
from reviewer.linking.unmasking import shown_with_reason
from reviewer.linking.veil import Veil
from reviewer.lists.list_comparing import best_name, named_keys
from reviewer.sharing.link_appliers import REASON_LETTERS
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

SOUGHT_WARNING: Final = marked(
    "A person may be sought by the one whom she fled from. So this hit is in no file and in no package. Tell no one"
    " who made the list, and ask the person first."
)
_NAME: Final = re.compile(r"[Hh]-?([0-9]{1,12})")
_MOST_EXAMINED: Final = 500
WEAK_BELOW: Final = 700
"""A question below this sureness is listed only when asked for."""

_SHOWN_NAMES: Final = 6
_LETTERS: Final = 100
_DOCUMENT: Final = "document"


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A hit or a question. With ``is_hidden`` neither side has words, as ``owner`` is protected or closed."""

    match: ListMatch
    watched: WatchedList
    listed: ListedEntity = field(repr=False)
    submission: Submission
    entity: int | None
    entity_name: str | None
    passage: TextPassage | None = field(repr=False)
    owner: int | None
    owner_name: str
    is_hidden: bool
    reasons: Sequence[str]
    answers: Sequence[ListAnswerLine]

    @property
    def names(self) -> Sequence[str]:
        """The first names of the entry; more may stand on the list."""
        return () if self.is_hidden else self.listed.names[:_SHOWN_NAMES]

    @property
    def facts(self) -> Mapping[str, str]:
        """Other facts that the list gives of the entry."""
        return {} if self.is_hidden else self.listed.facts

    @property
    def is_weak(self) -> bool:
        """True for a question that is listed only when asked for."""
        return self.match.sureness < WEAK_BELOW

    def sentence(self) -> str:
        """A sentence about what agrees, for a terminal and a page."""
        if self.match.is_hit:
            return said("The same stands in the tip and on the list: %(kind)s", kind=said(self.match.kind))
        return said("A name looks alike. That is a question, and no more.")

    def lines(self) -> list[str]:
        """For a terminal; of a match that is hidden only whom it concerns."""
        if self.passage is None:
            return [f"{self.match.name:<6} concerns {self.owner_name}, who is protected or closed: give a reason"]
        what = "hit" if self.match.is_hit else "question"
        lines = [
            f"{self.match.name:<6} {what}  {self.watched.name} ({self.watched.kind})  {self.match.answer}",
            f"    {self.sentence()}",
        ]
        where = f"{self.submission.short_id}  {self.entity_name or ''}".strip()
        lines.append(f"    {where}  {plain_line(self.passage.words, limit_letters=_LETTERS)}")
        lines.append(
            f"    list: {plain_line(' · '.join(self.names), limit_letters=_LETTERS)}, line {self.listed.line}"
        )
        lines += [f"    {name}: {plain_line(text, limit_letters=_LETTERS)}" for name, text in self.facts.items()]
        lines += [f"    {one}" for one in self.reasons]
        table = self.watched.table
        origin = f"{table.publisher}, {table.version}, {table.licence}, imported {table.day.isoformat()}"
        lines.append(f"    {plain_line(origin, limit_letters=200)}")
        return lines

    def to_json(self) -> dict[str, Json]:
        """For programs; never for a list of sought persons, nor for what is hidden."""
        table = self.watched.table
        return {
            "match": self.match.name,
            "kind": "hit" if self.match.is_hit else "question",
            "identifier": self.match.kind or None,
            "list": self.watched.name,
            "list_kind": self.watched.kind,
            "publisher": table.publisher,
            "licence": table.licence,
            "version": table.version,
            "line": self.listed.line,
            "names": list(self.names),
            "facts": dict(self.facts),
            "tip": self.submission.short_id,
            "entity": self.entity_name,
            "words": self.passage.words if self.passage else None,
            "answer": str(self.match.answer),
        }


@dataclass(frozen=True, slots=True)
class ListedMatches:
    """Matches that are shown, and those about protected or closed entities, which are only counted."""

    shown: Sequence[ShownMatch]
    hidden: Sequence[ShownMatch]
    has_more: bool

    def hidden_counts(self) -> Mapping[str, int]:
        """How many there are of each protected or closed entity, by its name."""
        return Counter(one.owner_name for one in self.hidden)

    def to_json(self) -> dict[str, Json]:
        """For programs, which write files: without lists of sought persons, also in the counts."""
        hidden = Counter(one.owner_name for one in self.hidden if not one.watched.is_sought)
        shown: list[Json] = [one.to_json() for one in self.shown if not one.watched.is_sought]
        return {"matches": shown, "protected": dict(hidden), "more": self.has_more}


class ListPage:
    """Reads matches for one page or command; what several of them need is read once."""

    def __init__(self, home: Home, masks: Masks | None = None, *, unmask: frozenset[int] = frozenset()) -> None:
        self._home, self._casebook, self._unmask = home, home.casebook, unmask
        self._masks = masks or Masks(home)
        self._veil = Veil(home, self._masks, unmask=unmask)
        self._lists = {one.number: one for one in home.casebook.listed.all()}

    def listed(
        self,
        *,
        with_weak: bool = False,
        with_sought: bool = True,
        answers: Iterable[ListAnswer] = (ListAnswer.OPEN,),
        most: int,
    ) -> ListedMatches:
        """Matches with these answers: hits, then the surest questions. What is hidden is counted.

        What goes into a file is asked for without lists of sought persons: these neither take a place nor count.
        """
        sought = [] if with_sought else [one.number for one in self._lists.values() if one.is_sought]
        found = self._casebook.list_matches.listed(answers=answers, but=sought, most=_MOST_EXAMINED + 1)
        shown: list[ShownMatch] = []
        hidden: list[ShownMatch] = []
        for one in found[:_MOST_EXAMINED]:
            match = self._shown(one)
            if match is None or (match.is_weak and not with_weak):
                continue
            if match.is_hidden:
                hidden.append(match)
            elif len(shown) <= most:
                shown.append(match)
        return ListedMatches(shown[:most], hidden, len(found) > _MOST_EXAMINED or len(shown) > most)

    def of_findings(self, findings: Iterable[int]) -> list[ShownMatch]:
        """The matches of these findings that were not answered with *no*; none that is hidden."""
        found = (self._shown(one) for one in self._casebook.list_matches.of_findings(findings))
        return [
            one
            for one in found
            if one is not None and not one.is_hidden and not one.is_weak and one.match.answer is not ListAnswer.NO
        ]

    def find(self, number: int) -> ShownMatch:
        """The match with this number.

        Raises:
            ProgramError: there is none.
        """
        stored = self._casebook.list_matches.find(number)
        if stored is None or (shown := self._shown(stored)) is None:
            raise ProgramError(
                f"there is no hit or question H-{number}",
                hint="tipline-review lists hits HOME; after tips were read again they have other numbers",
            )
        return shown

    def _shown(self, match: ListMatch) -> ShownMatch | None:
        listed = self._casebook.listed.entity(match.listed)
        if listed is None:
            return None
        finding = self._casebook.findings.find(match.finding)
        submission = self._casebook.submissions.by_number(finding.submission)
        owner = self._veil.owner(finding)
        if owner is None:
            # The list may give the number to a person whose name a mask hides.
            named = {self._masks.owner_of_name(one) for one in listed.names} - {None, *self._unmask}
            owner = min((one for one in named if one is not None), default=None)
        passage = self._veil.passage(submission, finding) if owner is None else None
        reasons: list[str] = []
        if (
            passage is not None
            and not match.is_hit
            and (best := best_name(passage.words, named_keys(listed.names)))
        ):
            reasons = [QuestionReason(str(one)).sentence() for one in best[1].reasons]
        elif match.kind == _DOCUMENT:
            reasons = [said("Each country numbers its documents: look if both are of one country.")]
        return ShownMatch(
            match,
            self._lists[listed.watched_list],
            listed,
            submission,
            finding.entity,
            self._masks.name(finding.entity) if finding.entity is not None else None,
            passage,
            owner,
            self._masks.name(owner) if owner is not None else "",
            owner is not None,
            reasons,
            [] if owner is not None else self._answers(match, finding.entity),
        )

    def _answers(self, match: ListMatch, entity: int | None) -> list[ListAnswerLine]:
        """The answers, with P-12 in place of each name of a hidden person in a reason."""
        own = () if entity is None else (entity,)
        return [
            replace(one, because=self._masks.veiled(one.because, own=own, unmask=self._unmask))
            for one in self._casebook.list_matches.answers(match.number)
        ]


def match_number(untrusted_name: str) -> int:
    """The number in a name such as H-7.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError(
            "a hit or a question must be named by its number, as H-7", hint="tipline-review lists hits HOME"
        )
    return int(found[1])


def answer_match(home: Home, number: int, answer: ListAnswer, *, because: str, today: dt.date) -> ShownMatch:
    """Note an answer of a person. *yes* and *unsure* keep the finding; nothing is joined. The match.

    Raises:
        ProgramError: there is no such match, no reason, or nothing to take back.
    """
    because = plain_name(because, "a reason", REASON_LETTERS)
    casebook = home.casebook
    shown = ListPage(home).find(number)
    if answer is ListAnswer.OPEN:
        if shown.match.answer is ListAnswer.OPEN:
            raise ProgramError(f"{shown.match.name} has no answer to take back")
    elif not because:
        raise ProgramError("an answer needs a reason", hint="--because REASON")
    with casebook.changing():
        if answer in (ListAnswer.YES, ListAnswer.UNSURE):
            finding = casebook.findings.find(shown.match.finding)
            if finding.state is not FindingState.KEPT:
                with shown_with_reason(home, [finding.number], because, today=today):
                    keep(home, [finding.number], today=today)
        casebook.list_matches.answer(number, answer, because=because, reviewer=own_name(home), today=today)
        # The log outlives the list: it says neither which list, nor which entity, nor what the answer was.
        casebook.log.add("list answered", "1 match", today=today)
    return ListPage(home).find(number)
