"""The first day: an organisation's root key, and this reviewer's home."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.canonical_json import is_plain_text
from crypto.keys import HybridSecretKey
from crypto.manifest_body import LONGEST_ORGANISATION
from crypto.party import PartyKeys
from reviewer.errors import HomeError, MediumError
from reviewer.home import PARTY_KEY, Home, create_home
from reviewer.root_medium import RootMedium
from reviewer.secret_entry import SecretEntry
from reviewer.whole_file import write_whole

BACKUP_KEY_SETTING = "casebook_backup_key"


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made, for the person at the terminal to compare and to lock away."""

    medium: RootMedium
    backup_key_file: Path
    is_protected: bool


def found(
    folder: Path,
    *,
    root: Path,
    second: Path | None,
    organisation: str,
    name: str,
    entry: SecretEntry,
    today: dt.date,
) -> Founded:
    """Make a root key on ``root`` (and its copy on ``second``), a home in ``folder``, and keys for backups.

    Raises:
        HomeError: the folder is not empty, or the organisation's name is not a plain line.
        MediumError: a medium holds a root key already.
    """
    if not is_plain_text(organisation, longest=LONGEST_ORGANISATION):
        raise HomeError(f"organisation must be a text of 1 to {LONGEST_ORGANISATION} printable characters")
    for medium_folder in (root, second):
        if medium_folder is not None and medium_folder.resolve().is_relative_to(folder.resolve()):
            raise MediumError(
                f"the root medium {medium_folder} must not lie in the home",
                hint="name a folder on a medium of its own, which is unplugged when it is not needed",
            )
    with create_home(folder, entry=entry) as home:
        keys = PartyKeys.generate(name)
        home.keyring.keep(PARTY_KEY, keys.seeds())
        medium = RootMedium.create(root)
        backup_key = HybridSecretKey.generate()
        backup_key_file = root / f"casebook-backup-{name}.key"
        write_whole(backup_key_file, f"{backup_key.reveal()}\n".encode("ascii"), mode=0o400)
        if second is not None:
            medium.copy_to(second)
        _remember(home, medium, organisation, name, backup_key, today)
        return Founded(medium, backup_key_file, home.is_protected)


def _remember(
    home: Home, medium: RootMedium, organisation: str, name: str, backup_key: HybridSecretKey, today: dt.date
) -> None:
    settings = home.casebook.settings
    with home.casebook.changing():
        settings.set("organisation", organisation)
        settings.set("name", name)
        settings.set("root_key", str(medium.verify_key))
        settings.set(BACKUP_KEY_SETTING, str(backup_key.public_key()))
        home.casebook.log.add("home made", name, today=today)
