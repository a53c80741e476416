"""``tipline forms``: questionnaires beside the text. ``tipline doors`` is the old name."""

from pathlib import Path

import click

from tipline.commands._options import site_argument


@click.group("forms")
def command() -> None:
    """Add and list forms with questions, shown beside the plain one.

    Each is a file in DIR/doors, in the order of the file names; docs/formats/questionnaire.md describes it. A
    server that is running shows a change after its next start.
    """


@command.command("add", epilog="Example: tipline forms add /srv/tipline help saw work voice")
@site_argument
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
def add(site: Path, names: tuple[str, ...]) -> None:
    """Copy shipped examples into DIR/doors.

    They are help (for oneself), saw (something), work (supply chains) and voice (a worker writes again).
    """
    from tipline.instance.folder import SiteFolder
    from tipline.instance.forms import Forms, add_shipped

    folder = SiteFolder.open(site)
    for path in add_shipped(folder.doors, names):
        click.echo(f"added {path}")
    Forms.load(folder.doors)
    click.echo("a running server shows them after its next start")


@command.command("list", epilog="Example: tipline forms list /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_forms(site: Path, as_json: bool) -> None:
    """Check and list the files in DIR/doors, with their SHA-256.

    Reviewers know a form by its SHA-256.
    """
    import json

    from tipline.instance.folder import SiteFolder
    from tipline.instance.forms import Forms

    forms = list(Forms.load(SiteFolder.open(site).doors))
    if as_json:
        rows = [
            {
                "number": form.number,
                "name": form.questionnaire.name,
                "title": form.questionnaire.text("title", "en"),
                "sha256": form.questionnaire.sha256.hex(),
                "languages": sorted(form.questionnaire.texts),
            }
            for form in forms
        ]
        click.echo(json.dumps(rows, indent=2))
        return
    if not forms:
        click.echo("no forms; tipline forms add puts examples there")
    for form in forms:
        questionnaire = form.questionnaire
        click.echo(f"/form/{form.number}  {questionnaire.name:<12} {questionnaire.text('title', 'en')}")
        click.echo(
            f"         sha256 {questionnaire.sha256.hex()}, languages {', '.join(sorted(questionnaire.texts))}"
        )
