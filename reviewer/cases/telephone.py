"""Reports that came by telephone: kept, listed and searched like a tip, without a mailbox."""

import datetime as dt
from typing import Final

from reviewer.casebook.shared_marks import NAME_LETTERS
from reviewer.casebook.submission import Submission
from reviewer.cases.marking import plain_name
from reviewer.home.home import Home
from system.errors import ProgramError

REPORT_BYTES: Final = 65_536
_LANGUAGE_LETTERS: Final = 20


def enter_report(
    home: Home, text: str, *, by: str, day: dt.date, is_urgent: bool, language: str = "", today: dt.date
) -> Submission:
    """Keep what a caller said on ``day``.

    ``by`` is the person who enters it; ``language`` is a tag, or empty.

    Raises:
        ProgramError: no text, a text over 64 KiB, a name that is empty or too long, or a day that is still to come.
    """
    if not text.strip():
        raise ProgramError("a report must not be empty")
    if len(text.encode()) > REPORT_BYTES:
        raise ProgramError(f"a report must have at most {REPORT_BYTES:,} bytes", hint="enter it as several reports")
    name = plain_name(by, "the name of the person who enters it", NAME_LETTERS)
    if not name:
        raise ProgramError("the name of the person who enters a report must not be empty")
    if day > today:
        raise ProgramError("the day of a call must not be after today")
    if not is_language_tag(language):
        raise ProgramError("a language must be a tag: en, es, zh-Hant")
    fields = [("text", text)]
    fields += [("language", language)] if language else []
    fields += [("urgent", "yes")] if is_urgent else []
    with home.casebook.changing():
        number = home.casebook.telephone.keep(fields, entered_by=name, day=day, today=today)
        submission = home.casebook.submissions.by_number(number)
        home.casebook.log.add("entered from a call", submission.short_id, today=today)
    return submission


def is_language_tag(text: str) -> bool:
    """True for a tag such as es or zh-Hant, or no text."""
    return len(text) <= _LANGUAGE_LETTERS and text.isascii() and (not text or text.replace("-", "").isalnum())
