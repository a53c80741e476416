"""Ids that a button sends, and that change every 17 minutes: ``docs/formats/rotating-id.md``.

The arithmetic is that of Eddystone-EID. Each meaning has a key of its own, so that the air does not tell a press
for help from a sign of life.
"""

from collections.abc import Iterator
from enum import StrEnum

from crypto.errors import Malformed
from crypto.keys.keys import _Secret
from crypto.primitives import _hybrid

ID_BYTES = 8
KEY_BYTES = 16
EXPONENT = 10
WINDOW_SECONDS = 1 << EXPONENT
"""For so long a button sends one id."""
LARGEST_TIME = 2**32 - 1
LARGEST_EXPONENT = 15
_LABEL = "tipline/v1/beacon/id/"
_SALT_AT, _SALT = 11, 0xFF
_EPOCH_BITS = 16


class Meaning(StrEnum):
    """The reason why an id is sent. A button takes the three of help in turn, one for each press."""

    HELP_1 = "help-1"
    HELP_2 = "help-2"
    HELP_3 = "help-3"
    ALIVE = "alive"
    DRILL = "drill"

    @property
    def is_help(self) -> bool:
        return self.value.startswith("help")


class ButtonSeed(_Secret):
    """The secret of one button, 32 bytes. It lies in the button, and behind the air gap."""

    __slots__ = ()

    def id_key(self, meaning: Meaning) -> bytes:
        """The 16-byte key of the ids of one meaning."""
        return _hybrid.hkdf_sha256(
            self._seed, salt=None, label=f"{_LABEL}{meaning.value}".encode(), length_bytes=KEY_BYTES
        )


def id_at(key: bytes, time: int, *, exponent: int = EXPONENT) -> bytes:
    """The 8-byte id that is sent at ``time``, in seconds of the button's clock.

    Raises:
        Malformed: the time has more than 32 bits, or the exponent or the length of the key is not possible.
    """
    if not 0 <= time <= LARGEST_TIME:
        raise Malformed("time of an id must have 32 bits")
    if not 0 <= exponent <= LARGEST_EXPONENT:
        raise Malformed(f"exponent of an id must be from 0 to {LARGEST_EXPONENT}")
    if len(key) != KEY_BYTES:
        raise Malformed(f"key of an id must have {KEY_BYTES} bytes")
    return _ids_of_epoch(key, time >> _EPOCH_BITS, [time >> exponent << exponent], exponent)[0]


def ids_of_windows(key: bytes, first: int, count: int) -> Iterator[bytes]:
    """The ids of ``count`` windows of 1,024 seconds, from window number ``first`` on.

    Raises:
        Malformed: a window begins after the year 2106.
    """
    if first < 0 or count < 0 or (first + count) * WINDOW_SECONDS > LARGEST_TIME + 1:
        raise Malformed("windows must begin within 32 bits of seconds")
    epoch_windows = 1 << _EPOCH_BITS - EXPONENT
    end = first + count
    while first < end:
        stop = min(end, (first // epoch_windows + 1) * epoch_windows)
        times = [window * WINDOW_SECONDS for window in range(first, stop)]
        yield from _ids_of_epoch(key, times[0] >> _EPOCH_BITS, times, EXPONENT)
        first = stop


def _ids_of_epoch(key: bytes, epoch: int, times: list[int], exponent: int) -> list[bytes]:
    """The ids of times that share their upper 16 bits, and so one temporary key."""
    derived = bytearray(_hybrid.AES_BLOCK_BYTES)
    derived[_SALT_AT] = _SALT
    derived[-2:] = epoch.to_bytes(2, "big")
    temporary = _hybrid.aes128_blocks(bytes(derived), key=key)
    head = bytes(_SALT_AT) + bytes([exponent])
    sealed = _hybrid.aes128_blocks(b"".join(head + time.to_bytes(4, "big") for time in times), key=temporary)
    step = _hybrid.AES_BLOCK_BYTES
    return [sealed[at : at + ID_BYTES] for at in range(0, len(sealed), step)]
