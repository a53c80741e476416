"""A source's preferences: urgent or not, answer wanted or not, and the page's language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crypto.primitives.canonical_json import Json
from reviewer.casebook.arrival import Field
from reviewer.casebook.overview import Overview
from reviewer.terminal.plain_text import plain_line

_URGENT, _ANSWER, _LANGUAGE, _ACT = "urgent", "answer", "language", "act"
_TAG_LETTERS = 20


@dataclass(frozen=True, slots=True)
class SourcePreferences:
    """``urgent``: the box for danger was ticked, or the act is "I am not safe".

    ``language`` is the tag of the page that was used: untrusted text, or None.
    """

    urgent: bool = False
    wants_answer: bool = True
    language: str | None = None

    @classmethod
    def from_fields(cls, fields: Sequence[Field]) -> "SourcePreferences":
        """The preferences of one submission; other fields are ignored."""
        return cls._of({one.name: one.value for one in reversed(fields)})

    @classmethod
    def by_submission(cls, overview: Overview, numbers: Sequence[int]) -> "dict[int, SourcePreferences]":
        """By number, for the submissions that state any preference."""
        by_name = {name: overview.values(name, numbers) for name in (_URGENT, _ANSWER, _LANGUAGE, _ACT)}
        said = {number for values in by_name.values() for number in values}
        return {
            number: cls._of({name: values[number] for name, values in by_name.items() if number in values})
            for number in said
        }

    @classmethod
    def _of(cls, untrusted: Mapping[str, str]) -> "SourcePreferences":
        return cls(
            urgent=untrusted.get(_URGENT) == "yes" or untrusted.get(_ACT) == "not-safe",
            wants_answer=untrusted.get(_ANSWER) != "no",
            language=untrusted.get(_LANGUAGE),
        )

    def to_json(self) -> dict[str, Json]:
        return {"urgent": self.urgent, "wants_answer": self.wants_answer, "language": self.language}

    def marks(self) -> Iterator[str]:
        """Marks for one line of a list."""
        if self.urgent:
            yield "URGENT"
        if not self.wants_answer:
            yield "no answer"
        if self.language is not None:
            yield f"[{plain_line(self.language, limit_letters=_TAG_LETTERS)}]"

    def lines(self) -> Iterator[str]:
        """Lines for the head of one submission."""
        if self.urgent:
            yield "URGENT           the source says that a person is in danger"
        if not self.wants_answer:
            yield "answer           none is wanted: there is no mailbox to answer to"
        if self.language is not None:
            yield f"page read in     {plain_line(self.language, limit_letters=_TAG_LETTERS)}"


def is_preference(field: Field) -> bool:
    """True if the head of a submission shows this field already."""
    return (
        (field.name == _URGENT and field.value == "yes")
        or (field.name == _ANSWER and field.value == "no")
        or field.name == _LANGUAGE
    )
