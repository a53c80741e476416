"""Reads a bundle of a FILE a second time, for the bytes of items that did not open at first.

A failing or malicious medium may return other bytes the second time. Then the whole bundle is refused.
"""

import itertools
import secrets
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from crypto.bundles.bundle import BundleReader, ItemEntry
from crypto.bundles.bundle_file import SealedBundle, read_bundle_file
from crypto.errors import CryptoError
from reviewer.errors import BundleRefused
from reviewer.refusals import CHANGED_MEDIUM
from system.atomic_files import whole_file
from system.given_files import open_given

_COPIED_BYTES = 1 << 20


class SecondReading:
    """The bundle at ``place`` of the FILE at ``path``, from 0; ``read`` verifies it as before.

    A context manager: an exception removes the copies that it made.
    """

    def __init__(self, path: Path, place: int, *, read: Callable[[SealedBundle], BundleReader]) -> None:
        self._path = path
        self._place = place
        self._read = read
        self._copies: list[Path] = []

    def __enter__(self) -> "SecondReading":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            for path in self._copies:
                path.unlink(missing_ok=True)

    def copy(
        self, first: BundleReader, digests: Collection[bytes], *, folder: Path
    ) -> Iterator[tuple[ItemEntry, Path]]:
        """Copy the items with these digests into ``folder``, under random names. Iterate to the end.

        Raises:
            BundleRefused: it is not the bundle of the ``first`` reading, or one of these items is not in it now.
        """
        left = set(digests)
        try:
            with open_given(self._path) as file:
                again = self._same(file, first)
                for entry, item in again:
                    if entry.sha256 not in left:
                        continue
                    left.remove(entry.sha256)
                    copy = folder / f"{secrets.token_hex(16)}.age"
                    self._copies.append(copy)
                    with whole_file(copy) as sink:
                        while piece := item.read(_COPIED_BYTES):
                            sink.write(piece)
                    yield entry, copy
                if left or again.absent != first.absent:
                    raise _changed()
        except CryptoError as error:
            raise _changed() from error

    def _same(self, file: BinaryIO, first: BundleReader) -> BundleReader:
        sealed = next(itertools.islice(read_bundle_file(file), self._place, None), None)
        if sealed is None:
            raise _changed()
        again = self._read(sealed)
        if (again.statement.sha256, again.sealing) != (first.statement.sha256, first.sealing):
            raise _changed()
        return again


def _changed() -> BundleRefused:
    return BundleRefused(
        CHANGED_MEDIUM,
        f"bundle refused ({CHANGED_MEDIUM}): the medium gave other bytes at a second reading",
        hint="copy the FILE to another medium and import that; do not rely on this one any more",
    )
