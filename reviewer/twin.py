"""The twin medium: the same keyring a second time, for the day on which the reviewer's disk dies.

It holds what the keys folder holds, and the home key as it is locked there, so the same passphrase opens it. It
is rewritten whole whenever keys come or go: a key that was destroyed at home and lived on in the twin would open
its week for ever.
"""

import secrets
from pathlib import Path

from reviewer.errors import MediumError
from reviewer.home import KEYS_FOLDER, LOCKED_KEY_FILE, OPEN_KEY_FILE, Home, lock_files, unlock_home_key
from reviewer.keyring import Keyring, intake_name, overwrite_and_unlink, sealed_name
from reviewer.secret_entry import SecretEntry
from reviewer.whole_file import write_whole

_ID_FILE = "twin.id"
_SETTING = "twin_id"


def has_twin(home: Home) -> bool:
    """Whether a twin was ever written."""
    return home.casebook.settings.get(_SETTING) is not None


def write_twin(home: Home, folder: Path, *, without: frozenset[str] = frozenset()) -> None:
    """Make ``folder`` hold exactly the keys of this home, except those named in ``without``.

    Raises:
        MediumError: the twin of another home, or it cannot be written.
    """
    try:
        keys = folder / KEYS_FOLDER
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_ours(home, folder, may_be_new=not without)
        _copy_home_key(home, folder)
        kept = {path.name: path for path in home.keyring.folder.glob("*.key") if path.stem not in without}
        for path in keys.iterdir():
            if path.name not in kept:
                overwrite_and_unlink(path)
        for name, path in kept.items():
            if not (keys / name).exists() or (keys / name).read_bytes() != path.read_bytes():
                write_whole(keys / name, path.read_bytes())
    except (OSError, UnicodeDecodeError) as error:
        raise MediumError(f"the twin medium {folder} cannot be written") from error


def require_twin(home: Home, folder: Path) -> None:
    """Return when ``folder`` is the twin that was written last.

    Raises:
        MediumError: it is another medium, or an empty one.
    """
    try:
        (folder / KEYS_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_ours(home, folder, may_be_new=False)
    except (OSError, UnicodeDecodeError) as error:
        raise MediumError(f"the twin medium {folder} cannot be read") from error


def take_keys_from_twin(home: Home, folder: Path, *, entry: SecretEntry) -> list[str]:
    """Copy intake and sealed keys from a twin into a home that was just restored; their names.

    The passphrase of the twin is the one of the home that wrote it.

    Raises:
        HomeError: another passphrase, or no twin.
    """
    if not lock_files(folder):
        raise MediumError(f"{folder} is no twin medium", hint="give the folder that --twin wrote")
    home_key, _is_protected = unlock_home_key(folder, entry)
    twin_ring = Keyring(folder / KEYS_FOLDER, key=home_key.derive("keyring"))
    names = [*map(intake_name, twin_ring.intake_weeks()), *map(sealed_name, twin_ring.sealed_quarters())]
    for name in names:
        home.keyring.keep(name, twin_ring.secret(name))
    return names


def _require_ours(home: Home, folder: Path, *, may_be_new: bool) -> None:
    twin_id = home.casebook.settings.get(_SETTING)
    id_file = folder / _ID_FILE
    found_id = id_file.read_text(encoding="ascii").strip() if id_file.exists() else None
    if found_id is not None and found_id == twin_id:
        return
    if found_id is not None or any((folder / KEYS_FOLDER).iterdir()):
        raise MediumError(
            f"{folder} is not the twin of this home", hint="plug in the right medium, or name an empty folder"
        )
    if twin_id is not None and not may_be_new:
        raise MediumError(
            f"{folder} is empty, but this home has a twin that still holds the keys",
            hint="plug in the twin medium that was written last",
        )
    new_id = secrets.token_hex(16)
    home.casebook.settings.set(_SETTING, new_id)
    write_whole(id_file, f"{new_id}\n".encode("ascii"))


def _copy_home_key(home: Home, folder: Path) -> None:
    for name in (LOCKED_KEY_FILE, OPEN_KEY_FILE):
        if (folder / name).exists() and not (home.folder / name).exists():
            overwrite_and_unlink(folder / name)
    for path in lock_files(home.folder):
        write_whole(folder / path.name, path.read_bytes())
