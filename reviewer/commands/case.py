"""``case``: join tips by hand."""

import json
from collections.abc import Sequence

import click

from crypto.primitives.canonical_json import Json
from reviewer.casebook.case_register import CaseRecord
from reviewer.cases.archive import NOTE_BYTES
from reviewer.cases.case_work import (
    add_case_note,
    add_threads,
    destroy_case_note,
    find_case,
    merge_cases,
    open_case,
    remove_threads,
    rename_case,
    split_case,
    undo,
)
from reviewer.cases.deleting import REASONS
from reviewer.cases.deleting_cases import code_of_case, delete_case, going_of_case, tips_of_case
from reviewer.cases.listing import listed
from reviewer.cases.marking import thread_of
from reviewer.cases.submission_text import note_json, note_lines
from reviewer.commands.at_home import JSON, SHOWN_CODE, at_home
from reviewer.commands.delete import BECAUSE
from reviewer.commands.list_submissions import row_json, row_line
from reviewer.commands.telephone import read_text
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.sharing.said import case_conflicts, note_authors
from reviewer.terminal.console import notice, output
from system.clock import today

_CASE = click.argument("number", metavar="CASE", type=click.IntRange(min=1, max=1 << 31))
_IDS = click.argument("ids", metavar="ID…", nargs=-1, required=True)
_SHOWN_LETTERS = 40


@click.group(short_help="Join tips to cases.")
def command() -> None:
    """Cases join tips by hand. A tip is in at most one case, with all messages of its mailbox."""


@command.command(epilog="Example: tipline-review case new ~/review 'Boston farm' 3f9a1c02 77ab01ff")
@at_home
@click.argument("name")
@click.argument("ids", metavar="[ID…]", nargs=-1)
def new(home: Home, name: str, ids: tuple[str, ...]) -> None:
    """Open a case NAME with these tips."""
    case = open_case(home, name, _threads(home, ids), today=today())
    output(f"case {case.number} is open")


@command.command("list", epilog="Example: tipline-review case list ~/review --json")
@at_home
@JSON
def list_cases(home: Home, as_json: bool) -> None:
    """List the cases, the newest first."""
    counts = home.casebook.cases.count()
    cases = home.casebook.cases.all()
    home.casebook.log.add("case list", f"{len(cases)} cases", today=today())
    if as_json:
        rows = [_case_json(one) | {"threads": counts.get(one.number, 0)} for one in cases]
        output(json.dumps({"cases": rows}, indent=2))
        return
    for one in cases:
        output(f"{one.number:>4}  {one.opened_day.isoformat()}  {counts.get(one.number, 0):>4} threads  {one.name}")
    if not cases:
        output("no case is open yet: tipline-review case new HOME NAME ID…")


@command.command(epilog="Example: tipline-review case show ~/review 3")
@at_home
@_CASE
@JSON
def show(home: Home, number: int, as_json: bool) -> None:
    """Show a case: its tips and its notes."""
    case = find_case(home, number)
    cases = home.casebook.cases
    threads = cases.threads(number)
    numbers = [one for thread in threads for one in home.casebook.threads.submissions(thread)]
    rows, notes = listed(home, numbers), cases.notes(number)
    names = MailboxNames(home.casebook, today=today())
    authors, conflicts = note_authors(home, notes), case_conflicts(home, case.case_id)
    home.casebook.log.add("case show", f"case {case.case_id.hex()[:12]}", today=today())
    if as_json:
        shown = _case_json(case) | {
            "merged": [one.number for one in cases.merged(number)],
            "conflicts": [one.to_json() for one in conflicts],
            "notes": [note_json(note, authors[note.number]) for note in notes],
        }
        output(json.dumps(shown | {"submissions": [row_json(row, names) for row in rows]}, indent=2))
        return
    output(f"case {case.number}  {case.name}  opened {case.opened_day.isoformat()}")
    for conflict in conflicts:
        output(conflict.sentence())
    for one in cases.merged(number):
        output(f"merged into it: case {one.number}  {one.name}")
    for row in rows:
        output(row_line(row, row.first_words(letters=_SHOWN_LETTERS), names))
    for note in notes:
        for line in note_lines(note, authors[note.number]):
            output(line)


@command.command(epilog="Example: tipline-review case add ~/review 3 3f9a1c02")
@at_home
@_CASE
@_IDS
def add(home: Home, number: int, ids: tuple[str, ...]) -> None:
    """Add tips to a case. They leave the case that they were in."""
    add_threads(home, number, _threads(home, ids), today=today())
    output("added")


