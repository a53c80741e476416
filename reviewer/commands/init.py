"""``init``: the first day of an organisation."""

from pathlib import Path

import click

from crypto import minisign
from reviewer.clock import today
from reviewer.commands.at_home import BESIDE_NETWORK, FOLDER, PASSPHRASE_FILE, guard, warn_unprotected
from reviewer.secret_entry import SecretEntry
from reviewer.voice import say, tell


@click.command(
    epilog="Example: tipline-review init ~/review --root /media/root-key --organisation 'Example Watch'",
    short_help="Make the root key and this reviewer's home.",
)
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option(
    "--root", "root", required=True, type=FOLDER, help="The root medium: an empty folder on a medium of its own."
)
@click.option(
    "--second-medium", type=FOLDER, help="A second medium that gets the same root key, to be kept elsewhere."
)
@click.option("--organisation", required=True, metavar="NAME", help="As sources will read it.")
@click.option(
    "--name", default="reviewer", show_default=True, help="This reviewer: lower-case letters, digits, hyphens."
)
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path,
    root: Path,
    second_medium: Path | None,
    organisation: str,
    name: str,
    passphrase_file: str | None,
    beside_network: bool,
) -> None:
    """Make an organisation's root key on the medium ROOT, and this reviewer's home in HOME.

    Both are made once. Nothing that exists is overwritten.
    """
    from reviewer.ceremony import found

    guard(beside_network)
    made = found(
        home_folder,
        root=root,
        second=second_medium,
        organisation=organisation,
        name=name,
        entry=SecretEntry(passphrase_file),
        today=today(),
    )
    key = made.medium.verify_key
    tell(f"root key         {minisign.key_id(key)[::-1].hex().upper()}  {key}")
    tell(f"root medium      {root}: root.key, root.pub, {made.backup_key_file.name}")
    tell(f"home             {home_folder}")
    tell("copy root.pub to each server, and compare the root key there with this line")
    tell("then: unplug the root medium, and keep it apart from this machine")
    if second_medium is None:
        say(
            "warning",
            "there is one root medium: when it is lost, no key can be issued again (--second-medium FOLDER)",
        )
    if not made.is_protected:
        warn_unprotected()
