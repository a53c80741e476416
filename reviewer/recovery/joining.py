"""The first day of a further reviewer: a home that pins the root key of another medium."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from crypto.errors import CryptoError
from crypto.keys import minisign
from crypto.keys.keys import HybridSecretKey, RootVerifyKey
from crypto.keys.party import Party, PartyKeys
from crypto.manifests.manifest_body import LONGEST_ORGANISATION
from crypto.primitives.canonical_json import is_plain_text
from crypto.recovery.backup_key import reviewer_keys
from reviewer.errors import HomeError
from reviewer.home.home import create_home
from reviewer.media.backup_medium import backup_medium_of, write_backup_key
from reviewer.media.root_medium import backup_key_name
from reviewer.recovery.key_ceremony import assign_home
from reviewer.terminal.secret_entry import SecretEntry
from system.errors import ProgramError
from system.given_files import open_given


@dataclass(frozen=True, slots=True)
class Joined:
    """The new home's keys and files, for the person at the terminal to compare and to lock away."""

    root_key: RootVerifyKey
    reviewer: Party
    backup_key_file: Path
    is_protected: bool


def join(
    folder: Path,
    *,
    root_key_file: Path,
    organisation: str,
    name: str | None,
    backup_medium: Path | None,
    entry: SecretEntry,
    today: dt.date,
) -> Joined:
    """Make a home that trusts the root key in ``root_key_file``.

    Without a name the reviewer gets a unique one. The secret for casebook backups goes to ``backup_medium``, or to
    a folder beside the home.
    """
    if not is_plain_text(organisation, longest=LONGEST_ORGANISATION):
        raise HomeError(f"organisation must be a text of 1 to {LONGEST_ORGANISATION} printable characters")
    root_key = read_root_key(root_key_file)
    medium = backup_medium_of(folder, backup_medium)
    with create_home(folder, entry=entry) as home:
        backup_key = HybridSecretKey.generate()
        keys = _party_keys(backup_key, name)
        backup_key_file = medium / backup_key_name(keys.name)
        if backup_key_file.exists():
            raise ProgramError(
                f"{backup_key_file} is there already, and is never overwritten",
                hint="name another folder; if an init was cut short right before, remove that file",
            )
        assign_home(
            home,
            keys,
            organisation=organisation,
            root_key=root_key,
            backup_key=backup_key.public_key(),
            today=today,
        )
        # Last: an earlier failure leaves no file that a second try would have to overwrite.
        write_backup_key(backup_key_file, backup_key)
        return Joined(root_key, keys.party(), backup_key_file, home.is_protected)


def _party_keys(backup_key: HybridSecretKey, name: str | None) -> PartyKeys:
    """A manifest lists each name once, and a joining reviewer has no manifest yet: the name is random."""
    keys = reviewer_keys(backup_key, name="reviewer" if name is None else name)
    if name is not None:
        return keys
    return PartyKeys(f"reviewer-{str(keys.signing.verify_key())[:6]}", keys.signing, keys.transport)


def read_root_key(path: Path) -> RootVerifyKey:
    """Read a file ``root.pub``.

    Raises:
        ProgramError: it cannot be read, or is none.
    """
    hint = "it is the file root.pub of the root medium"
    try:
        with open_given(path) as file:
            return minisign.parse_public_key_file(file.read(minisign.LONGEST_FILE_BYTES + 1))
    except OSError as error:
        raise ProgramError(f"cannot read {path}", hint=hint) from error
    except CryptoError as error:
        raise ProgramError(f"{path} is no root key: {error}", hint=hint) from error
