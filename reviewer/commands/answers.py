"""``answers``: list the ready answers."""

import json

import click

from reviewer.cases.ready_answers import ENGLISH, OWN_FOLDER, ready_answers
from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.plain_text import plain_line, plain_lines
from system.errors import ProgramError


@click.command(epilog="Example: tipline-review answers ~/review --show closing")
@at_home
@click.option("--show", "name", metavar="NAME", help="The texts of one ready answer, each below its English.")
@JSON
def command(home: Home, name: str | None, as_json: bool) -> None:
    """List the ready answers: those that are shipped, and the organisation's own in HOME/answers/*.toml."""
    known = ready_answers(home)
    for refusal in known.refused:
        notice("warning", plain_line(str(refusal)))
    if name is not None and name not in known.answers:
        raise ProgramError("there is no ready answer of this name", hint="tipline-review answers HOME lists them")
    chosen = known.answers if name is None else {name: known.answers[name]}
    if as_json:
        table = {
            key: {
                "title": one.title,
                "is_own": one.is_own,
                "reviewed": list(one.reviewed),
                "texts": dict(one.texts),
            }
            for key, one in chosen.items()
        }
        output(json.dumps({"answers": table}, indent=2))
        return
    for key, one in chosen.items():
        origin = f"HOME/{OWN_FOLDER}" if one.is_own else "shipped"
        output(
            f"{plain_line(key):<18}  {plain_line(one.title)}  ({origin}; {' '.join(map(plain_line, one.texts))})"
        )
        for tag, text in one.texts.items() if name is not None else []:
            unreviewed = "" if one.is_reviewed(tag) else ", not yet reviewed by a native speaker"
            output(f"\n{plain_line(tag)}{unreviewed}:")
            for line in plain_lines(one.texts[ENGLISH] + "\n\n" + text if tag != ENGLISH else text):
                output(line)
