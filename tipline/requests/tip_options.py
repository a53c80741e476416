"""What a source chooses beside its words: it goes into the envelope as fields, and nobody else learns it.

The names are those of the form and of the envelope alike: ``docs/formats/container.md``, section "Submission".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

URGENT_FIELD = "urgent"
ANSWER_FIELD = "answer"
LANGUAGE_FIELD = "language"
YES, NO = "yes", "no"

_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TipOptions:
    """``urgent`` is the tick for danger, ``wants_answer`` is false for "I do not want an answer", ``language`` the
    tag of the page that was used, empty when the form did not say. Prints nothing."""

    urgent: bool = False
    wants_answer: bool = True
    language: str = ""

    @classmethod
    def parse(cls, untrusted_fields: Mapping[str, str]) -> "TipOptions":
        """From the fields of a form. A value that no page of ours sends counts as none: no plea is turned away for
        a tick that we do not understand."""
        untrusted_language = untrusted_fields.get(LANGUAGE_FIELD, "")
        return cls(
            urgent=untrusted_fields.get(URGENT_FIELD) == YES,
            wants_answer=untrusted_fields.get(ANSWER_FIELD) != NO,
            language=untrusted_language if _LANGUAGE_TAG.fullmatch(untrusted_language) else "",
        )

    def fields(self) -> Iterator[tuple[str, str]]:
        """Name and value of each that was chosen, in the order in which they are sealed."""
        if self.urgent:
            yield URGENT_FIELD, YES
        if not self.wants_answer:
            yield ANSWER_FIELD, NO
        if self.language:
            yield LANGUAGE_FIELD, self.language

    def __repr__(self) -> str:
        return "<Choices>"


TIP_CHOICES = frozenset({URGENT_FIELD, ANSWER_FIELD, LANGUAGE_FIELD})
"""What a first message may choose."""

SHOWN_LANGUAGE_FIELD = "lang"
SHOWN_LOOK_FIELD = "look"
SHOWN_FIELDS = frozenset({SHOWN_LANGUAGE_FIELD, SHOWN_LOOK_FIELD})
"""Buttons beside a form, named as the choice in an address is: they show the same form, with all that was typed, in
another language or look. Nothing is sent then, and nothing kept."""

LATER_CHOICES = frozenset({LANGUAGE_FIELD})
"""What a follow-up or more files may: they go to a mailbox that is there already."""
