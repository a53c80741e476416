"""The reviewer's secret keys: one small file a key, so that one can be destroyed without touching the rest.

Each file is sealed under the key of the home folder, and its name says what it is (``intake-2026-W48``): renaming
one makes it unopenable. Destroying overwrites the file in place, waits until that is on the disk, and unlinks it.
A disk that writes elsewhere than it read (flash, copy-on-write file systems) may still keep the old bytes: that
gap is named in SECURITY.md; the seal is what then remains.
"""

import os
import re
from pathlib import Path

from crypto.at_rest import RestKey
from crypto.errors import CryptoError
from crypto.keys import IntakeSecretKey, SealedSecretKey
from crypto.week import Quarter, Week
from reviewer.errors import HomeError
from reviewer.whole_file import sync_folder, write_whole

_ENDING = ".key"
_NAME = re.compile(r"[a-z]+(-[0-9]{4}-[WQ][0-9]{1,2})?")


class Keyring:
    """The key files of one folder."""

    def __init__(self, folder: Path, *, key: RestKey) -> None:
        self._folder = folder
        self._key = key

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
        write_whole(path, self._key.seal(secret, label=f"key/{name}"))

    def secret(self, name: str) -> bytes:
        """The secret of that name.

        Raises:
            HomeError: no such key, or its file was changed.
        """
        try:
            return self._key.open_sealed(self._path(name).read_bytes(), label=f"key/{name}")
        except FileNotFoundError as error:
            raise HomeError(
                f"the keyring has no key named {name}", hint="was it retired, or issued on another machine?"
            ) from error
        except CryptoError as error:
            raise HomeError(
                f"key file {name} does not open: it was changed, or is of another home folder",
                hint="copy it again from the twin medium",
            ) from error

    def names(self) -> list[str]:
        return sorted(
            path.name.removesuffix(_ENDING)
            for path in self._folder.glob(f"*{_ENDING}")
            if _NAME.fullmatch(path.name.removesuffix(_ENDING))
        )

    def destroy(self, name: str) -> None:
        """Overwrite, wait for the disk, unlink. A key that is gone already is no error."""
        overwrite_and_unlink(self._path(name))

    def intake_weeks(self) -> list[Week]:
        """Weeks whose intake key is here, oldest first."""
        return [Week.parse(name.removeprefix("intake-")) for name in self.names() if name.startswith("intake-")]

    def intake_key(self, week: Week) -> IntakeSecretKey:
        return IntakeSecretKey(self.secret(intake_name(week)))

    def sealed_quarters(self) -> list[Quarter]:
        """Quarters whose sealed key is here, oldest first."""
        return [Quarter.parse(name.removeprefix("sealed-")) for name in self.names() if name.startswith("sealed-")]

    def sealed_key(self, quarter: Quarter) -> SealedSecretKey:
        return SealedSecretKey(self.secret(sealed_name(quarter)))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise HomeError("name of a key must be like intake-2026-W48")
        return self._folder / f"{name}{_ENDING}"


def intake_name(week: Week) -> str:
    return f"intake-{week}"


def sealed_name(quarter: Quarter) -> str:
    return f"sealed-{quarter}"


def overwrite_and_unlink(path: Path) -> None:
    """Destroy one file as well as its disk lets us."""
    try:
        size_bytes = path.stat().st_size
        with path.open("r+b", buffering=0) as doomed:
            doomed.write(os.urandom(size_bytes))
            os.fsync(doomed.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    sync_folder(path.parent)
