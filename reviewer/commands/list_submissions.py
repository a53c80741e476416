"""``list``: what is in the casebook."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home import Home
from reviewer.reading import first_words, kind_word, mailbox_word, summary_json
from reviewer.voice import tell

_SHOWN_LETTERS = 40


@click.command(epilog="Example: tipline-review list ~/review --json")
@at_home
@JSON
def command(home: Home, as_json: bool) -> None:
    """List all submissions, newest day first."""
    submissions = home.casebook.submissions.all()
    files = home.casebook.submissions.file_counts()
    if as_json:
        rows = [summary_json(one, files=files.get(one.number, 0)) for one in submissions]
        tell(json.dumps({"submissions": rows}, indent=2))
        return
    messages = home.casebook.submissions.field_values("text") | home.casebook.submissions.field_values("act")
    for one in submissions:
        day = one.day or one.imported_day
        told = one.unopenable or first_words(messages, one, letters=_SHOWN_LETTERS)
        tell(
            f"{one.short_id}  {day.isoformat()}  {kind_word(one):<10}  {mailbox_word(one) or '-':<17}"
            f"  {files.get(one.number, 0):>3} files  {told}"
        )
    if not submissions:
        tell("nothing is here yet: tipline-review import HOME FILE")
