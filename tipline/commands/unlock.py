"""``tipline unlock``: brings the passphrase to a server that the system has started."""

from pathlib import Path

import click

from tipline.arguments import passphrase_option, site_argument


@click.command("unlock", epilog="Example: tipline unlock /srv/tipline")
@site_argument
@passphrase_option
def command(site: Path, passphrase_file: str | None) -> None:
    """Give a server that waits for it the passphrase of its database key.

    For `serve --wait-for-unlock`, which is how the systemd unit starts it. Run it as the user that serves.
    """
    from tipline.database_key import read_passphrase
    from tipline.folder import SiteFolder
    from tipline.unlocking import unlock

    folder = SiteFolder.open(site)
    unlock(folder, read_passphrase(passphrase_file))
    click.echo("unlocked; the site is being served in a few seconds")
