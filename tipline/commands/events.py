"""``tipline events``: what happened on which days."""

import json
from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("events", epilog="Example: tipline events /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@passphrase_option
def command(site: Path, as_json: bool, passphrase_file: str | None) -> None:
    """Show what happened on which days, within the last 60.

    Names and days only: how often something happened on a day, and when, is kept nowhere.
    """
    from tipline.instance.open_site import open_site
    from tipline.store.events import TROUBLES

    with open_site(site, passphrase_file) as opened:
        found = opened.store.events.days()
    rows = sorted((day, event) for event, days in found.items() for day in days)
    if as_json:
        told = [
            {"day": day.isoformat(), "event": event.name.lower(), "says": event.value, "trouble": event in TROUBLES}
            for day, event in rows
        ]
        click.echo(json.dumps({"events": told}, indent=2))
        return
    for day, event in rows:
        click.echo(f"{day.isoformat()}  {'! ' if event in TROUBLES else '  '}{event.value}")
    if not rows:
        click.echo("nothing was noted")
