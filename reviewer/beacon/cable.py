"""The service cable of a button: a serial device, or an open descriptor that leads to a program.

A secret must reach no disk and no screen: a file, and the terminal of this command, are refused.
"""

import os
import stat
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reviewer.errors import BeaconRefused
from system.errors import system_reason

_STANDARD_STREAMS = (0, 1, 2)
_OWN_TERMINAL = os.makedev(5, 0)


@contextmanager
def serial_device(path: Path) -> Iterator[int]:
    """A descriptor of a serial device, which sends bytes as they are.

    Raises:
        BeaconRefused: it cannot be opened, or is no serial device.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BeaconRefused(f"{path} cannot be opened: {system_reason(error)}") from error
    try:
        if not os.isatty(descriptor):
            raise BeaconRefused(f"{path} is no serial device", hint="name the cable, as in /dev/ttyACM0")
        require_cable(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def require_cable(descriptor: int) -> None:
    """Return if this descriptor is open, and leads to a serial device, a pipe or a socket.

    Raises:
        BeaconRefused: it is not open, or leads to a file, to another device, or to this command's terminal.
    """
    hint = "name a pipe to the program that writes buttons, as in: --to-descriptor 3 3> >(PROGRAM)"
    try:
        found = os.fstat(descriptor)
    except OSError as error:
        raise BeaconRefused(f"descriptor {descriptor} is not open", hint=hint) from error
    is_terminal = os.isatty(descriptor)
    if descriptor in _STANDARD_STREAMS or (is_terminal and found.st_rdev in _own_terminals()):
        raise BeaconRefused("a seed is never written to the terminal or the output of this command", hint=hint)
    if not (is_terminal or stat.S_ISFIFO(found.st_mode) or stat.S_ISSOCK(found.st_mode)):
        raise BeaconRefused("a seed is written to a serial device or a pipe only, and never to a file", hint=hint)


def write_to_cable(descriptor: int, record: bytes) -> None:
    """Write all of ``record``, and wait until it has left.

    Raises:
        OSError: it could not be written whole.
    """
    is_serial = os.isatty(descriptor)
    if is_serial:  # else the kernel would change the bytes that look like line breaks
        tty.setraw(descriptor)
    os.set_blocking(descriptor, True)
    left = memoryview(record)
    while left:
        left = left[os.write(descriptor, left) :]
    if is_serial:
        try:
            termios.tcdrain(descriptor)
        except termios.error as error:
            raise OSError("the cable was drawn") from error


def _own_terminals() -> set[int]:
    """The devices of this command's terminals."""
    found = {_OWN_TERMINAL}
    for descriptor in _STANDARD_STREAMS:
        with suppress(OSError):
            if os.isatty(descriptor):
                found.add(os.fstat(descriptor).st_rdev)
    return found
