"""One question between two names or two pictures, for people and programs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.submission import Submission
from reviewer.languages.staff_language import marked, said, said_number, staff_language
from reviewer.linking.tip_texts import TextPassage
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

_NAME: Final = re.compile(r"[Qq]-?([0-9]{1,12})")
_WORDS_LETTERS: Final = 60
_FEW_PAIRS: Final = 10
_LEFT_TO_RIGHT: Final = "\u2066"
_END: Final = "\u2069"

_SENTENCES: Final[Mapping[str, str]] = {
    "same-words": marked("A word of both names is the same."),
    "alike-words": marked("A word sounds alike in both names, or is a short form of the other."),
    "initial": marked("One name has only the first letter of a word."),
    "other-order": marked("The words stand in another order."),
    "joined-words": marked("Two words of one name are one word in the other."),
    "other-script": marked("One name is in a script that leaves out vowels."),
    "left-over-in-one": marked("One name has a word that the other lacks."),
    "left-over-in-both": marked("Each name has a word that the other lacks."),
    "one-word": marked("One name is a single word, which many people have."),
    "nothing-alike": marked("No word of the names is alike."),
    "one-mailbox": marked("Both tips came from one mailbox: they are one witness."),
    "same-file": marked("The two files are the same, byte for byte."),
    "same-picture": marked("The two pictures look the same, to the last detail that is compared."),
    "changed-picture": marked(
        "The pictures are the same, or changed a little: smaller, compressed, mirrored or turned."
    ),
    "much-alike": marked(
        "The pictures are only much alike: one may be cut or edited, or they are two of one place."
    ),
    "little-to-see": marked("There is little to see in one picture: two walls or two skies look alike."),
}
"""By the codes of the list in docs/review/linking.md."""


def question_number(untrusted_name: str) -> int:
    """The number in a name such as Q-7.

    Raises:
        ProgramError: it is no such name.
    """
    if (found := _NAME.fullmatch(untrusted_name.strip())) is None:
        raise ProgramError("a question must be named by its number, as Q-7", hint="tipline-review links HOME")
    return int(found[1])


@dataclass(frozen=True, slots=True)
class QuestionReason:
    """A code of the list in docs/review/linking.md.

    ``count``, ``kind`` and ``key`` are for the codes that tell of a number, an identifier, or its owner.
    """

    code: str
    count: int = 0
    kind: str = ""
    key: str = field(default="", repr=False)

    def sentence(self) -> str:
        """For a terminal and a page, in the language of staff."""
        if self.code == "frequent":
            return said_number(
                "%(num)s other mailbox here writes of such a name.",
                "%(num)s other mailboxes here write of such a name.",
                self.count,
            )
        if self.code == "same-identifier":
            is_rtl = staff_language().direction == "rtl"  # the plus of a number would stand behind it
            key = f"{_LEFT_TO_RIGHT}{self.key}{_END}" if is_rtl else self.key
            return said("The same stands in both tips: %(kind)s %(key)s.", kind=said(self.kind), key=key)
        return said(_SENTENCES[self.code])

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        more: dict[str, Json] = {"count": self.count} if self.count else {}
        return {"code": self.code} | more | ({"kind": self.kind, "key": self.key} if self.kind else {})


@dataclass(frozen=True, slots=True)
class QuestionSide:
    """A finding, or a picture with the number of its file. ``passage`` is None where a mask hides it.

    ``hidden_by`` is the entity that hides the words of a finding, also where no one has kept it.
    """

    number: int
    submission: Submission
    entity: int | None
    name: str | None
    passage: TextPassage | None = field(repr=False)
    file: str | None = None
    sha256: bytes = field(default=b"", repr=False)
    is_quarantined: bool = False
    is_masked: bool = False
    hidden_by: int | None = None

    def masked(self) -> "QuestionSide":
        """The same without words, and without saying which file it is."""
        return replace(self, passage=None, is_masked=True)

    def line(self) -> str:
        """For a terminal."""
        what = self.name or ""
        if self.is_masked:
            what = what or (said("a picture") if self.file is not None else said("a name"))
        elif self.file is not None:
            what += " " + said("file %(number)s", number=self.file)
            what += ", " + said("in quarantine") if self.is_quarantined else ""
        elif self.passage is not None:
            what += f" {plain_line(self.passage.words, limit_letters=_WORDS_LETTERS)}"
        return f"{self.submission.short_id}  {what.strip()}"

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        return {
            "tip": self.submission.short_id,
            "entity": self.name,
            "finding": None if self.file is not None else self.number,
            "file": None if self.is_masked else self.file,
            "quarantined": self.is_quarantined,
            "words": self.passage.words if self.passage else None,
            "before": self.passage.before if self.passage else None,
            "after": self.passage.after if self.passage else None,
        }


@dataclass(slots=True)
class LinkQuestion:
    """``names`` and ``stranger_pairs`` are for names, ``distance`` and ``qualities`` for pictures.

    With ``is_hidden`` no side has words, because one of the entities ``protected`` is not opened.
    """

    number: int
    is_of_pictures: bool
    sides: tuple[QuestionSide, QuestionSide]
    is_hidden: bool
    protected: Sequence[int]
    is_answered: bool
    is_weak: bool = False
    speaks_for: list[QuestionReason] = field(default_factory=list)
    speaks_against: list[QuestionReason] = field(default_factory=list)
    names: int = 0
    stranger_pairs: float = 0.0
    distance: int = 0
    qualities: tuple[int, int] = (0, 0)

    @property
    def name(self) -> str:
        """As Q-7."""
        return f"Q-{self.number}"

    @property
    def has_same_identifier(self) -> bool:
        """True if a number, address or account stands in both tips."""
        return any(one.code == "same-identifier" for one in self.speaks_for)

    @property
    def is_asked(self) -> bool:
        """True for a question that is listed at once: it is sure enough, or an identifier stands in both tips."""
        return not self.is_weak or self.has_same_identifier

    @property
    def is_beside_quarantine(self) -> bool:
        """True if a picture of it is in quarantine: neither is to be looked at."""
        return any(side.is_quarantined for side in self.sides)

    def chance(self) -> str:
        """The number of pairs of strangers, in a sentence; empty for pictures."""
        if self.is_of_pictures:
            return ""
        names = f"{self.names:,}"
        if self.stranger_pairs < 1:
            return said(
                "Among the %(names)s names here, fewer than 1 pair of strangers looks this alike.", names=names
            )
        pairs = round(self.stranger_pairs)
        if pairs >= _FEW_PAIRS:
            digits = len(str(pairs)) - 1
            pairs = round(pairs, -digits)
        return said_number(
            "Among the %(names)s names here, about %(num)s pair of strangers looks this alike.",
            "Among the %(names)s names here, about %(num)s pairs of strangers look this alike.",
            pairs,
            names=names,
        )

    def lines(self) -> list[str]:
        """For a terminal: both sides, what speaks for and against, and chance."""
        weak = "  weak" if self.is_weak else ""
        lines = [f"{self.name}  {'picture' if self.is_of_pictures else 'person'}{weak}"]
        lines += [f"    {side.line()}" for side in self.sides]
        lines += [f"    for      {one.sentence()}" for one in self.speaks_for]
        lines += [f"    against  {one.sentence()}" for one in self.speaks_against]
        lines += [f"    {self.chance()}"] if self.chance() else []
        return lines

    def to_json(self) -> dict[str, Json]:
        """The same for programs."""
        shown: dict[str, Json] = {
            "question": self.name,
            "kind": "picture" if self.is_of_pictures else "person",
            "weak": self.is_weak,
            "masked": self.is_hidden,
            "answered": self.is_answered,
            "sides": [side.to_json() for side in self.sides],
            "for": [one.to_json() for one in self.speaks_for],
            "against": [one.to_json() for one in self.speaks_against],
        }
        if self.is_of_pictures:
            return shown | {"distance": self.distance, "quality": list(self.qualities)}
        return shown | {"names": self.names, "stranger_pairs": round(self.stranger_pairs)}
