"""``list``: list the submissions in the casebook."""

import json

import click

from reviewer.cases.listing import PAGE_ROWS, Row, listed, listing_order, page_of
from reviewer.cases.submission_text import kind_word, summary_json
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.languages.text_language import language_name
from reviewer.terminal.console import notice, output
from system.clock import today

_SHOWN_LETTERS = 40
PAGE = click.option(
    "--page",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help=f"Page number; a page has {PAGE_ROWS} rows.",
)


@click.command(epilog="Example: tipline-review list ~/review --json")
@at_home
@JSON
@PAGE
@click.option("--all", "want_all", is_flag=True, help="All pages, one after another; --json has all anyway.")
def command(home: Home, as_json: bool, page: int, want_all: bool) -> None:
    """List submissions: urgent ones first, then newest day first; archived ones last."""
    order = listing_order(home)
    names = MailboxNames(home.casebook, today=today())
    home.casebook.log.add("list", f"{len(order)} submissions", today=today())
    if as_json:
        output(json.dumps({"submissions": [row_json(row, names) for row in listed(home, order)]}, indent=2))
        return
    shown = page_of(home, order, number=page, rows=max(1, len(order)) if want_all else PAGE_ROWS)
    for row in shown.rows:
        output(row_line(row, row.first_words(letters=_SHOWN_LETTERS), names))
    if not order:
        output("nothing is here yet: tipline-review import HOME FILE")
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
    }


def row_line(row: Row, words: str, names: MailboxNames) -> str:
    """One line of a list, with some of its words at the end."""
    one = row.submission
    marks = ("archived",) if row.is_archived else ()
    read = (f"reads like {language_name(row.reads_like)}",) if row.reads_like else ()
    return (
        f"{one.short_id}  {(one.day or one.imported_day).isoformat()}  {kind_word(one):<10}"
        f"  {names.of(one) or '-':<17}  {row.file_count:>3} files"
        f"  {'  '.join((*marks, *row.wishes.marks(), *read, words))}"
    )
