"""Confirming that a server begins a new stream of bundles, after it was restored or set up again.

A copy of a server in other hands looks the same. So people agree on it by telephone: the operator reads the digits
of the stream from the server itself.
"""

import datetime as dt
import re
from typing import Final

from reviewer.home.home import Home
from system.errors import ProgramError

STREAM_BYTES: Final = 16
_STREAM: Final = re.compile(f"[0-9A-Fa-f]{{{2 * STREAM_BYTES}}}")


def parse_stream(untrusted_digits: str) -> bytes:
    """The stream in these hex digits, with or without blanks between them.

    Raises:
        ValueError: other than 32 hex digits; the message names what is expected.
    """
    digits = "".join(untrusted_digits.split())
    if not _STREAM.fullmatch(digits):
        raise ValueError(f"the stream must have {2 * STREAM_BYTES} hex digits, as the operator reads them")
    return bytes.fromhex(digits)


def confirm_stream(home: Home, name: str, stream: bytes, *, today: dt.date) -> bytes | None:
    """Accept bundles of server ``name`` in a new stream; the stream that ended by it, if another one did.

    Of the ended stream, submissions are still imported, and deletions are not. The next outbox begins a new stream
    as well.

    Raises:
        ProgramError: no such server; nothing is changed.
    """
    if name not in {party.name for party in home.casebook.servers.all()}:
        raise ProgramError("no server of this name is known here", hint="tipline-review servers list HOME")
    ended = home.casebook.servers.stream(name)
    with home.casebook.changing():
        home.casebook.servers.confirm_stream(name, stream)
        home.casebook.awaited.end_stream(name, but=stream)
        home.casebook.outgoing.end_stream(name)
        home.casebook.log.add("stream confirmed", f"{name} {stream.hex()}", today=today)
    return ended if ended != stream else None
