"""``evidence-key``: the key with which this home signs evidence, in its forms for the telephone."""

import json

import click

from reviewer.commands.at_home import JSON, at_home
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from system.clock import today


@click.command(
    name="evidence-key",
    epilog="Example: tipline-review evidence-key ~/review",
    short_help="Show the key of evidence packages, to be compared by telephone.",
)
@at_home
@click.option(
    "--new", "wants_new", is_flag=True, help="Begin another key: after a theft of this laptop or a backup."
)
@JSON
def command(home: Home, wants_new: bool, as_json: bool) -> None:
    """Show digits and words of the key that signs evidence packages; it is made on first use.

    A receiver calls you, and compares the digits shown here with what `sha256sum evidence.pub` printed there.
    Earlier keys stay in the list, so that you can still confirm a package that one of them signed.
    """
    from reviewer.leaving.own_keys import begin_evidence_key, evidence_keys, evidence_public

    if wants_new:
        begin_evidence_key(home, today=today())
    evidence_public(home, today=today())
    keys = evidence_keys(home)
    if as_json:
        told = [
            {
                "key": one.line,
                "sha256": one.digits.replace(" ", ""),
                "words": one.words,
                "since": one.since_day.isoformat(),
                "ended": one.ended_day.isoformat() if one.ended_day else None,
            }
            for one in keys
        ]
        output(json.dumps({"keys": told}, indent=2))
        return
    for one in keys:
        ended = f", ended {one.ended_day.isoformat()}" if one.ended_day else ", in use"
        output(f"key      {one.line}  since {one.since_day.isoformat()}{ended}")
        output(f"digits   {one.digits}")
        output(f"words    {one.words}")
    if wants_new:
        notice("hint", "tell each receiver of earlier packages that another key is in use from now on")
