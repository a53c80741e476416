"""``tipline status``: whether intake is open, and how long the keys last."""

import json
from pathlib import Path

import click

from tipline.arguments import passphrase_option, site_argument


@click.command("status", epilog="Example: tipline status /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@passphrase_option
def command(site: Path, as_json: bool, passphrase_file: str | None) -> None:
    """Say whether intake is open, and how long its keys last.

    Also why it is closed, and whether anything waits for the reviewers.
    """
    from tipline.arguments import open_site
    from tipline.database_key import UNPROTECTED_WARNING
    from tipline.site_status import FEW_WEEKS, SiteStatus

    with open_site(site, passphrase_file) as opened:
        status = SiteStatus.of(opened)
    if as_json:
        click.echo(json.dumps(status.to_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(
            f"intake           {'open' if status.intake_open else f'CLOSED: {status.intake_closed_because}'}"
        )
        click.echo(f"organisation     {status.organisation or '(no manifest yet)'}")
        click.echo(
            f"manifest         version {status.manifest_version or 0}, until {status.manifest_expires or '-'}"
        )
        click.echo(f"keys             week {status.week or '-'}, {status.weeks_left} weeks left")
        click.echo(f"waiting          {status.waiting}")
        click.echo(f"served now       {'yes' if status.served else 'no'}")
        click.echo(f"room             {status.room_mib} MiB")
        click.echo(f"server           {status.server}  {status.server_fingerprint}")
        click.echo(f"root key         {status.root_id}  {status.root_key}")
    if status.manifest_version is not None and status.weeks_left < FEW_WEEKS:
        click.echo(f"tipline: warning: keys last for {status.weeks_left} weeks: ask for a new manifest", err=True)
    if not status.database_key_protected:
        click.echo(f"tipline: warning: {UNPROTECTED_WARNING}", err=True)
