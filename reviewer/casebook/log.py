"""The log of reads, exports and destructions: each line holds the digest of the line before.

A changed, removed or inserted line is detected, unless all later lines were rewritten or cut off. A person with the
passphrase can do that with another program, because the digests contain no secret. So write the last number and
digest, as ``log verify`` prints them, on paper from time to time: no line up to there can then be changed unseen.

A line names the person and the minute by this machine's clock, and nothing else in the casebook does. Lines of
casebooks before version 4 have neither, and keep their digests.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from reviewer.casebook.database import CasebookDatabase
from reviewer.errors import CasebookError
from system.clock import this_minute

UNNAMED = "not named"
"""The person of a home without a passphrase: anyone may have worked there."""
_FIRST = bytes(32)
_LABEL_BEFORE = b"tipline/v1/reviewer-log\n"
_LABEL = b"tipline/v2/reviewer-log\n"
_COLUMNS = (
    "SELECT number, day, act, subject, previous_sha256, sha256, person, minute"
    " FROM log LEFT JOIN log_people USING (number) ORDER BY number"
)


@dataclass(frozen=True, slots=True)
class LogEnd:
    """The last line of the log, to compare with paper."""

    number: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; ``person`` and ``minute`` are None where it was written before version 4."""

    number: int
    day: str
    act: str
    subject: str
    person: str | None
    minute: str | None


class Log:
    """Lines are only ever added."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small
        self._person = UNNAMED
        self._minute = this_minute

    def written_by(self, person: str, *, minute: Callable[[], str] = this_minute) -> None:
        """All lines from now on name this person; ``minute`` gives day and minute like ``2026-11-25 14:05``."""
        self._person = person
        self._minute = minute

    def add(self, act: str, subject: str, *, today: dt.date) -> None:
        """Add a line, in the caller's transaction or its own. Never pass a source's text."""
        self._add(act, subject, self._person, self._minute(), today)

    def add_of_member(self, act: str, subject: str, *, person: str, minute: str, today: dt.date) -> None:
        """Add a line about what a member did meanwhile; ``minute`` is when, by this machine's clock then."""
        self._add(act, subject, person, minute, today)

    def _add(self, act: str, subject: str, person: str, minute: str, today: dt.date) -> None:
        last = self._small.row("SELECT number, sha256 FROM log ORDER BY number DESC LIMIT 1")
        number, previous = (last[0] + 1, last[1]) if last else (1, _FIRST)
        day = today.isoformat()
        digest = _digest(_LABEL, [number, day, act, subject, person, minute], previous)
        if self._small.in_transaction:
            self._insert((number, day, act, subject, previous, digest), person, minute)
            return
        self._small.begin()
        try:
            self._insert((number, day, act, subject, previous, digest), person, minute)
            self._small.keep()
        except BaseException:
            self._small.abandon()
            raise

    def _insert(self, line: tuple[object, ...], person: str, minute: str) -> None:
        self._small.run("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", line)
        self._small.run("INSERT INTO log_people VALUES (?, ?, ?)", (line[0], person, minute))

    def lines(self) -> list[tuple[int, str, str, str]]:
        """Number, day, act and subject of every line."""
        return [(line.number, line.day, line.act, line.subject) for line in self.whole_lines()]

    def whole_lines(self) -> list[LogLine]:
        """Every line, with person and minute."""
        return [LogLine(*row[:4], *row[6:]) for row in self._small.rows(_COLUMNS)]

    def names(self, act: str, subject: str) -> bool:
        """True if a line of this act has ``subject`` in it."""
        found = self._small.row("SELECT 1 FROM log WHERE act = ? AND instr(subject, ?) > 0 LIMIT 1", (act, subject))
        return found is not None

    def verify(self) -> LogEnd:
        """The last line, when every line is bound to the one before.

        Raises:
            CasebookError: a line is missing or was changed; the message says which.
        """
        previous, number, is_named = _FIRST, 0, False
        for row in self._small.rows(_COLUMNS):
            number += 1
            # A line whose person was taken away must not pass for one from before.
            is_named = is_named or row[6] is not None
            digest = _digest(_LABEL if is_named else _LABEL_BEFORE, [*row[:4], *row[6 : 8 * is_named]], previous)
            if row[0] != number or row[4] != previous or row[5] != digest:
                raise CasebookError(
                    f"line {number} of the log is missing or was changed",
                    hint="keep this machine as it is, and compare with the last backup",
                )
            previous = row[5]
        return LogEnd(number, previous)


def _digest(label: bytes, line: list[object], previous: bytes) -> bytes:
    text = json.dumps([*line, previous.hex()], separators=(",", ":")).encode()
    return hashlib.sha256(label + text).digest()
