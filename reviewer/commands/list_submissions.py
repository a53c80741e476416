"""``list``: list the submissions in the casebook."""

import json
from collections.abc import Iterator
from typing import Any

import click

from reviewer.cases.listing import PAGE_ROWS, Row, listed, page_of
from reviewer.cases.submission_text import kind_word, summary_json
from reviewer.cases.thread_summary import state_json, state_marks
from reviewer.commands.at_home import JSON, at_home
from reviewer.commands.filter_options import filter_of, filter_options
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.languages.text_language import language_name
from reviewer.terminal.console import notice, output
from system.clock import today
from system.errors import ProgramError

_SHOWN_LETTERS = 40
PAGE = click.option(
    "--page",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help=f"Page number; a page has {PAGE_ROWS} rows.",
)


@click.command(epilog="Example: tipline-review list ~/review --unread --waits us --sort waiting")
@at_home
@JSON
@PAGE
@click.option("--all", "want_all", is_flag=True, help="All pages, one after another; --json has all anyway.")
@click.option("--view", "view_name", metavar="NAME", help="A saved view; further options narrow it.")
@filter_options
def command(home: Home, as_json: bool, page: int, want_all: bool, view_name: str | None, **options: Any) -> None:
    """List submissions: urgent ones first, then newest day first; archived ones last."""
    base = None
    if view_name is not None:
        view = home.casebook.views.find(view_name)
        if view is None:
            raise ProgramError("there is no saved view of this name", hint="tipline-review view list HOME")
        base = view.wanted
    wanted = filter_of(options, base=base)
    inbox = home.casebook.inbox
    names = MailboxNames(home.casebook, today=today())
    total = inbox.count(wanted, today=today())
    home.casebook.log.add("list", f"{total} submissions", today=today())
    if as_json:
        rows = listed(home, inbox.numbers(wanted, today=today()))
        output(json.dumps({"submissions": [row_json(row, names) for row in rows]}, indent=2))
        return
    shown = page_of(home, wanted, number=page, rows=max(1, total) if want_all else PAGE_ROWS, today=today())
    for row in shown.rows:
        output(row_line(row, row.first_words(letters=_SHOWN_LETTERS), names))
    if not total:
        has_any = inbox.count(filter_of({}), today=today())
        output("no tip fits" if has_any else "nothing is here yet: tipline-review import HOME FILE")
    elif shown.pages > 1:
        notice("hint", f"page {shown.number} of {shown.pages}, {shown.total} submissions: --page N, or --all")


def row_json(row: Row, names: MailboxNames) -> dict[str, object]:
    """One row as JSON."""
    return {
        **summary_json(
            row.submission,
            files=row.file_count,
            wishes=row.wishes,
            is_archived=row.is_archived,
            names=names,
            reads_like=row.reads_like,
        ),
        **state_json(row.state),
        "unread": not row.marks.is_read,
        "case": row.case,
        "entered_by": row.marks.entered_by,
        "entered": row.marks.entered_day,
    }


def row_line(row: Row, words: str, names: MailboxNames) -> str:
    """One line of a list, with some of its words at the end."""
    one = row.submission
    read = (f"reads like {language_name(row.reads_like)}",) if row.reads_like else ()
    files = f"{row.file_count:>3} file{' ' if row.file_count == 1 else 's'}"
    return (
        f"{one.short_id}  {(one.day or one.imported_day).isoformat()}  {kind_word(one):<10}"
        f"  {names.of(one) or '-':<17}  {files}"
        f"  {'  '.join((*_marks(row), *row.wishes.marks(), *read, words))}"
    )


def _marks(row: Row) -> Iterator[str]:
    """Marks of staff for one line."""
    if not row.marks.is_read:
        yield "NEW"
    if row.marks.entered_by is not None:
        yield f"by telephone, entered by {row.marks.entered_by} on {row.marks.entered_day}"
    yield from state_marks(row.state, today=today())
    if row.case is not None:
        yield f"case {row.case}"
    if row.is_archived:
        yield "archived"
