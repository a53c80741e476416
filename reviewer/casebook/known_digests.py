"""Digests of known abuse pictures of children, from lists that staff brought on a medium."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from reviewer.casebook.database import CasebookDatabase

MD5_BYTES: Final = 16
SHA1_BYTES: Final = 20
SHA256_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ContentDigests:
    """The three digests of one content, and its length in bytes."""

    sha256: bytes
    sha1: bytes
    md5: bytes
    length_bytes: int

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> "ContentDigests":
        """Of a content that is read in pieces, once."""
        # MD5 and SHA-1 are broken for signatures; lists of authorities use them as names of files.
        sha256, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
        md5 = hashlib.md5(usedforsecurity=False)
        length_bytes = 0
        for piece in pieces:
            length_bytes += len(piece)
            for one in (sha256, sha1, md5):
                one.update(piece)
        return cls(sha256.digest(), sha1.digest(), md5.digest(), length_bytes)


class KnownDigests:
    """All lists together; a digest is told apart by its length."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, digests: Iterable[bytes], *, today: dt.date) -> int:
        """Add digests in the caller's transaction; the number of new ones."""
        day = today.isoformat()
        return sum(
            self._small.run("INSERT OR IGNORE INTO known_digests VALUES (?, ?)", (digest, day))
            for digest in digests
        )

    def keep_by_themselves(self, digests: Iterable[bytes], *, today: dt.date) -> None:
        """Keep digests of lists also when these are removed: staff added them without one as well."""
        for digest in digests:
            # The last row of a list takes the digest with it.
            if self._small.run("DELETE FROM listed_digests WHERE digest = ?", (digest,)):
                self.add([digest], today=today)

    def counts(self) -> dict[str, int]:
        """How many there are of each kind, by its name."""
        rows = self._small.rows("SELECT length(digest), count(*) FROM known_digests GROUP BY length(digest)")
        counted = {int(length): int(count) for length, count in rows}
        kinds = {"MD5": MD5_BYTES, "SHA-1": SHA1_BYTES, "SHA-256": SHA256_BYTES}
        return {name: counted.get(length, 0) for name, length in kinds.items()}

    def needs_other_digests(self) -> bool:
        """True if a list holds MD5 or SHA-1, for which a file must be read."""
        return self._small.row("SELECT 1 FROM known_digests WHERE length(digest) < 32 LIMIT 1") is not None

    def is_known(self, *digests: bytes) -> bool:
        """True if one of these is on a list."""
        return any(self._small.row("SELECT 1 FROM known_digests WHERE digest = ?", (one,)) for one in digests)

    def compared(self, sha256: bytes) -> tuple[bytes, bytes] | None:
        """SHA-1 and MD5 of a content that was compared before; None if it was not."""
        row = self._small.row("SELECT sha1, md5 FROM compared_contents WHERE sha256 = ?", (sha256,))
        return (row[0], row[1]) if row else None

    def keep_compared(self, digests: ContentDigests) -> None:
        self._small.run(
            "INSERT OR IGNORE INTO compared_contents VALUES (?, ?, ?)", (digests.sha256, digests.sha1, digests.md5)
        )

    def submissions_with_known(self) -> Iterator[int]:
        """Numbers of submissions with a file that a list names, as far as its digests are known."""
        known = (
            "SELECT digest FROM known_digests UNION SELECT sha256 FROM compared_contents"
            " WHERE sha1 IN (SELECT digest FROM known_digests) OR md5 IN (SELECT digest FROM known_digests)"
        )
        rows = self._small.rows(
            f"SELECT submission FROM files WHERE sha256 IN ({known})"  # noqa: S608
            f" UNION SELECT submission FROM inside_files WHERE sha256 IN ({known})"
        )
        return (int(row[0]) for row in rows)
