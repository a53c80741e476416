"""Departures from the desk, the keys for them, and other organisations whose keys were compared."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.casebook.database import CasebookDatabase, CasebookFiles

EVIDENCE, HAND_OVER = "evidence", "hand-over"


@dataclass(frozen=True, slots=True)
class LeavingKey:
    """The secret seeds of a key for what leaves; ``ended_day`` is None for the one in use."""

    seeds: bytes = field(repr=False)
    since_day: dt.date
    ended_day: dt.date | None


class LeavingKeys:
    """By use: :data:`EVIDENCE` or :data:`HAND_OVER`; the newest is in use, the others stay known."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def all(self, use: str) -> list[LeavingKey]:
        """The newest first."""
        rows = self._small.rows(
            "SELECT seeds, since_day, ended_day FROM leaving_keys WHERE use = ? ORDER BY number DESC", (use,)
        )
        return [
            LeavingKey(bytes(seeds), _day(since), _day(ended) if ended else None) for seeds, since, ended in rows
        ]

    def begin(self, use: str, seeds: bytes, *, today: dt.date) -> None:
        """Use this key from now on; the one before ends."""
        with self._files.changing():
            self._small.run(
                "UPDATE leaving_keys SET ended_day = ? WHERE use = ? AND ended_day IS NULL",
                (today.isoformat(), use),
            )
            self._small.run(
                "INSERT INTO leaving_keys (use, seeds, since_day) VALUES (?, ?, ?)", (use, seeds, today.isoformat())
            )


@dataclass(frozen=True, slots=True)
class Partner:
    """Another organisation; ``key_file`` are the bytes whose words were compared by telephone on ``day``."""

    name: str
    key_file: bytes = field(repr=False)
    day: dt.date


class Partners:
    """Other organisations, by their key files."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, key_file: bytes, name: str, *, today: dt.date) -> None:
        """Remember that the words of this file were compared; repeating changes nothing."""
        self._small.run("INSERT OR IGNORE INTO partners VALUES (?, ?, ?)", (key_file, name, today.isoformat()))

    def is_known(self, key_file: bytes) -> bool:
        return self._small.row("SELECT 1 FROM partners WHERE key_file = ?", (key_file,)) is not None

    def all(self) -> list[Partner]:
        """By name."""
        rows = self._small.rows("SELECT name, key_file, compared_day FROM partners ORDER BY name, compared_day")
        return [Partner(name, bytes(key_file), _day(day)) for name, key_file, day in rows]


@dataclass(frozen=True, slots=True)
class Departure:
    """One package or bundle that left. ``sealed_to`` is empty where it left readable for anyone."""

    day: dt.date
    kind: str
    receiver: str
    sealed_to: str
    sha256: bytes
    passages: int
    files: int
    told_others: str = ""
    tips: tuple[bytes, ...] = ()
    """SHA-256 of their envelopes."""

    number: int = 0


class Departures:
    """Everything that left, the newest first."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def add(self, one: Departure) -> int:
        """Note a departure; its number."""
        with self._files.changing():
            self._small.run(
                "INSERT INTO departures (day, kind, receiver, sealed_to, sha256, passages, files, told_others)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(one.day.isoformat(), one.kind, one.receiver, one.sealed_to, one.sha256),
                    *(one.passages, one.files, one.told_others),
                ),
            )
            row = self._small.row("SELECT last_insert_rowid()")
            number = int(row[0]) if row else 0
            for digest in one.tips:
                self._small.run("INSERT OR IGNORE INTO departed_tips VALUES (?, ?)", (number, digest))
            return number

    def all(self) -> list[Departure]:
        rows = self._small.rows(
            "SELECT number, day, kind, receiver, sealed_to, sha256, passages, files, told_others FROM departures"
            " ORDER BY number DESC"
        )
        return [
            Departure(
                _day(day),
                kind,
                receiver,
                sealed_to,
                bytes(sha256),
                passages,
                files,
                told,
                self._tips(number),
                number,
            )
            for number, day, kind, receiver, sealed_to, sha256, passages, files, told in rows
        ]

    def of_tips(self, digests: Sequence[bytes]) -> list[Departure]:
        """Those that held one of the tips with these envelopes."""
        wanted = set(digests)
        return [one for one in self.all() if wanted & set(one.tips)]

    def _tips(self, number: int) -> tuple[bytes, ...]:
        rows = self._small.rows(
            "SELECT envelope_sha256 FROM departed_tips WHERE departure = ? ORDER BY envelope_sha256", (number,)
        )
        return tuple(bytes(row[0]) for row in rows)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
