"""The first day: an organisation's root key on its media, and this reviewer's home; all or nothing."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.key_file import PARTY_KEYS
from crypto.keys.keys import HybridPublicKey, RootSigningKey, RootVerifyKey
from crypto.keys.party import PartyKeys
from crypto.manifests.manifest_body import LONGEST_ORGANISATION
from crypto.primitives.canonical_json import is_plain_text
from crypto.recovery.backup_key import casebook_backup_key, reviewer_keys
from reviewer.errors import HomeError, MediumError
from reviewer.files.incomplete_marker import mark_incomplete, marked_root_key
from reviewer.home.home import Home, create_home, require_new_home
from reviewer.media.known_copies import note_root_media
from reviewer.media.new_media import new_media, require_new_media
from reviewer.media.root_medium import backup_key_line, backup_key_name
from reviewer.recovery.media_self_test import self_test_home, self_test_media
from reviewer.terminal.secret_entry import SecretEntry

BACKUP_KEY_SETTING = "casebook_backup_key"


@dataclass(frozen=True, slots=True)
class CreatedOrganisation:
    """The new keys and media, for the person at the terminal to compare and to lock away."""

    root_key: RootVerifyKey
    backup_key_file: str
    is_protected: bool
    share_a_disk: tuple[Path, ...]
    """Media that lie on the same disk as the home, or as another medium: no media of their own."""


def create_organisation(
    folder: Path,
    *,
    root: Path,
    second: Path | None,
    organisation: str,
    name: str,
    entry: SecretEntry,
    today: dt.date,
    told: Callable[[str], None],
) -> CreatedOrganisation:
    """Make a root key on ``root`` (and its copy on ``second``), a home in ``folder``, and backup keys.

    At the end all of it is tested; ``told`` receives each passed step. After an interruption nothing of it is used:
    the same call destroys the leftovers and starts again.

    Raises:
        HomeError: the folder is not empty, or the organisation's name is not a plain line.
        MediumError: a medium holds a root key or another backup key already, or the test failed.
    """
    if not is_plain_text(organisation, longest=LONGEST_ORGANISATION):
        raise HomeError(f"organisation must be a text of 1 to {LONGEST_ORGANISATION} printable characters")
    media = [root] if second is None else [root, second]
    _require_apart(folder, media)
    abandoned = marked_root_key(folder)
    # Before a person thinks of a passphrase.
    require_new_home(folder)
    require_new_media(media, abandoned=abandoned)
    key = RootSigningKey.generate()
    backup_key = casebook_backup_key(key, name=name)
    keys = reviewer_keys(backup_key, name=name)
    with create_home(folder, entry=entry) as home:
        mark_incomplete(folder, root_key=str(key.verify_key()))
        assign_home(
            home,
            keys,
            organisation=organisation,
            root_key=key.verify_key(),
            backup_key=backup_key.public_key(),
            today=today,
        )
        note_root_media(home, len(media))
        secrets = {backup_key_name(name): backup_key_line(backup_key)}
        with new_media(media, key, secrets=secrets, abandoned=abandoned):
            told("root key made; now each key is read again from where it lies, and used once")
            self_test_media(
                media,
                root_key=home.root_key,
                backup_key=backup_key.public_key(),
                backup_key_file=backup_key_name(name),
                told=told,
            )
            self_test_home(home, told=told)
        return CreatedOrganisation(
            key.verify_key(), backup_key_name(name), home.is_protected, _on_one_disk(folder, media)
        )


def assign_home(
    home: Home,
    keys: PartyKeys,
    *,
    organisation: str,
    root_key: RootVerifyKey,
    backup_key: HybridPublicKey,
    today: dt.date,
) -> None:
    """Make a new home that of the reviewer with these ``keys``."""
    home.keyring.keep(PARTY_KEYS, keys.seeds())
    settings = home.casebook.settings
    with home.casebook.changing():
        settings.set("organisation", organisation)
        settings.set("name", keys.name)
        settings.set("root_key", str(root_key))
        settings.set(BACKUP_KEY_SETTING, str(backup_key))
        home.casebook.log.add("home made", keys.name, today=today)


def _require_apart(folder: Path, media: list[Path]) -> None:
    for medium in media:
        if medium.resolve().is_relative_to(folder.resolve()):
            raise MediumError(
                f"the root medium {medium} must not lie in the home",
                hint="name a folder on a medium of its own, which is unplugged when it is not needed",
            )
    if len({medium.resolve() for medium in media}) < len(media):
        raise MediumError("the two root media are the same folder", hint="plug in a second medium, and name that")


def _on_one_disk(folder: Path, media: list[Path]) -> tuple[Path, ...]:
    disks = [place.stat().st_dev for place in [folder, *media]]
    return tuple(medium for place, medium in enumerate(media, start=1) if disks[place] in disks[:place])
