"""``questionnaires``: under which questions answers are shown."""

import json
from pathlib import Path

import click

from crypto.questions.questionnaire import ENGLISH, LONGEST_FILE_BYTES
from reviewer.cases.answer_lines import accept_questionnaire, all_questionnaires
from reviewer.commands.at_home import FILE, JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import output
from system.clock import today
from system.errors import ProgramError
from system.given_files import open_given


@click.group(short_help="Add and list questionnaires.")
def command() -> None:
    """The questionnaires whose answers are shown with their questions."""


@command.command(epilog="Example: tipline-review questionnaires add ~/review /media/stick/doors/harbour.toml")
@at_home
@click.argument("file", type=FILE)
def add(home: Home, file: Path) -> None:
    """Add the questionnaire FILE, from the folder doors on the server. Built-in ones are known already."""
    try:
        with open_given(file) as source:
            untrusted_bytes = source.read(LONGEST_FILE_BYTES + 1)
    except OSError as error:
        raise ProgramError(f"cannot read {file}", hint="it is a file of the folder doors on the server") from error
    questionnaire = accept_questionnaire(untrusted_bytes)
    with home.casebook.changing():
        home.casebook.questionnaires.add(questionnaire, untrusted_bytes)
        home.casebook.log.add("questionnaire added", questionnaire.name, today=today())
    output(f"questionnaire    {questionnaire.name}")
    output(f"sha256           {questionnaire.sha256.hex()}")


@command.command("list", epilog="Example: tipline-review questionnaires list ~/review --json")
@at_home
@JSON
def list_questionnaires(home: Home, as_json: bool) -> None:
    """List the known questionnaires and their languages."""
    known = all_questionnaires(home.casebook.questionnaires)
    if as_json:
        rows = [
            {
                "name": one.name,
                "sha256": one.sha256.hex(),
                "title": one.text("title", ENGLISH),
                "languages": sorted(one.texts),
            }
            for one in known
        ]
        output(json.dumps(rows, indent=2))
        return
    for one in known:
        output(
            f"{one.name:<16} {one.sha256.hex()[:16]}  {one.text('title', ENGLISH)} ({', '.join(sorted(one.texts))})"
        )
