"""Envelopes that could not be opened: those stored here, and those to request again.

Their bytes are in ``HOME/unopened`` and in no casebook backup, because servers keep unopened envelopes. After a
restore only the row is left; the envelope is then wanted, and imported when it comes again.
"""

import datetime as dt

from crypto.primitives.week import Week
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.submission import COLUMNS, Submission, from_row

DELETED = "deleted on the server"
"""The reason when it is not waited for any more: it is not here, and its server signed that it deleted it."""

_GONE = """unopenable <> '' AND unopened_file IS NULL
    AND (week IS NULL OR week NOT IN (SELECT week FROM weeks_retired))
    AND server IN (SELECT name FROM servers WHERE removed_day IS NULL)"""


class Unopened:
    """Rows of submissions with a reason why they did not open."""

    def __init__(self, files: CasebookFiles) -> None:
        self._small = files.small

    def here(self) -> list[Submission]:
        """The envelopes whose bytes are here, in the order of arrival."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE unopened_file <> '' ORDER BY number"  # noqa: S608
        )
        return [from_row(row) for row in rows]

    def forget(self, submission: Submission) -> None:
        """Forget an envelope that is no submission: an item of a colleague, of a newer program when it came."""
        for table in ("handled", "notes", "same_contents", "replies"):
            self._small.run(f"DELETE FROM {table} WHERE submission = ?", (submission.number,))  # noqa: S608
        self._small.run("DELETE FROM search WHERE rowid = ?", (submission.number,))
        self._small.run("DELETE FROM submissions WHERE number = ?", (submission.number,))

    def file_names(self) -> set[str]:
        """Names of their files in ``HOME/unopened``."""
        return {
            row[0] for row in self._small.rows("SELECT unopened_file FROM submissions WHERE unopened_file <> ''")
        }

    def wanted(self) -> list[Submission]:
        """The envelopes whose bytes are not here, and may still be on a server."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE {_GONE} AND unopenable <> ? ORDER BY number",  # noqa: S608
            (DELETED,),
        )
        return [from_row(row) for row in rows]

    def is_wanted(self, envelope_sha256: bytes) -> bool:
        """True if it is imported when it comes, even if its server deleted it: an old FILE may contain it."""
        found = self._small.row(
            f"SELECT 1 FROM submissions WHERE envelope_sha256 = ? AND {_GONE}",  # noqa: S608
            (envelope_sha256,),
        )
        return found is not None

    def may_be_of(self, week: Week) -> int:
        """The number of wanted envelopes that may be sealed to keys of ``week``: it had begun when they came."""
        return sum(_may_be_of(one, week) for one in self.wanted())

    def here_may_be_of(self, week: Week) -> int:
        """As :meth:`may_be_of`, for envelopes whose bytes are here and whose week is unknown."""
        return sum(_may_be_of(one, week) for one in self.here())

    def note_deleted(self, envelope_sha256: bytes) -> bool:
        """Its server signed that it deleted it, so it is not waited for any more; whether it was."""
        changed = self._small.run(
            f"UPDATE submissions SET unopenable = ?1 WHERE envelope_sha256 = ?2 AND {_GONE} AND unopenable <> ?1",  # noqa: S608
            (DELETED, envelope_sha256),
        )
        return changed > 0


def _may_be_of(unopened: Submission, week: Week) -> bool:
    return unopened.week is None and week.monday <= unopened.imported_day + dt.timedelta(days=1)
