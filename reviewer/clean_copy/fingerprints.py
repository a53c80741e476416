"""Fingerprints of pictures, and how far two are apart. Processes that are shut in read them."""

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import repeat
from operator import xor
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile
from reviewer.clean_copy.limits import FINGERPRINT
from reviewer.clean_copy.pdq import BITS, BITS_SIDE
from reviewer.clean_copy.picture_kind import PictureKind
from reviewer.errors import NoCleanCopy

_DECODER, _FINGERPRINTER = "reviewer.clean_copy.decoder", "reviewer.clean_copy.fingerprinter"
_ANSWER_BYTES: Final = 1 + BITS // 8
SAME_BITS: Final = 16
"""The most bits, of 256, in which two copies of one picture differ."""

LEAST_QUALITY: Final = 50
"""Below it a picture has too little to see: sky, a wall. It is never suggested."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """256 bits of what a picture looks like, and the ``quality`` of them, from 0 to 100."""

    bits: int
    quality: int

    def distance(self, other: "Fingerprint") -> int:
        """The number of bits, of 256, in which two differ, in the one of eight positions that fits best.

        A mirrored picture and one that was turned by a quarter or a half are found; other angles are not.
        """
        return min((bits ^ other.bits).bit_count() for bits in orientations(self.bits))


def orientations(bits: int) -> list[int]:
    """The fingerprints of a picture, of its mirrored form, and of both turned by quarters."""
    turned = _transposed(bits)
    return [one ^ flips for one in (bits, turned) for flips in (0, _ACROSS, _DOWN, _ACROSS ^ _DOWN)]


def near_fingerprints(bits: int, others: Sequence[int], *, most: int) -> dict[int, int]:
    """The places of those within ``most`` bits, in the best of eight positions, each with its distance."""
    found: dict[int, int] = {}
    for one in orientations(bits) if others else ():
        # The inner loop runs in C: a casebook may hold twenty thousand pictures.
        distances = list(map(int.bit_count, map(xor, repeat(one), others)))
        if min(distances) <= most:
            for place, distance in enumerate(distances):
                if distance <= most:
                    found[place] = min(distance, found.get(place, most))
    return found


def _transposed(bits: int) -> int:
    return sum(
        1 << BITS_SIDE * column + row
        for row in range(BITS_SIDE)
        for column in range(BITS_SIDE)
        if bits >> BITS_SIDE * row + column & 1
    )


# A picture that is mirrored has the same frequencies, those of odd number with the other sign. The lowest that is
# kept has number 1.
_ACROSS: Final = sum(1 << place for place in range(BITS) if place % BITS_SIDE % 2 == 0)
_DOWN: Final = sum(1 << place for place in range(BITS) if place // BITS_SIDE % 2 == 0)


def fingerprint_of(untrusted_file: bytes | MemoryFile, kind: PictureKind, *, children: Children) -> Fingerprint:
    """The fingerprint of the picture in a file of this kind.

    Raises:
        NoCleanCopy: it cannot be decoded within the limits.
        ProgramError: the kernel of this machine does not shut in the processes.
        CutShort: the desk is being locked.
    """
    with ExitStack() as opened:
        if isinstance(untrusted_file, bytes):
            untrusted_file = opened.enter_context(MemoryFile(untrusted_file))
        said = opened.enter_context(MemoryFile())
        reader = opened.enter_context(untrusted_file.reader())
        decoder = opened.enter_context(
            children.started(_DECODER, kind.value, FINGERPRINT, stdin=reader, stdout=subprocess.PIPE)
        )
        fingerprinter = opened.enter_context(
            children.started(_FINGERPRINTER, stdin=decoder.stdout, stdout=said.writer)
        )
        if decoder.stdout is not None:
            decoder.stdout.close()  # the other one holds its end: it must see when the decoder ends
        children.require_done(decoder, fingerprinter)
        answer = said.content()
    if len(answer) != _ANSWER_BYTES:
        raise NoCleanCopy("what looks at it broke off")
    return Fingerprint(int.from_bytes(answer[1:], "big"), answer[0])
