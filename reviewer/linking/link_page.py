"""The page of one link, for a prosecutor.

It says who decided, when, on which passages, by which version of the program, and what spoke against.
The page says the same on a terminal, at the desk and in an evidence package.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.decision_facts import DecisionPassage
from reviewer.casebook.decisions import Decision
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import marked, said
from reviewer.linking.link_decisions import decision_number
from reviewer.linking.masking import Masks
from reviewer.linking.tip_texts import TextPassage
from reviewer.linking.veil import Veil
from reviewer.matching.clusters import Verdict
from system.errors import ProgramError

PASSAGE: Final = "Passage "
"""The beginning of the label of each passage; its number follows."""

VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.SAME: marked("the same"),
    Verdict.DIFFERENT: marked("different"),
    Verdict.UNSURE: marked("perhaps the same"),
}
BETWEEN: Final = "; "
"""Between the facts that the program noted against a decision. They are kept in English."""


@dataclass(frozen=True, slots=True)
class LinkPassage:
    """A passage with its tip; ``shown`` is None where a mask hides the words."""

    submission: Submission
    passage: DecisionPassage
    shown: TextPassage | None = field(repr=False)

    @property
    def place(self) -> str:
        """The text, and the letters where no mask hides them, for people: their number may tell a name."""
        one = self.passage
        number = one.text.place + 1
        what = said("name of file %(number)s", number=number)
        if "file" not in one.text.part:
            what = said("text %(number)s", number=number)
        if one.text.sealed_place >= 0:
            what = said("%(what)s inside of file %(number)s", what=what, number=one.text.sealed_place + 1)
        if self.shown is None:
            return what
        return said("%(what)s, letters %(first)s to %(last)s", what=what, first=one.first + 1, last=one.end)

    def line(self) -> str:
        """For a terminal."""
        shown = "protected" if self.shown is None else self.shown.line()
        return f"tip {self.submission.short_id}, {self.place}: {shown}"


@dataclass(frozen=True, slots=True)
class LinkPage:
    """All that is known of one decision. With ``is_hidden`` words and reasons need a reason to be shown.

    ``is_closed`` if an entity of it is closed: then its passages and their tips need one too, and are not here.
    """

    decision: Decision
    undo: Decision | None
    names: tuple[str, str]
    kind: str
    is_hidden: bool
    is_closed: bool
    protected: Sequence[int]
    because: str = field(repr=False)
    against: str = field(repr=False)
    undone_because: str = field(repr=False)
    passages: Sequence[LinkPassage]
    doubts: Sequence[str]
    """The facts here now that speak against it, as sentences of the program in the language of staff."""

    def rows(self) -> Iterator[tuple[str, str]]:
        """Label and text, in the order of a page. Labels are English, as keys; reasons are untrusted text."""
        one = self.decision
        yield (
            "Decision",
            said(
                "D-%(number)s: %(one)s and %(other)s are %(verdict)s",
                number=one.number,
                one=self.names[0],
                other=self.names[1],
                verdict=said(VERDICTS[one.verdict] if one.verdict else "undone"),
            ),
        )
        yield "Kind", said(self.kind)
        yield "Decided by", one.reviewer
        yield "Day", one.day.isoformat()
        yield "Program", f"tipline {one.program}"
        yield "Reason", said("protected") if self.is_hidden else self.because
        against = BETWEEN.join(map(said, self.against.split(BETWEEN))) or said("nothing was noted")
        yield "What spoke against", said("protected") if self.is_hidden else against
        for number, passage in enumerate(self.passages, 1):
            yield f"{PASSAGE}{number}", passage.line()
        for doubt in self.doubts:
            yield "Speaks against it now", doubt
        if self.undo is not None:
            because = "" if self.is_hidden or not self.undone_because else f": {self.undone_because}"
            yield "Undone by", f"{self.undo.reviewer}, {self.undo.day.isoformat()}, D-{self.undo.number}{because}"
        yield "Standing", said("yes") if one.stands else said("no: it was undone")
        yield "Limit", said("A person decided this. The program joins nothing, and does not know if it is true.")

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        one = self.decision
        return {
            "decision": f"D-{one.number}",
            "one": self.names[0],
            "other": self.names[1],
            "kind": self.kind,
            "verdict": str(one.verdict) if one.verdict else "undo",
            "reviewer": one.reviewer,
            "day": one.day.isoformat(),
            "program": one.program,
            "because": None if self.is_hidden else self.because,
            "against": None if self.is_hidden else self.against,
            "passages": [
                {
                    "tip": each.submission.short_id,
                    "kind": each.passage.kind,
                    "part": each.passage.text.part,
                    "place": each.passage.text.place,
                    "first": each.passage.first if each.shown else None,
                    "length": each.passage.length if each.shown else None,
                    "words": each.shown.words if each.shown else None,
                }
                for each in self.passages
            ],
            "doubts": list(self.doubts),
            "stands": one.stands,
            "undone_by": f"D-{self.undo.number}" if self.undo else None,
        }


def link_page(home: Home, untrusted_name: str, *, is_opened: bool = False, masks: Masks | None = None) -> LinkPage:
    """The page of a decision such as D-7. ``is_opened`` shows protected words, after a reason was noted.

    Raises:
        ProgramError: there is no such decision, or it is the line of an undo.
    """
    casebook = home.casebook
    number = decision_number(untrusted_name)
    one = casebook.decisions.find(number)
    if one is None or one.verdict is None:
        hint = "tipline-review links list HOME lists them"
        raise ProgramError(f"D-{number} is no decision on two entities", hint=hint)
    masks = masks or Masks(home)
    entities = [casebook.entities.find(entity) for entity in (one.one, one.other)]
    protected = [each for each in (one.one, one.other) if masks.hides(each)]
    is_hidden = bool(protected) and not is_opened
    is_closed = any(each.is_closed for each in entities)
    unmask = frozenset(protected) if is_opened else frozenset[int]()
    veil = Veil(home, masks, unmask=unmask)
    passages = []
    for each in [] if is_closed and is_hidden else casebook.decision_facts.passages(number):
        submission = casebook.submissions.by_number(each.submission)
        passages.append(LinkPassage(submission, each, None if is_hidden else _words(home, veil, submission, each)))
    undo = casebook.decisions.find(one.undone_by) if one.undone_by is not None else None
    return LinkPage(
        one,
        undo,
        (masks.name(one.one), masks.name(one.other)),
        entities[0].kind,
        is_hidden,
        is_closed,
        protected,
        masks.reason(one, unmask=unmask),
        masks.veiled(casebook.decision_facts.against(number), own=(one.one, one.other), unmask=unmask),
        masks.reason(undo, unmask=unmask) if undo is not None else "",
        passages,
        _doubts(home, one, passages, masks),
    )


def _doubts(home: Home, one: Decision, passages: Sequence[LinkPassage], masks: Masks) -> list[str]:
    casebook = home.casebook
    doubts = []
    threads = {casebook.inbox_rows.thread_of(each.submission.number) for each in passages}
    if len(passages) > 1 and len(threads) == 1:
        doubts.append(said("all passages come from one mailbox: that is one witness"))
    for link, sames in masks.clusters.opposite():
        if one.number in {link.number, *(each.number for each in sames)}:
            doubts.append(said("colleagues decided the opposite, and none of these decisions counts"))
    for other in casebook.decisions.all():  # of these two, so that both are here
        is_about_both = {other.one, other.other} == {one.one, one.other}
        if is_about_both and other.number != one.number and other.verdict not in (None, one.verdict):
            doubt = said(
                "D-%(number)s of %(reviewer)s, %(day)s, says: %(verdict)s",
                number=other.number,
                reviewer=other.reviewer,
                day=other.day.isoformat(),
                verdict=said(VERDICTS[other.verdict]) if other.verdict else "",
            )
            doubts.append(doubt + ", " + said("undone since") if other.undone_by is not None else doubt)
    return doubts


def _words(home: Home, veil: Veil, submission: Submission, one: DecisionPassage) -> TextPassage | None:
    """The words and the letters around them; None if they were kept for a hidden entity since."""
    finding = home.casebook.findings.at(submission.number, one.text, one.first, one.length)
    if finding is not None:
        is_hidden = veil.owner(finding) is not None
    else:  # a longer or shorter stretch was kept in its place
        is_hidden = veil.hides(submission, one.text, one.first, one.end)
    return None if is_hidden else veil.stretch(submission, one.text, one.first, one.end)
