"""``tipline couriers``: who may fetch bundles through the couriers' onion service."""

from pathlib import Path

import click

from tipline.commands._options import site_argument

_NAME_HELP = "At most 32 small letters, digits and hyphens."


@click.group("couriers")
def command() -> None:
    """Admit couriers, and remove them.

    A running server follows within seconds, or within two minutes while it still publishes an earlier change.
    """


@command.command("add", epilog="Example: tipline couriers add /srv/tipline courier.pub --name office")
@site_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="courier", show_default=True, help=_NAME_HELP)
def add(site: Path, file: Path, name: str) -> None:
    """Admit the courier whose `tipline courier setup` wrote FILE.

    The same name again replaces its key.
    """
    from tipline.operations.couriers import Couriers

    couriers = Couriers(site)
    couriers.add(name, file)
    click.echo(f"added courier {name}")
    click.echo(f"tell the courier this address: {couriers.address}")


@command.command("remove", epilog="Example: tipline couriers remove /srv/tipline office")
@site_argument
@click.argument("name")
def remove(site: Path, name: str) -> None:
    """Remove a courier. What it has fetched stays sealed to the reviewers."""
    from tipline.operations.couriers import Couriers

    Couriers(site).remove(name)
    click.echo(f"removed courier {name}")


@command.command("list", epilog="Example: tipline couriers list /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_couriers(site: Path, as_json: bool) -> None:
    """List the admitted couriers, and the address for them."""
    import json

    from tipline.operations.couriers import Couriers

    couriers = Couriers(site)
    if as_json:
        names = {"couriers": couriers.names(), "damaged": couriers.damaged()}
        click.echo(json.dumps({"address": couriers.address, **names}))
        return
    click.echo(f"address  {couriers.address}")
    for name in couriers.names():
        click.echo(f"courier  {name}")
    for name in couriers.damaged():
        click.echo(f"damaged  {name}, who is not let in: add the key again, or remove the name")
