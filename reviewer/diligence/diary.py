"""The due diligence diary of a facility, by the OECD's six steps."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from reviewer.casebook.casebook import Casebook
from reviewer.casebook.due_diligence import DiaryEntry
from reviewer.diligence.readers import OUTSIDE, STEPS
from reviewer.facilities.places import confirmed_place
from reviewer.facilities.same_place import find_facility
from reviewer.home.home import Home
from system.errors import ProgramError

LONGEST: Final = 1_000
_LONGEST_WORDS: Final = 200


def write_entry(
    home: Home,
    facility: str,
    *,
    step: int,
    did: str,
    person: str = "",
    document: str = "",
    readers: Collection[str] = (),
    due: str = "",
    today: dt.date,
) -> DiaryEntry:
    """Write what was done, or with a due day what will be; ``readers`` may read it in a report.

    Raises:
        ProgramError: the step, a reader or the day is none, or the words are missing or too long.
    """
    if step not in STEPS:
        raise ProgramError(
            "a step must be a number from 1 to 6", hint="; ".join(f"{n}: {s}" for n, s in STEPS.items())
        )
    if not set(readers) <= set(OUTSIDE):
        raise ProgramError(f"readers of an entry must be among {', '.join(OUTSIDE)}")
    did, person, document = did.strip(), " ".join(person.split()), " ".join(document.split())
    if not 1 <= len(did) <= LONGEST:
        raise ProgramError(f"an entry must have 1 to {LONGEST:,} letters")
    if max(len(person), len(document)) > _LONGEST_WORDS:
        raise ProgramError(f"person and document must have at most {_LONGEST_WORDS} letters")
    due_day = day_typed(due) if due.strip() else None
    with home.casebook.changing():
        found = find_facility(home.casebook, facility)
        entry = DiaryEntry(
            *(0, found.number, step, did, person, document, frozenset(readers), today, due_day),
            None if due_day else today,
        )
        number = home.casebook.due_diligence.add_entry(entry)
        home.casebook.log.add("diary entry", f"Y-{number}, {found.name}, step {step}", today=today)
    return _entry(home.casebook, f"Y-{number}")


def finish_entry(home: Home, name: str, *, today: dt.date) -> DiaryEntry:
    """An entry is done.

    Raises:
        ProgramError: there is none of this name, or it is done.
    """
    with home.casebook.changing():
        entry = _entry(home.casebook, name)
        if entry.done_day is not None:
            raise ProgramError(f"{entry.name} is done already")
        home.casebook.due_diligence.done(entry.number, today)
        home.casebook.log.add("diary entry done", entry.name, today=today)
    return _entry(home.casebook, name)


def delete_entry(home: Home, name: str, *, today: dt.date) -> DiaryEntry:
    """Delete an entry; what it was.

    Raises:
        ProgramError: there is none of this name.
    """
    with home.casebook.changing():
        entry = _entry(home.casebook, name)
        home.casebook.due_diligence.delete_entry(entry.number)
        home.casebook.log.add("diary entry deleted", entry.name, today=today)
    return entry


def diary_of(home: Home, facility: str) -> Sequence[DiaryEntry]:
    """The entries of a facility, and of those that persons confirmed to be the same place.

    Raises:
        ProgramError: there is no such facility.
    """
    found = find_facility(home.casebook, facility)
    return home.casebook.due_diligence.entries(confirmed_place(home.casebook, found.number))


def day_typed(untrusted_text: str) -> dt.date:
    """The day that is written as ``2026-11-25``.

    Raises:
        ProgramError: it is none.
    """
    try:
        return dt.date.fromisoformat(untrusted_text.strip())
    except ValueError as error:
        raise ProgramError("expected a day, as 2026-11-25") from error


def _entry(casebook: Casebook, name: str) -> DiaryEntry:
    digits = name[2:] if name[:2].upper() == "Y-" else ""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    found = casebook.due_diligence.entry(int(digits)) if is_number else None
    if found is None:
        raise ProgramError(
            "there is no such entry", hint="tipline-review supply diary HOME list F-N shows Y-1, Y-2, …"
        )
    return found
