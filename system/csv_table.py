"""Tables for spreadsheets: comma-separated values (RFC 4180) in which no cell is run as a formula."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

_FORMULA: Final = re.compile(r'(^|[;\t|\r\n])(?=[\s"]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])')
"""A place at which a formula could begin.

Spreadsheets of many countries divide cells by semicolons, some by tabs or bars.
"""


def csv_table(rows: Iterable[Iterable[object]]) -> str:
    """The rows, each cell in quotes; an apostrophe stands before each place where a formula could begin."""
    table = io.StringIO()
    csv.writer(table, quoting=csv.QUOTE_ALL).writerows([_as_text(str(cell)) for cell in row] for row in rows)
    return table.getvalue()


def _as_text(cell: str) -> str:
    return _FORMULA.sub(r"\1'", cell)
