"""Confinement of the web process's worker to the files that it needs, by Landlock.

It may write in the store's folder only, and read what the site is made of: Python, its libraries, templates, the
operator's settings. It may not read the database key, the onion keys, tor's control cookie, or other processes'
files in ``/proc``.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from system.errors import ProgramError
from system.landlock import FilesNotConfined, open_only
from tipline.instance.folder import SiteFolder

_OF_THE_SYSTEM: Final = (
    *("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"),
    *("/dev/urandom", "/sys/devices/system/cpu"),
)
_DEVICES_TO_WRITE: Final = ("/dev/null",)


class FileAccess(ProgramError):
    """The worker could open what it must not."""


def confine_files(folder: SiteFolder) -> bool:
    """Bar this thread and all that it starts, for ever, from all files but those that the site needs.

    Called in the worker before its first thread. Returns whether the kernel can do that.

    Raises:
        FileAccess: the store has no folder of its own yet, or the kernel refuses.
    """
    if folder.store == folder.path:
        raise FileAccess("the store has no folder of its own yet", hint="tipline upgrade DIR gives it one")
    try:
        version = open_only(read=readable(folder), written=[folder.store, *map(Path, _DEVICES_TO_WRITE)])
    except FilesNotConfined as error:
        raise FileAccess(f"the kernel does not confine the web process to its files: {error}") from error
    return bool(version)


def readable(folder: SiteFolder) -> Iterator[Path]:
    """Return the paths that the worker may read beside the store."""
    yield from (folder.site_settings, folder.doors, folder.words, folder.serve_lock)
    for place in {*_OF_THE_SYSTEM, *sys.path, sys.prefix, sys.base_prefix}:
        if place:
            yield from _all_but(Path(place).resolve(), folder.path.resolve())


def _all_but(place: Path, left_out: Path) -> Iterator[Path]:
    """``place``, or where ``left_out`` lies in it all that lies beside that; links there are left out."""
    if not left_out.is_relative_to(place):
        yield place
        return
    with contextlib.suppress(OSError):
        for entry in os.scandir(place):
            if not entry.is_symlink():
                yield from _all_but(Path(entry.path), left_out)
