"""``tipline challenge``: rate limiting, which an operator turns on during a spam flood."""

from pathlib import Path

import click

from tipline.commands._options import site_argument


@click.command("challenge", epilog="Example: tipline challenge /srv/tipline on")
@site_argument
@click.argument("switch", metavar="[on|off]", type=click.Choice(["on", "off"]), required=False)
def command(site: Path, switch: str | None) -> None:
    """Turn rate limiting on or off. Without an argument, print its state.

    Use it during a spam flood; a running server follows at once. While it is on, a message is accepted once its
    form is twenty seconds old, and one message a minute from each Tor circuit, unless its mailbox is open. A
    circuit can open three mailboxes a minute. A source who is quicker is asked to press Send again, and loses
    nothing.
    """
    from system.atomic_files import sync_folder
    from tipline.instance.folder import SiteFolder

    folder = SiteFolder.open(site)
    if switch == "on":
        folder.challenge.touch(mode=0o600)
    elif switch == "off":
        folder.challenge.unlink(missing_ok=True)
    if switch is not None:
        sync_folder(folder.path)
    click.echo(f"rate limiting is {'on' if folder.challenge.exists() else 'off'}")
