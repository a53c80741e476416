"""``tipline doors``: the questionnaires that stand on the form."""

from pathlib import Path

import click

from tipline.commands._options import site_argument


@click.group("doors")
def command() -> None:
    """Add and list doors: forms with questions, beside the plain one.

    Each is a file in DIR/doors, in the order of their names; docs/formats/questionnaire.md says what may stand in
    it. A server that is running shows a change after its next start.
    """


@command.command("add", epilog="Example: tipline doors add /srv/tipline help saw work")
@site_argument
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
def add(site: Path, names: tuple[str, ...]) -> None:
    """Put shipped examples into DIR/doors: help (for oneself), saw (something), work (and supply chains)."""
    from tipline.instance.folder import SiteFolder
    from tipline.instance.forms import Forms, add_shipped

    folder = SiteFolder.open(site)
    for path in add_shipped(folder.doors, names):
        click.echo(f"added {path}")
    Forms.load(folder.doors)
    click.echo("a server that is running shows them after its next start")


@command.command("list", epilog="Example: tipline doors list /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_doors(site: Path, as_json: bool) -> None:
    """Check the files in DIR/doors, and list them with what the reviewer calls them: their SHA-256."""
    import json

    from tipline.instance.folder import SiteFolder
    from tipline.instance.forms import Forms

    doors = list(Forms.load(SiteFolder.open(site).doors))
    if as_json:
        rows = [
            {
                "number": door.number,
                "name": door.questionnaire.name,
                "title": door.questionnaire.text("title", "en"),
                "sha256": door.questionnaire.sha256.hex(),
                "languages": sorted(door.questionnaire.texts),
            }
            for door in doors
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    if not doors:
        click.echo("no doors; tipline doors add puts examples there")
    for door in doors:
        questionnaire = door.questionnaire
        click.echo(f"/form/{door.number}  {questionnaire.name:<12} {questionnaire.text('title', 'en')}")
        click.echo(
            f"         sha256 {questionnaire.sha256.hex()}, languages {', '.join(sorted(questionnaire.texts))}"
        )
