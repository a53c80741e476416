"""Small registers of a home: retired weeks, questionnaires, backups, reviewers."""

import datetime as dt
from collections.abc import Mapping
from functools import cache

from crypto.primitives.week import Week
from crypto.questions.builtin_questionnaires import builtin_files, read_questionnaire
from crypto.questions.questionnaire import Questionnaire
from reviewer.casebook.database import CasebookDatabase, CasebookFiles


class RetiredWeeks:
    """A week is retired once."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, week: Week, *, today: dt.date) -> None:
        self._small.run("INSERT OR IGNORE INTO weeks_retired VALUES (?, ?)", (str(week), today.isoformat()))

    def all(self) -> list[Week]:
        return [Week.parse(row[0]) for row in self._small.rows("SELECT week FROM weeks_retired ORDER BY week")]


class Questionnaires:
    """Kept for ever: an old tip is shown under the questions that were asked then."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def add(self, questionnaire: Questionnaire, file: bytes) -> None:
        """Keep the bytes of a file; the same one again is no error."""
        self._small.run("INSERT OR IGNORE INTO questionnaires VALUES (?, ?)", (questionnaire.sha256, file))

    def file(self, sha256: bytes) -> bytes | None:
        """The bytes with this digest; None when they were never made known."""
        row = self._small.row("SELECT file FROM questionnaires WHERE sha256 = ?", (sha256,))
        return bytes(row[0]) if row else None

    def known(self, sha256: bytes) -> Questionnaire | None:
        """The questionnaire with this digest, a shipped one too; None if it is not known here."""
        file = self.file(sha256)
        return read_questionnaire(file) if file is not None else shipped_questionnaires().get(sha256)

    def files(self) -> list[bytes]:
        """All of them."""
        return [bytes(row[0]) for row in self._small.rows("SELECT file FROM questionnaires ORDER BY sha256")]


@cache
def shipped_questionnaires() -> Mapping[bytes, Questionnaire]:
    """The questionnaires that the program ships, by the digest of their file."""
    return {one.sha256: one for one in map(read_questionnaire, builtin_files().values())}


class Backups:
    """Backups by number."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def record(self, *, today: dt.date) -> int:
        """All opened submissions that are here now are in the backup that was just written; its number."""
        with self._files.changing():
            self._small.run("INSERT INTO backups (day) VALUES (?)", (today.isoformat(),))
            row = self._small.row("SELECT last_insert_rowid()")
            number = int(row[0]) if row else 0
            self._small.run(
                "UPDATE submissions SET backup = ? WHERE backup IS NULL AND unopenable IS NULL", (number,)
            )
        return number

    def last_day(self) -> dt.date | None:
        row = self._small.row("SELECT day FROM backups ORDER BY number DESC LIMIT 1")
        return dt.date.fromisoformat(row[0]) if row else None

    def since(self, first: int | None, *, or_day: dt.date | None = None) -> list[tuple[int, dt.date]]:
        """Number and day of the backups from ``first`` on, and of those written on ``or_day`` or later."""
        rows = self._small.rows(
            "SELECT number, day FROM backups WHERE number >= ?1 OR day >= ?2 ORDER BY number",
            (first, or_day.isoformat() if or_day else None),
        )
        return [(number, dt.date.fromisoformat(day)) for number, day in rows]


class OpenedDays:
    """The days on which this casebook was opened. Deadlines count these."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def note(self, today: dt.date) -> None:
        """It is open today; said twice, it counts once."""
        if self._small.row("SELECT 1 FROM opened_days WHERE day = ?", (today.isoformat(),)) is None:
            self._small.run("INSERT INTO opened_days (day) VALUES (?)", (today.isoformat(),))

    def last_before(self, today: dt.date) -> dt.date | None:
        """The last day before today on which it was opened."""
        row = self._small.row("SELECT max(day) FROM opened_days WHERE day < ?", (today.isoformat(),))
        return dt.date.fromisoformat(row[0]) if row and row[0] else None

    def count(self) -> int:
        """The number of different days."""
        row = self._small.row("SELECT count(*) FROM opened_days")
        return int(row[0]) if row else 0


class PendingReviewers:
    """Joining and leaving reviewers since the last issue, by name."""

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def come(self, name: str, offer: bytes) -> None:
        """This one joins, with this offer; said twice, the later word counts."""
        self._small.run(
            "INSERT INTO reviewers_pending VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET offer = excluded.offer",
            (name, offer),
        )

    def go(self, name: str) -> None:
        """This one leaves."""
        self._small.run(
            "INSERT INTO reviewers_pending VALUES (?, NULL) ON CONFLICT (name) DO UPDATE SET offer = NULL", (name,)
        )

    def stay(self, name: str) -> bool:
        """Neither, after all; whether something was pending."""
        return self._small.run("DELETE FROM reviewers_pending WHERE name = ?", (name,)) > 0

    def coming(self) -> dict[str, bytes]:
        """Offers, as they came, by the reviewer's name."""
        return dict(
            self._small.rows("SELECT name, offer FROM reviewers_pending WHERE offer IS NOT NULL ORDER BY name")
        )

    def going(self) -> list[str]:
        return [
            row[0]
            for row in self._small.rows("SELECT name FROM reviewers_pending WHERE offer IS NULL ORDER BY name")
        ]

    def settle(self) -> None:
        """A manifest was signed that says all of it."""
        self._small.run("DELETE FROM reviewers_pending")


class ImportedItems:
    """Names of items of members that are in the casebook already, 16 random bytes each.

    An item is taken into the casebook first, and leaves the store of members after that. Where the program is
    killed between the two, the item is still in the store, and must not be taken in again.
    """

    def __init__(self, small: CasebookDatabase) -> None:
        self._small = small

    def note(self, item: bytes) -> bool:
        """Note an item in the caller's transaction; False if it was noted before."""
        return self._small.run("INSERT OR IGNORE INTO member_items_imported VALUES (?)", (item,)) > 0

    def has(self, item: bytes) -> bool:
        """True if the item is in the casebook."""
        return self._small.row("SELECT 1 FROM member_items_imported WHERE item = ?", (item,)) is not None

    def forget(self, item: bytes) -> None:
        """The item has left the store: it cannot come again."""
        self._small.run("DELETE FROM member_items_imported WHERE item = ?", (item,))
