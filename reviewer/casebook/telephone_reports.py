"""Reports that came by telephone, as submissions without an envelope, a mailbox and a week.

Each belongs to a row of ``servers`` that stands for the telephone. It was never there for a bundle: it counts as
removed, its name is none that a server can have, and its key is 32 zero bytes.
"""

import datetime as dt
import secrets
from collections.abc import Sequence

from crypto.submissions.submission import Kind
from reviewer.casebook.database import CasebookFiles
from reviewer.casebook.inbox_rows import InboxRows
from reviewer.casebook.search_index import SearchIndex
from reviewer.casebook.shared_marks import TELEPHONE_SERVER
from reviewer.casebook.submission import next_number
from reviewer.casebook.text_languages import TextLanguages
from reviewer.casebook.text_sketches import TextSketches

_ID_BYTES = 32


class TelephoneReports:
    """Each report is kept whole, in one transaction."""

    def __init__(self, files: CasebookFiles) -> None:
        self._files = files
        self._small = files.small

    def keep(self, fields: Sequence[tuple[str, str]], *, entered_by: str, day: dt.date, today: dt.date) -> int:
        """Keep a report of ``day`` with these fields; the number of its submission. It is in no backup yet."""
        with self._files.changing():
            number = put_without_envelope(self._files, TELEPHONE_SERVER, fields, day=day, today=today)
            self._small.run(
                "INSERT INTO telephone_reports VALUES (?, ?, ?)", (number, entered_by, today.isoformat())
            )
        return number

    def entered(self, submission: int) -> tuple[str, dt.date] | None:
        """The name and the day of entry; None if it did not come by telephone."""
        row = self._small.row("SELECT entered_by, day FROM telephone_reports WHERE submission = ?", (submission,))
        return (str(row[0]), dt.date.fromisoformat(row[1])) if row else None


def put_without_envelope(
    files: CasebookFiles, server: str, fields: Sequence[tuple[str, str]], *, day: dt.date, today: dt.date
) -> int:
    """Keep a submission that staff brought, as read; a part of the caller's transaction. Its number."""
    small = files.small
    small.run(
        "INSERT OR IGNORE INTO servers (name, party, verify_key, added_day, removed_day)"
        " VALUES (?, x'', zeroblob(32), ?2, ?2)",
        (server, today.isoformat()),
    )
    number = next_number(small)
    small.run(
        "INSERT INTO submissions (number, envelope_sha256, envelope_bytes, server, imported_day, kind, day)"
        " VALUES (?, ?, 0, ?, ?, ?, ?)",
        (
            *(number, secrets.token_bytes(_ID_BYTES), server),
            *(today.isoformat(), int(Kind.SUBMISSION), day.isoformat()),
        ),
    )
    for place, (name, value) in enumerate(fields):
        small.run("INSERT INTO fields VALUES (?, ?, ?, ?)", (number, place, name, value))
    SearchIndex(small).put(number)
    TextLanguages(small).put(number)
    TextSketches(small).put(number)
    rows = InboxRows(small)
    rows.put(number)
    rows.set_read(number, is_read=True)
    return number
