"""A folder with its store open, for one command or one process that serves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from system.clock import SYSTEM_CLOCK, Clock
from tipline.instance.database_key import ask_database_key
from tipline.instance.folder import SiteFolder
from tipline.instance.intake_status import IntakePolicy
from tipline.instance.store_move import require_not_on_its_way
from tipline.store import Store


@dataclass(frozen=True, slots=True)
class OpenSite:
    """A folder whose store is open.

    ``key`` is the database key, where a command opened the site. ``key_protected`` says whether that key lies under
    a passphrase, as seen before the process gave up reading it; None: it can still look.
    """

    folder: SiteFolder
    store: Store
    policy: IntakePolicy
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
        yield OpenSite(folder, store, IntakePolicy(store, folder, clock), clock, key)
