"""Work on cases: threads are joined by hand, and merging and splitting can be undone.

Each step is an operation that reaches colleagues, and is logged without the name of the case. Deleting a case and
private notes stay in this casebook.
"""

import datetime as dt
import secrets
from collections.abc import Sequence

from reviewer.casebook.case_register import CaseRecord
from reviewer.casebook.shared_cases import (
    CASE,
    CASE_ID_BYTES,
    CASE_MERGED,
    CASE_NAME_LETTERS,
    CASE_NOTE,
    CASE_NOTE_DESTROYED,
    CASE_TIP,
)
from reviewer.cases.archive import require_note
from reviewer.cases.deleting import finish
from reviewer.cases.marking import first_of, plain_name, thread_id
from reviewer.home.home import Home
from reviewer.sharing.party import own_key
from reviewer.sharing.record import record, record_case
from system.errors import ProgramError


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
        number = _open(home, name, split_from=None, today=today)
        home.casebook.log.add("case opened", _subject(home, number), today=today)
        _put(home, number, threads, today=today)
    return find_case(home, number)


def rename_case(home: Home, number: int, name: str, *, today: dt.date) -> None:
    """Give a case another name.

    Raises:
        ProgramError: no such case, or the name is empty, too long, or has letters that cannot be seen.
    """
    case = find_case(home, number)
    name = _name(name)
    with home.casebook.changing():
        _say(home, case.case_id, name, split_from=_id(home, case.split_from), today=today)
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
            _put_into(home, thread, None, today=today)
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
        _merge(home, number, into=into, today=today)
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
        came_from = {thread: home.casebook.cases.place_of(thread) for thread in threads}
        new = _open(home, name, split_from=_id(home, number), today=today)
        for thread in threads:
            _put_into(home, thread, new, came_from=came_from[thread], today=today)
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
            _merge(home, number, into=None, today=today)
            home.casebook.log.add("case merge undone", _subject(home, number), today=today)
        return f"case {number} is a case of its own, as before"
    if case.split_from is not None:
        with home.casebook.changing():
            home.casebook.log.add("case split undone", _subject(home, number), today=today)
            for thread, came_from in cases.split_threads(number):
                _put_into(home, thread, came_from, today=today)
            _say(home, case.case_id, case.name, split_from=None, is_undone=True, today=today)
        return f"what was split off is back in case {case.split_from}"
    raise ProgramError(
        f"case {number} was neither merged nor split off", hint="undo takes the number of the case that was"
    )


def add_case_note(home: Home, number: int, text: str, *, is_private: bool = False, today: dt.date) -> None:
    """Add a note to a case; a private one stays in this casebook.

    Raises:
        ProgramError: no such case, or the note is empty or longer than 16 KiB.
    """
    case = find_case(home, number)
    require_note(text)
    with home.casebook.changing():
        if is_private:
            home.casebook.cases.add_note(number, text, today=today)
        else:
            record_case(home, CASE_NOTE, {"case": case.case_id.hex(), "text": text}, today=today)
        home.casebook.log.add(
            "private case note" if is_private else "case note", _subject(home, number), today=today
        )


def destroy_case_note(home: Home, number: int, note: int, *, today: dt.date) -> None:
    """Destroy a note of a case for good; earlier backups of the casebook still hold it.

    Our own note is destroyed at every colleague; a colleague's note only here.

    Raises:
        ProgramError: no such case, or it has no such note.
    """
    find_case(home, number)
    cases = home.casebook.cases
    found = next((one for one in cases.notes(number) if one.number == note), None)
    if found is None:
        raise ProgramError("this case has no such note")
    with home.casebook.changing():
        if found.operation is not None and found.author == own_key(home).to_bytes():
            of_case = find_case(home, cases.case_of_note(note)).case_id.hex()
            content = {"case": of_case, "note": found.operation.hex()}
            record_case(home, CASE_NOTE_DESTROYED, content, today=today)
        else:
            cases.destroy_note(note)
            if found.operation is not None:
                home.casebook.operations.erase(found.operation)
        home.casebook.deletions.note_unfinished()
        home.casebook.log.add("case note destroyed", _subject(home, number), today=today)
    finish(home)


def _put(home: Home, number: int, threads: Sequence[int], *, today: dt.date) -> None:
    for thread in threads:
        _put_into(home, thread, number, today=today)
        home.casebook.log.add("case: tip added", f"{_subject(home, number)} {thread_id(home, thread)}", today=today)


def _open(home: Home, name: str, *, split_from: bytes | None, today: dt.date) -> int:
    case_id = secrets.token_bytes(CASE_ID_BYTES)
    _say(home, case_id, name, split_from=split_from, today=today)
    return home.casebook.cases.number_of(case_id)


def _say(
    home: Home, case_id: bytes, name: str, *, split_from: bytes | None, is_undone: bool = False, today: dt.date
) -> None:
    content = {"case": case_id.hex(), "name": name, "split-from": split_from.hex() if split_from else None}
    record_case(home, CASE, {**content, "undone": True} if is_undone else content, today=today)


def _put_into(home: Home, thread: int, number: int | None, *, came_from: int | None = None, today: dt.date) -> None:
    """Put a thread into a case, or into none; ``came_from`` is the case that it was split from."""
    named, source = _id(home, number), _id(home, came_from)
    content = {"case": named.hex() if named else None, "from": source.hex() if source else None}
    record(home, CASE_TIP, first_of(home, thread), content, today=today)


def _merge(home: Home, number: int, *, into: int | None, today: dt.date) -> None:
    target = _id(home, into)
    content = {"case": find_case(home, number).case_id.hex(), "into": target.hex() if target else None}
    record_case(home, CASE_MERGED, content, today=today)


def _id(home: Home, number: int | None) -> bytes | None:
    return find_case(home, number).case_id if number is not None else None


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
