"""``search``: search the casebook."""

import json

import click

from reviewer.cases.search import Excerpt, cases_with, search
from reviewer.commands.at_home import JSON, at_home
from reviewer.commands.list_submissions import PAGE, row_json, row_line
from reviewer.home.home import Home
from reviewer.home.mailbox_names import MailboxNames
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.command(epilog="Example: tipline-review search ~/review 'red truck' 55012")
@at_home
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@JSON
@PAGE
def command(home: Home, words: tuple[str, ...], as_json: bool, page: int) -> None:
    """Find submissions with all WORDS in messages, answers, file names, our replies and notes.

    Cases with all WORDS in their names and notes come first.

    Case, accents and the script of numerals do not matter; a piece of a word or number is enough. Words in one pair
    of quotation marks are looked for side by side.
    """
    found = search(home, words, page=page)
    names = MailboxNames(home.casebook, today=today())
    cases = cases_with(home, words)
    home.casebook.log.add("search", f"{found.page.total} submissions", today=today())
    if as_json:
        rows = [
            row_json(row, names) | {"found_in": excerpt.where, "excerpt": [list(piece) for piece in excerpt.pieces]}
            for row, excerpt in zip(found.page.rows, found.excerpts, strict=True)
        ]
        pages = {
            "total": found.page.total,
            "more": found.has_more,
            "page": found.page.number,
            "pages": found.page.pages,
        }
        named = [{"number": one.number, "name": one.name} for one in cases]
        output(json.dumps(pages | {"submissions": rows, "cases": named}, indent=2))
        return
    for case in cases:
        output(f"case {case.number}  {case.name}")
    for row, excerpt in zip(found.page.rows, found.excerpts, strict=True):
        output(row_line(row, excerpt.where, names))
        output(f"    {_marked(excerpt)}")
    if found.has_more:
        notice("hint", f"more fit; these are the {found.page.total:,} that were imported last")
    if not found.page.total and not cases:
        output("nothing was found")
    elif found.page.pages > 1:
        notice("hint", f"page {found.page.number} of {found.page.pages}, {found.page.total} submissions: --page N")


def _marked(excerpt: Excerpt) -> str:
    """The excerpt on one line, with brackets around the match."""
    pieces = ((plain_line(" ".join(f"<{text}>".split())[1:-1]), is_found) for text, is_found in excerpt.pieces)
    return "".join(f"[{text}]" if is_found else text for text, is_found in pieces)
