"""Cuts a long answer into parts that each fit one reply, at the end of a paragraph or of a sentence."""

import re
from dataclasses import dataclass
from typing import Final

from crypto.submissions.reply import TEXT_BYTES
from reviewer.languages.staff_language import said_number
from reviewer.terminal.plain_text import has_visible
from system.errors import ProgramError

MOST_PARTS: Final = 8
_LEAST_SHARE: Final = 0.4
"""A part is cut at a paragraph only where it is at least so full; else at a sentence, else at a blank."""

_ENDS: Final = (
    re.compile(r"\n[ \t]*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…؟۔।॥][\"'”’»)\]]*\s|[。！？][”’」』）]*"),
    re.compile(r"[,;:،؛、，；：]\s?|\s"),
)


@dataclass(frozen=True, slots=True)
class AnswerLength:
    """Letters and bytes of an answer, and the bytes that are left in its last part (``left_bytes``)."""

    letters: int
    bytes: int
    parts: int
    left_bytes: int

    def words(self) -> str:
        """For staff: one line."""
        return said_number(
            "%(letters)s letters, %(bytes)s bytes: %(num)s answer, %(left)s of %(most)s bytes left in the last one",
            "%(letters)s letters, %(bytes)s bytes: %(num)s answers,"
            " %(left)s of %(most)s bytes left in the last one",
            self.parts,
            letters=format(self.letters, ","),
            bytes=format(self.bytes, ","),
            left=format(self.left_bytes, ","),
            most=format(TEXT_BYTES, ","),
        )


def answer_parts(text: str) -> list[str]:
    """The parts of an answer, in order, each of at most 2,048 bytes.

    Only blanks between parts are left out.

    Raises:
        ProgramError: a text without a letter that can be seen, a stretch without a place to cut that is longer
            than a part, or too many parts.
    """
    if not has_visible(text):
        raise ProgramError(
            "a reply must not be empty" if not text.strip() else "a reply must have a letter that can be seen"
        )
    parts: list[str] = []
    rest = text
    while len(rest.encode(errors="surrogatepass")) > TEXT_BYTES:
        cut = _cut(rest)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest:
        parts.append(rest)
    if len(parts) > MOST_PARTS:
        raise ProgramError(
            f"an answer must have at most {MOST_PARTS} parts of {TEXT_BYTES:,} bytes", hint="send the rest tomorrow"
        )
    return parts


def answer_length(text: str) -> AnswerLength:
    """The counter below an answer. Raises as :func:`answer_parts`."""
    parts = answer_parts(text)
    left = TEXT_BYTES - len(parts[-1].encode(errors="surrogatepass"))
    return AnswerLength(len(text), len(text.encode(errors="surrogatepass")), len(parts), left)


def _cut(text: str) -> int:
    """The place of the best cut within the first part."""
    fits = text.encode(errors="surrogatepass")[:TEXT_BYTES].decode(errors="ignore")
    for end in _ENDS:
        places = [found.end() for found in end.finditer(fits) if fits[: found.start() + 1].strip()]
        if places and (places[-1] >= _LEAST_SHARE * len(fits) or end is _ENDS[-1]):
            return places[-1]
    raise ProgramError(
        f"each part of an answer must have at most {TEXT_BYTES} bytes, and there is no blank to cut at",
        hint="put a blank or a line end into the long word",
    )
