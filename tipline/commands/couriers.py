"""``tipline couriers``: who may fetch bundles through the couriers' onion service."""

from pathlib import Path

import click

from tipline.commands._options import site_argument

_NAME_HELP = "At most 32 small letters, digits and hyphens."


@click.group("couriers")
def command() -> None:
    """Let couriers in, and shut them out.

    A server that is running takes the change up within seconds; while one of before is still being published, it
    may take two minutes.
    """


@command.command("add", epilog="Example: tipline couriers add /srv/tipline courier.pub --name office")
@site_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", default="courier", show_default=True, help=_NAME_HELP)
def add(site: Path, file: Path, name: str) -> None:
    """Let in the courier whose `tipline courier setup` wrote FILE. The same name again replaces it."""
    from tipline.operations.couriers import Couriers

    couriers = Couriers(site)
    couriers.add(name, file)
    click.echo(f"added courier {name}")
    click.echo(f"tell the courier this address: {couriers.address}")


@command.command("remove", epilog="Example: tipline couriers remove /srv/tipline office")
@site_argument
@click.argument("name")
def remove(site: Path, name: str) -> None:
    """Shut a courier out. What it fetched before stays sealed to the reviewers."""
    from tipline.operations.couriers import Couriers

    Couriers(site).remove(name)
    click.echo(f"removed courier {name}")


@command.command("list", epilog="Example: tipline couriers list /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def list_couriers(site: Path, as_json: bool) -> None:
    """Show the address for couriers, and who is let in."""
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
