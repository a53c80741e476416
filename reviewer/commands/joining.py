"""``init --root-key``: the home of a further reviewer."""

from pathlib import Path

from crypto.keys import minisign
from crypto.keys.fingerprint import root_words
from reviewer.commands.at_home import warn_unprotected
from reviewer.terminal.console import notice, output
from reviewer.terminal.secret_entry import SecretEntry
from system.clock import today


def join_home(
    home_folder: Path,
    *,
    root_key_file: Path,
    organisation: str,
    name: str | None,
    backup_medium: Path | None,
    entry: SecretEntry,
) -> None:
    """Make a home that pins the root key of another medium, and print the next steps."""
    from reviewer.recovery.joining import join

    made = join(
        home_folder,
        root_key_file=root_key_file,
        organisation=organisation,
        name=name,
        backup_medium=backup_medium,
        entry=entry,
        today=today(),
    )
    key = made.root_key
    output(f"root key         {minisign.key_id(key)[::-1].hex().upper()}  {key}")
    output(f"root key words   {root_words(key)}")
    output(f"home             {home_folder}")
    output(f"reviewer         {made.reviewer.name}")
    output(f"reviewer key     {made.reviewer.fingerprint}")
    output(f"backup key       {made.backup_key_file}: it opens this reviewer's casebook backups")
    output("compare the seven words of the root key BY TELEPHONE with the keeper of the root medium")
    output(f"then: tipline-review keys offer {home_folder} --out offer")
    if backup_medium is None:
        warn_key_on_this_computer(str(made.backup_key_file))
    if not made.is_protected:
        warn_unprotected()


def warn_key_on_this_computer(file: str) -> None:
    """Warn if no medium was named for the backup key."""
    notice("warning", f"{file} lies on this computer: move it to a medium of its own, kept elsewhere")
