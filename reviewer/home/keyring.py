"""The reviewer's secret keys: one small file for each key, so that each can be destroyed alone.

Each file is sealed under the key of the home folder, and its name says which key it is (``intake-2026-W48``): a
renamed file does not open. A week may have further keys (``intake-2026-W48-2``): keys from before a restore, found
on a twin after new ones were issued.

Destroying a key overwrites the file in place, waits until that is on the disk, and unlinks it. A disk that writes
elsewhere (flash, copy-on-write file systems) may still keep the old bytes. docs/threat-model.md names that gap; the
seal still protects them.
"""

import os
import re
from contextlib import ExitStack
from io import FileIO
from pathlib import Path

from crypto.errors import CryptoError, NoKeyOpens
from crypto.keys.at_rest import RestKey
from crypto.keys.key_file import is_name, open_key_file, seal_key_file
from crypto.keys.keys import IntakeSecretKey, SealedSecretKey
from crypto.primitives.week import Quarter, Week
from reviewer.errors import HomeError
from system.atomic_files import sync_folder, write_whole

CASEBOOK_KEY = "casebook"
ENVELOPES_KEY = "beginnings"
FORMER_KEY = "former"
"""The key that sealed key files before a person was removed: the twin medium is under it until it is rewritten."""
KEYRING_LABEL = "keyring"
_ENDING = ".key"
FURTHER = range(2, 10)
"""How the further keys of one week or quarter are numbered."""


class Keyring:
    """The key files of one folder."""

    def __init__(self, folder: Path, *, key: RestKey, former: RestKey | None = None) -> None:
        """``former`` opens what ``key`` does not: files of a twin from before a person was removed."""
        self._folder = folder
        self._key = key
        self._former = former

    @property
    def key(self) -> RestKey:
        """The key that seals the files; a twin medium has the same key."""
        return self._key

    @property
    def folder(self) -> Path:
        return self._folder

    def keep(self, name: str, secret: bytes) -> None:
        """Write a new key, durably before this returns.

        Raises:
            HomeError: one of that name is there already.
        """
        path = self._path(name)
        if path.exists():
            raise HomeError(f"the keyring already has a key named {name}")
        write_whole(path, seal_key_file(secret, name=name, key=self._key))

    def keep_further(self, name: str, secret: bytes) -> str | None:
        """:meth:`keep` for a week or quarter that may have another key already.

        Returns the name that it got, or None if this key is here already.
        """
        first = first_name(name)
        for further in [first, *(f"{first}-{number}" for number in FURTHER)]:
            if not self._path(further).exists():
                self.keep(further, secret)
                return further
            if self.secret(further) == secret:
                return None
        raise HomeError(f"the keyring has nine keys named {first}")

    def secret(self, name: str) -> bytes:
        """The secret of that name.

        Raises:
            HomeError: no such key, or its file was changed.
        """
        try:
            return self._open(self._path(name).read_bytes(), name)
        except FileNotFoundError as error:
            raise HomeError(
                f"the keyring has no key named {name}", hint="was it retired, or issued on another machine?"
            ) from error
        except CryptoError as error:
            raise HomeError(
                f"key file {name} does not open: it was changed, or is of another home folder",
                hint="copy it again from the twin medium",
            ) from error

    def _open(self, raw: bytes, name: str) -> bytes:
        try:
            return open_key_file(raw, name=name, key=self._key)
        except NoKeyOpens:
            if self._former is None:
                raise
            return open_key_file(raw, name=name, key=self._former)

    def names(self) -> list[str]:
        try:
            with os.scandir(self._folder) as found:  # asked for each week: a Path of each file would take longer
                files = [one.name for one in found]
        except (FileNotFoundError, NotADirectoryError):
            files = []
        return sorted(filter(is_name, (file.removesuffix(_ENDING) for file in files if file.endswith(_ENDING))))

    def destroy(self, name: str) -> None:
        """Overwrite, wait for the disk, unlink. A missing key is no error."""
        overwrite_and_unlink(self._path(name))

    def intake_weeks(self) -> list[Week]:
        """Weeks of which an intake key is here, oldest first."""
        return [Week.parse(text) for text in self._times("intake-")]

    def intake_key(self, week: Week) -> IntakeSecretKey:
        """The offered key of ``week``."""
        return IntakeSecretKey(self.secret(intake_name(week)))

    def intake_keys(self, week: Week) -> list[IntakeSecretKey]:
        """All keys of ``week``."""
        return [IntakeSecretKey(self.secret(name)) for name in self.names_of(week)]

    def sealed_quarters(self) -> list[Quarter]:
        """Quarters of which a sealed key is here, oldest first."""
        return [Quarter.parse(text) for text in self._times("sealed-")]

    def sealed_key(self, quarter: Quarter) -> SealedSecretKey:
        """The offered key of ``quarter``."""
        return SealedSecretKey(self.secret(sealed_name(quarter)))

    def sealed_keys(self, quarter: Quarter) -> list[SealedSecretKey]:
        """All keys of ``quarter``."""
        return [SealedSecretKey(self.secret(name)) for name in self.names_of(quarter)]

    def names_of(self, when: Week | Quarter) -> list[str]:
        """Names of all keys of a week or quarter: the offered one, even if missing, and further ones."""
        first = intake_name(when) if isinstance(when, Week) else sealed_name(when)
        return [first, *(name for name in self.names() if name != first and first_name(name) == first)]

    def _times(self, beginning: str) -> list[str]:
        found = (first_name(name) for name in self.names() if name.startswith(beginning))
        return list(dict.fromkeys(name.removeprefix(beginning) for name in found))

    def _path(self, name: str) -> Path:
        if not is_name(name):
            raise HomeError("name of a key must be like intake-2026-W48")
        return self._folder / f"{name}{_ENDING}"


def intake_name(week: Week) -> str:
    return f"intake-{week}"


def sealed_name(quarter: Quarter) -> str:
    return f"sealed-{quarter}"


def first_name(name: str) -> str:
    """``intake-2026-W48`` for ``intake-2026-W48-2`` and for itself."""
    return re.sub(r"-[2-9]$", "", name)


def overwrite_and_unlink(path: Path) -> None:
    """Destroy one file as far as its disk allows. Of a link only the link is removed."""
    if path.is_symlink():
        path.unlink()
        return
    try:
        with path.open("r+b", buffering=0) as doomed:
            _overwrite(doomed)
    except FileNotFoundError:
        return
    path.unlink()
    sync_folder(path.parent)


def replace_and_overwrite(path: Path, content: bytes) -> None:
    """Write a file atomically, then destroy the replaced one as far as its disk allows.

    Of a link only the link is removed.
    """
    if path.is_symlink():
        path.unlink()
    with ExitStack() as stack:
        doomed = stack.enter_context(path.open("r+b", buffering=0)) if path.exists() else None
        write_whole(path, content)
        if doomed is not None:
            _overwrite(doomed)


def _overwrite(doomed: FileIO) -> None:
    doomed.write(os.urandom(os.fstat(doomed.fileno()).st_size))
    os.fsync(doomed.fileno())
