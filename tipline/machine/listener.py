"""The sockets of the web process, bound before it starts, so that a taken one has a name and a hint."""

import contextlib
import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from system.errors import ProgramError, system_reason

_BACKLOG = 2048
_LONGEST_PATH_BYTES = 107


class ListenerError(ProgramError):
    """The server cannot listen at this address."""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """``unix:PATH`` or ``127.0.0.1:PORT``."""

    path: Path | None
    port: int | None

    @classmethod
    def parse(cls, untrusted_text: str) -> "ListenAddress":
        """Parse the option of the command line.

        Raises:
            ListenerError: neither form, or an address that others could reach.
        """
        kind, _, rest = untrusted_text.partition(":")
        if kind == "unix" and rest:
            return cls(Path(rest), None)
        if kind == "127.0.0.1" and rest.isascii() and rest.isdigit() and int(rest) < 65536:
            return cls(None, int(rest))
        raise ListenerError(
            "expected unix:PATH or 127.0.0.1:PORT", hint="the site is never offered on an address others can reach"
        )

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"127.0.0.1:{self.port}"


def listen(bind: ListenAddress) -> socket.socket:
    """A bound, listening socket; a path is taken over from a process that is gone.

    Raises:
        ListenerError: another process listens there, or the address cannot be used.
    """
    if bind.path is None:
        return _listen_on_port(bind.port or 0)
    return _listen_on_path(bind.path)


def _listen_on_path(path: Path) -> socket.socket:
    if len(os.fsencode(path)) > _LONGEST_PATH_BYTES:
        raise ListenerError(
            f"a socket path has at most {_LONGEST_PATH_BYTES} bytes: {path}",
            hint="use a folder with a shorter path",
        )
    if path.exists() and not path.is_socket():
        raise ListenerError(f"{path} is there, and is no socket", hint="name another path")
    if path.exists():
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(path))
            except OSError:
                path.unlink(missing_ok=True)  # left by a process that was killed
            else:
                raise ListenerError(
                    f"another process listens on {path}", hint="stop it, or give another path with --bind unix:PATH"
                )
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o077)
    try:
        listener.bind(str(path))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ListenerError(f"cannot listen on {path}: {system_reason(error)}") from error
    finally:
        os.umask(before)
    return listener


def _listen_on_port(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise ListenerError(
                f"another process listens on port {port}", hint="stop it, or give another port with --bind"
            ) from error
        raise ListenerError(f"cannot listen on port {port}: {system_reason(error)}") from error
    return listener


def close_listener(listener: socket.socket) -> None:
    """Close it, and take its path away."""
    name = listener.getsockname()
    listener.close()
    if isinstance(name, str) and name:
        with contextlib.suppress(OSError):
            Path(name).unlink(missing_ok=True)
