"""Envelopes that could not be opened: what is here of them as it came, and what must be asked for again.

Their bytes lie in ``HOME/unopened`` and in no casebook backup: servers keep what nobody has opened. After a restore
a row is all that is left of one; it is wanted then, and taken in when it comes again.
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
        """Those whose bytes are here, in the order in which they came."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE unopened_file <> '' ORDER BY number"  # noqa: S608
        )
        return [from_row(row) for row in rows]

    def file_names(self) -> set[str]:
        """Names of their files in ``HOME/unopened``."""
        return {
            row[0] for row in self._small.rows("SELECT unopened_file FROM submissions WHERE unopened_file <> ''")
        }

    def wanted(self) -> list[Submission]:
        """Those whose bytes are not here, and may still lie on a server."""
        rows = self._small.rows(
            f"SELECT {COLUMNS} FROM submissions WHERE {_GONE} AND unopenable <> ? ORDER BY number",  # noqa: S608
            (DELETED,),
        )
        return [from_row(row) for row in rows]

    def is_wanted(self, envelope_sha256: bytes) -> bool:
        """Whether it is taken in when it comes; also one that its server deleted: an old FILE may have it."""
        found = self._small.row(
            f"SELECT 1 FROM submissions WHERE envelope_sha256 = ? AND {_GONE}",  # noqa: S608
            (envelope_sha256,),
        )
        return found is not None

    def may_be_of(self, week: Week) -> int:
        """How many of the wanted ones may have been sealed to keys of ``week``: it had begun when they came."""
        return sum(_may_be_of(one, week) for one in self.wanted())

    def here_may_be_of(self, week: Week) -> int:
        """The same of those whose bytes are here, and whose week nobody could tell."""
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
