"""``tipline relays``: relays of buttons for help, duty machines, and the switch of their service."""

from pathlib import Path

import click

from tipline.commands._options import site_argument

_NAME_HELP = "At most 32 small letters, digits and hyphens; 27 with --duty."


@click.group("relays")
def command() -> None:
    """Admit relays of buttons for help and duty machines, and switch their service on and off.

    The service is off until it is switched on. After the first relay was added, restart the server once.
    """


@command.command("add", epilog="Example: tipline relays add /srv/tipline relay.pub --name clinic-1")
@site_argument
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--name", required=True, help=_NAME_HELP)
@click.option("--duty", is_flag=True, help="Admit a duty machine, which fetches posts.")
def add(site: Path, file: Path, name: str, duty: bool) -> None:
    """Admit the relay or duty machine whose public key is in FILE.

    The same name again replaces its key.
    """
    from tipline.operations.relays import Relays

    relays = Relays(site)
    added = relays.add(name, file, is_duty=duty)
    click.echo(f"added {added}")
    click.echo(f"its address for the server: {relays.address}")


@command.command("remove", epilog="Example: tipline relays remove /srv/tipline clinic-1")
@site_argument
@click.argument("name")
def remove(site: Path, name: str) -> None:
    """Remove a relay or a duty machine. A running server ends its connections."""
    from tipline.operations.relays import Relays

    Relays(site).remove(name)
    click.echo(f"removed {name}")


@command.command("on", epilog="Example: tipline relays on /srv/tipline")
@site_argument
def switch_on(site: Path) -> None:
    """Turn the relays' service on: relays can post, and duty machines can fetch."""
    from tipline.operations.relays import Relays

    Relays(site).switch_on()
    click.echo("the relays' service is on")


@command.command("off", epilog="Example: tipline relays off /srv/tipline --taken-down")
@site_argument
@click.option("--taken-down", is_flag=True, help="State that the duty desk lists no open place.")
@click.option("--now", is_flag=True, help="Close it although buttons and leaflets still hang.")
def switch_off(site: Path, taken_down: bool, now: bool) -> None:
    """Turn the relays' service off, after the last leaflet and button were taken down.

    A button without a duty desk is a false promise, so one of both options is needed.
    """
    from tipline.operations.relays import RelayListError, Relays

    if taken_down == now:
        raise RelayListError(
            "expected --taken-down or --now, and not both",
            hint="--taken-down states that the duty desk lists no open place",
        )
    Relays(site).switch_off(is_taken_down=taken_down)
    click.echo("the relays' service is off")
    if now:
        click.echo("take down every button and leaflet now: the duty desk lists them", err=True)


@command.command("status", epilog="Example: tipline relays status /srv/tipline --json")
@site_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(site: Path, as_json: bool) -> None:
    """Print if the relays' service is on, and the relays and duty machines that were added."""
    import json
    from dataclasses import asdict

    from tipline.operations.relays import Relays

    state = Relays(site).state()
    if as_json:
        click.echo(json.dumps(asdict(state)))
        return
    click.echo(f"service  {'on' if state.is_on else 'off'}")
    if state.address:
        click.echo(f"address  {state.address}")
    for name in state.relays:
        click.echo(f"relay    {name}")
    for name in state.duty:
        click.echo(f"duty     {name}")
    if state.closed_early:
        click.echo("relays closed before everything was taken down")
