"""An e-mail as a page or a terminal shows it: heads, and parts, each with its untrusted words.

A sandboxed process gives it as JSON, one line for each head, part and piece of words
(:mod:`reviewer.viewers.mail_text`). So nothing that the e-mail says can pass for a sentence about it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reviewer.languages.staff_language import marked, said

HEADS: Final = {
    "From": marked("From"),
    "To": marked("To"),
    "Cc": marked("Copy to"),
    "Reply-To": marked("Reply to"),
    "Date": marked("Date"),
    "Subject": marked("Subject"),
    "Received": marked("Passed on by"),
}
"""The names of heads in an e-mail, and how a page says them."""


@dataclass(frozen=True, slots=True)
class MailPart:
    """One part, its ``number`` from 1; an attachment has a length, perhaps a name, and no words."""

    number: int
    kind: str
    length_bytes: int | None = None
    untrusted_name: str = field(default="", repr=False)
    untrusted_words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """The heads in their order, the parts, and the number of parts that are not shown."""

    heads: Sequence[tuple[str, str]] = field(repr=False)
    parts: Sequence[MailPart] = field(repr=False)
    more: int = 0

    def said_heads(self) -> list[tuple[str, str]]:
        """The heads, each named in the language of staff, and its untrusted value."""
        return [(said(HEADS[name]), value) for name, value in self.heads]


def read_mail(untrusted_lines: str) -> Mail:
    """The e-mail in these lines of JSON; a line that is cut, or is none of ours, is left out."""
    heads: list[tuple[str, str]] = []
    parts: list[MailPart] = []
    words: list[list[str]] = []
    more = 0
    for kind, said_of in _lines(untrusted_lines):
        match kind, said_of:
            case "head", [str(name), str(value)] if name in HEADS:
                heads.append((name, value))
            case "part", [int(number), str(part)]:
                parts.append(MailPart(number, part))
                words.append([])
            case "attachment", [int(number), str(part), str(name), int(length)]:
                parts.append(MailPart(number, part, length, name))
                words.append([])
            case "words", [str(piece)] if words:
                words[-1].append(piece)
            case "more", [int(more)]:
                pass
    whole = [
        MailPart(one.number, one.kind, one.length_bytes, one.untrusted_name, "".join(pieces))
        for one, pieces in zip(parts, words, strict=True)
    ]
    return Mail(heads, whole, more)


def _lines(untrusted_lines: str) -> Iterator[tuple[Any, list[Any]]]:
    for line in untrusted_lines.split("\n"):
        try:
            said_of = json.loads(line)
        except ValueError:
            continue
        if isinstance(said_of, list) and said_of:
            yield said_of[0], said_of[1:]
