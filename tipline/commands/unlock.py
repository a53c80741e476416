"""``tipline unlock``: brings the passphrase to a server that the system has started."""

from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("unlock", epilog="Example: tipline unlock /srv/tipline")
@site_argument
@passphrase_option
def command(site: Path, passphrase_file: str | None) -> None:
    """Give a server that waits for it the passphrase of its database key.

    For `serve --wait-for-unlock`, which is how the systemd unit starts it. Run it as the user that serves. Waits
    until the server has answered with the site's first page, 60 s at most, or says why it does not.
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
