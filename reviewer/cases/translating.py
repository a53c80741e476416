"""Translations of staff beside the texts of a submission; each step is logged without content."""

import datetime as dt
from typing import Final

from crypto.primitives.canonical_json import Json
from reviewer.casebook.submission import Submission
from reviewer.casebook.translations import Translation
from reviewer.cases.text_parts import find_part
from reviewer.home.home import Home
from reviewer.terminal.plain_text import plain_line
from system.errors import ProgramError

TRANSLATION_BYTES: Final = 32_768
AUTHOR_LETTERS: Final = 60


def add_translation(
    home: Home,
    submission: Submission,
    part: str | None,
    text: str,
    *,
    author: str,
    today: dt.date,
    is_from_outside: bool = False,
) -> None:
    """Put a translation beside a text; ``part`` is the key of the text, or None for the message.

    Raises:
        ProgramError: an empty or too long translation, no name of its author, or no such text.
    """
    found = find_part(home, submission, part)
    name = require_author(author)
    if not text.strip():
        raise ProgramError("a translation must not be empty")
    if len(text.encode(errors="surrogatepass")) > TRANSLATION_BYTES:
        raise ProgramError(
            f"a translation must have at most {TRANSLATION_BYTES:,} bytes", hint="add it as several translations"
        )
    with home.casebook.changing():
        home.casebook.translations.add(
            submission.number,
            found.key,
            text.strip("\n"),
            author=name,
            is_from_outside=is_from_outside,
            today=today,
        )
        home.casebook.log.add("translation", submission.short_id, today=today)


def require_author(author: str) -> str:
    """The name of a translator on one line.

    Raises:
        ProgramError: it is empty or too long.
    """
    name = " ".join(author.split())
    if not 1 <= len(name) <= AUTHOR_LETTERS:
        raise ProgramError(f"the name of the translator must have 1 to {AUTHOR_LETTERS} letters")
    return name


def destroy_translation(home: Home, submission: Submission, number: int, *, today: dt.date) -> None:
    """Destroy a translation for good; earlier backups of the casebook still hold it.

    Raises:
        ProgramError: the submission has no such translation.
    """
    with home.casebook.changing():
        if not home.casebook.translations.destroy(submission.number, number):
            raise ProgramError("this submission has no such translation")
        home.casebook.log.add("translation destroyed", submission.short_id, today=today)


def translation_heading(one: Translation) -> str:
    """Number, author and day of a translation, on one line."""
    outside = ", from outside" if one.is_from_outside else ""
    return f"translation {one.number} by {plain_line(one.author)}, {one.day.isoformat()}{outside}"


def translation_json(one: Translation) -> dict[str, Json]:
    """A translation for programs."""
    return {
        "number": one.number,
        "part": one.part,
        "by": one.author,
        "day": one.day.isoformat(),
        "from_outside": one.is_from_outside,
        "text": one.text,
    }
