"""The heads and sentences of a shown e-mail in the language of staff.

The text comes from a sandboxed process, in English: heads, an empty line, then the parts. Only the names of
heads and lines that are exactly one of its sentences are replaced. Values and words of the e-mail stay as they are.
"""

import re
from collections.abc import Sequence
from typing import Final

from reviewer.languages.staff_language import marked, said, without_isolates

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

NO_NAME: Final = marked("without a name")
HEAD_LETTERS: Final = 16_384
"""The most letters that all heads together may have to stand above the text."""

_ATTACHMENT: Final = re.compile(r"\[Attachment ([0-9]{1,9}): (.*), ([^,]*), ([0-9,]{1,15}) bytes; not opened\]")
_PART: Final = re.compile(r"\[Part ([0-9]{1,9}): (.*)\]")
_MORE: Final = re.compile(r"\[([0-9,]{1,15}) more parts are not shown\.\]")


def mail_heads(untrusted_mail: str) -> tuple[Sequence[tuple[str, str]], str]:
    """The heads, each with its untrusted value, and the text without them.

    Where all heads together are very long they stay in the text.
    """
    before, empty, rest = untrusted_mail.partition("\n\n")
    pairs = [line.partition(": ")[::2] for line in before.split("\n")]
    if not empty or len(before) > HEAD_LETTERS or not all(name in HEADS for name, _value in pairs):
        return (), untrusted_mail
    return [(said(HEADS[name]), value) for name, value in pairs], rest


def said_parts(untrusted_text: str) -> str:
    """The text of the parts, with the lines about each part in the language of staff."""
    return "\n".join(_said_line(line) if line.startswith("[") else line for line in untrusted_text.split("\n"))


def _said_line(line: str) -> str:
    if found := _ATTACHMENT.fullmatch(line):
        number, name, kind, size = found.groups()
        name = said(NO_NAME) if name == NO_NAME else name
        told = said(
            "[Attachment %(number)s: %(name)s, %(kind)s, %(bytes)s bytes; not opened]",
            number=number,
            name=name,
            kind=kind,
            bytes=size,
        )
    elif found := _PART.fullmatch(line):
        told = said("[Part %(number)s: %(kind)s]", number=found[1], kind=found[2])
    elif found := _MORE.fullmatch(line):
        told = said("[%(count)s more parts are not shown.]", count=found[1])
    else:
        return line
    return without_isolates(told)
