"""Opens one age file of any origin; all of it is verified before the first byte is written.

It is read twice: once for verification alone, then for its content. So no decrypted byte waits in memory or on a
disk, and memory use is one chunk at any size. A file is read twice in place. A pipe is stored meanwhile in sealed
form: short input in memory, long input in a temporary file without a name, as long as the disk has room to spare.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Final

from crypto.age.age_armor import unarmored
from crypto.age.envelope import EnvelopeReader, open_envelope
from crypto.age.envelope_rebuild import EnvelopeFrame
from crypto.errors import CryptoError
from crypto.keys.identity_file import LONGEST_BYTES, IdentityFile
from crypto.keys.keys import HybridSecretKey
from crypto.primitives.byte_source import ByteSource
from system.errors import ProgramError, system_reason
from system.given_files import open_given

PIECE_BYTES: Final = 1 << 16
_LOOK_EVERY_BYTES = 32 << 20


@dataclass(frozen=True)
class WaitingPlace:
    """Storage for sealed bytes from a pipe: short input in memory, long input in an unnamed file.

    ``/tmp`` is memory on many machines, so that ``/var/tmp`` is the folder unless ``TMPDIR`` names another.
    """

    folder: Path = field(default_factory=lambda: Path(os.environ.get("TMPDIR") or "/var/tmp"))  # noqa: S108 -- above
    in_memory_bytes: int = 8 << 20
    spare_bytes: int = 256 << 20
    """Bytes that stay free on the disk."""

    def open(self) -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(max_size=self.in_memory_bytes, dir=str(self.folder))

    def require_room(self) -> None:
        """Return when the next look may wait until ``_LOOK_EVERY_BYTES`` more have come.

        Raises:
            ProgramError: the disk is nearly full.
        """
        if shutil.disk_usage(self.folder).free < self.spare_bytes + _LOOK_EVERY_BYTES:
            raise _no_room()


def read_identities(path: Path) -> IdentityFile:
    """The identity file at ``path``.

    Raises:
        ProgramError: it cannot be read.
        Malformed: it is not an identity file.
    """
    try:
        with open_given(path) as file:
            return IdentityFile.parse(file.read(LONGEST_BYTES + 1))
    except OSError as error:
        raise ProgramError(f"cannot read {path}: {system_reason(error)}") from error


def open_whole(
    source: BinaryIO, sink: BinaryIO, *, keys: Sequence[HybridSecretKey], waiting: WaitingPlace | None = None
) -> None:
    """Write the content of the age file in ``source``, armoured or not, to ``sink``, after verification.

    Raises:
        CryptoError: it does not open; nothing was written.
        ProgramError: it cannot be kept until it is verified, or be written, or another program changes it.
    """
    with ExitStack() as stack:
        again: IO[bytes] = source
        start = 0
        if _is_regular(source):
            start = source.tell()
            verified = _frame_of_whole(source, keys)
        else:
            place = waiting or WaitingPlace()
            again = stack.enter_context(place.open())
            verified = _frame_of_whole(_Copying(source, again, place), keys)
        again.seek(start)
        reader = open_envelope(unarmored(again), keys=keys)
        if reader.frame != verified:
            raise ProgramError("input must not change while it is opened", hint="nothing was written")
        _write_out(reader, sink)


def _is_regular(source: BinaryIO) -> bool:
    """True if it can be read twice in place."""
    try:
        return stat.S_ISREG(os.fstat(source.fileno()).st_mode)
    except OSError:  # it is no file of the system at all
        return False


def _frame_of_whole(source: ByteSource, keys: Sequence[HybridSecretKey]) -> EnvelopeFrame:
    """Read to the verified end, and keep only what identifies this envelope."""
    reader = open_envelope(unarmored(source), keys=keys)
    while reader.read(PIECE_BYTES):
        pass
    return reader.frame


def _write_out(reader: EnvelopeReader[HybridSecretKey], sink: BinaryIO) -> None:
    try:
        while piece := reader.read(PIECE_BYTES):
            _write(piece, sink)
    except CryptoError as error:
        # File key and nonce are those that were verified: what was written is true, and yet not the whole.
        raise ProgramError(
            "input was changed by another program while it was opened",
            hint="throw away what was written, and open a copy that no other user can change",
        ) from error


def _write(piece: bytes, sink: BinaryIO) -> None:
    left = memoryview(piece)
    try:
        while left:
            left = left[sink.write(left) :]
    except OSError as error:
        raise ProgramError(
            f"standard output cannot be written: {system_reason(error)}",
            hint="what was written until then, if anything, is not the whole: throw it away",
        ) from error


class _Copying:
    """A source that also keeps the sealed bytes that are read from it."""

    def __init__(self, source: ByteSource, sink: IO[bytes], place: WaitingPlace) -> None:
        self._source = source
        self._sink = sink
        self._place = place
        self._until_look = place.in_memory_bytes

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self._until_look -= len(piece)
        if self._until_look < 0:
            self._until_look = _LOOK_EVERY_BYTES
            self._place.require_room()
        try:
            self._sink.write(piece)
        except OSError as error:
            raise _no_room() from error
        return piece


def _no_room() -> ProgramError:
    return ProgramError(
        "input from a pipe is too long to wait here until it is verified",
        hint="give it as a file instead: tipline-review open-age … < FILE needs no room",
    )
