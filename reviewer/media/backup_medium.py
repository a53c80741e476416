"""The place of the backup key of a reviewer who joined.

It is on a medium of its own, or in a folder beside the home, from which staff move it to one. The founding reviewer
has it on the root media.
"""

import itertools
import os
from pathlib import Path

from crypto.keys.keys import HybridSecretKey
from reviewer.errors import HomeError
from reviewer.media.root_medium import backup_key_line, backup_key_name
from system.atomic_files import write_whole
from system.errors import ProgramError, system_reason


def backup_medium_of(home: Path, named: Path | None) -> Path:
    """``named``, or a folder beside the home.

    Raises:
        HomeError: it lies in the home: a thief of the home would have all backups as well.
    """
    beside = home.resolve() if home.name in ("", "..") else home
    medium = named if named is not None else beside.with_name(f"{beside.name}-backup-key")
    if medium.resolve().is_relative_to(home.resolve()):
        raise HomeError("the key for backups must not lie in the home", hint="name a folder on a medium of its own")
    return medium


def require_medium(medium: Path) -> None:
    """Return when it looks as if a file can be written to ``medium``, which need not be there yet.

    Raises:
        ProgramError: it does not.
    """
    there = next(each for each in [medium, *medium.absolute().parents] if each.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise ProgramError(f"{there} is no folder that can be written", hint="name another with --backup-medium")


def write_backup_key(path: Path, key: HybridSecretKey) -> None:
    """Make the folder, and the file, read-only."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, backup_key_line(key), mode=0o400)


def keep_backup_key(medium: Path, key: HybridSecretKey, *, name: str) -> Path:
    """Find or make the place of the backup key of reviewer ``name``.

    The same key is kept where it is. Another key under its name is never overwritten: the new file gets a number,
    so that a hundred typed words are not lost.

    Raises:
        ProgramError: it cannot be written there.
    """
    usual = medium / backup_key_name(name)
    # No reviewer's name has a dot in it.
    numbered = (usual.with_name(f"{usual.stem}.{number}{usual.suffix}") for number in itertools.count(2))
    try:
        for path in itertools.chain([usual], numbered):
            if not path.exists():
                write_backup_key(path, key)
            if path.read_bytes() == backup_key_line(key):
                return path
    except OSError as error:
        raise ProgramError(
            f"the key for backups cannot be kept in {medium}: {system_reason(error)}",
            hint="name another folder with --backup-medium",
        ) from error
    raise AssertionError("numbers do not end")
