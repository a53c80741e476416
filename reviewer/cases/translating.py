"""Translations of staff beside the texts of a submission; each step is logged without content."""

import datetime as dt
from typing import Final

from reviewer.casebook.submission import Submission
from reviewer.cases.text_parts import find_part
from reviewer.home.home import Home
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
