"""Lets a server that the system started wait for its operator, who brings the passphrase later.

It waits at a unix socket in the folder, which only the folder's owner may enter. The passphrase goes over it and is
not kept; `serve` keeps the database key in locked memory. The operator stays connected until the first page was
answered, and is told why if it is not: JSON, one line for each step.
"""

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from crypto.passphrases.locked_key import LONGEST_PASSPHRASE
from system.errors import ProgramError
from tipline.errors import DatabaseKeyError
from tipline.instance.database_key import unlock_database_key
from tipline.instance.folder import SiteFolder
from tipline.machine.units import LOG_COMMAND
from tipline.store.events import Event

SOCKET_NAME: Final = "unlock.socket"
SERVED_SECONDS: Final = 60.0
_LONGEST_BYTES: Final = 4 * LONGEST_PASSPHRASE
_LONGEST_LINE: Final = 8192
_LONGEST_WORDS: Final = 1000
_PATIENCE_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 1.0


class NotAwaited(ProgramError):
    """No server waits in this folder for its passphrase."""


class NotServed(ProgramError):
    """The server has the key, and its first page is not answered."""


def await_key(folder: SiteFolder, report: Callable[[str], None]) -> tuple[bytes, socket.socket]:
    """Wait for an operator with the right passphrase; return the key and the operator's connection.

    On that connection the operator waits for :func:`tell_served` or :func:`tell_failed`; close it afterwards. Waits
    as long as it takes.

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
        listener.listen()
        report(f"waiting for the passphrase: tipline unlock {folder.path}")
        try:
            while True:
                connection, _ = listener.accept()
                key = None
                try:
                    key = _answer(folder, connection)
                except OSError:
                    continue
                finally:
                    if key is None:
                        connection.close()
                if key is not None:
                    return key, connection
        finally:
            place.unlink()


def is_awaited(folder: SiteFolder) -> bool:
    """Return whether a server waits here for its passphrase now; sends none."""
    with _place(folder) as place, socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_LOOK_SECONDS)
        try:
            connection.connect(str(place))
        except TimeoutError:
            return True  # others are before us
        except OSError:
            return False
    return True


def unlock(folder: SiteFolder, passphrase: str, *, seconds: float = SERVED_SECONDS) -> None:
    """Bring the passphrase to the waiting server; return once its first page was answered.

    Waits at most ``seconds`` after the key was opened.

    Raises:
        NotAwaited: no server waits, or it went away.
        DatabaseKeyError: the passphrase is wrong.
        NotServed: it has the key, and does not serve.
    """
    with _place(folder) as place, socket.socket(socket.AF_UNIX) as connection:
        lines = _LineReader(connection)
        try:
            connection.settimeout(_PATIENCE_SECONDS)
            connection.connect(str(place))
            connection.sendall(passphrase.encode("utf-8", "surrogatepass"))
            connection.shutdown(socket.SHUT_WR)
            answer = lines.next(_PATIENCE_SECONDS)
        except OSError as error:
            raise NotAwaited(
                f"no server waits for a passphrase in {folder.path}",
                hint="start it with serve --wait-for-unlock (systemctl start tipline), or it is unlocked already:"
                f" tipline status {folder.path} says which, and {LOG_COMMAND} why",
            ) from error
        if answer.get("state") != "unlocked":
            raise DatabaseKeyError("the passphrase does not open the database key", hint="type it again")
        try:
            answer = lines.next(seconds)
        except TimeoutError as error:
            raise NotServed(
                f"the server is unlocked, and its first page was not answered within {seconds:.0f} s",
                hint=f"tipline status {folder.path} says whether it is by now; {LOG_COMMAND} shows what it does",
            ) from error
        except OSError:
            answer = {}
    if answer.get("state") != "served":
        reason, says = answer.get("reason", "it ended"), answer.get("says", "")
        raise NotServed(
            f"the server was unlocked, and does not serve: {reason}{': ' if says else ''}{says}",
            hint=answer.get("hint") or f"{LOG_COMMAND} shows what it said",
        )


def tell_served(operator: socket.socket) -> None:
    """The first page was answered. An operator who left is no trouble."""
    _tell(operator, state="served")


def tell_failed(operator: socket.socket, reason: Event, error: Exception) -> None:
    """Tell the operator that the server ends by this error, before its first page was answered.

    An operator who has left is no problem.
    """
    says = str(error) if isinstance(error, ProgramError) or hasattr(error, "hint") else type(error).__name__
    _tell(
        operator,
        state="failed",
        reason=reason.value,
        says=says[:_LONGEST_WORDS],
        hint=(getattr(error, "hint", "") or "")[:_LONGEST_WORDS],
    )


def _answer(folder: SiteFolder, connection: socket.socket) -> bytes | None:
    connection.settimeout(_PATIENCE_SECONDS)
    untrusted_passphrase = b""
    while piece := connection.recv(_LONGEST_BYTES):
        untrusted_passphrase += piece
        if len(untrusted_passphrase) > _LONGEST_BYTES:
            return None
    if not untrusted_passphrase:
        return None  # only a look: :func:`is_awaited`
    try:
        key = unlock_database_key(folder, untrusted_passphrase.decode("utf-8", "surrogatepass"))
    except (DatabaseKeyError, UnicodeDecodeError):
        _tell(connection, state="refused")
        return None
    _tell(connection, state="unlocked")
    return key


def _tell(connection: socket.socket, **told: str) -> None:
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(told).encode() + b"\n")


class _LineReader:
    """Reads a connection line by line."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._come = b""

    def next(self, seconds: float) -> dict[str, Any]:
        """The next line.

        Raises:
            TimeoutError: none within ``seconds``.
            OSError: the connection ended.
        """
        deadline = time.monotonic() + seconds
        while b"\n" not in self._come and len(self._come) < _LONGEST_LINE:
            self._connection.settimeout(max(deadline - time.monotonic(), 0.001))
            piece = self._connection.recv(_LONGEST_LINE)
            if not piece:
                raise ConnectionAbortedError
            self._come += piece
        line, _, self._come = self._come.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told


@contextlib.contextmanager
def _place(folder: SiteFolder) -> Iterator[Path]:
    """The socket's path, short enough for the kernel wherever the folder lies."""
    descriptor = os.open(folder.path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{descriptor}") / SOCKET_NAME
    finally:
        os.close(descriptor)
