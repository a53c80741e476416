"""``passphrase``: another passphrase for a home."""

import click

from reviewer.commands.at_home import at_home
from reviewer.commands.key_warnings import warn_of_twin
from reviewer.errors import HomeError
from reviewer.home.home import Home
from reviewer.terminal.console import notice, output
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today


@click.command(epilog="Example: tipline-review passphrase ~/review")
@at_home
@click.option(
    "--new-passphrase-file",
    metavar="FILE|-",
    help="File with the new passphrase. With -, it is the second line of standard input.",
)
def command(home: Home, new_passphrase_file: str | None) -> None:
    """Change your passphrase of HOME; those of other people stay. The keys that it protects stay the same.

    This helps if the passphrase was seen. It does not help if a copy of this disk, or of a twin, exists as well:
    then restore a backup into a new home and issue keys, or join as a new reviewer (init --root-key).
    """
    from reviewer.people.acts import change_passphrase

    if not home.is_protected:
        raise HomeError(
            "the key of this home has lain open on this disk: no passphrase would protect it now",
            hint="make a new home: backup, then restore with --passphrase-file FILE, or at a terminal",
        )
    chosen = SecretEntry(new_passphrase_file).choose()
    if chosen is None:
        raise HomeError("no new passphrase was given", hint="--new-passphrase-file FILE, or - for input")
    change_passphrase(home, chosen, today=today())
    output(f"{home.folder} is locked by the new passphrase")
    notice("warning", "a copy of the old people.keys still opens with the old passphrase, and leads to your keys")
    notice("hint", "destroy copies of this disk and old twins; if one was stolen: docs/review/retire-keys.md")
    warn_of_twin(home)
