"""A server that was started by the system waits here for its operator, who comes later with the passphrase.

A unix socket in the folder, which only its owner may enter. The passphrase goes over it and is kept nowhere; what
is kept is the database key, in the locked memory of `serve`.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from crypto.locked_key import LONGEST_PASSPHRASE
from tipline.database_key import unlock_database_key
from tipline.errors import DatabaseKeyError, TiplineError
from tipline.folder import SiteFolder

SOCKET_NAME: Final = "unlock.socket"
_UNLOCKED: Final = b"unlocked"
_LONGEST_BYTES: Final = 4 * LONGEST_PASSPHRASE
_PATIENCE_SECONDS: Final = 30.0


class NotWaiting(TiplineError):
    """No server waits in this folder for its passphrase."""


def await_key(folder: SiteFolder, report: Callable[[str], None]) -> bytes:
    """The database key, once somebody has brought the right passphrase; waits as long as it takes.

    Raises:
        DatabaseKeyError: the folder holds no locked key.
    """
    with _place(folder) as place, socket.socket(socket.AF_UNIX) as listener:
        with contextlib.suppress(FileNotFoundError):
            place.unlink()
        before = os.umask(0o077)
        try:
            listener.bind(str(place))
        finally:
            os.umask(before)
        listener.listen(1)
        report(f"waiting for the passphrase: tipline unlock {folder.path}")
        try:
            while True:
                connection, _ = listener.accept()
                with connection, contextlib.suppress(OSError):
                    key = _answer(folder, connection)
                    if key is not None:
                        return key
        finally:
            place.unlink()


def unlock(folder: SiteFolder, passphrase: str) -> None:
    """Bring the passphrase to the server that waits.

    Raises:
        NotWaiting: none does, or it went away.
        DatabaseKeyError: it is another passphrase.
    """
    with _place(folder) as place, socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_SECONDS)
        try:
            connection.connect(str(place))
            connection.sendall(passphrase.encode("utf-8", "surrogatepass"))
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(64)
        except OSError as error:
            raise NotWaiting(
                f"no server waits for a passphrase in {folder.path}",
                hint="start it with serve --wait-for-unlock (systemctl start tipline), or it is unlocked already",
            ) from error
    if answer != _UNLOCKED:
        raise DatabaseKeyError("the passphrase does not open the database key", hint="type it again")


def _answer(folder: SiteFolder, connection: socket.socket) -> bytes | None:
    connection.settimeout(_PATIENCE_SECONDS)
    untrusted_passphrase = b""
    while piece := connection.recv(_LONGEST_BYTES):
        untrusted_passphrase += piece
        if len(untrusted_passphrase) > _LONGEST_BYTES:
            return None
    try:
        key = unlock_database_key(folder, untrusted_passphrase.decode("utf-8", "surrogatepass"))
    except (DatabaseKeyError, UnicodeDecodeError):
        connection.sendall(b"refused")
        return None
    connection.sendall(_UNLOCKED)
    return key


@contextlib.contextmanager
def _place(folder: SiteFolder) -> Iterator[Path]:
    """The socket's path, short enough for the kernel wherever the folder lies."""
    descriptor = os.open(folder.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{descriptor}") / SOCKET_NAME
    finally:
        os.close(descriptor)
