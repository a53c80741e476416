"""A server's backup, and the machine that it comes back on."""

import re
from functools import cache
from pathlib import Path

from crypto.passphrases.locked_key import lock_key
from tests.end_to_end.real_server import RealServer
from tests.reviewer.desk_stage import Desk
from tipline.bundles.reviewer_streams import ConfirmedStream
from tipline.errors import CarryRefused
from tipline.instance.folder import SiteFolder
from tipline.instance.intake_status import IntakePolicy
from tipline.operations import backup
from tipline.store import Store

KEY = bytes(range(32))
PASSPHRASE = "correct horse battery staple"


@cache
def locked() -> bytes:
    """The key of each server's store as it lies in a backup: to lock one takes a quarter of a second."""
    return lock_key(KEY, PASSPHRASE)


def save(server: RealServer, to: Path) -> None:
    """Write a backup, as ``tipline backup`` does."""
    backup.write_backup(server.folder, server.store, to, key=KEY, locked_key=locked())


def put_back(server: RealServer, backup_file: Path, to: Path) -> None:
    """The machine dies; ``server`` is then what its backup gives, as ``tipline restore`` makes it, in ``to``."""
    server.store.close()
    with backup_file.open("rb") as source:
        backup.restore(to, source, passphrase=PASSPHRASE)
    server.folder = SiteFolder(to)
    server.store = Store(server.folder.store, KEY, clock=server.clock, reserve_bytes=0)
    server.policy = IntakePolicy(server.store, server.folder, server.clock)


def confirm(desk: Desk, server: RealServer, name: str) -> None:
    """Staff confirm the new stream that ``server`` has begun, at this reviewer's desk."""
    stick = desk.folder / "stick"
    stick.write_bytes(server.export())
    assert desk.run("import", desk.home, stick) == 1
    found = re.search(r"\b([0-9a-f]{32})\b", desk.err)
    assert found, desk.err
    desk.do("servers", "confirm", desk.home, name, found[1])


def asked_to_accept(refused: CarryRefused) -> ConfirmedStream:
    """The stream that the refusal of an import names."""
    return ConfirmedStream.parse((refused.hint or "").split()[-1])
