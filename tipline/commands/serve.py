"""``tipline serve`` serves a site; ``tipline unlock`` brings its passphrase."""

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
    help="Address of the site. With Tor: a unix socket, by default one inside DIR.",
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
    help="Attach to a running tor of the same user, instead of starting one.",
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

    Starts a web process and a tor of its own, publishes the onion addresses for sources and couriers, and keeps
    both reachable. Refuses to start if plaintext could reach a disk, and says how.
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


@click.command("unlock", epilog="Example: tipline unlock /srv/tipline")
@site_argument
@passphrase_option
def unlock_command(site: Path, passphrase_file: str | None) -> None:
    """Send the passphrase of the database key to a waiting server.

    For `serve --wait-for-unlock`, as the systemd unit starts it. Run it as the user that serves. It returns once
    the server has answered with the first page, at most 60 s later, or says why it does not.
    """
    from tipline.instance.database_key import read_passphrase
    from tipline.instance.folder import SiteFolder
    from tipline.machine.units import LOG_COMMAND
    from tipline.operations.serving_state import failed_start
    from tipline.operations.unlocking import NotAwaited, unlock

    folder = SiteFolder.open(site)
    try:
        unlock(folder, read_passphrase(passphrase_file))
    except NotAwaited as error:
        failed = None if folder.is_served() else failed_start(folder)
        if failed is None:
            raise
        raise NotAwaited(
            f"{error}: the last one {failed.reason}", hint=f"{LOG_COMMAND} has the whole reason"
        ) from error
    click.echo("unlocked; the first page is answered. tor publishes the address next, which takes a minute or two")
