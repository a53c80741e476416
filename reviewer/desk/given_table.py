"""Fields of a form that names a table: file, sheet, origin, and the digest of what was shown."""

from collections.abc import Mapping

from reviewer.desk.page import absolute
from reviewer.errors import TableRefused
from reviewer.viewers.tables import OpenTable, TableProvenance
from system.clock import today
from system.errors import ProgramError

_MOST_SHEETS = 1000
_LONGEST_NUMBER = len(str(_MOST_SHEETS))


def typed_sheet(untrusted_number: str) -> int:
    """The number of a sheet, from 1.

    Raises:
        ProgramError: another text.
    """
    text = untrusted_number
    if not (
        text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER and 1 <= int(text) <= _MOST_SHEETS
    ):
        raise ProgramError("the sheet must be a number from 1 to 1000")
    return int(text)


def require_shown(given: Mapping[str, str], table: OpenTable) -> None:
    """Return if the file is the one that was shown, by the digest in the form.

    Raises:
        TableRefused: it has changed.
    """
    if table.sha256.hex() != given["sha256"]:
        raise TableRefused("the file has changed since it was shown", hint="look at it again")


def provenance_of(given: Mapping[str, str], table: OpenTable, *, version: str) -> TableProvenance:
    """The origin of a table that is imported today; ``version`` is in the words of staff."""
    origin = (given["publisher"].strip(), given["licence"].strip(), version.strip())
    return TableProvenance(
        absolute(given["file"]).name, table.sha256, typed_sheet(given["sheet"] or "1"), *origin, today()
    )
