"""The twin medium: a second copy of the keyring, in case the reviewer's disk fails.

It holds what the keys folder holds, and the home key as it is locked there, so the same passphrase opens it. It
is rewritten whole whenever keys come or go: a key that was destroyed at home and lived on in the twin would open
its week for ever.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crypto.keys.key_file import PARTY_KEYS
from reviewer.errors import HomeError, MediumError
from reviewer.home.home import KEYS_FOLDER, Home
from reviewer.home.keyring import FORMER_KEY, overwrite_and_unlink, replace_and_overwrite
from reviewer.home.lock import LOCK_FILES, lock_files
from reviewer.twin.sole_copies import lost_since, note_files, require_sound, sole_copies, twin_ring
from system.atomic_files import write_whole

TWIN_ID_FILE = "twin.id"
"""A folder that holds it is a twin medium, of this home or of another."""
_SETTING = "twin_id"
_BEGUN_SETTING = "twins_begun"
_HELD_SETTING = "twin_holds"
_TAKEN_SETTING = "twin_taken"
_TAKEN_FILES_SETTING = "twin_taken_files"
_OLD_LOCK_SETTING = "twin_has_old_lock"


def has_twin(home: Home) -> bool:
    """True if a twin was ever written."""
    return home.casebook.settings.get(_SETTING) is not None


def write_twin(home: Home, folder: Path, *, without: frozenset[str] = frozenset(), is_new: bool = False) -> None:
    """Make ``folder`` hold exactly the keys of this home, except those named in ``without``.

    ``is_new``: an empty medium replaces the earlier twin, which is lost. Until all keys are on it, the earlier one
    stays the twin.

    Raises:
        HomeError, MediumError: as :func:`require_ready`, or it cannot be written.
    """
    require_ready(home, folder, is_new=is_new)
    try:
        (folder / KEYS_FOLDER).mkdir(mode=0o700, parents=True, exist_ok=True)
        is_other = _begin(home, folder)
        own_id = _id_of(folder) or ""
        try:
            held = _copy_keys(home, folder, without)
        except BaseException:
            if is_other and _destroy_keys(folder):
                _note_begun(home, own_id, at=None)
            raise
        with home.casebook.changing():
            _note_begun(home, own_id, at=None)
            home.casebook.settings.set(_SETTING, own_id)
            home.casebook.settings.set(_HELD_SETTING, " ".join(sorted(held)))
            home.casebook.settings.forget(_OLD_LOCK_SETTING)
            home.casebook.settings.forget(_TAKEN_FILES_SETTING)
        home.keyring.destroy(FORMER_KEY)  # nothing is under it any more
    except (OSError, UnicodeDecodeError) as error:
        raise MediumError(f"the twin medium {folder} cannot be written") from error


def require_ready(home: Home, folder: Path, *, is_new: bool = False) -> None:
    """Return if :func:`write_twin` would remove no sole copy of a key; nothing is changed.

    Also asked before a key is made or destroyed at home.

    Raises:
        HomeError: a key at home does not open, and would replace its good copy.
        MediumError: the twin of another home, an empty medium that was not declared new, or one with a key that
            this home lacks and never retired.
    """
    require_sound(home)
    try:
        _require_ours(home, folder, may_be_new=is_new)
        lacking = {*sole_copies(home, folder), *_lost_since_taken(home, folder)}
    except (OSError, UnicodeDecodeError) as error:
        raise MediumError(f"the twin medium {folder} cannot be read") from error
    if lacking:
        raise MediumError(
            f"{folder} has keys that this home lacks, or has otherwise, and never retired:"
            f" {', '.join(sorted(lacking))}",
            hint=f"take them first: tipline-review keys restore HOME --twin {folder}; where that cannot be, name an"
            " empty folder, with --new-twin, and keep this one",
        )


@dataclass(frozen=True, slots=True)
class UnfinishedTwin:
    """A medium that was to become the twin when the program was killed.

    ``is_empty`` if its keys were destroyed now. It keeps them if ``sole_copies`` names some that this home lacks.
    """

    folder: str
    is_empty: bool
    sole_copies: tuple[str, ...] = ()


def clear_unfinished(home: Home, *, going_on_with: Path | None) -> list[UnfinishedTwin]:
    """Destroy the keys that a killed ``--new-twin`` left, except on the medium that is written next.

    Retirement would not find them.
    """
    found = []
    for begun_id, at in _begun(home).items():
        folder = Path(at)
        lacking: list[str] = []
        try:
            is_there = _id_of(folder) == begun_id and _is_of_this_home(home, folder)
            lacking = sole_copies(home, folder) if is_there else []
        except (OSError, UnicodeDecodeError):
            is_there = False
        if is_there and going_on_with is not None and going_on_with.resolve() == folder:
            continue
        is_empty = is_there and not lacking and _destroy_keys(folder)
        if is_empty:
            _note_begun(home, begun_id, at=None)
        found.append(UnfinishedTwin(at, is_empty, tuple(lacking)))
    return found


def missing_on_twin(home: Home) -> list[str]:
    """Names of keys that were made since the twin was written last; all, when that was before a restore."""
    held = (home.casebook.settings.get(_HELD_SETTING) or "").split()
    return [name for name in home.keyring.names() if name not in (*held, FORMER_KEY)] if has_twin(home) else []


def note_all_taken(home: Home, folder: Path) -> None:
    """This home has all keys of this twin: it may be overwritten from now on.

    A home without a twin adopts it, so that retired keys are removed from it too.
    """
    found_id = _id_of(folder) or ""
    home.casebook.settings.set(_TAKEN_SETTING, found_id)
    home.casebook.settings.set(_TAKEN_FILES_SETTING, json.dumps(note_files(home)))
    if found_id and not has_twin(home):
        home.casebook.settings.set(_SETTING, found_id)


def forget_contents(home: Home) -> None:
    """In a restored home: the twin holds nothing under its key, and new keys get the old names."""
    home.casebook.settings.forget(_TAKEN_SETTING)
    home.casebook.settings.forget(_TAKEN_FILES_SETTING)
    home.casebook.settings.forget(_HELD_SETTING)
    home.casebook.settings.forget(_OLD_LOCK_SETTING)


def note_old_passphrase(home: Home) -> None:
    """This home gets another passphrase: until the twin is rewritten, the one before opens it."""
    if has_twin(home):
        home.casebook.settings.set(_OLD_LOCK_SETTING, "1")


def has_old_passphrase(home: Home) -> bool:
    """True if the twin was not rewritten since the passphrase was changed."""
    return home.casebook.settings.get(_OLD_LOCK_SETTING) is not None


def _id_of(folder: Path) -> str | None:
    id_file = folder / TWIN_ID_FILE
    return id_file.read_text(encoding="ascii").strip() if id_file.exists() else None


def _copy_keys(home: Home, folder: Path, without: frozenset[str]) -> list[str]:
    """The names of the keys that are on the twin now."""
    keys = folder / KEYS_FOLDER
    kept = {
        path.name: path for path in home.keyring.folder.glob("*.key") if path.stem not in without | {FORMER_KEY}
    }
    for path in keys.iterdir():
        if path.name not in kept:
            overwrite_and_unlink(path)
    # First what is not there yet: a key that a later one takes the place of may be on the twin a second time now.
    for name, path in sorted(kept.items(), key=lambda item: (keys / item[0]).exists()):
        if not (keys / name).exists() or (keys / name).read_bytes() != path.read_bytes():
            # A twin from before a restore holds other keys under the same names.
            replace_and_overwrite(keys / name, path.read_bytes())
    _copy_home_key(home, folder)
    return [path.stem for path in kept.values()]


def _destroy_keys(folder: Path) -> bool:
    """Destroy the keys on a failed new twin, which retirement would not find; True if none is left."""
    ours = [*(folder / KEYS_FOLDER).glob("*"), *lock_files(folder), folder / TWIN_ID_FILE]
    for path in ours:
        with suppress(OSError):  # it was pulled out
            overwrite_and_unlink(path)
    return folder.exists() and not any(path.is_file() for path in ours)


def _begun(home: Home) -> dict[str, str]:
    """The places of media that are becoming the twin, by the id on each."""
    begun: dict[str, str] = json.loads(home.casebook.settings.get(_BEGUN_SETTING) or "{}")
    return begun


def _note_begun(home: Home, twin_id: str, *, at: Path | None) -> None:
    """Record that a medium was begun; without ``at``, that it is finished, or empty again."""
    begun = {known: place for known, place in _begun(home).items() if known != twin_id}
    if at is not None:
        begun[twin_id] = str(at.resolve())
    home.casebook.settings.set(_BEGUN_SETTING, json.dumps(begun))


def _require_ours(home: Home, folder: Path, *, may_be_new: bool) -> None:
    """Return when ``folder`` is the twin, or is to become it."""
    twin_id = home.casebook.settings.get(_SETTING)
    found_id = _id_of(folder)
    if found_id is not None and found_id == twin_id:
        _require_taken(home, folder, found_id)
        return
    if found_id in _begun(home) and (may_be_new or twin_id is None):
        return
    keys = folder / KEYS_FOLDER
    if (keys.is_dir() and any(keys.iterdir())) or any(path.is_file() for path in lock_files(folder)):
        raise MediumError(
            f"{folder} is not the twin of this home", hint="plug in the right medium, or name an empty folder"
        )
    if twin_id is not None and not may_be_new:
        raise MediumError(
            f"{folder} is empty, but this home has a twin that still holds the keys",
            hint="plug in the twin medium that was written last; if it is lost or destroyed:"
            " keys issue, or keys offer, with --new-twin",
        )


def _begin(home: Home, folder: Path) -> bool:
    """True if ``folder`` is only becoming the twin; it is recorded as such from now on."""
    found_id = _id_of(folder)
    if found_id is not None and found_id == home.casebook.settings.get(_SETTING):
        return False
    if found_id in _begun(home):
        return True
    new_id = secrets.token_hex(16)
    # On the medium first: if killed between the two, it holds an unknown id and no key.
    write_whole(folder / TWIN_ID_FILE, f"{new_id}\n".encode("ascii"))
    _note_begun(home, new_id, at=folder)
    return True


def _require_taken(home: Home, folder: Path, found_id: str) -> None:
    """A twin from before a restore holds keys that are nowhere else."""
    if not _is_of_this_home(home, folder) and home.casebook.settings.get(_TAKEN_SETTING) != found_id:
        raise MediumError(
            f"{folder} was written before this home was restored, and may hold keys that are nowhere else",
            hint=f"take them first: tipline-review keys restore HOME --twin {folder}; or name an empty folder, with"
            " --new-twin",
        )


def _lost_since_taken(home: Home, folder: Path) -> list[str]:
    """Imported keys that were lost again before this twin was rewritten.

    The twin's own files do not show this: they open with the key of an earlier home.
    """
    if home.casebook.settings.get(_TAKEN_SETTING) != _id_of(folder):
        return []
    return lost_since(home, json.loads(home.casebook.settings.get(_TAKEN_FILES_SETTING) or "{}"))


def _is_of_this_home(home: Home, folder: Path) -> bool:
    """True if the keys there are under the key of this home.

    It may be locked by an earlier passphrase of the home.
    """
    is_same = all(
        (home.folder / path.name).exists() and (home.folder / path.name).read_bytes() == path.read_bytes()
        for path in lock_files(folder)
    )
    with suppress(HomeError):
        return is_same or twin_ring(home, folder).secret(PARTY_KEYS) == home.keyring.secret(PARTY_KEYS)
    return False


def _copy_home_key(home: Home, folder: Path) -> None:
    for name in LOCK_FILES:
        if (folder / name).exists() and not (home.folder / name).exists():
            overwrite_and_unlink(folder / name)
    for path in lock_files(home.folder):
        replace_and_overwrite(folder / path.name, path.read_bytes())
