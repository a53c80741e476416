"""The texts of a submission, each with a short name under which its translations lie."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto.submissions.submission import Kind
from reviewer.casebook.search_index import NOT_WORDS
from reviewer.casebook.submission import Submission
from reviewer.home.home import Home
from system.errors import ProgramError

_MESSAGE = "text"


@dataclass(frozen=True, slots=True)
class TextPart:
    """One text, untrusted like its name; ``key`` is "0", or "3.1" inside of the sealed file at 3."""

    key: str
    name: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def label(self) -> str:
        """For staff; the name that a form gave it is untrusted."""
        return "message" if self.name == _MESSAGE else self.name


def part_key(place: int, sealed_place: int | None = None) -> str:
    """The key of a field at ``place``, inside of the sealed file at ``sealed_place`` if it is given."""
    return str(place) if sealed_place is None else f"{sealed_place}.{place}"


def text_parts(home: Home, submission: Submission) -> Sequence[TextPart]:
    """All texts of a submission that can be translated; an act has none."""
    if submission.kind is Kind.ACT:
        return []
    casebook = home.casebook
    fields = [one for one in casebook.submissions.fields(submission) if one.name not in NOT_WORDS]
    parts = [TextPart(part_key(one.place), one.name, one.value) for one in fields]
    for place, sealed in sorted(casebook.sealed_files.of(submission).items()):
        parts += [TextPart(part_key(one.place, place), one.name, one.value) for one in sealed.fields]
    return [part for part in parts if part.text.strip()]


def find_part(home: Home, submission: Submission, key: str | None) -> TextPart:
    """The text of this key; without a key the only text, or the message.

    Raises:
        ProgramError: there is no such text.
    """
    parts = text_parts(home, submission)
    for part in parts:
        if part.key == key or (key is None and (len(parts) == 1 or part.name == _MESSAGE)):
            return part
    known = ", ".join(part.key for part in parts) or "none"
    raise ProgramError("this submission has no such text", hint=f"its texts are: {known}")
