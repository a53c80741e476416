"""Work on cases: threads are joined by hand, and merging and splitting can be undone.

Each step is logged, without the name of the case.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from reviewer.casebook.case_register import CaseRecord
from reviewer.cases.archive import NOTE_BYTES
from reviewer.cases.marking import plain_name, thread_id
from reviewer.home.home import Home
from system.errors import ProgramError

CASE_NAME_LETTERS: Final = 100


def find_case(home: Home, number: int) -> CaseRecord:
    """The case with this number.

    Raises:
        ProgramError: there is none.
    """
    found = home.casebook.cases.find(number)
    if found is None:
        raise ProgramError(f"there is no case {number}", hint="tipline-review case list HOME shows the cases")
    return found


def open_case(home: Home, name: str, threads: Sequence[int], *, today: dt.date) -> CaseRecord:
    """Open a case with these threads. A thread that is in another case leaves it.

    Raises:
        ProgramError: the name is empty, too long, or has letters that cannot be seen.
    """
    name = _name(name)
    with home.casebook.changing():
        number = home.casebook.cases.add(name, today=today)
        home.casebook.log.add("case opened", _subject(home, number), today=today)
        _put(home, number, threads, today=today)
    return find_case(home, number)


def rename_case(home: Home, number: int, name: str, *, today: dt.date) -> None:
    """Give a case another name.

    Raises:
        ProgramError: no such case, or the name is empty, too long, or has letters that cannot be seen.
    """
    find_case(home, number)
    name = _name(name)
    with home.casebook.changing():
        home.casebook.cases.rename(number, name)
        home.casebook.log.add("case renamed", _subject(home, number), today=today)


def add_threads(home: Home, number: int, threads: Sequence[int], *, today: dt.date) -> None:
    """Put threads into a case. A thread that is in another case leaves it.

    Raises:
        ProgramError: no such case, or it was merged.
    """
    _require_whole(home, number)
    with home.casebook.changing():
        _put(home, number, threads, today=today)


def remove_threads(home: Home, number: int, threads: Sequence[int], *, today: dt.date) -> None:
    """Take threads out of a case.

    Raises:
        ProgramError: no such case, or it lacks one of them; then nothing was changed.
    """
    _require_threads(home, number, threads)
    with home.casebook.changing():
        for thread in threads:
            home.casebook.cases.take_thread(thread)
            home.casebook.log.add(
                "case: tip removed", f"{_subject(home, number)} {thread_id(home, thread)}", today=today
            )


def merge_cases(home: Home, number: int, *, into: int, today: dt.date) -> None:
    """Merge case ``number`` into another one, with its threads and notes.

    Raises:
        ProgramError: no such case, twice the same, or one of them was merged before.
    """
    _require_whole(home, number)
    _require_whole(home, into)
    if number == into:
        raise ProgramError("a case cannot be merged into itself")
    with home.casebook.changing():
        home.casebook.cases.merge(number, into=into)
        subject = f"{_subject(home, number)} into {_subject(home, into)}"
        home.casebook.log.add("case merged", subject, today=today)


def split_case(home: Home, number: int, name: str, threads: Sequence[int], *, today: dt.date) -> CaseRecord:
    """Move some threads of a case to a new one.

    Raises:
        ProgramError: no such case, it lacks one of the threads, none was named, or the name is no good.
    """
    _require_threads(home, number, threads)
    name = _name(name)
    with home.casebook.changing():
        new = home.casebook.cases.add(name, split_from=number, today=today)
        home.casebook.cases.split(threads, into=new)
        home.casebook.log.add("case split", f"{_subject(home, number)} {_subject(home, new)}", today=today)
    return find_case(home, new)


def undo(home: Home, number: int, *, today: dt.date) -> str:
    """Undo the merge of this case into another, or its split from another; says which.

    Raises:
        ProgramError: it was neither merged nor split off.
    """
    case = find_case(home, number)
    cases = home.casebook.cases
    if case.merged_into is not None:
        with home.casebook.changing():
            cases.merge(number, into=None)
            home.casebook.log.add("case merge undone", _subject(home, number), today=today)
        return f"case {number} is a case of its own, as before"
    if case.split_from is not None:
        with home.casebook.changing():
            home.casebook.log.add("case split undone", _subject(home, number), today=today)
            cases.undo_split(number)
        return f"what was split off is back in case {case.split_from}"
    raise ProgramError(
        f"case {number} was neither merged nor split off", hint="undo takes the number of the case that was"
    )


def add_case_note(home: Home, number: int, text: str, *, today: dt.date) -> None:
    """Add a note to a case.

    Raises:
        ProgramError: no such case, or the note is empty or longer than 16 KiB.
    """
    find_case(home, number)
    if not text.strip():
        raise ProgramError("a note must not be empty")
    if len(text.encode()) > NOTE_BYTES:
        raise ProgramError(f"a note must have at most {NOTE_BYTES:,} bytes", hint="write it as several notes")
    with home.casebook.changing():
        home.casebook.cases.add_note(number, text, today=today)
        home.casebook.log.add("case note", _subject(home, number), today=today)


def destroy_case_note(home: Home, number: int, note: int, *, today: dt.date) -> None:
    """Destroy a note of a case for good; earlier backups of the casebook still hold it.

    Raises:
        ProgramError: no such case, or it has no such note.
    """
    find_case(home, number)
    with home.casebook.changing():
        if not home.casebook.cases.destroy_note(number, note):
            raise ProgramError("this case has no such note")
        home.casebook.log.add("case note destroyed", _subject(home, number), today=today)


def _put(home: Home, number: int, threads: Sequence[int], *, today: dt.date) -> None:
    for thread in threads:
        home.casebook.cases.put_thread(number, thread)
        home.casebook.log.add("case: tip added", f"{_subject(home, number)} {thread_id(home, thread)}", today=today)


def _require_whole(home: Home, number: int) -> None:
    case = find_case(home, number)
    if case.merged_into is not None:
        raise ProgramError(
            f"case {number} was merged into case {case.merged_into}", hint="undo the merge first, or name that case"
        )


def _require_threads(home: Home, number: int, threads: Sequence[int]) -> None:
    _require_whole(home, number)
    if not threads:
        raise ProgramError("no tip was named")
    has = set(home.casebook.cases.threads(number))
    if missing := [thread for thread in threads if thread not in has]:
        raise ProgramError(f"case {number} does not hold tip {thread_id(home, missing[0])}")


def _name(name: str) -> str:
    words = plain_name(name, "the name of a case", CASE_NAME_LETTERS)
    if not words:
        raise ProgramError("the name of a case must not be empty")
    return words


def _subject(home: Home, number: int) -> str:
    """For the log: the first digits of the id that a case has at every reviewer, and no name."""
    return f"case {find_case(home, number).case_id.hex()[:12]}"
