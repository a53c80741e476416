"""A server of the test's process that dies and comes back from its backup."""

from pathlib import Path

from crypto.locked_key import lock_key
from tests.end_to_end.real_server import RealServer
from tipline.adoption import read_run
from tipline.backup import restore as restore_site
from tipline.backup import write_backup
from tipline.folder import SiteFolder
from tipline.standing import Standing
from tipline.store import Store

_KEY = bytes(range(32))
_PASSPHRASE = "correct horse battery staple"


def save(server: RealServer, backup: Path) -> None:
    """As ``tipline backup``."""
    write_backup(server.folder, server.store, backup, key=_KEY, locked_key=lock_key(_KEY, _PASSPHRASE))


def restore(server: RealServer, backup: Path, new: Path, manifest: Path) -> None:
    """As ``tipline restore`` and ``tipline manifest``; the old machine is gone."""
    server.store.close()
    with backup.open("rb") as source:
        restore_site(new, source, passphrase=_PASSPHRASE)
    server.folder = SiteFolder(new)
    server.store = Store(new, _KEY, clock=server.clock, reserve_bytes=0)
    server.standing = Standing(server.store, server.folder, server.clock)
    server.adopt(read_run(manifest))
