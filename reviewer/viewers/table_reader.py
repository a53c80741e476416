"""A process that reads one table on standard input, and writes its rows as lines of JSON.

``python -m reviewer.viewers.table_reader CSV|XLSX|LINES|EPCIS|EPCIS_LD|ENTITIES SHEET``. The program that holds
keys never imports it. It gives values of cells and nothing else: no formula, comment, macro or link.

Each line is ``[line, {"column": "value"}]`` for a row, and the last one ``{"end": rows}``, or
``{"fault": word, "line": line}``, for a table that is refused. Lines count from 1, as a spreadsheet shows them.
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Final

from reviewer.clean_copy.limits import LOOK_MEMORY_BYTES, Ending
from reviewer.clean_copy.shut_in import NotShutIn, shut_in
from reviewer.machine.airgap import refuse_connections
from reviewer.viewers.table_epcis import epcis_rows
from reviewer.viewers.table_faults import (
    CPU_SECONDS,
    MOST_CELL_LETTERS,
    MOST_COLUMNS,
    MOST_ROW_LETTERS,
    MOST_ROWS,
    MOST_WRITTEN_BYTES,
    TableFault,
    TableKind,
    Trouble,
)
from reviewer.viewers.table_text import csv_rows, entity_lines, json_lines, load_codecs
from reviewer.viewers.table_xlsx import xlsx_rows

Rows = Iterator[tuple[int, Sequence[str]]]


def main(argv: Sequence[str]) -> int:
    """Read one table of the named kind; returns an :class:`Ending`."""
    refuse_connections()
    load_codecs()
    kind, sheet = TableKind[argv[0]], int(argv[1])
    try:
        shut_in(written_bytes=MOST_WRITTEN_BYTES, memory_bytes=LOOK_MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
        _write(kind, sys.stdin.buffer, sheet)
    except NotShutIn:
        return Ending.NOT_SHUT_IN
    except MemoryError:
        return Ending.TOO_MUCH_MEMORY
    except Exception:  # noqa: BLE001 -- a parser may raise anything at a damaged file
        return Ending.DAMAGED
    return Ending.DONE


def _write(kind: TableKind, untrusted_file: BinaryIO, sheet: int) -> None:
    count = 0
    try:
        for line, row in _READERS[kind](untrusted_file, sheet):
            count += 1
            _require_small(line, row, count)
            sys.stdout.buffer.write(json.dumps([line, row], ensure_ascii=False).encode("utf-8") + b"\n")
        last: dict[str, object] = {"end": count}
    except Trouble as trouble:
        last = {"fault": trouble.fault.name, "line": trouble.line}
    sys.stdout.buffer.write(json.dumps(last).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


def _require_small(line: int, row: dict[str, str], count: int) -> None:
    if count > MOST_ROWS:
        raise Trouble(TableFault.TOO_MANY_ROWS, line)
    if len(row) > MOST_COLUMNS:
        raise Trouble(TableFault.TOO_MANY_COLUMNS, line)
    if any(len(text) > MOST_CELL_LETTERS for pair in row.items() for text in pair):
        raise Trouble(TableFault.CELL_TOO_LONG, line)
    if sum(len(text) for text in row.values()) > MOST_ROW_LETTERS:
        raise Trouble(TableFault.ROW_TOO_LONG, line)
    try:
        "".join(text for pair in row.items() for text in pair).encode("utf-8")
    except UnicodeEncodeError:  # half a letter, as JSON can spell it
        raise Trouble(TableFault.NOT_UTF8, line) from None


def _named(rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows by the names in the first one; rows without any value are left out."""
    names: list[str] | None = None
    for line, cells in rows:
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        if names is None:
            names = values
            while names and not names[-1]:
                names.pop()
            if not all(names):
                raise Trouble(TableFault.COLUMN_WITHOUT_NAME, line)
            if len(set(names)) != len(names):
                raise Trouble(TableFault.COLUMN_TWICE, line)
            continue
        if any(values[len(names) :]):
            raise Trouble(TableFault.MORE_CELLS_THAN_COLUMNS, line)
        yield line, dict(zip(names, [*values, *[""] * (len(names) - len(values))], strict=False))
    if names is None:
        raise Trouble(TableFault.EMPTY, 1)


_READERS: Final[dict[TableKind, Callable[[BinaryIO, int], Iterator[tuple[int, dict[str, str]]]]]] = {
    TableKind.CSV: lambda file, _sheet: _named(csv_rows(file)),
    TableKind.XLSX: lambda file, sheet: _named(xlsx_rows(file.read(), sheet)),
    TableKind.LINES: lambda file, _sheet: json_lines(file),
    TableKind.ENTITIES: lambda file, _sheet: entity_lines(file),
    TableKind.EPCIS: lambda file, _sheet: epcis_rows(file.read()),
    TableKind.EPCIS_LD: lambda file, _sheet: epcis_rows(file.read()),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
