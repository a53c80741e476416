"""The texts of a tip that are read for findings, and the words of a finding, cut from them.

Read are the fields and answers of the source, the names of files, and the same inside sealed files. Our replies and
notes are never read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crypto.questions.answers import PREFIX
from crypto.submissions.submission import Kind
from reviewer.casebook.arrival import Field, StoredFile
from reviewer.casebook.file_pictures import PICTURE_PARTS, picture_place
from reviewer.casebook.findings import StoredFinding, TextPlace
from reviewer.casebook.numbered_files import numbered_files
from reviewer.casebook.search_index import NOT_WORDS
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, without_isolates
from reviewer.terminal.plain_text import plain_line

_MESSAGE: Final = "text"
_NAME_KEYS: Final = frozenset({"name", "names", "who"})
_OUTSIDE: Final = -1
_LINE_LETTERS: Final = 200
AROUND: Final = 60
"""Letters that are shown on each side of a passage."""


@dataclass(frozen=True, slots=True)
class TipText:
    """One text of a tip; ``name`` and ``value`` are untrusted. The message has an empty name.

    ``asks_for_name`` is True for an answer to a question that asks for names.
    """

    place: TextPlace
    name: str = field(repr=False)
    value: str = field(repr=False)
    asks_for_name: bool = False


@dataclass(frozen=True, slots=True)
class TextPassage:
    """The words of a finding, and a few letters around them; all untrusted."""

    before: str = field(repr=False)
    words: str = field(repr=False)
    after: str = field(repr=False)

    def line(self) -> str:
        """The words in brackets between the letters around them, for a terminal."""
        return plain_line(
            f"…{self.before}[{self.words}]{self.after}…".replace("\n", " "), limit_letters=_LINE_LETTERS
        )


def texts_of(home: Home, submission: Submission) -> Sequence[TipText]:
    """The texts of a tip in their order; none of an act or of an envelope that is not open."""
    if submission.unopenable is not None or submission.kind is Kind.ACT:
        return []
    casebook = home.casebook
    fields = [one for one in casebook.submissions.fields(submission) if one.name not in NOT_WORDS]
    texts = [*_texts(fields, casebook.submissions.stored_files(submission), _OUTSIDE)]
    for sealed in casebook.sealed_files.of(submission).values():
        texts += _texts(sealed.fields, sealed.files, sealed.place)
    return texts


def _texts(fields: Iterable[Field], files: Iterable[StoredFile], sealed_place: int) -> Iterator[TipText]:
    """The fields and the names of files of a tip, or of the sealed file at a place."""
    inside, sealed = ("", "") if sealed_place == _OUTSIDE else ("inside ", "sealed ")
    for field_ in fields:
        name = "" if field_.name == _MESSAGE else field_.name
        place = TextPlace(f"{inside}field", sealed_place, field_.place)
        yield TipText(place, name, field_.value, _asks_for_name(field_.name))
    for file in files:
        yield TipText(TextPlace(f"{inside}file", sealed_place, file.place), f"name of a {sealed}file", file.name)


def text_by_place(home: Home, submission: Submission) -> Mapping[TextPlace, str]:
    """The texts of a tip by their places; for the place of a picture, what its file is called."""
    texts = {one.place: one.value for one in texts_of(home, submission)}
    for one in numbered_files(home.casebook, submission):
        texts[picture_place(one.sealed_place, one.file.place)] = without_isolates(
            said("file %(number)s", number=one.number)
        )
    return texts


def words_of(texts: Mapping[TextPlace, str], finding: StoredFinding) -> str:
    """The words of a finding of this tip. They are empty if the text has become shorter."""
    value = texts.get(finding.text, "")
    return value if finding.text.part in PICTURE_PARTS else value[finding.first : finding.end]


def _asks_for_name(field_name: str) -> bool:
    """True if the key of a question is about a name, as ``name``, ``boss_name`` or ``names``."""
    return field_name.startswith(PREFIX) and bool(
        _NAME_KEYS & set(field_name.removeprefix(PREFIX).lower().split("_"))
    )
