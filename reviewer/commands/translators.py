"""``translators``: people outside of the team who translate, and their keys."""

import json

import click

from reviewer.cases.translator_keys import (
    COMPARED_LETTERS,
    add_translator,
    key_shown,
    mark_compared,
    remove_translator,
)
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from reviewer.terminal.plain_text import plain_line
from system.clock import today


@click.group(short_help="Add translators, and compare their keys.")
def command() -> None:
    """People outside of the team to whom passages are sealed for translation."""


@command.command(epilog="Example: tipline-review translators add ~/review Ana age1…")
@at_home
@click.argument("name")
@click.argument("key")
def add(home: Home, name: str, key: str) -> None:
    """Add the translator NAME with a public KEY of the age program. It must be compared before it is used."""
    translator = add_translator(home, name, key, today=today())
    output(f"{plain_line(translator.name)}: {key_shown(translator.recipient)}")
    output(f"call a number that you know, and have the last {COMPARED_LETTERS} letters of the key read to you:")
    output("tipline-review translators compared HOME NAME LETTERS")


@command.command(epilog="Example: tipline-review translators compared ~/review Ana 'q3x7 5m2k 9d0w hjz4'")
@at_home
@click.argument("name")
@click.argument("letters")
def compared(home: Home, name: str, letters: str) -> None:
    """Verify the key by its last 16 LETTERS, which the translator reads to you by telephone.

    Blanks between them do not matter.
    """
    mark_compared(home, name, letters, today=today())
    output("the key was compared; passages can be sealed to it")


@command.command("list", epilog="Example: tipline-review translators list ~/review")
@at_home
@JSON
def list_translators(home: Home, as_json: bool) -> None:
    """List the translators."""
    known = home.casebook.translators.all()
    if as_json:
        rows = [
            {
                "name": one.name,
                "key": one.recipient,
                "added": one.added_day.isoformat(),
                "compared": one.compared_day.isoformat() if one.compared_day else None,
            }
            for one in known
        ]
        output(json.dumps({"translators": rows}, indent=2))
        return
    for one in known:
        state = f"compared {one.compared_day.isoformat()}" if one.compared_day else "NOT COMPARED"
        output(f"{plain_line(one.name)}  {state}  {key_shown(one.recipient)}")


@command.command(epilog="Example: tipline-review translators remove ~/review Ana")
@at_home
@click.argument("name")
def remove(home: Home, name: str) -> None:
    """Remove a translator and the key. Translations keep the name."""
    remove_translator(home, name, today=today())
    output("the translator is removed")
