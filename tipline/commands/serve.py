"""``tipline serve``: the site, behind Tor."""

from pathlib import Path

import click

from system.terminal import release_dead_streams
from tipline.commands._options import passphrase_option, site_argument


@click.command("serve", epilog="Example: tipline serve /srv/tipline --passphrase-file /run/keys/tipline")
@site_argument
@click.option(
    "--tor",
    type=click.Choice(["public", "private", "off"]),
    default="public",
    show_default=True,
    help="The Tor network, a private one on this machine, or none: for tests and development.",
)
@click.option(
    "--bind",
    metavar="unix:PATH|127.0.0.1:PORT",
    help="Where the site listens. With Tor: a unix socket, by default one inside DIR.",
)
@click.option(
    "--network",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --tor private: the folder of the network (python -m onion.private_network FOLDER).",
)
@click.option(
    "--control",
    metavar="unix:PATH|127.0.0.1:PORT",
    help="Attach to a tor that runs already, as this same user, instead of starting one.",
)
@click.option(
    "--wait-for-unlock",
    is_flag=True,
    help="Start without the passphrase and wait until `tipline unlock DIR` brings it; for systemd.",
)
@passphrase_option
def command(
    site: Path,
    tor: str,
    bind: str | None,
    network: Path | None,
    control: str | None,
    wait_for_unlock: bool,
    passphrase_file: str | None,
) -> None:
    """Serve the site until SIGTERM or Ctrl-C.

    Starts one web process and a tor of its own, publishes the site's onion address and the couriers' one, and keeps
    both reachable. Refuses to start where something readable could reach a disk, and says by which way.
    """
    from tipline.machine.listener import ListenAddress
    from tipline.supervisor.serve import ServePlan, serve

    place = None if control is None else ListenAddress.parse(control)
    plan = ServePlan(
        tor,
        None if bind is None else ListenAddress.parse(bind),
        network,
        None if place is None else place.path or place.port,
        wait_for_unlock,
    )
    serve(site, plan, passphrase_file=passphrase_file, report=_report, warn=_warn)
    release_dead_streams()  # it goes on without its terminal, and that is no failure


def _report(line: str) -> None:
    if line.startswith(("warning: ", "error: ")):
        click.echo(f"tipline: {line}", err=True)
    else:
        click.echo(line)


def _warn(line: str) -> None:
    click.echo(f"tipline: warning: {line}", err=True)
