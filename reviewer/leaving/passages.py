"""The words of a source, paragraph by paragraph, so that staff tick what may leave."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from reviewer.casebook.submission import Submission
from reviewer.cases.answer_lines import Answered, is_answer
from reviewer.cases.preferences import is_preference
from reviewer.cases.shown_code import text_names
from reviewer.cases.submission_text import is_message
from reviewer.home.home import Home
from system.errors import ProgramError

MESSAGE, SEALED = "message", "sealed by the source"
_ALL = "all"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph or answer of a tip; ``number`` counts from 1, ``label`` says what it is.

    ``tick`` names it by its tip and its content, since a number names another passage when one before it goes.
    """

    number: int
    label: str
    text: str = field(repr=False)
    tick: str = ""


def passages_of(home: Home, submission: Submission) -> list[Passage]:
    """All passages in the order of writing; preferences of the source are none."""
    texts = list(_texts(home, submission))
    ticks = ticks_of(submission, text_names(texts))
    return [
        Passage(number, label, text, tick)
        for number, ((label, text), tick) in enumerate(zip(texts, ticks, strict=True), 1)
    ]


def ticks_of(submission: Submission, names: Sequence[str]) -> list[str]:
    """The ticks of a form for contents of this tip with these names, like ``3f9a1c02d4e5:ab12…``."""
    return [f"{submission.short_id}:{name}" for name in names]


def ticked_numbers(ticked: Collection[str], ticks: Sequence[str]) -> frozenset[int]:
    """The numbers, from 1, of those of the ``ticks`` that were ticked."""
    return frozenset(number for number, tick in enumerate(ticks, 1) if tick in ticked)


def _texts(home: Home, submission: Submission) -> Iterator[tuple[str, str]]:
    fields = home.casebook.submissions.fields(submission)
    if "act" in {one.name for one in fields}:
        return
    for one in fields:
        if is_answer(one) or is_preference(one):
            continue
        label = MESSAGE if is_message(one) else "another field"
        yield from ((label, text) for text in _paragraphs(one.value))
    answered = Answered.from_fields(fields, home.casebook.questionnaires)
    if answered is not None:
        for answer in answered.shown():
            yield from ((answer.question, text) for value in answer.values for text in _paragraphs(value))
        for name, value in answered.left:
            yield from ((name, text) for text in _paragraphs(value))
    for sealed in home.casebook.sealed_files.of(submission).values():
        for one in sealed.fields:
            yield from ((SEALED, text) for text in _paragraphs(one.value))


def _paragraphs(untrusted_text: str) -> list[str]:
    lines = untrusted_text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line for line in lines if line.strip()]


def parse_numbers(text: str, *, most: int, what: str) -> frozenset[int]:
    """The numbers in ``1,3-5``, each from 1 to ``most``; all of them for the word ``all``.

    Raises:
        ProgramError: anything else; the message says what was expected.
    """
    if text.strip() == _ALL:
        return frozenset(range(1, most + 1))
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and len(part) < 12):
            raise ProgramError(f"{what} must be numbers like 1,3-5, or all")
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= most:
            raise ProgramError(f"{what} must be from 1 to {most}, as the preview numbers them")
        found.update(range(begin, end + 1))
    return frozenset(found)


def ticked_for(
    options: Sequence[str], short_id: str, every_id: Sequence[str], *, most: int, what: str
) -> frozenset[int]:
    """The numbers ticked for one tip, in options like ``1,3-5``, or ``3f9a1c02:1,3-5`` with several tips.

    Raises:
        ProgramError: another form, no id where there are several tips, or an id that is none of theirs.
    """
    found: set[int] = set()
    for option in options:
        beginning, colon, numbers = option.rpartition(":")
        beginning = beginning.lower()
        if not colon and len(every_id) > 1:
            raise ProgramError(f"with several tips, {what} need the id in front", hint="like 3f9a1c02:1,3-5")
        if colon and not any(one.startswith(beginning) for one in every_id):
            raise ProgramError(
                f"{what} name a tip that is not among those given", hint="give the id as in the list"
            )
        if not colon or short_id.startswith(beginning):
            found |= parse_numbers(numbers, most=most, what=what)
    return frozenset(found)
