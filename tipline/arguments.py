"""What many commands take: the folder, and where the passphrase of its database key comes from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from tipline.clock import SYSTEM_CLOCK, Clock
from tipline.database_key import ask_database_key
from tipline.folder import SiteFolder
from tipline.standing import Standing
from tipline.store import Store
from tipline.store_move import require_not_on_its_way

Command = Callable[..., Any]


def site_argument(command: Command) -> Command:
    """``DIR``, given as ``site``."""
    return click.argument("site", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))(command)


def passphrase_option(command: Command) -> Command:
    """``--passphrase-file``, given as ``passphrase_file``; secrets never come as arguments."""
    return click.option(
        "--passphrase-file",
        metavar="FILE",
        help="Read the passphrase of the database key from the first line of FILE, or of standard input for -.",
    )(command)


@dataclass(frozen=True, slots=True)
class OpenSite:
    """A folder whose store is open; with the database key where a command opened it. ``key_protected`` is whether
    the key lies under a passphrase, as it was seen before the process gave up reading it; None: it can look."""

    folder: SiteFolder
    store: Store
    standing: Standing
    clock: Clock
    key: bytes = field(default=b"", repr=False)
    key_protected: bool | None = None


@contextmanager
def open_site(path: Path, passphrase_file: str | None, clock: Clock = SYSTEM_CLOCK) -> Iterator[OpenSite]:
    """Ask for the key, open the store, close it again.

    Raises:
        FolderError, DatabaseKeyError, StoreError.
    """
    folder = SiteFolder.open(path)
    require_not_on_its_way(folder)
    key = ask_database_key(folder, passphrase_file)
    with Store(folder.store, key, clock=clock) as store:
        yield OpenSite(folder, store, Standing(store, folder, clock), clock, key)
