"""``tipline challenge``: the waiting line that an operator turns on while junk comes in."""

from pathlib import Path

import click

from tipline.commands._options import site_argument


@click.command("challenge", epilog="Example: tipline challenge /srv/tipline on")
@site_argument
@click.argument("switch", metavar="[on|off]", type=click.Choice(["on", "off"]), required=False)
def command(site: Path, switch: str | None) -> None:
    """Turn the waiting line on or off; without a word, say which it is.

    While it is on, a message is taken once its form is twenty seconds old, and from one circuit of Tor once a
    minute, unless its mailbox is open; one circuit opens three mailboxes a minute. Whoever is quicker is asked to
    press Send again, and loses nothing. A server that is running takes the change up at once.
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
    click.echo(f"the waiting line is {'on' if folder.challenge.exists() else 'off'}")
