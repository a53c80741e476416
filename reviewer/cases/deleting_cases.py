"""Deleting a case for good: all of its tips, then the case and its notes."""

import datetime as dt
from collections.abc import Sequence

from reviewer.casebook.submission import Submission
from reviewer.cases.case_work import find_case
from reviewer.cases.deleting import delete_within, finish, require_deletable, require_reason
from reviewer.cases.deletion_preview import going_of
from reviewer.cases.shown_code import require_shown, shown_code
from reviewer.home.home import Home
from reviewer.languages.staff_language import said, said_number
from system.errors import ProgramError


def tips_of_case(home: Home, number: int) -> list[Submission]:
    """The tips of a case, and of all that were merged into it.

    Raises:
        ProgramError: there is no such case.
    """
    find_case(home, number)
    casebook = home.casebook
    numbers = [one for thread in casebook.cases.threads(number) for one in casebook.threads.submissions(thread)]
    return [casebook.submissions.by_number(one) for one in numbers]


def going_of_case(home: Home, number: int, tips: Sequence[Submission]) -> list[str]:
    """Everything that would go, in words; nothing is deleted."""
    notes, merged = len(home.casebook.cases.notes(number)), len(home.casebook.cases.merged(number))
    lines = [
        said_number(
            "gone for good: %(num)s tip of this case, with its files, notes, answers and index",
            "gone for good: %(num)s tips of this case, with their files, notes, answers and index",
            len(tips),
        )
    ]
    lines += [", ".join(one.short_id for one in tips)] if tips else []
    lines.append(
        said_number(
            "gone for good: the case itself, and its %(num)s note, here: colleagues keep theirs",
            "gone for good: the case itself, and its %(num)s notes, here: colleagues keep theirs",
            notes,
        )
    )
    if merged:
        lines.append(
            said_number(
                "gone for good: %(num)s case that was merged into it",
                "gone for good: %(num)s cases that were merged into it",
                merged,
            )
        )
    return [*lines, said("backups that were written before still hold all of it")]


def code_of_case(home: Home, number: int, tips: Sequence[Submission]) -> str:
    """The code of what would go; it is another one when a tip joined, or anything of a tip has changed."""
    notes = [one.number for one in home.casebook.cases.notes(number)]
    going = [going_of(home, one).code for one in tips]
    return shown_code([*going_of_case(home, number, tips), *notes, *going])


def delete_case(home: Home, number: int, *, because: str, today: dt.date, code: str | None = None) -> int:
    """Delete all tips of a case, the case and its notes in one step; the number of tips.

    A tip of it in the bin stays there, and goes by the rule of the bin. ``code`` is that of the list that was shown
    in an earlier step.

    Raises:
        ProgramError: no such case, it was merged into another, an unknown reason, a tip must stay, or the code is
            not that of the present list; nothing was deleted.
    """
    case = find_case(home, number)
    if case.merged_into is not None:
        raise ProgramError(f"case {number} was merged into case {case.merged_into}", hint="undo the merge first")
    require_reason(because)
    tips = tips_of_case(home, number)
    if code is not None:
        require_shown(code, code_of_case(home, number, tips))
    require_deletable(home, tips)
    with home.casebook.changing():
        delete_within(home, tips, because=because, today=today)
        home.casebook.shared_cases.delete(home.casebook.cases.with_merged(number))
        home.casebook.search.wipe_leavings()
        home.casebook.deletions.note_unfinished()
        home.casebook.log.add("case deleted", f"case {case.case_id.hex()[:12]}, {because}", today=today)
    finish(home, tips)
    return len(tips)
