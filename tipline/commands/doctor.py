"""``tipline doctor``: checks a server, and names the remedies."""

import json
from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("doctor", epilog="Example: tipline doctor /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--control",
    metavar="unix:PATH|127.0.0.1:PORT",
    help="The tor that `tipline serve --control` attaches to, if no unit names it.",
)
@passphrase_option
def command(site: Path, as_json: bool, control: str | None, passphrase_file: str | None) -> int:
    """Check the server: print each result and its remedy.

    Ends with 1 if something could expose a source or lose a tip. Reads every page of the store.
    """
    from system.errors import REFUSED
    from tipline.operations.check_result import Severity
    from tipline.operations.doctor import examine

    found = []
    for finding in examine(site, passphrase_file, control=control):
        found.append(finding)
        if not as_json:
            click.echo(f"{finding.severity:<13}  {finding.about:<12}  {finding.says}")
            if finding.cure:
                click.echo(f"{'':<13}  {'':<12}  -> {finding.cure}")
    in_danger = any(finding.severity is Severity.CRITICAL for finding in found)
    if as_json:
        rows = [
            {"about": each.about, "level": each.severity.value, "says": each.says, "cure": each.cure}
            for each in found
        ]
        click.echo(json.dumps({"danger": in_danger, "findings": rows}, indent=2))
    return REFUSED if in_danger else 0
