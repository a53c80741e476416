"""``init``: the first day of an organisation."""

from pathlib import Path

import click

from crypto.keys import minisign
from crypto.keys.fingerprint import root_words
from reviewer.commands.at_home import BESIDE_NETWORK, FILE, FOLDER, PASSPHRASE_FILE, guard, warn_unprotected
from reviewer.terminal.console import notice, output
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today

ONE_MEDIUM = (
    "there is ONE ROOT MEDIUM: when it is lost, no key can be issued again, and every server must be set up again"
)


@click.command(
    epilog="Example: tipline-review init ~/review --root /media/root-a --root-copy /media/root-b"
    " --organisation 'Example Watch'",
    short_help="Make the root key and this reviewer's home.",
)
@click.argument("home_folder", metavar="HOME", type=FOLDER)
@click.option("--root", "root", type=FOLDER, help="The root medium: an empty folder on a medium of its own.")
@click.option(
    "--root-key",
    "root_key_file",
    type=FILE,
    help="Join an existing organisation: its root.pub. No root key is made then.",
)
@click.option(
    "--backup-medium", type=FOLDER, help="Folder for the key of this reviewer's casebook backups, when joining."
)
@click.option(
    "--root-copy",
    "--second-medium",
    "second_medium",
    type=FOLDER,
    help="A second medium that gets the same root key, to be kept in another building.",
)
@click.option("--organisation", required=True, metavar="NAME", help="The organisation's name, shown to sources.")
@click.option(
    "--name",
    help="Name of this reviewer: lower-case letters, digits, hyphens, unlike the others'.  [default: reviewer; when"
    " joining, one with digits of its own]",
)
@PASSPHRASE_FILE
@BESIDE_NETWORK
def command(
    home_folder: Path,
    root: Path | None,
    root_key_file: Path | None,
    backup_medium: Path | None,
    second_medium: Path | None,
    organisation: str,
    name: str | None,
    passphrase_file: str | None,
    beside_network: bool,
) -> None:
    """Make an organisation's root key on the medium ROOT, and this reviewer's home in HOME.

    Both are made once. Existing files are not overwritten. At the end every key is read back and used once. After a
    failure or an interruption nothing is valid: repeat the same command.
    """
    from reviewer.commands.joining import join_home
    from reviewer.recovery.key_ceremony import create_organisation

    if (root is None) == (root_key_file is None):
        raise click.UsageError("give --root to make a root key, or --root-key to join an organisation that has one")
    guard(beside_network)
    if root_key_file is not None:
        if second_medium is not None:
            raise click.UsageError("--root-copy needs --root: a reviewer who joins has no root key")
        join_home(
            home_folder,
            root_key_file=root_key_file,
            organisation=organisation,
            name=name,
            backup_medium=backup_medium,
            entry=SecretEntry(passphrase_file),
        )
        return
    if root is None or backup_medium is not None:
        raise click.UsageError("--backup-medium goes with --root-key: the root medium is where that key lies else")
    made = create_organisation(
        home_folder,
        root=root,
        second=second_medium,
        organisation=organisation,
        name=name or "reviewer",
        entry=SecretEntry(passphrase_file),
        today=today(),
        told=lambda line: output(f"rehearsal        {line}"),
    )
    output("rehearsal        PASSED")
    key = made.root_key
    output(f"root key         {minisign.key_id(key)[::-1].hex().upper()}  {key}")
    output(f"root key words   {root_words(key)}")
    for medium in [root, second_medium]:
        if medium is not None:
            output(f"root medium      {medium}: root.key, root.pub, {made.backup_key_file}")
    output(f"home             {home_folder}")
    output("now, with the medium still in:")
    output("1. write the seven words on paper; each server shows them at tipline init: compare them by telephone")
    output("2. copy root.pub to a stick for the servers; nothing else of the medium ever goes to one")
    output("3. add servers and issue keys; then unplug the root media, and keep them apart from this machine")
    output("4. make recovery sheets: tipline-review sheets make")
    if second_medium is None:
        notice("warning", ONE_MEDIUM)
        notice("hint", "plug in a second one, and give it to keys issue with --root-copy FOLDER")
    for medium in made.share_a_disk:
        notice(
            "warning", f"{medium} lies on a disk together with the home or the other medium: both are lost at once"
        )
    if not made.is_protected:
        warn_unprotected()
