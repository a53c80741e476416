"""Tables in files that staff bring: read by a process that is shut in, and taken here as rows of text.

The one way in which this program reads CSV, XLSX and lines of JSON. The program that holds keys passes the bytes
and gets names and values; it parses no spreadsheet.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from reviewer.clean_copy.children import Children, MemoryFile, require_done
from reviewer.clean_copy.limits import Ending
from reviewer.errors import NoCleanCopy, TableRefused
from reviewer.viewers.table_faults import (
    CPU_SECONDS,
    MOST_CELL_LETTERS,
    MOST_COLUMNS,
    MOST_FILE_BYTES,
    MOST_ROWS,
    MOST_WHOLE_BYTES,
    TABLES,
    TableFault,
    TableKind,
)
from system.errors import ProgramError, system_reason
from system.given_files import open_given

_READER: Final = "reviewer.viewers.table_reader"
_LONGEST_NOTE: Final = 200
_PIECE_BYTES: Final = 1 << 20
_ENTITY_ENDINGS: Final = frozenset({".json", ".jsonl"})


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its line in the file, from 1, and untrusted values by the untrusted names of their columns."""

    line: int
    cells: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class TableProvenance:
    """The origin of a table; kept for each table, and so for each row of it.

    ``publisher``, ``licence`` and ``version`` are in the words of staff, or empty; ``day`` is that of the import.
    """

    file_name: str
    sha256: bytes
    sheet: int
    publisher: str
    licence: str
    version: str
    day: dt.date

    def __post_init__(self) -> None:
        if any(len(one) > _LONGEST_NOTE for one in (self.file_name, self.publisher, self.licence, self.version)):
            raise ProgramError(
                f"name, publisher, licence and version of a table must have at most {_LONGEST_NOTE} letters"
            )


class OpenTable:
    """A table in memory. ``sha256`` is that of the file; :meth:`rows` can be asked once and again."""

    def __init__(self, sha256: bytes, read: MemoryFile, children: Children) -> None:
        self.sha256 = sha256
        self._read = read
        self._children = children

    def rows(self) -> Iterator[TableRow]:
        """The rows in their order.

        Raises:
            TableRefused: the table is refused at a line, which is named.
            CutShort: the desk is being locked.
        """
        with self._read.reader() as raw, open(raw.fileno(), "rb", closefd=False) as lines:
            for count, text in enumerate(lines):
                self._children.require_going()
                said = _parsed(text)
                if isinstance(said, dict):
                    _require_whole(said, count)
                    return
                yield said
        raise TableRefused("the table could not be read to its end")


@contextmanager
def open_table(
    path: Path,
    *,
    sheet: int = 1,
    children: Children,
    kinds: Sequence[TableKind] = TABLES,
    with_entities: bool = False,
) -> Iterator[OpenTable]:
    """Read a file whose ending says which of ``kinds`` it is. All of it lies in memory of the kernel.

    ``with_entities`` reads .json and .jsonl as lines of FollowTheMoney.

    Raises:
        TableRefused: another ending, too large, or it cannot be read.
        ProgramError: the file cannot be opened, or the process cannot be shut in on this machine.
        CutShort: the desk is being locked.
    """
    suffix = path.suffix.lower()
    kind = next((one for one in kinds if one.value == suffix), None)
    if with_entities and suffix in _ENTITY_ENDINGS:
        kind = TableKind.ENTITIES
    if kind is None:
        raise TableRefused(
            f"the name of a table must end in {', '.join(one.value for one in kinds)}",
            hint="save it as .xlsx or .csv in the program that made it",
        )
    digest = hashlib.sha256()
    with MemoryFile() as read, MemoryFile(_pieces(path, kind, digest.update)) as file:
        with (
            file.reader() as reader,
            children.started(_READER, kind.name, str(sheet), stdin=reader, stdout=read.writer) as process,
        ):
            try:
                (ending,) = children.endings(process, seconds=CPU_SECONDS)
            except NoCleanCopy:
                raise TableRefused(f"the table could not be read within {CPU_SECONDS // 60} minutes") from None
        if ending == Ending.NOT_SHUT_IN:
            require_done(ending)
        if ending != Ending.DONE:
            raise TableRefused("the table cannot be read: it is damaged, or needs more memory than its reader has")
        yield OpenTable(digest.digest(), read, children)


def _pieces(path: Path, kind: TableKind, seen: Callable[[bytes], object]) -> Iterator[bytes]:
    """The file, piece by piece: the desk has a limit on its memory, and the largest table is above it."""
    most, length = MOST_WHOLE_BYTES.get(kind, MOST_FILE_BYTES), 0
    too_large = TableRefused(
        f"a table of the kind {kind.value} must have at most {most >> 20} MB",
        hint="save a spreadsheet as .csv; divide another file",
    )
    try:
        with open_given(path) as file:
            if os.fstat(file.fileno()).st_size > most:
                raise too_large
            while piece := file.read(_PIECE_BYTES):
                if (length := length + len(piece)) > most:
                    raise too_large
                seen(piece)
                yield piece
    except OSError as error:
        raise ProgramError(f"cannot read {path}: {system_reason(error)}") from error


def _parsed(untrusted_line: bytes) -> TableRow | dict[str, object]:
    """A row, or the last line. A reader that was taken over may write anything."""
    try:
        said = json.loads(untrusted_line)
    except (ValueError, RecursionError):
        raise TableRefused("the reader of the table broke off") from None
    match said:
        case [int(line), dict(cells)] if 0 <= line < 1 << 31 and len(cells) <= MOST_COLUMNS:
            if all(isinstance(text, str) and len(text) <= MOST_CELL_LETTERS for text in cells.values()):
                return TableRow(line, cells)
        case {"end": int()} | {"fault": str(), "line": int()}:
            return dict(said)
    raise TableRefused("the reader of the table broke off")


def _require_whole(last: Mapping[str, object], count: int) -> None:
    if last.get("end") == count <= MOST_ROWS:
        return
    fault = next((one for one in TableFault if one.name == last.get("fault")), None)
    if fault is None:
        raise TableRefused("the reader of the table broke off")
    line = last.get("line")
    raise TableRefused(f"line {line}: {fault.value}" if line else fault.value)
