"""``tipline status``: whether intake is open, and how long the keys last."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tipline.arguments import passphrase_option, site_argument

if TYPE_CHECKING:
    from tipline.folder import SiteFolder
    from tipline.site_status import SiteStatus


@click.command("status", epilog="Example: tipline status /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@passphrase_option
def command(site: Path, as_json: bool, passphrase_file: str | None) -> None:
    """Say whether intake is open, and how long its keys last.

    Also why it is closed, and whether anything waits for the reviewers.
    """
    from tipline.arguments import open_site
    from tipline.site_status import SiteStatus

    with open_site(site, passphrase_file) as opened:
        status = SiteStatus.of(opened)
        address = _address(opened.folder)
    if as_json:
        click.echo(json.dumps({**status.to_json(), "onion_address": address}, indent=2, ensure_ascii=False))
    else:
        _print(status, address)
    for warning in status.warnings():
        click.echo(f"tipline: warning: {warning}", err=True)


def _address(folder: "SiteFolder") -> str | None:
    """Of the public onion service; its key is made when the site is served for the first time."""
    from onion.errors import OnionError
    from onion.service_key import FILE_NAME, ServiceKey
    from tipline.errors import TiplineError

    service = folder.onion / "public"
    try:
        return ServiceKey.load(service).address if (service / FILE_NAME).exists() else None
    except OnionError as error:
        raise TiplineError(str(error), hint=error.hint) from error


def _print(status: "SiteStatus", address: str | None) -> None:
    manifest = f"version {status.manifest_version}, until {status.manifest_expires}"
    rows = (
        ("intake", "open" if status.intake_open else f"CLOSED: {status.intake_closed_because}"),
        ("address", address or "(made when the site is served for the first time)"),
        ("organisation", status.organisation or "(no manifest yet)"),
        ("manifest", manifest if status.manifest_version is not None else "-"),
        ("keys", f"week {status.week or '-'}, {status.weeks_left} weeks left"),
        ("waiting", status.waiting),
        ("served now", "yes" if status.served else "no"),
        ("room", f"{status.room_mib} MiB"),
        ("server", f"{status.server}  {status.server_fingerprint}"),
        ("root key", f"{status.root_id}  {status.root_key}"),
    )
    for name, told in rows:
        click.echo(f"{name:<16} {told}")