@command.command(epilog="Example: tipline-review case remove ~/review 3 3f9a1c02")
@at_home
@_CASE
@_IDS
def remove(home: Home, number: int, ids: tuple[str, ...]) -> None:
    """Take tips out of a case; the tips stay."""
    remove_threads(home, number, _threads(home, ids), today=today())
    output("removed")


@command.command(epilog="Example: tipline-review case rename ~/review 3 'Boston farm, 2026'")
@at_home
@_CASE
@click.argument("name")
def rename(home: Home, number: int, name: str) -> None:
    """Give a case another name."""
    rename_case(home, number, name, today=today())
    output("renamed")


@command.command(epilog="Example: tipline-review case merge ~/review 4 --into 3")
@at_home
@_CASE
@click.option("--into", metavar="CASE", type=click.IntRange(min=1), required=True, help="The case that stays.")
def merge(home: Home, number: int, into: int) -> None:
    """Merge a case into another one, with its tips and notes.

    `case undo` undoes it.
    """
    merge_cases(home, number, into=into, today=today())
    output(f"case {number} is part of case {into}; tipline-review case undo HOME {number} undoes it")


@command.command(epilog="Example: tipline-review case split ~/review 3 'The other farm' 77ab01ff")
@at_home
@_CASE
@click.argument("name")
@_IDS
def split(home: Home, number: int, name: str, ids: tuple[str, ...]) -> None:
    """Split tips of a case off to a new case NAME.

    `case undo` undoes it.
    """
    made = split_case(home, number, name, _threads(home, ids), today=today())
    output(f"case {made.number} is open; tipline-review case undo HOME {made.number} undoes it")


@command.command("undo", epilog="Example: tipline-review case undo ~/review 4")
@at_home
@_CASE
def undo_case(home: Home, number: int) -> None:
    """Undo the merge of this case into another one, or its split from another one."""
    output(undo(home, number, today=today()))


@command.command(epilog="Example: tipline-review case note ~/review 3 --text-file -")
@at_home
@_CASE
@click.option("--text-file", metavar="FILE|-", help="The note; - reads standard input.")
@click.option("--private", "is_private", is_flag=True, help="Only on this laptop and in its backups.")
@click.option("--destroy", metavar="NOTE", type=click.IntRange(min=1), help="Destroy the note with this number.")
def note(home: Home, number: int, text_file: str | None, is_private: bool, destroy: int | None) -> None:
    """Add a note to a case, or destroy one. Colleagues get it with the next outbox."""
    if (text_file is None) is (destroy is None):
        raise click.UsageError("give --text-file FILE, or --destroy NOTE")
    if text_file is not None:
        text = read_text(text_file, most_bytes=NOTE_BYTES)
        add_case_note(home, number, text, is_private=is_private, today=today())
        output("the note is kept on this laptop only" if is_private else "the note is kept")
    elif destroy is not None:
        destroy_case_note(home, number, destroy, today=today())
        output("the note is destroyed; earlier backups still hold it")


@command.command("delete", epilog="Example: tipline-review case delete ~/review 3 --because asked")
@at_home
@_CASE
@BECAUSE
@SHOWN_CODE
def delete(home: Home, number: int, because: str | None, code: str | None) -> None:
    """Delete a case for good, with all of its tips and notes.

    Colleagues are asked to delete the tips too.
    """
    tips = tips_of_case(home, number)
    for line in going_of_case(home, number, tips):
        output(line)
    if because is None:
        notice("hint", f"nothing was deleted; --because with one of: {', '.join(REASONS)}")
        notice("hint", f"with --code {code_of_case(home, number, tips)} nothing but this is deleted")
        return
    count = delete_case(home, number, because=because, today=today(), code=code)
    output(f"case {number} is deleted, with {count} tips")


def _threads(home: Home, ids: Sequence[str]) -> list[int]:
    found = (thread_of(home, home.casebook.submissions.find(one)) for one in ids)
    return list(dict.fromkeys(found))


def _case_json(case: CaseRecord) -> dict[str, Json]:
    return {
        "number": case.number,
        "case_id": case.case_id.hex(),
        "name": case.name,
        "opened": case.opened_day.isoformat(),
        "merged_into": case.merged_into,
        "split_from": case.split_from,
    }
