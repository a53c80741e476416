"""``tipline upgrade``: brings a store to the version of this program."""

from pathlib import Path

import click

from tipline.commands._options import passphrase_option, site_argument


@click.command("upgrade", epilog="Example: tipline upgrade /srv/tipline")
@site_argument
@passphrase_option
def command(site: Path, passphrase_file: str | None) -> None:
    """Upgrade the store to the version of this program. Stop the server first.

    Each step is done whole or not at all. A store of a newer program is refused.
    """
    from tipline.instance.database_key import ask_database_key
    from tipline.instance.folder import SiteFolder
    from tipline.instance.store_move import give_store_its_own_folder
    from tipline.store.upgrade import upgrade

    folder = SiteFolder.open(site)
    key = ask_database_key(folder, passphrase_file)
    with folder.hold_for_serving():
        moved = give_store_its_own_folder(folder)
    with folder.hold_for_serving(), folder.hold_for_import():
        reached = upgrade(folder.store, key)
    for version in reached:
        click.echo(f"the store has version {version} now")
    if moved:
        click.echo("the store lies in a folder of its own now")
    if not reached and not moved:
        click.echo("nothing to do: the store fits this program")
