"""The log of reads, exports and destructions: each line holds the digest of the line before.

A changed, removed or inserted line is detected, unless all later lines were rewritten or cut off. A person with the
passphrase can do that with another program, because the digests contain no secret. So write the last number and
digest, as ``log verify`` prints them, on paper from time to time: no line up to there can then be changed unseen.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError

_FIRST = bytes(32)
_LABEL = b"tipline/v1/reviewer-log\n"


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The last line of the log, to compare with paper."""

    number: int
    sha256: bytes


class Log:
    """Lines are only ever added."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, act: str, subject: str, *, today: dt.date) -> None:
        """Add a line, in the caller's transaction or its own. Never pass a source's text."""
        last = self._small.row("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1")
        number, previous = (last[0] + 1, last[1]) if last else (1, _FIRST)
        day = today.isoformat()
        self._small.run(
            "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)",
            (number, day, act, subject, previous, _digest(number, day, act, subject, previous)),
        )

    def lines(self) -> list[tuple[int, str, str, str]]:
        """Number, day, act and subject of every line."""
        return [(row[0], row[1], row[2], row[3]) for row in self._small.rows("SELECT * FROM log ORDER BY number")]

    def names(self, act: str, subject: str) -> bool:
        """True if a line of this act has ``subject`` in it."""
        found = self._small.row("SELECT 1 FROM log WHERE act = ? AND instr(subject, ?) > 0 LIMIT 1", (act, subject))
        return found is not None

    def verify(self) -> LogEnd:
        """The last line, when every line is bound to the one before.

        Raises:
            CasebookError: a line is missing or was changed; the message says which.
        """
        previous, number = _FIRST, 0
        for row in self._small.rows(
            "SELECT number, day, act, subject, previous_sha256, sha256 FROM log ORDER BY number"
        ):
            number += 1
            if (
                row[0] != number
                or row[4] != previous
                or row[5] != _digest(number, row[1], row[2], row[3], previous)
            ):
                raise CasebookError(
                    f"line {number} of the log is missing or was changed",
                    hint="keep this machine as it is, and compare with the last backup",
                )
            previous = row[5]
        return LogEnd(number, previous)


def _digest(number: int, day: str, act: str, subject: str, previous: bytes) -> bytes:
    line = json.dumps([number, day, act, subject, previous.hex()], separators=(",", ":")).encode()
    return hashlib.sha256(_LABEL + line).digest()
